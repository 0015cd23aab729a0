// The instructions a patch site can hold, as bytes and as what executing them does. Encodings are those
// of arch/x86/include/asm/text-patching.h (text_gen_insn) and arch/x86/include/asm/nops.h (x86_nops).

export const INT3 = 0xcc;

export type Instruction =
  | { readonly kind: "nop"; readonly length: 2 | 5 }
  /** Two short NOPs where one long one belongs: not patchable, kept to show why (I6). */
  | { readonly kind: "split-nop" }
  | { readonly kind: "jump"; readonly length: 2 | 5; readonly target: bigint }
  | { readonly kind: "call"; readonly target: bigint }
  /** `Jcc rel32`; patchable since 6.3. Condition codes as in the opcode's low nibble. */
  | { readonly kind: "conditional"; readonly condition: number; readonly target: bigint };

export interface PatchSite {
  readonly name: string;
  readonly address: bigint;
  /** What stands there while the key is off, and while it is on. Both have the same length. */
  readonly disabled: Instruction;
  readonly enabled: Instruction;
}

/** The instruction's bytes at `address`. */
export function toBytes(instruction: Instruction, address: bigint): Uint8Array {
  switch (instruction.kind) {
    case "nop":
      return instruction.length === 2
        ? Uint8Array.of(0x66, 0x90)
        : Uint8Array.of(0x0f, 0x1f, 0x44, 0x00, 0x00);
    case "split-nop":
      return Uint8Array.of(0x66, 0x90, 0x0f, 0x1f, 0x00);
    case "jump":
      return instruction.length === 2
        ? Uint8Array.of(0xeb, Number(BigInt.asUintN(8, instruction.target - address - 2n)))
        : Uint8Array.of(0xe9, ...displacement(instruction.target - address - 5n));
    case "call":
      return Uint8Array.of(0xe8, ...displacement(instruction.target - address - 5n));
    case "conditional":
      return Uint8Array.of(
        0x0f,
        0x80 | instruction.condition,
        ...displacement(instruction.target - address - 6n),
      );
  }
}

export function lengthOf(instruction: Instruction): number {
  switch (instruction.kind) {
    case "nop":
    case "jump":
      return instruction.length;
    case "call":
    case "split-nop":
      return 5;
    case "conditional":
      return 6;
  }
}

/**
 * Where execution goes from `address`. The INT3 handler emulates exactly this
 * (arch/x86/kernel/alternative.c: poke_int3_handler; a NOP is recorded there as a jump of 0).
 */
export function nextAddress(instruction: Instruction, address: bigint, taken: boolean): bigint {
  const after = address + BigInt(lengthOf(instruction));
  switch (instruction.kind) {
    case "nop":
    case "split-nop":
      return after;
    case "jump":
    case "call":
      return instruction.target;
    case "conditional":
      return taken ? instruction.target : after;
  }
}

function displacement(value: bigint): number[] {
  const low = Number(BigInt.asUintN(32, value));
  return [low & 0xff, (low >>> 8) & 0xff, (low >>> 16) & 0xff, low >>> 24];
}
