// How unlikely an instruction is in compiled kernel code, in bits: what weighs one reading of a window
// against another. Only guesses rest on it.

import type { MachineInstruction, Operand } from "#model/instruction.ts";
import { INSTRUCTION_BITS, RARE_INSTRUCTION_BITS } from "./instruction-frequency.ts";

/** Mean cost of one byte of real code: what leaving out a byte at the window's start is charged. */
export const SKIPPED_BYTE_COST = 7.5;

/** One-byte int3 and nop fill the space between functions, by the dozen in some builds. */
function isPadding(instruction: MachineInstruction): boolean {
  return instruction.length === 1 && ["int3", "nop"].includes(instruction.mnemonic);
}

const PADDING_BITS = 5;

/** Bits of surprise: the kind of instruction plus what its operands hold. */
export function instructionCost(instruction: MachineInstruction): number {
  if (isPadding(instruction)) return PADDING_BITS;
  let bits = INSTRUCTION_BITS[instructionKey(instruction)] ?? RARE_INSTRUCTION_BITS;
  for (const operand of instruction.operands) bits += operandBits(operand, instruction);
  return bits;
}

/** Mnemonic with the kinds and widths of its operands: `mov r4,m4`. The table is keyed by it. */
export function instructionKey(instruction: MachineInstruction): string {
  return `${instruction.lock ? "lock " : ""}${instruction.mnemonic} ${instruction.operands.map(operandKey).join(",")}`;
}

function operandKey(operand: Operand): string {
  if (operand.kind === "register") return `r${operand.width}${operand.high ? "h" : ""}`;
  if (operand.kind === "memory") return `m${operand.width}${operand.segment ?? ""}`;
  return operand.kind.charAt(0);
}

function operandBits(operand: Operand, instruction: MachineInstruction): number {
  if (operand.kind === "register") return 3.5;
  if (operand.kind === "immediate") return numberBits(BigInt.asIntN(64, operand.value));
  if (operand.kind === "branch") return branchBits(operand.target - instruction.at);
  if (operand.kind === "other") return 4;
  const { base, index, displacement } = operand;
  let bits = 1;
  if (base !== undefined && base !== "rip") bits += base === "rsp" ? 2.5 : 3.5;
  if (index !== undefined) bits += base === undefined ? 5 : 7;
  if (base === "rip" || operand.segment !== undefined) return bits + relativeBits(displacement);
  if (base === undefined && index === undefined) return bits + kernelAddressBits(displacement);
  return bits + numberBits(displacement);
}

/** Small numbers, kernel addresses and single bits are common, everything else is random bytes. */
function numberBits(value: bigint): number {
  if (value >= -16n && value <= 16n) return 4;
  if (value >= -128n && value <= 127n) return (value & 7n) === 0n ? 5.5 : 7.5;
  if (value >= -0x1000n && value < 0x2000n) return 12;
  if (value >= -0x80000000n && value < -0x7a000000n) return 20;
  if (isSingleBitPattern(value)) return 14;
  if (value >= -0x100000n && value < 0x100000n) return 20;
  return 34;
}

function isSingleBitPattern(value: bigint): boolean {
  const bits = value & 0xffffffffn;
  return (bits & (bits - 1n)) === 0n || (bits & (bits + 1n)) === 0n;
}

function kernelAddressBits(value: bigint): number {
  if (value >= -0x80000000n && value < -0x7a000000n) return 18;
  return value >= 0n && value < 0x80000n ? 18 : 34;
}

/** Distance to data of the same image: within 64 MiB, mostly positive. Per-CPU data: anything near text. */
function relativeBits(distance: bigint): number {
  if (distance > 0n && distance < 0x4000000n) return 22;
  if (distance > 0x7a000000n && distance < 0x80000000n) return 22;
  return distance > -0x4000000n && distance < 0n ? 26 : 36;
}

function branchBits(distance: number): number {
  const size = Math.abs(distance);
  if (size < 0x80) return 6;
  if (size < 0x1000) return 11;
  return size < 0x2000000 ? 22 : 36;
}
