// Properties of the log reader over the lab's logs: damage of any kind never throws, ranges stay inside the
// file and ordered, and an event is found again when reading begins at its own first line.

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openLog } from "#evidence/log/open-log.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { Reading } from "#model/reading.ts";
import { haveShared, SHARED } from "./analyze-log.ts";

const present = haveShared("lab");
const logs: readonly (readonly [string, readonly string[]])[] = present
  ? readdirSync(`${SHARED}lab`)
      .filter((name) => name.endsWith(".log"))
      .map((name) => [name, readFileSync(`${SHARED}lab/${name}`, "latin1").split("\n")])
  : [];
const fixedSeed = { seed: 20251123, numRuns: 60 } as const;

describe.skipIf(!present)("the log reader on damaged logs", () => {
  test.each(logs)("%s: truncated at each line", (_, lines) => {
    // From the first report on; the boot lines before it hold no event to lose.
    const start = Math.max(0, lines.length - 150);
    for (let end = start; end < lines.length; end++) checkReading(lines.slice(0, end));
  });

  test.each(logs)("%s: each event again from its own first line", (_, lines) => {
    for (const event of read(lines).events) {
      const again = read(lines.slice(event.range.firstLine - 1)).events[0];
      expect(outline(again)).toEqual(outline(event));
    }
  });

  test.each(logs)("%s: bits flipped", (_, lines) => {
    const bytes = Buffer.from(lines.join("\n"), "latin1");
    const flips = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(7)), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(flips, (places) => {
        const damaged = Buffer.from(bytes);
        for (const [at, bit] of places) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        checkReading(damaged.toString("latin1").split("\n"));
      }),
      fixedSeed,
    );
  });

  test.each(logs)("%s: lines deleted and swapped", (_, lines) => {
    const place = fc.nat(lines.length - 1);
    fc.assert(
      fc.property(
        fc.array(place, { maxLength: 20 }),
        fc.array(fc.tuple(place, place), { maxLength: 20 }),
        (gone, swaps) => {
          const damaged = [...lines];
          for (const [a, b] of swaps)
            [damaged[a], damaged[b]] = [damaged[b] ?? "", damaged[a] ?? ""];
          const removed = new Set(gone);
          checkReading(damaged.filter((_line, i) => !removed.has(i)));
        },
      ),
      fixedSeed,
    );
  });
});

function read(lines: readonly string[]): Reading {
  const log = openLog({ id: "s1", name: "damaged.log" });
  log.push(Buffer.from(lines.join("\n"), "latin1"));
  return log.end();
}

function checkReading(lines: readonly string[]): void {
  const reading = read(lines);
  for (const { range } of [...reading.events, ...reading.notices]) {
    expect(range.firstLine).toBeGreaterThanOrEqual(1);
    expect(range.lastLine).toBeGreaterThanOrEqual(range.firstLine);
    expect(range.lastLine).toBeLessThanOrEqual(lines.length);
  }
  for (const event of reading.events) {
    for (const line of event.body)
      expect(line.range.firstLine).toBeGreaterThanOrEqual(event.range.firstLine);
    for (const gap of event.gaps) expect(gap.reason).not.toBe("");
  }
}

/** What must be equal however much of the log came before. */
function outline(event: KernelEvent | undefined) {
  return (
    event && {
      kind: event.kind,
      title: event.title,
      function: event.function,
      cpu: event.cpu,
      task: event.task,
      lines: event.range.lastLine - event.range.firstLine,
    }
  );
}
