// Whatever happens to a log on its way, reading it never throws and what is found can be found again.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { readLines } from "./read-report.fixture.ts";

const LAB = fileURLToPath(new URL("../../../../../shared/lab/", import.meta.url));
const present = existsSync(LAB);
if (!present) console.log("../shared/lab is absent: properties over its logs are skipped");
const logs = present ? readdirSync(LAB).filter((name) => name.endsWith(".log")) : [];

/** Boot lines carry no report: the last ones are enough to have lines around the reports. */
const KEPT_LINES = 130;

describe.skipIf(!present)("reports of a damaged log", () => {
  test.each(logs)("%s cut after each line", (name) => {
    const lines = linesOf(name);
    for (let length = 0; length <= lines.length; length++) expectSound(lines.slice(0, length));
  });

  test.each(logs)("%s with lines deleted, swapped, repeated or bits flipped", (name) => {
    const lines = linesOf(name);
    fc.assert(
      fc.property(fc.array(damage(lines.length), { minLength: 1, maxLength: 12 }), (steps) => {
        expectSound(steps.reduce((now, step) => step(now), lines));
      }),
      { numRuns: 60 },
    );
  });

  test("two logs interleaved line by line", () => {
    for (const one of logs) {
      for (const other of logs) {
        const [a, b] = [linesOf(one), linesOf(other)];
        expectSound(a.flatMap((line, index) => [line, b[index] ?? ""]));
      }
    }
  });
});

describe("text that is no log", () => {
  test("never throws", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "binary", maxLength: 200 }), { maxLength: 40 }),
        (lines) => {
          expectSound(lines);
        },
      ),
      { numRuns: 200 },
    );
  });
});

function linesOf(name: string): readonly string[] {
  return readFileSync(LAB + name, "utf8")
    .split("\r\n")
    .slice(-KEPT_LINES);
}

function expectSound(lines: readonly string[]): void {
  const { events } = readLines(lines.join("\n"));
  for (const [index, event] of events.entries()) {
    const { firstLine, lastLine } = event.range;
    expect(firstLine).toBeGreaterThanOrEqual(1);
    expect(lastLine).toBeGreaterThanOrEqual(firstLine);
    expect(lastLine).toBeLessThanOrEqual(lines.join("\n").split("\n").length);
    const before = events[index - 1];
    if (before !== undefined) expect(headlineLine(event)).toBeGreaterThan(headlineLine(before));
  }
  const [first] = events;
  if (first !== undefined) expectFoundAgain(lines, first);
}

function expectFoundAgain(lines: readonly string[], event: KernelEvent): void {
  const rest = lines
    .join("\n")
    .split("\n")
    .slice(event.range.firstLine - 1);
  const [again] = readLines(rest.join("\n")).events;
  expect({ kind: again?.kind, title: again?.title, headline: again?.headline.text }).toEqual({
    kind: event.kind,
    title: event.title,
    headline: event.headline.text,
  });
}

function headlineLine(event: KernelEvent): number {
  return event.headline.range.firstLine;
}

type Step = (lines: readonly string[]) => readonly string[];

function damage(length: number): fc.Arbitrary<Step> {
  const at = fc.nat(Math.max(0, length - 1));
  return fc.oneof(
    at.map(
      (i): Step =>
        (lines) =>
          lines.toSpliced(i, 1),
    ),
    fc.tuple(at, at).map(
      ([i, j]): Step =>
        (lines) => {
          const [a, b] = [lines[i] ?? "", lines[j] ?? ""];
          return lines
            .with(Math.min(i, lines.length - 1), b)
            .with(Math.min(j, lines.length - 1), a);
        },
    ),
    at.map(
      (i): Step =>
        (lines) =>
          lines.toSpliced(i, 0, lines[i] ?? ""),
    ),
    fc.tuple(at, fc.nat(200), fc.integer({ min: 0, max: 7 })).map(
      ([i, column, bit]): Step =>
        (lines) => {
          const line = lines[i] ?? "";
          const code = line.charCodeAt(column);
          if (Number.isNaN(code)) return lines;
          const flipped = String.fromCharCode(code ^ (1 << bit));
          return lines.with(i, line.slice(0, column) + flipped + line.slice(column + 1));
        },
    ),
  );
}
