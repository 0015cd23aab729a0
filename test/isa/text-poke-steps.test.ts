// The three calls of __text_poke() in text_poke_bp_batch(), as Debian's 5.10.262, 6.1 and 6.12 compile them.
// The bytes are those of the images; registers are set as the loop would have them for three entries. Two
// windows begin such that the pattern's first instruction is a guess: right, and marked as one.

import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type { TextPokePositionFact } from "#model/machine-fact.ts";
import { windowOf } from "./code-reports.ts";

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

const VECTOR = 0xffffffff83750000n;
const SITE = 0xffffffff818c388dn;

const ENTRY = (index: bigint, offset = 0n): bigint => VECTOR + index * 16n + offset;

const STEPS = [
  {
    name: "5.10.262, step 1, second of three",
    code: "49 63 04 24 ba 01 00 00 00 48 8d 74 24 0a 49 83 c4 10 48 8d b8 00 00 00 81 0f b6 80 00 00 00 81 41 88 44 24 ff e8 19 fb ff ff <4c> 39 e5 75 d1 ba 01 00 00 00 31 f6 4d 8d 7d 0a 45 31 e4 48 c7 c7",
    registers: { rax: SITE, rbx: ENTRY(0n), r13: ENTRY(0n), r12: ENTRY(2n), rbp: ENTRY(3n) },
    expected: { step: 1, syncsCompleted: 0, entry: 1, entries: 3, entryBy: "compare", site: SITE },
  },
  {
    name: "5.10.262, step 2, first",
    code: "41 8b 07 c6 44 24 12 0f 4c 8d 74 24 12 89 44 24 13 41 0f b6 47 04 88 44 24 17 4c 89 cf 49 8d 76 01 41 83 c4 01 e8 98 fa ff ff <49> 63 7f f6 41 0f b6 d5 4c 89 f1 48 8d 74 24 0c 49 83 c7 10 48 81",
    registers: { rax: SITE + 1n, r15: ENTRY(0n, 10n), r12: 1n, r13: 5n, rbx: ENTRY(0n) },
    expected: { step: 2, syncsCompleted: 1, length: 5, doSync: 1, site: SITE },
  },
  {
    name: "5.10.262, step 3, second of three",
    code: "59 e5 10 00 45 31 e4 eb 2a 3c cc 74 1d 48 63 3b ba 01 00 00 00 48 8d 74 24 0b 41 83 c4 01 48 81 c7 00 00 00 81 e8 a3 f9 ff ff <48> 83 c3 10 48 39 eb 74 15 0f b6 43 0a 80 7b 08 06 88 44 24 0b 75",
    registers: { rax: SITE, rbx: ENTRY(1n), rbp: ENTRY(3n), r12: 2n },
    expected: { step: 3, syncsCompleted: 2, remaining: 2, doSync: 2, site: SITE },
  },
  {
    name: "6.1, step 1, last of three",
    code: "00 00 00 48 8d 54 24 12 48 c7 c7 f0 ad 03 81 49 83 c5 10 48 8d b0 00 00 00 81 0f b6 80 00 00 00 81 41 88 45 ff e8 e6 fa ff ff <4d> 39 ec 75 cb 49 c7 c0 e0 bf c3 82 b9 01 00 00 00 31 d2 31 ff 48",
    registers: { rax: SITE, rbx: ENTRY(0n), rbp: ENTRY(0n), r13: ENTRY(3n), r12: ENTRY(3n) },
    expected: { step: 1, syncsCompleted: 0, entry: 2, entries: 3, site: SITE, certain: false },
  },
  {
    name: "6.1, step 2: the cursor is not in the window",
    code: "89 d9 83 fa 06 74 6d 49 8d 51 01 4c 89 d9 4c 89 d6 44 88 44 24 0f 48 c7 c7 f0 ad 03 81 4c 89 0c 24 41 83 c6 01 e8 f1 f9 ff ff <44> 0f b6 44 24 0f 4c 8b 0c 24 e9 30 ff ff ff 48 8b 8e 00 00 00 81",
    registers: { rax: SITE + 1n, rbx: ENTRY(0n, 10n), rbp: ENTRY(0n), r14: 1n },
    expected: { step: 2, syncsCompleted: 1, doSync: 1, site: SITE, certain: false },
  },
  {
    name: "6.12, step 2: the cursor is not in the window",
    code: "a8 02 0f 85 76 01 00 00 48 89 dd 83 fa 06 74 5e 48 8d 55 01 4c 89 d9 4c 89 d6 41 83 c7 01 48 c7 c7 f0 ae 04 81 e8 a6 f9 ff ff <e9> 42 ff ff ff 48 8b 8e 00 00 00 81 48 8d 7c 24 18 48 89 dd 48 89",
    registers: { rax: SITE + 1n, rbx: ENTRY(0n, 10n), r15: 3n },
    expected: { step: 2, syncsCompleted: 1, doSync: 3, site: SITE },
  },
  {
    name: "6.12, step 3",
    code: "13 eb 30 3c cc 74 23 48 63 75 00 b9 01 00 00 00 48 89 da 41 83 c5 01 48 c7 c7 f0 ae 04 81 48 81 c6 00 00 00 81 e8 ef f8 ff ff <48> 83 c5 10 4c 39 e5 74 15 0f b6 45 0a 80 7d 08 06 88 44 24 13 75",
    registers: { rax: SITE, rbp: ENTRY(2n), r12: ENTRY(3n), r13: 3n },
    expected: { step: 3, syncsCompleted: 2, remaining: 1, doSync: 3, site: SITE },
  },
] as const;

describe("text_poke steps", () => {
  test.each(STEPS)("$name", ({ code, registers, expected }) => {
    expect(position(code, registers)).toMatchObject({ certain: true, ...expected });
  });

  test.each(STEPS)(
    "$name: without registers only the step is left, and not for certain",
    ({ code, expected }) => {
      expect(position(code, {})).toMatchObject({
        step: expected.step,
        afterCall: false,
        certain: false,
      });
    },
  );

  test("step 3 passed by: rax holds the byte compared, no call has been made", () => {
    const [third] = STEPS.filter(({ name }) => name.startsWith("5.10.262, step 3"));
    const found = position(third?.code ?? "", { ...third?.registers, rax: 0xccn });
    expect(found).toMatchObject({ step: 3, afterCall: false, certain: false });
  });
});

function position(
  code: string,
  registers: Readonly<Record<string, bigint>>,
): TextPokePositionFact | undefined {
  const input = {
    ...windowOf(code),
    symbol: "text_poke_bp_batch",
    offset: 0x100,
    size: 0x2b0,
    registers,
  };
  return analyzeCode(decoder, input).facts.find((fact) => fact.kind === "text-poke-position");
}
