// The room's entry: a code window and registers in, a listing and facts out.

import type { CodeReading } from "#model/machine-fact.ts";
import type { InstructionDecoder } from "./decoder.ts";

export interface CodeInput {
  readonly bytes: Uint8Array;
  /** Index of the byte RIP points at; -1 when no byte is marked. */
  readonly trapIndex: number;
  /** RIP's function with RIP's offset in it and its size, as the report prints them. */
  readonly symbol?: string;
  readonly offset?: number;
  readonly size?: number;
  /** RIP itself. */
  readonly address?: bigint;
  /** Lower-case names as printed. */
  readonly registers?: Readonly<Record<string, bigint>>;
  readonly interrupts?: "on" | "off";
  readonly reportingCpu?: number;
  readonly nrCpuIds?: number;
}

/** Reads a code window. Never throws on content: what cannot be read is named in `gaps`. */
export function analyzeCode(_decoder: InstructionDecoder, _input: CodeInput): CodeReading {
  return { instructions: [], certainFrom: 0, facts: [], origins: [], gaps: ["empty"] };
}
