// The loop around RIP, and what it polls: one place in memory, read again and again until it changes.

import type { MachineInstruction, MemoryOperand, RegisterName } from "#model/instruction.ts";
import type { PollLoopFact } from "#model/machine-fact.ts";
import { ALL_REGISTERS, type DataFlow, jumpTarget } from "./data-flow.ts";
import { addressOf, contentOf, type RegisterState } from "./transfer.ts";
import { type Address, isSameAddress, isSameValue, type Value } from "./value.ts";

export interface Loop {
  readonly body: readonly MachineInstruction[];
  readonly from: number;
  /** Byte index behind the jump back. */
  readonly to: number;
}

export interface Poll {
  readonly loop: Loop;
  readonly operand: MemoryOperand;
  readonly address: Address;
  readonly width: number;
  readonly mask: bigint;
  readonly until: PollLoopFact["until"];
  readonly pause: boolean;
  /** Registers that hold the value last read at the trap, and whether it was masked on the way. */
  readonly valueIn: readonly { readonly register: RegisterName; readonly masked: boolean }[];
}

/** The smallest loop around the trap whose jump back is in the window. */
export function findLoop(flow: DataFlow, trapIndex: number): Loop | undefined {
  let best: Loop | undefined;
  for (const instruction of flow.instructions) {
    const from = jumpTarget(instruction);
    if (from === undefined || from > trapIndex || instruction.at < trapIndex) continue;
    const body = flow.instructions.filter((one) => one.at >= from && one.at <= instruction.at);
    if (body[0]?.at !== from) continue;
    const to = instruction.at + instruction.length;
    if (best === undefined || to - from < best.to - best.from) best = { body, from, to };
  }
  return best;
}

/** What the loop may wait for: each of its exits that depends on memory it reads each time round. */
export function findPolls(flow: DataFlow, loop: Loop, trapIndex: number): Poll[] {
  return loop.body
    .filter((instruction) => instruction.flow === "branch")
    .map((branch) => pollOfBranch(flow, loop, branch, trapIndex))
    .filter((poll) => poll !== undefined);
}

/** What a branch compares: memory under a mask against a value. */
interface Test {
  readonly value: Value;
  readonly mask: bigint;
  readonly against: "zero" | bigint | RegisterName;
}

function pollOfBranch(
  flow: DataFlow,
  loop: Loop,
  branch: MachineInstruction,
  trapIndex: number,
): Poll | undefined {
  const equal = BRANCH_IF_EQUAL[branch.mnemonic];
  if (equal === undefined) return undefined;
  const setter = flagSetter(loop.body, branch);
  const state = setter === undefined ? undefined : flow.before(setter.at);
  if (setter === undefined || state === undefined) return undefined;
  const test = testOf(setter, state);
  const read = test === undefined ? undefined : loadOf(test.value);
  if (test === undefined || read === undefined) return undefined;
  const operand = operandRead(loop, setter, read.load, flow);
  if (operand === undefined || !isFixed(operand, loop)) return undefined;
  const target = jumpTarget(branch);
  const staysIfTaken = target !== undefined && target >= loop.from && target < loop.to;
  const widthMask = (1n << BigInt(read.load.width * 8)) - 1n;
  return {
    loop,
    operand,
    address: read.load.address,
    width: read.load.width,
    mask: test.mask & read.mask & widthMask,
    until: awaited(test.against, equal !== staysIfTaken),
    pause: loop.body.some((instruction) => instruction.mnemonic === "pause"),
    valueIn: valueRegisters(flow.before(trapIndex), read.load.address, read.load.width),
  };
}

/** True: taken when the compared things are equal. */
const BRANCH_IF_EQUAL: Readonly<Record<string, boolean>> = { je: true, jne: false };

/** Instructions between a compare and its branch that leave the flags alone. */
const FLAG_NEUTRAL: ReadonlySet<string> = new Set([
  "mov",
  "movzx",
  "movsx",
  "movsxd",
  "lea",
  "nop",
  "pause",
  "push",
  "pop",
]);

function flagSetter(
  body: readonly MachineInstruction[],
  branch: MachineInstruction,
): MachineInstruction | undefined {
  for (let i = body.indexOf(branch) - 1; i >= 0; i--) {
    const instruction = body[i];
    if (instruction === undefined) return undefined;
    if (!FLAG_NEUTRAL.has(instruction.mnemonic)) return instruction;
  }
  return undefined;
}

