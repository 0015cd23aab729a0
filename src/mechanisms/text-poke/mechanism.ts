// The kernel patches its own code (static key, ftrace, kprobe) and cannot finish. KERNEL.md sections 1
// and 7 are the source; arch/x86/kernel/alternative.c:text_poke_bp_batch() is the code.

import { text } from "#base/text.ts";
import { evidenceOf, sampledIn } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import { textPokeClaims } from "./claims.ts";
import { textPokeHypotheses } from "./hypotheses.ts";
import { textPokeMissing } from "./missing.ts";
import { BATCH } from "./names.ts";
import { pokePhases } from "./phases.ts";
import { textPokeRemedies } from "./remedies.ts";

export const textPoke: Mechanism = {
  id: "text-poke",
  title: text("kernel code patching (INT3 protocol)", "内核代码修补（INT3 协议）"),
  description: text(
    "The CPU was rewriting kernel code that other CPUs may be executing. The protocol has three steps, each closed by an IPI broadcast that every online CPU must acknowledge: write INT3 over the first byte of every site, write the tails of the new instructions, write their first bytes. One CPU that does not take interrupts holds the whole operation.",
    "该 CPU 正在改写其他 CPU 可能正在执行的内核代码。协议分三步，每一步都以一次处理器间中断（IPI）广播收尾，所有在线 CPU 都必须应答：先把每个修补点的首字节写成 INT3，再写新指令的其余字节，最后写入新指令的首字节。只要有一个 CPU 不响应中断，整个操作就无法继续。",
  ),
  waitsFor: text(
    "the IPI acknowledgement of every online CPU, three times per batch",
    "每批修补等待三次，每次都要等所有在线 CPU 应答处理器间中断",
  ),
  signs: [
    {
      id: "batch-waits-for-ipi",
      what: text(
        "a CPU inside the patching batch polls for an IPI acknowledgement",
        "处于代码修补批次中的 CPU 正在轮询处理器间中断的应答",
      ),
      carries: "proven",
      find: (facts) =>
        evidenceOf(
          facts
            .all("csd-wait")
            .filter(
              (wait) => wait.certain && wait.purpose !== undefined && BATCH.has(wait.purpose),
            ),
        ),
    },
    {
      id: "batch-frame",
      what: text(
        "a CPU that made no progress was sampled inside the patching batch",
        "没有进展的 CPU 采样时位于代码修补批次之中",
      ),
      carries: "likely",
      find: sampledIn(BATCH),
    },
  ],
  refusedBy: [],
  refines: ["ipi-wait"],
  outranks: ["work-item", "rcu-grace-period", "long-loop"],
  sampleIsVictim: true,
  phases: pokePhases(),
  hypotheses: textPokeHypotheses,
  remedies: textPokeRemedies,
  missing: textPokeMissing,
  claims: textPokeClaims,
  confirm: [
    {
      text: text(
        "in a vmcore: the batch, its entries and the site being patched",
        "在 vmcore 中查看修补批次、条目数以及正在修补的位置",
      ),
      command:
        "crash> p bp_desc ; p tp_vec_nr ; rd -x tp_vec 10 ; p netstamp_wanted ; p netstamp_needed_deferred",
    },
    {
      text: text(
        "in a vmcore: which CPU has not consumed its IPI",
        "在 vmcore 中查看哪个 CPU 尚未处理发给它的处理器间中断",
      ),
      command: "crash> p call_single_queue:a ; bt -a",
    },
  ],
  references: [
    "arch/x86/kernel/alternative.c: text_poke_bp_batch(), poke_int3_handler()",
    "kernel/jump_label.c: static_key_enable_cpuslocked()",
    "net/core/dev.c: netstamp_clear(), net_enable_timestamp()",
    "commit c0213b0ac03c (batching, v5.3)",
    "commit 9350a629e839 (cond_resched in the batch, v6.5)",
    "commit 4334336e769b (per-CPU INT3 references, v6.16)",
    "commit 2f3c7195a702 (netstamp key on with CPU isolation, v6.10)",
  ],
};
