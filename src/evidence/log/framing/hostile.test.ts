import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../record.ts";
import { openFraming } from "./open-framing.ts";
import { REFRAMINGS, readPlainMessages } from "./reframe.fixture.ts";

const LAB = "../shared/lab";
const SEED = "../shared/seeds/netstamp-clear-soft-lockup.md";
if (!existsSync(LAB)) console.log(`skipped: ${LAB} is not there, its logs are not mutated`);

/** Some messages in every framing and, where it is there, the incident's ticket: one awkward log. */
const MIXED = Buffer.concat([
  ...(existsSync(SEED) ? [readFileSync(SEED)] : []),
  ...REFRAMINGS.map(({ frame }) => Buffer.from(frame(someMessages()))),
]);
/** Offsets behind the line feeds. */
const LINE_ENDS = [...MIXED.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);

describe("openFraming on damaged input", () => {
  test("gives the same records however the bytes are cut into chunks", () => {
    const whole = readBytes([MIXED]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9000 }), { minLength: 1 }), (sizes) => {
        expect(readBytes(chunksOf(MIXED, sizes))).toEqual(whole);
      }),
      { seed: 1, numRuns: 12 },
    );
  });

  test("stands a file cut off at any line", () => {
    for (let line = 0; line < LINE_ENDS.length; line += 31) {
      expectOrdered(readBytes([MIXED.subarray(0, LINE_ENDS[line])]), line + 1);
    }
  });

  test("stands flipped bits, lost and swapped pieces", () => {
    fc.assert(
      fc.property(
        fc.infiniteStream(fc.nat({ max: MIXED.length - 1 })),
        fc.nat(3),
        (places, kind) => {
          const next = (): number => places.next().value ?? 0;
          expectOrdered(readBytes([mutated(MIXED, kind, next)]), undefined);
        },
      ),
      { seed: 2, numRuns: 60 },
    );
  });

  test("stands bytes that were never a log", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
        expectOrdered(readBytes([bytes]), undefined);
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  test("keeps the head of a line that does not fit into memory", () => {
    const records: LogRecord[] = [];
    const machine = open(records, 1 << 16);
    machine.push(Buffer.from("[    1.000000] BUG: long "));
    for (let i = 0; i < 100; i += 1) machine.push(new Uint8Array(1 << 20).fill(120));
    machine.push(Buffer.from("\n[    2.000000] next\n"));
    expect(machine.end()).toMatchObject({ lines: 2 });
    expect(records).toHaveLength(2);
    expect(records[0]).toMatchObject({ damage: ["cut"], lastLine: 1 });
    expect(records[0]?.text.length).toBeLessThanOrEqual(1 << 16);
    expect(records[1]).toMatchObject({ text: "next", firstLine: 2 });
  });

  test.each([
    ["blanks", " "],
    ["brackets", "["],
    ["stamps", "[    1.000000] "],
    ["escapes", "\u001b["],
    ["quotes", "> "],
    ["entities", "&lt;"],
    ["digits", "1"],
    ["kmsg fields", "4,1,1,-,a=b;"],
    ["bytes of a Code line", "Code: 4 "],
    ["carriage returns", "\r"],
    ["tags", "<p>"],
  ])("takes linear time for a line of %s", (_name, unit) => {
    // Square time would be more than ten thousand million steps: minutes, whatever else the machine does.
    expect(timeOf(unit.repeat(400_000 / unit.length))).toBeLessThan(5000);
  });
});

function timeOf(line: string): number {
  const bytes = Buffer.from(`${line}\n${line}x\n`);
  const from = performance.now();
  readBytes([bytes]);
  return performance.now() - from;
}

/** One assertion per log: thousands of records each would take minutes. */
function expectOrdered(records: readonly LogRecord[], lines: number | undefined): void {
  const last = lines ?? Number.POSITIVE_INFINITY;
  const wrong = records.find(
    ({ firstLine, lastLine, text }) =>
      firstLine < 1 || lastLine < firstLine || lastLine > last || /[\0\r\n]/.test(text),
  );
  expect(wrong).toBeUndefined();
  if (lines === undefined) return;
  // pstore parts come in the order of their log, which is not that of their lines.
  const inOrder = records.filter((record) => record.level !== 4);
  const back = inOrder.find((record, at) => record.firstLine < (inOrder[at - 1]?.firstLine ?? 0));
  expect(back).toBeUndefined();
}

function mutated(bytes: Uint8Array, kind: number, next: () => number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  if (kind === 0) {
    for (let i = 0; i < 200; i += 1) {
      const at = next();
      copy[at] = (copy[at] ?? 0) ^ (1 << (at % 8));
    }
    return copy;
  }
  const [from, to] = [next(), next()].sort((a, b) => a - b);
  if (kind === 1) return Buffer.concat([copy.subarray(0, from), copy.subarray(to)]);
  if (kind === 2) return Buffer.concat([copy.subarray(to), copy.subarray(from, to)]);
  return copy.fill(0, from, from === undefined ? 0 : from + 3000);
}

function readBytes(chunks: readonly Uint8Array[]): LogRecord[] {
  const records: LogRecord[] = [];
  const machine = open(records);
  for (const chunk of chunks) machine.push(chunk);
  machine.end();
  return records;
}

function open(records: LogRecord[], maxLineLength?: number): ReturnType<typeof openFraming> {
  return openFraming({
    source: "s1",
    sink: { record: (record) => records.push(record), end: () => undefined },
    ...(maxLineLength === undefined ? {} : { maxLineLength }),
  });
}

function chunksOf(bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1;
    chunks.push(bytes.subarray(at, at + size));
    at += size;
  }
  return chunks;
}

function someMessages(): ReturnType<typeof readPlainMessages> {
  const file = existsSync(LAB)
    ? readdirSync(LAB).find((name) => name === "v6.1-rcu.log")
    : undefined;
  if (file === undefined) return [{ micros: 1_000_000, text: "Linux version 6.1.0" }];
  return readPlainMessages(readFileSync(`${LAB}/${file}`, "utf8")).slice(-70);
}
