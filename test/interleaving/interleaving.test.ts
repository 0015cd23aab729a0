// Two or three CPUs print at once. Where callers or clocks tell their lines apart both reports come out whole; where
// only the lines themselves can tell, a report either comes out whole or says that it is not, and what it
// then still says is true.

import { describe, expect, test } from "vitest";
import { openRandom, type Random } from "../mutation/random.ts";
import { faultsOf, holdsForeign, isWhole } from "./faults.ts";
import { type Clocks, interleave, readEvents, readSheets, type Sheet } from "./reports.ts";

const SHEETS = readSheets(new URL("../../corpus/lab", import.meta.url).pathname);
const PAIRS = SHEETS.flatMap((one, at) =>
  SHEETS.slice(at + 1)
    .filter((other) => areTwo(one, other))
    .map((other) => [one, other]),
);
const TRIPLES = PAIRS.flatMap(([one, other]) =>
  SHEETS.filter((third) => areTwo(one, third) && areTwo(other, third))
    .slice(0, 2)
    .map((third) => [one, other, third].filter((sheet) => sheet !== undefined)),
);
const TURNS = [0.05, 0.15, 0.5, 1] as const;
const ROUNDS = 4;

interface Outcome {
  readonly faults: readonly string[];
  readonly whole: number;
  readonly marked: number;
}

function run(groups: readonly (readonly Sheet[])[], clocks: Clocks): Outcome {
  const faults: string[] = [];
  let whole = 0;
  let marked = 0;
  groups.forEach((group, number) => {
    for (const turn of TURNS) {
      for (let round = 0; round < ROUNDS; round++) {
        const log = interleave(group, clocks, turn, openRandom(number * 97 + round));
        const events = readEvents(log);
        for (const sheet of group) {
          const found = faultsOf(sheet.event, events);
          if (found.length === 0 && isWhole(sheet.event, events)) whole++;
          else if (found.length === 0) marked++;
          faults.push(...found.map((fault) => `${number}/${turn}/${round}: ${fault}`));
        }
      }
    }
  });
  return { faults, whole, marked };
}

describe.each([
  ["two", PAIRS],
  ["three", TRIPLES],
] as const)("%s reports run into one another", (_, groups) => {
  test("there is something to run into one another", () => {
    expect(groups.length).toBeGreaterThan(30);
  });

  test("callers tell every line's owner", () => {
    const { faults, marked } = run(groups.filter(haveOwnCallers), "callers");
    expect(faults.slice(0, 5)).toEqual([]);
    expect(marked).toBe(0);
  });

  test("clocks that do not meet tell nearly every line's owner", () => {
    const { faults, whole, marked } = run(groups, "two-clocks");
    expect(faults.slice(0, 5)).toEqual([]);
    expect(marked).toBeLessThan(whole / 200);
  });

  test.each(["one-clock", "no-clock"] as const)("%s: whole, or said not to be", (clocks) => {
    const { faults, whole, marked } = run(groups, clocks);
    expect(faults.slice(0, 5)).toEqual([]);
    expect(whole).toBeGreaterThan(marked / 16);
  });
});

test("where lines are lost besides, hardly anything of the other report is vouched for", () => {
  let foreign = 0;
  let read = 0;
  PAIRS.forEach((pair, number) => {
    for (const turn of TURNS) {
      for (let round = 0; round < ROUNDS; round++) {
        const random = openRandom(number * 89 + round);
        const torn = pair.map((sheet) => ({ ...sheet, lines: withLoss(sheet.lines, random) }));
        const events = readEvents(interleave(torn, "one-clock", turn, random));
        foreign += pair.filter(({ event }) => holdsForeign(event, events)).length;
        read += pair.length;
      }
    }
  });
  // Measured: 0.7 %.
  expect(foreign / read).toBeLessThan(0.01);
});

/** Without two lines below the headline. */
function withLoss(lines: readonly string[], random: Random): readonly string[] {
  const from = 3;
  const lost = [0, 1].map(() => from + random.below(lines.length - from));
  return lines.filter((_, at) => !lost.includes(at));
}

function areTwo(one: Sheet | undefined, other: Sheet | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  const { event: a } = one;
  const { event: b } = other;
  // The same CPU twice: the logs of two machines in one file.
  return a.headline.text !== b.headline.text && a.task?.pid !== b.task?.pid;
}

function haveOwnCallers(group: readonly Sheet[]): boolean {
  return new Set(group.map(({ caller }) => caller)).size === group.length;
}