function testOf(setter: MachineInstruction, state: RegisterState): Test | undefined {
  const [left, right] = setter.operands;
  if (left === undefined || right === undefined) return undefined;
  const value = operandValue(left, setter, state);
  if (value === undefined || left.kind === "branch") return undefined;
  const width = left.kind === "register" || left.kind === "memory" ? left.width : 8;
  const whole = (1n << BigInt(width * 8)) - 1n;
  switch (setter.mnemonic) {
    case "test":
      if (right.kind === "immediate") return { value, mask: right.value & whole, against: "zero" };
      return isSameOperand(left, right) ? { value, mask: whole, against: "zero" } : undefined;
    case "and":
      if (right.kind !== "immediate" || left.kind !== "register") return undefined;
      return { value, mask: right.value & whole, against: "zero" };
    case "cmp":
      if (right.kind === "immediate")
        return { value, mask: whole, against: right.value === 0n ? "zero" : right.value & whole };
      return right.kind === "register" ? compareTest(state, left, right, whole, value) : undefined;
    default:
      return undefined;
  }
}

/** `cmp` of two registers, or of memory and one: the side that was read in the loop is the polled one. */
function compareTest(
  state: RegisterState,
  left: MachineInstruction["operands"][number],
  right: { readonly register: RegisterName },
  mask: bigint,
  value: Value,
): Test | undefined {
  if (loadOf(value) !== undefined) return { value, mask, against: right.register };
  const other = contentOf(state, right.register);
  if (left.kind !== "register" || loadOf(other) === undefined) return undefined;
  return { value: other, mask, against: left.register };
}

function operandValue(
  operand: MachineInstruction["operands"][number],
  setter: MachineInstruction,
  state: RegisterState,
): Value | undefined {
  if (operand.kind === "register")
    return operand.high ? undefined : contentOf(state, operand.register);
  if (operand.kind !== "memory") return undefined;
  return {
    kind: "load",
    at: setter.at,
    address: addressOf(state, operand),
    width: operand.width,
  };
}

function isSameOperand(
  left: MachineInstruction["operands"][number],
  right: MachineInstruction["operands"][number],
): boolean {
  return (
    left.kind === "register" &&
    right.kind === "register" &&
    left.register === right.register &&
    left.width === right.width
  );
}

/** The load a value comes from, through masks and extensions. */
function loadOf(value: Value):
  | {
      readonly load: Extract<Value, { kind: "load" }>;
      readonly mask: bigint;
      readonly masked: boolean;
    }
  | undefined {
  let mask = (1n << 64n) - 1n;
  let masked = false;
  let inner = value;
  while (inner.kind === "and" || inner.kind === "low") {
    masked ||= inner.kind === "and";
    mask &= inner.kind === "and" ? inner.mask : (1n << BigInt(inner.bytes * 8)) - 1n;
    inner = inner.of;
  }
  return inner.kind === "load" ? { load: inner, mask, masked } : undefined;
}

/** The operand of the instruction in the loop that does the read; a read before the loop is no poll. */
function operandRead(
  loop: Loop,
  setter: MachineInstruction,
  load: Extract<Value, { kind: "load" }>,
  flow: DataFlow,
): MemoryOperand | undefined {
  for (const instruction of loop.body) {
    if (load.at !== undefined && instruction.at !== load.at) continue;
    if (instruction.memoryAccess !== "read" && instruction !== setter) continue;
    const state = flow.before(instruction.at);
    for (const operand of instruction.operands)
      if (operand.kind === "memory" && operand.width === load.width && state !== undefined)
        if (isSameAddress(addressOf(state, operand), load.address)) return operand;
  }
  return undefined;
}

/** The loop never changes the registers its polled address is made of. */
function isFixed(operand: MemoryOperand, loop: Loop): boolean {
  return loop.body.every(
    (instruction) =>
      (operand.base === undefined || !instruction.writes.includes(operand.base)) &&
      (operand.index === undefined || !instruction.writes.includes(operand.index)),
  );
}

function awaited(against: Test["against"], endsWhenEqual: boolean): PollLoopFact["until"] {
  if (against === "zero") return endsWhenEqual ? "zero" : "nonzero";
  return endsWhenEqual ? { equal: against } : { notEqual: against };
}

function valueRegisters(
  state: RegisterState | undefined,
  address: Address,
  width: number,
): Poll["valueIn"] {
  if (state === undefined) return [];
  const found: { register: RegisterName; masked: boolean }[] = [];
  for (const register of ALL_REGISTERS) {
    const value = contentOf(state, register);
    const read = loadOf(value);
    if (read === undefined || read.load.width !== width) continue;
    if (isSameAddress(read.load.address, address)) found.push({ register, masked: read.masked });
  }
  return found;
}

/** Registers in front of the trap that hold the same number as `value`, extensions aside. */
export function registersHolding(
  state: RegisterState,
  value: Value,
  strip: (value: Value) => Value,
): RegisterName[] {
  return ALL_REGISTERS.filter((register) =>
    isSameValue(strip(contentOf(state, register)), strip(value)),
  );
}
