// text_poke_bp_batch() in arch/x86/kernel/alternative.c, since 6.16 smp_text_poke_batch_finish(): what
// stands around its three calls of __text_poke(). Captures: `$C` the register that steps through the
// vector, `$S` the source, `$D` the counter of pokes (do_sync), `$L` the instruction's length, `#rel`
// distance from `$C` to the entry's rel_addr, `#old` from `$C` to its saved first byte.

import type { CallShape, InstructionPattern } from "#model/code-shape.ts";

export const TEXT_POKE_FUNCTIONS: readonly string[] = [
  "text_poke_bp_batch",
  "smp_text_poke_batch_finish",
  "smp_text_poke_batch_process",
];

export interface TextPokeShape extends CallShape {
  readonly step: 1 | 2 | 3;
  /** `$C` at RIP still points into the entry just written, or already to the next one. */
  readonly cursor: "this-entry" | "next-entry" | "not-shown";
}

/** Third argument since 5.19 (__text_poke takes a function first), second before. */
const SOURCE = ["rsi", "rdx"] as const;

const COUNT: InstructionPattern = {
  mnemonics: ["add"],
  operands: [{ register: "$D", width: 4 }, { immediate: 1n }],
};
const CALL: InstructionPattern = { mnemonics: ["call"], operands: [] };
const NEXT_ENTRY: InstructionPattern = {
  mnemonics: ["add"],
  operands: [{ register: "$C", width: 8 }, { immediate: 16n }],
};
/** The opcode bytes behind the first one: `tp[i].text + 1`. */
const TAIL: InstructionPattern = {
  mnemonics: ["lea"],
  operands: [{ register: SOURCE }, { base: "$S", displacement: 1n }],
};

export const TEXT_POKES: readonly TextPokeShape[] = [
  {
    id: "text-poke-tail",
    step: 2,
    cursor: "this-entry",
    functions: TEXT_POKE_FUNCTIONS,
    before: [TAIL, COUNT, CALL],
    after: [
      {
        mnemonics: ["movsxd"],
        operands: [{ register: "rdi" }, { base: "$C", displacement: "#rel" }],
      },
      { mnemonics: ["movzx"], operands: [{ register: "rdx" }, { register: "$L", width: 1 }] },
    ],
  },
  {
    id: "text-poke-tail-reloading",
    step: 2,
    cursor: "not-shown",
    functions: TEXT_POKE_FUNCTIONS,
    before: [TAIL, COUNT, CALL],
    after: [],
  },
  {
    id: "text-poke-int3",
    step: 1,
    cursor: "next-entry",
    functions: TEXT_POKE_FUNCTIONS,
    before: [
      NEXT_ENTRY,
      {
        mnemonics: ["mov"],
        operands: [
          { base: "$C", displacement: "#old" },
          { register: "rax", width: 1 },
        ],
      },
      CALL,
    ],
    after: [
      {
        mnemonics: ["cmp"],
        operands: [
          { register: "$A", width: 8 },
          { register: "$B", width: 8 },
        ],
      },
      { mnemonics: ["jne"], operands: [] },
    ],
  },
  {
    id: "text-poke-first-byte",
    step: 3,
    cursor: "this-entry",
    functions: TEXT_POKE_FUNCTIONS,
    before: [COUNT, CALL],
    after: [
      NEXT_ENTRY,
      {
        mnemonics: ["cmp"],
        operands: [
          { register: "$A", width: 8 },
          { register: "$B", width: 8 },
        ],
      },
    ],
  },
];
