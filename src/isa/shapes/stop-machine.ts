// kernel/stop_machine.c: every CPU's stopper reads msdata->state (offset 0x20 of struct multi_stop_data)
// round and round in multi_cpu_stop(), and yields in between: stop_machine_yield() since 5.2.

import type { InstructionPattern } from "#model/code-shape.ts";

export const MULTI_CPU_STOP = ["multi_cpu_stop"] as const;
export const STOP_MACHINE_YIELD = ["stop_machine_yield"] as const;

/** `$M` is msdata. */
export const STATE_READ: readonly InstructionPattern[] = [
  {
    mnemonics: ["mov"],
    operands: [
      { register: "$N", width: 4 },
      { base: "$M", displacement: 0x20n },
    ],
  },
  {
    mnemonics: ["cmp"],
    operands: [
      { register: "$A", width: 4 },
      { register: "$B", width: 4 },
    ],
  },
];
