// The registers in front of every instruction of a window, as far as the window shows. Assumes that code is
// reached from above; where the instruction above never falls through, everything is taken as unknown.

import type { MachineInstruction, RegisterName } from "#model/instruction.ts";
import { contentOf, type RegisterState, stepState } from "./transfer.ts";
import { isSameForm, isSameValue, type Value } from "./value.ts";

export interface DataFlow {
  readonly instructions: readonly MachineInstruction[];
  /** State in front of the instruction at a byte index; undefined where no instruction begins. */
  before(at: number): RegisterState | undefined;
}

/** More rounds than a window has loops; values only ever get less precise, so it ends by itself too. */
const MAX_ROUNDS = 8;

/** Follows values through `instructions`, which lie one behind the other in ascending order. */
export function followData(instructions: readonly MachineInstruction[]): DataFlow {
  const states = new Map<number, RegisterState>();
  for (let round = 0; round < MAX_ROUNDS; round++) if (!flowOnce(instructions, states)) break;
  return { instructions, before: (at) => states.get(at) };
}

/** Falls through to the next instruction, at least sometimes. */
export function fallsThrough(instruction: MachineInstruction): boolean {
  const { flow } = instruction;
  return flow !== "jump" && flow !== "indirect-jump" && flow !== "return" && flow !== "exception";
}

/** Byte index a jump or conditional branch goes to, if it is written in the instruction. */
export function jumpTarget(instruction: MachineInstruction): number | undefined {
  if (instruction.flow !== "branch" && instruction.flow !== "jump") return undefined;
  const operand = instruction.operands[0];
  return operand?.kind === "branch" ? operand.target : undefined;
}

function flowOnce(
  instructions: readonly MachineInstruction[],
  states: Map<number, RegisterState>,
): boolean {
  let changed = false;
  let reached: number | undefined;
  for (const instruction of instructions) {
    const { at } = instruction;
    if (reached !== at && join(states, at, { entry: at, known: new Map() })) changed = true;
    const state = states.get(at);
    if (state === undefined) continue;
    const behind = stepState(state, instruction);
    reached = fallsThrough(instruction) ? at + instruction.length : undefined;
    if (reached !== undefined && join(states, reached, behind)) changed = true;
    const target = jumpTarget(instruction);
    if (target !== undefined && isBoundary(instructions, target) && join(states, target, behind))
      changed = true;
  }
  return changed;
}

function isBoundary(instructions: readonly MachineInstruction[], at: number): boolean {
  return instructions.some((instruction) => instruction.at === at);
}

/** Merges a state into the one in front of `at`; true when that changed it. */
function join(states: Map<number, RegisterState>, at: number, incoming: RegisterState): boolean {
  const present = states.get(at);
  if (present === undefined) {
    states.set(at, incoming);
    return true;
  }
  const known = new Map(present.known);
  let changed = false;
  for (const register of ALL_REGISTERS) {
    const old = contentOf(present, register);
    const merged = mergeValues(old, contentOf(incoming, register), at, register);
    if (merged === old) continue;
    known.set(register, merged);
    changed = true;
  }
  if (changed) states.set(at, { entry: present.entry, known });
  return changed;
}

function mergeValues(old: Value, incoming: Value, at: number, register: RegisterName): Value {
  if (isSameValue(old, incoming)) return old;
  if (old.kind === "opaque" && old.at === at && old.register === register) return old;
  if (isSameForm(old, incoming)) return forgetTime(old);
  return { kind: "opaque", at, register };
}

/** The same place read at different times. */
function forgetTime(value: Value): Value {
  if (value.kind === "load") return value.at === undefined ? value : { ...value, at: undefined };
  if (value.kind === "low" || value.kind === "and") {
    const of = forgetTime(value.of);
    return of === value.of ? value : { ...value, of };
  }
  if (value.kind === "sum") {
    const left = forgetTime(value.left);
    const right = forgetTime(value.right);
    return left === value.left && right === value.right ? value : { ...value, left, right };
  }
  return value;
}

/** The sixteen general registers. */
export const ALL_REGISTERS: readonly RegisterName[] = [
  "rax",
  "rbx",
  "rcx",
  "rdx",
  "rsi",
  "rdi",
  "rbp",
  "rsp",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
];
