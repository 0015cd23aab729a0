// Byte strings that decode but cannot be instructions of a 64-bit kernel. Each rule was counted over the
// whole text of three kernels and met not once (docs/alignment.md, scripts/count-instructions.mjs).

import type { MachineInstruction, Operand } from "#model/instruction.ts";
import { FOREIGN_MNEMONICS } from "./instruction-frequency.ts";

/**
 * Farther than any two places of one kernel: image and modules share the top 2 GiB, the modules begin at
 * most 1 GiB above the image (arch/x86/include/asm/pgtable_64_types.h: MODULES_VADDR).
 */
const FARTHEST = 0x5000_0000;

/** Below this a direct access is a NULL dereference spelled out, which compilers emit (0x1798 in 6.12). */
const NEAR_NULL = 0x10000n;

export function isImpossibleInKernels(instruction: MachineInstruction): boolean {
  if (FOREIGN_MNEMONICS.has(instruction.mnemonic)) return true;
  // 63 /r without REX.W: a sign extension that extends nothing.
  if (instruction.mnemonic === "movsxd" && widthOf(instruction.operands[0]) !== 8) return true;
  return instruction.operands.some((operand) => isImpossibleOperand(operand, instruction.at));
}

function widthOf(operand: Operand | undefined): number | undefined {
  return operand?.kind === "register" ? operand.width : undefined;
}

function isImpossibleOperand(operand: Operand, at: number): boolean {
  if (operand.kind === "branch") return Math.abs(operand.target - at) > FARTHEST;
  if (operand.kind !== "memory" || operand.width === 0 || operand.segment !== undefined)
    return false;
  const { base, index, displacement } = operand;
  if (base === "rip") return displacement > BigInt(FARTHEST) || displacement < -BigInt(FARTHEST);
  // An absolute address outside of the kernel's half.
  return base === undefined && index === undefined && displacement >= NEAR_NULL;
}
