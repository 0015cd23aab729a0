// Kernel generations whose patcher behaves differently, each named by the commit that changed it.
// Hashes as in the project's kernel facts; 6.1.192 and 6.12.117 were read again for this, and 8e791f7eba4c is
// absent in the one and present in the other.

import { type Text, text } from "#base/text.ts";
import type { Variant } from "./configuration.ts";

export interface NamedVariant {
  readonly id: string;
  readonly since: string;
  readonly commit: string;
  readonly what: Text;
  readonly variant: Variant;
}

/** PAGE_SIZE / sizeof(struct text_poke_loc), 16 bytes (arch/x86/kernel/alternative.c: TP_VEC_MAX). */
export const TP_VEC_MAX = 256;

const AT_5_13: Variant = {
  batched: true,
  remoteThenLocal: false,
  referencePerCpu: false,
  records: true,
  conditional: false,
  rerunsVanishedInt3: true,
  vectorMax: TP_VEC_MAX,
};

/**
 * What is explored unless told otherwise: nothing softens an unclaimed INT3, and one count is enough.
 */
export const DEFAULT_VARIANT: NamedVariant = {
  id: "no-rerun",
  since: "6.3",
  commit: "8e791f7eba4c",
  what: text(
    "an INT3 that has vanished is no longer run again by kprobes: an unclaimed one is fatal",
    "kprobes 不再重新执行已消失的 INT3：无人认领即致命",
  ),
  variant: { ...AT_5_13, conditional: true, rerunsVanishedInt3: false },
};

export const VARIANTS: readonly NamedVariant[] = [
  {
    id: "per-site",
    since: "3.12",
    commit: "fd4363fff3d9",
    what: text(
      "INT3 patching, one site at a time: three synchronizations for each site",
      "INT3 打补丁，一次一处：每处都要三次同步",
    ),
    variant: { ...AT_5_13, batched: false, remoteThenLocal: true, records: false },
  },
  {
    id: "batched",
    since: "5.3",
    commit: "c0213b0ac03c",
    what: text(
      "text_poke_bp_batch: three synchronizations for a whole vector of sites",
      "text_poke_bp_batch：整组位置共用三次同步",
    ),
    variant: { ...AT_5_13, remoteThenLocal: true, records: false },
  },
  {
    id: "recorded",
    since: "5.9",
    commit: "e17d43b93e54",
    what: text(
      "PERF_RECORD_TEXT_POKE is written between step 2 and step 3",
      "第 2 步与第 3 步之间写出 PERF_RECORD_TEXT_POKE",
    ),
    variant: { ...AT_5_13, remoteThenLocal: true },
  },
  {
    id: "concurrent",
    since: "5.13",
    commit: "a32a4d8a815c",
    what: text(
      "the sender serializes itself while the others are still answering",
      "发送者在其他 CPU 仍在应答时就先同步自己",
    ),
    variant: AT_5_13,
  },
  {
    id: "conditional",
    since: "6.3",
    commit: "ac0ee0a9560c",
    what: text(
      "conditional jumps of six bytes are patched and emulated too (also 5.10.240, 5.15, 6.1 updates)",
      "六字节的条件跳转也可修补并代行（5.10.240、5.15、6.1 的更新版亦然）",
    ),
    variant: { ...AT_5_13, conditional: true },
  },
  DEFAULT_VARIANT,
  {
    id: "per-cpu-references",
    since: "6.16",
    commit: "4334336e769b",
    what: text(
      "each CPU counts its own handlers; the patcher waits for every count",
      "每个 CPU 各自计数处理函数；打补丁者逐个等待归零",
    ),
    variant: { ...DEFAULT_VARIANT.variant, referencePerCpu: true },
  },
];

export function findVariant(id: string): NamedVariant | undefined {
  return VARIANTS.find((variant) => variant.id === id);
}
