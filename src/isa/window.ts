// One reading of a window: a chain of instructions with the data flow over it, and the registers as
// printed. What the fact finders see.

import type { MachineInstruction, MemoryOperand, RegisterName } from "#model/instruction.ts";
import type { ByteSpan } from "#model/machine-fact.ts";
import type { CodeInput } from "./code-input.ts";
import { type DataFlow, followData } from "./data-flow.ts";
import { findLoop, findPolls, type Loop, type Poll } from "./poll-loop.ts";
import type { RegisterState } from "./transfer.ts";

export interface Window {
  readonly input: CodeInput;
  readonly instructions: readonly MachineInstruction[];
  /** Position of the instruction at RIP in `instructions`; -1 when RIP's own cannot be decoded. */
  readonly trap: number;
  readonly flow: DataFlow;
  /** Values in front of the instruction at RIP. */
  readonly state: RegisterState;
  readonly loop?: Loop;
  readonly polls: readonly Poll[];
}

export function openWindow(input: CodeInput, instructions: readonly MachineInstruction[]): Window {
  const flow = followData(instructions);
  const state = flow.before(input.trapIndex) ?? { entry: input.trapIndex, known: new Map() };
  const loop = findLoop(flow, input.trapIndex);
  return {
    input,
    instructions,
    trap: instructions.findIndex((instruction) => instruction.at === input.trapIndex),
    flow,
    state,
    ...(loop === undefined ? {} : { loop }),
    polls: loop === undefined ? [] : findPolls(flow, loop, input.trapIndex),
  };
}

/** The instruction that ends where RIP points. */
export function beforeTrap(window: Window): MachineInstruction | undefined {
  const { trapIndex } = window.input;
  return window.instructions.find((one) => one.at + one.length === trapIndex);
}

/** A register's value as printed. The kernel prints `R08`; both spellings are accepted. */
export function printed(input: CodeInput, register: RegisterName): bigint | undefined {
  const { registers } = input;
  if (registers === undefined) return undefined;
  return registers[register] ?? registers[register.replace(/^r(\d)$/, "r0$1")];
}

/** Where a memory operand points, if its registers are printed and unchanged at RIP. */
export function addressNow(
  input: CodeInput,
  operand: MemoryOperand,
  instruction?: MachineInstruction,
): bigint | undefined {
  if (operand.segment !== undefined) return undefined;
  let address = operand.displacement;
  if (operand.base === "rip") {
    if (instruction === undefined || input.address === undefined) return undefined;
    const next = instruction.at + instruction.length - input.trapIndex;
    return BigInt.asUintN(64, address + input.address + BigInt(next));
  }
  if (operand.base !== undefined) {
    const base = printed(input, operand.base);
    if (base === undefined) return undefined;
    address += base;
  }
  if (operand.index !== undefined) {
    const index = printed(input, operand.index);
    if (index === undefined) return undefined;
    address += index * BigInt(operand.scale);
  }
  return BigInt.asUintN(64, address);
}

/** The upper half of the canonical address space (arch/x86, 4 and 5 levels of page tables). */
export function isKernelAddress(value: bigint): boolean {
  return value >= 0xff00_0000_0000_0000n;
}

export function spanOf(instruction: MachineInstruction): ByteSpan {
  return [instruction.at, instruction.at + instruction.length];
}

export function spansOf(instructions: readonly MachineInstruction[]): ByteSpan[] {
  const spans: [number, number][] = [];
  for (const [from, to] of instructions.map(spanOf).sort((a, b) => a[0] - b[0])) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] >= from) last[1] = Math.max(last[1], to);
    else spans.push([from, to]);
  }
  return spans;
}

/** The symbol is one of these functions; compilers append `.cold`, `.part.0`, `.constprop.0`, `.isra.0`. */
export function isIn(input: CodeInput, functions: readonly string[]): boolean {
  const name = input.symbol?.split(".", 1)[0];
  return name !== undefined && functions.includes(name);
}
