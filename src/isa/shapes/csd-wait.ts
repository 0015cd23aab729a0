// Waits for a call_single_data's lock bit: kernel/smp.c csd_lock_wait(), csd_lock(), and their callers.
// CSD_FLAG_LOCK is bit 0 of an unsigned int (kernel/smp.c, include/linux/smp_types.h).

import type { LoopShape } from "#model/code-shape.ts";

const MANY = [
  "smp_call_function_many",
  "smp_call_function_many_cond",
  // Builds that inline the function above into its callers.
  "on_each_cpu_cond_mask",
  "smp_call_function",
];

const POLL = { widths: [4], masks: [1n], until: "zero" } as const;

export const CSD_WAITS: readonly LoopShape[] = [
  {
    id: "csd-lock-before-reuse",
    functions: [...MANY, "smp_call_function_single", "smp_call_function_single_async"],
    poll: { ...POLL, bases: ["per-cpu", "other"] },
    behind: "sets-bit-0",
    gives: { kind: "csd", form: "earlier-call" },
  },
  {
    id: "csd-wait-many",
    functions: MANY,
    poll: { ...POLL, bases: ["per-cpu"] },
    gives: { kind: "csd", form: "many" },
  },
  {
    id: "csd-wait-single",
    functions: ["smp_call_function_single", "generic_exec_single", "smp_call_function_any"],
    poll: { ...POLL, bases: ["stack"] },
    gives: { kind: "csd", form: "single" },
  },
  {
    id: "csd-wait-pointer",
    functions: [
      ...MANY,
      "smp_call_function_single",
      "smp_call_function_single_async",
      "generic_exec_single",
      "csd_lock_wait",
      "__csd_lock_wait",
    ],
    poll: { ...POLL, bases: ["other"] },
    gives: { kind: "csd", form: "pointer" },
  },
];
