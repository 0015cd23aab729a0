import { describe, expect, test } from "vitest";
import type { BodyLine } from "#model/kernel-event.ts";
import { event } from "../events.fixture.ts";
import { consoleRate } from "./console-rate.ts";

describe("console pace from the stamps inside a report", () => {
  test("stamps that follow the lines' length name the rate", () => {
    const [fact] = compute(body((length) => 1 + 0.5 * length));
    expect(fact).toMatchObject({ kind: "console-rate", intervals: 19 });
    expect(fact?.kind === "console-rate" && Math.round(fact.bytesPerSecond)).toBe(2000);
  });

  test.each<[string, (length: number, i: number) => number]>([
    ["do not depend on length", (_, i) => 1 + ((i * 7919) % 13)],
    ["are all equal", () => 2],
    ["follow length backwards", (length) => 100 - 0.5 * length],
    ["follow it faster than any UART", (length) => 0.000001 * length],
  ])("stamps that %s name none", (_, pace) => {
    expect(compute(body(pace))).toEqual([]);
  });

  test("lines that are all equally long decide nothing", () => {
    expect(
      compute(
        body(
          () => 5,
          () => 40,
        ),
      ),
    ).toEqual([]);
  });
});

function compute(lines: readonly BodyLine[]) {
  return consoleRate.compute(event({ kind: "soft-lockup", body: lines }), {
    trace: { sources: [], events: [], notices: [], gaps: [], boots: [], document: [] },
    code: new Map(),
    progress: new Map(),
    locals: new Map(),
    all: () => [],
  });
}

/** Twenty lines; `pace` gives the milliseconds after a line of that length. */
function body(
  pace: (length: number, i: number) => number,
  lengthOf: (i: number) => number = (i) => 20 + ((i * 37) % 90),
): readonly BodyLine[] {
  let at = 1_000_000_000;
  return Array.from({ length: 20 }, (_, i) => {
    const text = "x".repeat(lengthOf(i));
    const line = {
      range: { source: "s1", firstLine: i + 1, lastLine: i + 1 },
      text,
      monotonic: BigInt(Math.round(at)),
    };
    at += pace(text.length, i) * 1e6;
    return line;
  });
}
