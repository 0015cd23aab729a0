// Two reports of the same CPU: did it move between them?

import type { Progress } from "#model/machine-fact.ts";
import { alignWindow } from "./alignment.ts";
import type { CodeInput } from "./code-input.ts";
import { ALL_REGISTERS, jumpTarget } from "./data-flow.ts";
import type { InstructionDecoder } from "./decoder.ts";
import { printed } from "./window.ts";

/**
 * `identical`: same RIP, same registers. `same-loop`: both RIPs lie in one loop of the code shown (also when
 * they are equal and registers differ), or at one place with other registers. `moving`: anything else.
 * Undefined where the reports do not say enough: no function and offset, or no registers at the same RIP.
 */
export function compareReports(
  decoder: InstructionDecoder,
  a: CodeInput,
  b: CodeInput,
): Progress | undefined {
  if (a.symbol === undefined || b.symbol === undefined) return undefined;
  if (a.offset === undefined || b.offset === undefined) return undefined;
  if (a.symbol !== b.symbol) return "moving";
  if (a.offset === b.offset) return compareRegisters(a, b);
  const shared = loopAround(decoder, a, b.offset - a.offset);
  return shared || loopAround(decoder, b, a.offset - b.offset) ? "same-loop" : "moving";
}

function compareRegisters(a: CodeInput, b: CodeInput): Progress | undefined {
  let compared = 0;
  for (const register of ALL_REGISTERS) {
    const before = printed(a, register);
    const after = printed(b, register);
    if (before === undefined || after === undefined) continue;
    compared += 1;
    if (before !== after) return "same-loop";
  }
  return compared === 0 ? undefined : "identical";
}

/** A jump back in the certain code of the window spans RIP and the place `distance` bytes from it. */
function loopAround(decoder: InstructionDecoder, input: CodeInput, distance: number): boolean {
  const { bytes, trapIndex } = input;
  if (trapIndex < 0 || trapIndex >= bytes.length) return false;
  const decoded = decoder.decodeEverywhere(bytes);
  const { certainFrom } = alignWindow(decoded, trapIndex, { kernelCode: true });
  const other = trapIndex + distance;
  for (let at = certainFrom; ; ) {
    const instruction = decoded[at];
    if (typeof instruction !== "object") return false;
    const head = jumpTarget(instruction);
    if (head !== undefined && head <= Math.min(trapIndex, other))
      if (at >= Math.max(trapIndex, other)) return true;
    at += instruction.length;
  }
}
