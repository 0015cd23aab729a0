// Code shapes: what a piece of a kernel function looks like in machine code, as data. A shape matches
// instructions and what they compute, never offsets or versions, so that one shape fits every compiler's
// and vendor's build of the same source.

import type { RegisterName } from "./instruction.ts";
import type { LockKind, PollsCsdFact, SpinsOnLockFact } from "./machine-fact.ts";

/** What the polled operand's base register holds. */
export type PolledBase =
  | "stack"
  /** `X + per_cpu_offset[cpu]`: a sum with a value read from an array of 8-byte entries in the image. */
  | "per-cpu"
  | "other";

/** A loop that polls memory. */
export interface LoopShape {
  readonly id: string;
  /** Functions that contain it, by every name it had. */
  readonly functions: readonly string[];
  readonly poll: {
    readonly widths: readonly number[];
    readonly masks: readonly bigint[];
    readonly until: "zero" | "nonzero" | "equal" | "not-equal";
    /** Compared with this, for `equal` and `not-equal`; absent means a register. */
    readonly value?: bigint;
    readonly bases?: readonly PolledBase[];
    readonly displacement?: bigint;
  };
  /** What stands right behind the loop: `or $1` on the polled word (csd_lock takes the csd). */
  readonly behind?: "sets-bit-0";
  readonly gives:
    | { readonly kind: "csd"; readonly form: PollsCsdFact["form"] }
    | {
        readonly kind: "lock";
        readonly lock: LockKind;
        readonly phase?: NonNullable<SpinsOnLockFact["phase"]>;
        /** What the polled address is. */
        readonly polled: "lock" | "node" | "neither";
      };
}

/** A captured register is written `$C`; the same capture must be the same register everywhere. */
export type RegisterPattern = RegisterName | `$${string}` | readonly RegisterName[];

export type OperandPattern =
  | { readonly register: RegisterPattern; readonly width?: number }
  | { readonly base: RegisterPattern; readonly displacement: bigint | "any" | `#${string}` }
  | { readonly immediate: bigint | "any" }
  | "any";

export interface InstructionPattern {
  readonly mnemonics: readonly string[];
  readonly operands: readonly OperandPattern[];
}

/** The code around a call RIP has just returned from. Patterns of a list match in order, with gaps. */
export interface CallShape {
  readonly id: string;
  readonly functions: readonly string[];
  readonly before: readonly InstructionPattern[];
  /** From RIP on. */
  readonly after: readonly InstructionPattern[];
}
