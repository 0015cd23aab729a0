// Windows as logs really have them: cut short, without a mark, of other code, with flipped bits.

import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import { compareReports } from "#isa/compare-reports.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type { CodeReading } from "#model/machine-fact.ts";
import { CSD_VECTORS, INCIDENT } from "./vectors.ts";

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

const WINDOWS = [INCIDENT, ...CSD_VECTORS.map(({ input }) => input)];

describe("a damaged window", () => {
  test("random bytes and marks are read without throwing, in order", () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 80 }),
        fc.integer({ min: -2, max: 90 }),
        (bytes, trapIndex) => {
          expectOrdered(analyzeCode(decoder, { bytes, trapIndex }), bytes.length);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("any flipped bit in a known window leaves facts within the bytes", () => {
    fc.assert(
      fc.property(fc.constantFrom(...WINDOWS), fc.nat({ max: 511 }), (input, bit) => {
        const bytes = Uint8Array.from(input.bytes);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expectOrdered(
          analyzeCode(decoder, { ...input, bytes: bytes.subarray(0, input.bytes.length) }),
          bytes.length,
        );
      }),
      { numRuns: 300 },
    );
  });

  test("any length of a known window is read", () => {
    for (const input of WINDOWS)
      for (let length = 0; length < input.bytes.length; length++) {
        const bytes = input.bytes.subarray(0, length);
        expectOrdered(analyzeCode(decoder, { ...input, bytes }), length);
        expectOrdered(analyzeCode(decoder, { ...input, bytes, trapIndex: length - 1 }), length);
      }
  });

  test("says what is missing", () => {
    expect(gaps({ bytes: new Uint8Array(0), trapIndex: 0 })).toEqual(["empty"]);
    expect(gaps({ bytes: Uint8Array.of(0x90), trapIndex: -1 })).toEqual(["no-trap-mark"]);
    expect(gaps({ bytes: Uint8Array.of(0x90), trapIndex: 4 })).toEqual(["trap-outside"]);
    expect(gaps({ bytes: Uint8Array.of(0x06, 0x06), trapIndex: 1 })).toEqual(["undecodable"]);
    expect(gaps({ ...INCIDENT, address: 0x7f00_0000_1000n })).toEqual(["user-space"]);
    expect(gaps({ ...INCIDENT, registers: { eax: 1n } })).toEqual(["other-architecture"]);
  });

  test("of user space yields no kernel facts", () => {
    expect(analyzeCode(decoder, { ...INCIDENT, address: 0x7f00_0000_1000n }).facts).toEqual([]);
  });

  test("a dump of kilobytes is read around RIP only, with the dump's own indexes", () => {
    const bytes = new Uint8Array(4096).fill(0x90);
    bytes.set(INCIDENT.bytes, 3000);
    const reading = analyzeCode(decoder, { ...INCIDENT, bytes, trapIndex: 3042 });
    expect(reading.facts[0]).toMatchObject({ kind: "text-poke-position", certain: true });
    expect(reading.facts[0]?.proof.bytes[0]?.[0]).toBe(3027);
    expect(reading.instructions.some((one) => one.at === 3042)).toBe(true);
  });
});

describe("compareReports", () => {
  const [first] = CSD_VECTORS;
  const input = first?.input ?? INCIDENT;

  test("needs function and offset", () => {
    expect(
      compareReports(decoder, { ...input, symbol: "a" }, { bytes: input.bytes, trapIndex: 42 }),
    ).toBeUndefined();
  });

  test("same place: identical, or a loop that makes progress", () => {
    expect(compareReports(decoder, input, input)).toBe("identical");
    const later = { ...input, registers: { ...input.registers, rcx: 7n } };
    expect(compareReports(decoder, input, later)).toBe("same-loop");
  });

  test("two places of one loop are the same loop, places outside are moving", () => {
    const offset = input.offset ?? 0;
    expect(compareReports(decoder, input, { ...input, offset: offset + 3 })).toBe("same-loop");
    expect(compareReports(decoder, input, { ...input, offset: offset + 0x80 })).toBe("moving");
  });
});

function gaps(input: Parameters<typeof analyzeCode>[1]): CodeReading["gaps"] {
  return analyzeCode(decoder, input).gaps;
}

function expectOrdered(reading: CodeReading, length: number): void {
  let last = -1;
  for (const { at } of reading.instructions) {
    expect(at).toBeGreaterThan(last);
    last = at;
  }
  expect(last).toBeLessThan(Math.max(1, length));
  for (const fact of reading.facts)
    for (const [from, to] of fact.proof.bytes) {
      expect(from).toBeLessThan(to);
      expect(to).toBeLessThanOrEqual(length);
    }
}
