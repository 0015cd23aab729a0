// Matches instruction patterns with captures: `$C` stands for one register, `#d` for one displacement.

import type { InstructionPattern, OperandPattern, RegisterPattern } from "#model/code-shape.ts";
import type { MachineInstruction, Operand, RegisterName } from "#model/instruction.ts";

export interface Captures {
  readonly registers: ReadonlyMap<string, RegisterName>;
  readonly numbers: ReadonlyMap<string, bigint>;
  /** Instructions matched, in order of the patterns. */
  readonly instructions: readonly MachineInstruction[];
}

export const NO_CAPTURES: Captures = { registers: new Map(), numbers: new Map(), instructions: [] };

/** Finds the patterns in order, gaps allowed; the first way that fits all of them. */
export function matchInOrder(
  patterns: readonly InstructionPattern[],
  instructions: readonly MachineInstruction[],
  captures: Captures,
): Captures | undefined {
  const [first, ...rest] = patterns;
  if (first === undefined) return captures;
  for (const [i, instruction] of instructions.entries()) {
    const here = matchOne(first, instruction, captures);
    if (here === undefined) continue;
    const whole = matchInOrder(rest, instructions.slice(i + 1), here);
    if (whole !== undefined) return whole;
  }
  return undefined;
}

function matchOne(
  pattern: InstructionPattern,
  instruction: MachineInstruction,
  captures: Captures,
): Captures | undefined {
  if (!pattern.mnemonics.includes(instruction.mnemonic)) return undefined;
  if (pattern.operands.length > instruction.operands.length) return undefined;
  let current: Captures | undefined = captures;
  for (const [i, operand] of pattern.operands.entries()) {
    const actual = instruction.operands[i];
    if (actual === undefined || current === undefined) return undefined;
    current = matchOperand(operand, actual, current);
  }
  return current && { ...current, instructions: [...current.instructions, instruction] };
}

function matchOperand(
  pattern: OperandPattern,
  actual: Operand,
  captures: Captures,
): Captures | undefined {
  if (pattern === "any") return captures;
  if ("register" in pattern) {
    if (actual.kind !== "register" || actual.high) return undefined;
    if (pattern.width !== undefined && pattern.width !== actual.width) return undefined;
    return matchRegister(pattern.register, actual.register, captures);
  }
  if ("immediate" in pattern) {
    if (actual.kind !== "immediate") return undefined;
    return pattern.immediate === "any" || pattern.immediate === actual.value ? captures : undefined;
  }
  if (actual.kind !== "memory" || actual.base === undefined || actual.index !== undefined)
    return undefined;
  const based = matchRegister(pattern.base, actual.base, captures);
  if (based === undefined || pattern.displacement === "any") return based;
  if (typeof pattern.displacement === "bigint")
    return pattern.displacement === actual.displacement ? based : undefined;
  return capture(based, pattern.displacement, actual.displacement);
}

function matchRegister(
  pattern: RegisterPattern,
  actual: RegisterName,
  captures: Captures,
): Captures | undefined {
  if (typeof pattern !== "string") return pattern.includes(actual) ? captures : undefined;
  if (!pattern.startsWith("$")) return pattern === actual ? captures : undefined;
  const known = captures.registers.get(pattern);
  if (known !== undefined) return known === actual ? captures : undefined;
  return { ...captures, registers: new Map([...captures.registers, [pattern, actual]]) };
}

function capture(captures: Captures, name: string, value: bigint): Captures | undefined {
  const known = captures.numbers.get(name);
  if (known !== undefined) return known === value ? captures : undefined;
  return { ...captures, numbers: new Map([...captures.numbers, [name, value]]) };
}
