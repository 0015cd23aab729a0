// What one instruction does to the registers, for the few dozen instructions that carry facts; every other
// one makes what it writes opaque.

import type {
  MachineInstruction,
  MemoryOperand,
  Operand,
  RegisterName,
  RegisterOperand,
} from "#model/instruction.ts";
import type { Address, Value } from "./value.ts";

/** Registers by name; one that is not in `known` still holds what it held at `entry`. */
export interface RegisterState {
  readonly entry: number;
  readonly known: ReadonlyMap<RegisterName, Value>;
}

/** Registers a called function may change (System V x86-64 ABI 3.2.1). */
export const CALLER_SAVED: readonly RegisterName[] = [
  "rax",
  "rcx",
  "rdx",
  "rsi",
  "rdi",
  "r8",
  "r9",
  "r10",
  "r11",
];

export function contentOf(state: RegisterState, register: RegisterName): Value {
  return state.known.get(register) ?? { kind: "initial", register, from: state.entry };
}

export function addressOf(state: RegisterState, operand: MemoryOperand): Address {
  const { segment, base, index, scale, displacement } = operand;
  return {
    ...(segment === undefined ? {} : { segment }),
    ...(base === undefined ? {} : { base: contentOf(state, base) }),
    ...(index === undefined ? {} : { index: contentOf(state, index) }),
    scale: index === undefined ? 1 : scale,
    displacement,
  };
}

/** The state behind an instruction. */
export function stepState(state: RegisterState, instruction: MachineInstruction): RegisterState {
  const known = new Map(state.known);
  const calls = instruction.flow === "call" || instruction.flow === "indirect-call";
  for (const register of calls ? CALLER_SAVED : instruction.writes)
    known.set(register, { kind: "opaque", at: instruction.at, register });
  if (calls) return { entry: state.entry, known };
  const target = instruction.operands[0];
  if (instruction.mnemonic === "cdqe") known.set("rax", low(contentOf(state, "rax"), 4, true));
  else if (STACK_STEP[instruction.mnemonic] !== undefined)
    known.set("rsp", plus(contentOf(state, "rsp"), STACK_STEP[instruction.mnemonic] ?? 0n));
  if (target?.kind === "register" && instruction.writes.includes(target.register)) {
    const value = resultOf(state, instruction, target);
    if (value !== undefined) known.set(target.register, value);
  }
  return { entry: state.entry, known };
}

const STACK_STEP: Readonly<Record<string, bigint>> = {
  push: -8n,
  pop: 8n,
  pushfq: -8n,
  popfq: 8n,
};

/** The value written to the first operand; undefined leaves it opaque. */
function resultOf(
  state: RegisterState,
  instruction: MachineInstruction,
  target: RegisterOperand,
): Value | undefined {
  if (target.width < 4) return undefined;
  const source = instruction.operands[1];
  const value = rawResult(state, instruction, target, source);
  if (value === undefined || target.width === 8 || isZeroExtended(value, instruction)) return value;
  return low(value, 4, false);
}

/** A 32-bit load already fills the whole register with zeroes above. */
function isZeroExtended(value: Value, instruction: MachineInstruction): boolean {
  return value.kind === "load" ? instruction.mnemonic !== "movsx" : value.kind === "constant";
}

function rawResult(
  state: RegisterState,
  instruction: MachineInstruction,
  target: RegisterOperand,
  source: Operand | undefined,
): Value | undefined {
  const own = contentOf(state, target.register);
  switch (instruction.mnemonic) {
    case "mov":
    case "movzx":
      return readOperand(state, instruction, source, false);
    case "movsx":
    case "movsxd":
      return readOperand(state, instruction, source, true);
    case "lea":
      return source?.kind === "memory" ? addressValue(addressOf(state, source)) : undefined;
    case "add":
      return addResult(own, readOperand(state, instruction, source, false));
    case "sub":
      return source?.kind === "immediate" ? plus(own, -source.value) : undefined;
    case "inc":
      return plus(own, 1n);
    case "dec":
      return plus(own, -1n);
    case "and":
      return source?.kind === "immediate"
        ? { kind: "and", of: own, mask: source.value }
        : undefined;
    case "xor":
      return isSameRegister(source, target) ? { kind: "constant", value: 0n } : undefined;
    default:
      return undefined;
  }
}

function isSameRegister(source: Operand | undefined, target: RegisterOperand): boolean {
  return source?.kind === "register" && source.register === target.register;
}

function addResult(own: Value, other: Value | undefined): Value | undefined {
  if (other === undefined) return undefined;
  return other.kind === "constant"
    ? plus(own, other.value)
    : { kind: "sum", left: own, right: other };
}

function readOperand(
  state: RegisterState,
  instruction: MachineInstruction,
  operand: Operand | undefined,
  signed: boolean,
): Value | undefined {
  if (operand?.kind === "immediate") return { kind: "constant", value: operand.value };
  if (operand?.kind === "memory") {
    const address = addressOf(state, operand);
    const load: Value = { kind: "load", at: instruction.at, address, width: operand.width };
    return signed ? low(load, operand.width, true) : load;
  }
  if (operand?.kind !== "register" || operand.high) return undefined;
  const value = contentOf(state, operand.register);
  return operand.width === 8 ? value : low(value, operand.width, signed);
}

/** lea: an address that is a plain sum becomes one; scaled ones stay opaque. */
function addressValue(address: Address): Value | undefined {
  if (address.segment !== undefined || address.scale !== 1) return undefined;
  const { base, index, displacement } = address;
  if (base === undefined) return index === undefined ? undefined : plus(index, displacement);
  if (base.kind === "initial" && base.register === "rip") return undefined;
  return plus(index === undefined ? base : { kind: "sum", left: base, right: index }, displacement);
}

function plus(value: Value, amount: bigint): Value {
  const step = BigInt.asIntN(64, amount);
  if (step === 0n) return value;
  if (value.kind === "constant") return { kind: "constant", value: value.value + step };
  if (value.kind === "sum" && value.right.kind === "constant")
    return plus(value.left, value.right.value + step);
  return { kind: "sum", left: value, right: { kind: "constant", value: step } };
}

function low(of: Value, bytes: number, signed: boolean): Value {
  if (of.kind === "low" && of.bytes === bytes && of.signed === signed) return of;
  return { kind: "low", of, bytes, signed };
}
