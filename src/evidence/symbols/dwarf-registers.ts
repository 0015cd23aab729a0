// DWARF register numbers by the names that register dumps print (each processor's ABI supplement).

import { MACHINE } from "#formats/elf/relocations.ts";

const X86_64: readonly string[] =
  "rax rdx rcx rbx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ");

const I386: readonly string[] = "eax ecx edx ebx esp ebp esi edi eip".split(" ");

const AARCH64: readonly string[] = [
  ...Array.from({ length: 31 }, (_, number) => `x${number}`),
  "sp",
];

/** Index is the DWARF number; empty for a machine whose numbers are not known here. */
export function dwarfRegisters(machine: number | undefined): readonly string[] {
  switch (machine) {
    case MACHINE.x86_64:
      return X86_64;
    case MACHINE.i386:
      return I386;
    case MACHINE.aarch64:
      return AARCH64;
    default:
      return [];
  }
}
