// The phases of one text_poke_bp_batch in the words everybody uses for them: the diagnosis of a stall, the
// simulator's timeline, and `explain`. Order and meaning: arch/x86/kernel/alternative.c.

import { type Text, text } from "#base/text.ts";

export type PokePhaseId = "int3" | "sync-1" | "tails" | "sync-2" | "first-bytes" | "sync-3";

/** Steps 1 to 3, each followed by the synchronization that closes it. */
export const POKE_PHASES: readonly { readonly id: PokePhaseId; readonly title: Text }[] = [
  { id: "int3", title: text("INT3 written on every site", "在每个修补点写入 INT3") },
  {
    id: "sync-1",
    title: text("first IPI broadcast acknowledged", "第一次处理器间中断广播得到应答"),
  },
  {
    id: "tails",
    title: text("tails of the new instructions written", "写入新指令的其余字节"),
  },
  {
    id: "sync-2",
    title: text("second IPI broadcast acknowledged", "第二次处理器间中断广播得到应答"),
  },
  {
    id: "first-bytes",
    title: text("first bytes of the new instructions written", "写入新指令的首字节"),
  },
  {
    id: "sync-3",
    title: text("third IPI broadcast acknowledged", "第三次处理器间中断广播得到应答"),
  },
];
