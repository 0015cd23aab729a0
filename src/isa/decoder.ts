// The port to a disassembler. The room defines what it needs; host (and a browser) bind a package to it.

import type { MachineInstruction, UndecodedInstruction } from "#model/instruction.ts";

export interface InstructionDecoder {
  /**
   * Decodes one instruction at every byte index of `bytes` (a window of a few dozen bytes: both true and
   * false beginnings are wanted). Never throws on content.
   */
  decodeEverywhere(bytes: Uint8Array): readonly (MachineInstruction | UndecodedInstruction)[];
  /** Instructions one after another from `from`, up to the first that cannot be decoded. */
  decodeRun(bytes: Uint8Array, from: number): readonly MachineInstruction[];
  /** AT&T text of the instructions at these byte indexes; `(bad)` where there is none. */
  texts(bytes: Uint8Array, at: readonly number[]): readonly string[];
}
