// Code windows with known answers: the founding incident (KERNEL.md 2.1, 2.2) and one wait for an IPI
// acknowledgement per kernel family (KERNEL.md 2.12, Appendix A). Bytes the table leaves open (a call's
// distance, an array's address) are filled with plausible ones.

import type { CodeInput } from "#isa/code-input.ts";
import { windowOf } from "./code-reports.ts";

export const INCIDENT: CodeInput = {
  ...windowOf(
    "01 00 00 85 c9 74 14 0f b6 86 00 00 00 a1 41 88 04 24 f6 c1 02 0f 85 8d 01 00 00 49 8d 75 01 4c " +
      "89 c7 83 c5 01 e8 b3 fa ff ff <49> 63 7d f6 41 0f b6 d6 4c 89 e9 48 8d 74 24 1b 49 89 d0 49 83 c5",
  ),
  symbol: "text_poke_bp_batch",
  offset: 0xed,
  size: 0x290,
  interrupts: "on",
  reportingCpu: 4,
  registers: {
    rax: 0xffffffffa18c388en,
    rbx: 0xffffffffa34ec7fan,
    rcx: 0n,
    rdx: 0n,
    rsi: 4n,
    rdi: 0xffffd54642400ae8n,
    rbp: 1n,
    rsp: 0xffffab073cd0fe10n,
    r08: 0xffffffffa34ec7abn,
    r09: 0xe0n,
    r10: 3n,
    r11: 3n,
    r12: 0xffffab073cd0fe2cn,
    r13: 0xffffffffa34ec7aan,
    r14: 5n,
    r15: 0xffffffffa34ec7aan,
  },
};

export interface CsdVector {
  readonly name: string;
  readonly input: CodeInput;
  readonly awaited: number;
  readonly register: string;
}

const MANY = { symbol: "smp_call_function_many_cond", offset: 0x28d, size: 0x2e0 } as const;
const CSD = 0xffff8a8a177392c0n;

export const CSD_VECTORS: readonly CsdVector[] = [
  {
    name: "4.9.40 keeps it in rcx, where it went before the sign extension",
    input: {
      ...windowOf(
        "ff e8 21 9c 2f 00 3b 05 53 3b c4 00 89 c1 0f 8d 5f fe ff ff 48 98 49 8b 16 48 03 14 c5 c0 63 d0 81 " +
          "8b 42 18 a8 01 74 09 f3 90 <8b> 42 18 a8 01 75 f7 eb c9 0f b6 4d cc 4c 89 fa 4c 89 f6",
      ),
      ...MANY,
      symbol: "smp_call_function_many",
      registers: { rax: 3n, rcx: 6n, rdx: CSD },
    },
    awaited: 6,
    register: "rcx",
  },
  {
    name: "4.15 keeps it in rax, the index being a copy",
    input: {
      ...windowOf(
        "3b 05 bd 83 3e 01 0f 83 8a fe ff ff 48 63 c8 48 8b 13 48 03 14 cd 40 58 37 93 " +
          "8b 4a 18 83 e1 01 74 0a f3 90 <8b> 4a 18 83 e1 01 75 f6 eb c7 48 c7 c2 40 b2 5f 93",
      ),
      ...MANY,
      symbol: "smp_call_function_many",
      registers: { rax: 2n, rcx: 1n, rdx: CSD },
    },
    awaited: 2,
    register: "rax",
  },
  {
    name: "5.7 keeps it in rdi and has the flags in rax",
    input: {
      ...windowOf(
        "e8 48 c1 3b 00 3b 05 e6 56 7b 01 89 c7 0f 83 8f fe ff ff 48 63 c7 49 8b 55 00 48 03 14 c5 40 f9 1c 9c " +
          "8b 42 18 a8 01 74 09 f3 90 <8b> 42 18 a8 01 75 f7 eb c8 48 c7 c2 20 63",
      ),
      ...MANY,
      registers: { rax: 3n, rdi: 2n, rdx: CSD },
    },
    awaited: 2,
    register: "rdi",
  },
  {
    name: "5.10 keeps it in rdi; rax would read CPU 17",
    input: {
      ...windowOf(
        "e8 68 f9 3a 00 3b 05 46 15 73 01 89 c7 0f 83 07 fe ff ff 48 63 c7 49 8b 16 48 03 14 c5 40 59 38 8b " +
          "8b 42 08 a8 01 74 09 f3 90 <8b> 42 08 a8 01 75 f7 eb c9 48 c7 c2 60 05 a7 8b 4c 89 fe 44 89 f7",
      ),
      ...MANY,
      registers: { rax: 0x11n, rdi: 2n, rdx: CSD },
    },
    awaited: 2,
    register: "rdi",
  },
  {
    name: "6.1 keeps it in rax, the index being in rdx",
    input: {
      ...windowOf(
        "7b 08 48 63 d0 e8 ef 9a 3c 00 3b 05 c9 c5 ac 01 73 25 48 63 d0 48 8b 33 48 03 34 d5 60 cb 01 b0 " +
          "8b 56 08 83 e2 01 74 0a f3 90 <8b> 4e 08 83 e1 01 75 f6 83 c0 01 eb c1 48 83 c4 38 5b 5d 41",
      ),
      ...MANY,
      registers: { rax: 3n, rdx: 1n, rcx: 1n, rsi: 0xff1d4f9ad75b84e0n },
    },
    awaited: 3,
    register: "rax",
  },
  {
    name: "6.18 reads the csd pointer from the stack and keeps the CPU in rax",
    input: {
      ...windowOf(
        "08 48 63 d0 e8 ef 9a 3c 00 3b 05 c9 c5 ac 01 73 25 48 63 d0 49 8b 34 24 48 03 34 d5 60 cb 01 b0 " +
          "8b 56 08 83 e2 01 74 0a f3 90 <8b> 4e 08 83 e1 01 75 f6 83 c0 01 eb bb",
      ),
      ...MANY,
      registers: { rax: 0xfn, rdx: 1n, rsi: CSD },
    },
    awaited: 15,
    register: "rax",
  },
];

/** smp_call_function_single() of 6.1: the csd lies on the waiter's stack. */
export const CSD_ON_STACK: CodeInput = {
  ...windowOf(
    "18 4c 89 44 24 10 e8 51 fe ff ff 8b 54 24 08 83 e2 01 74 0b f3 90 <8b> 54 24 08 83 e2 01 75 f5 eb b9",
  ),
  symbol: "smp_call_function_single",
  offset: 0xfa,
  size: 0x130,
  registers: { rdx: 1n, rsp: 0xff7d5333c030bec0n, rax: 0n },
};
