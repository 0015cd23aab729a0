// Reports of many kernels and architectures, pairs of them run into one another without callers: what lines
// of other eras let through. A report comes out whole, or says that it is not and vouches for nothing that
// is the other's; the share that does neither may only fall.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { haveShared, SHARED } from "../analyze-log.ts";
import { openRandom } from "../mutation/random.ts";
import { faultsOf } from "./faults.ts";
import { type Clocks, interleave, readEvents, type Sheet, stamped } from "./reports.ts";

const STAMP = /^(?:<\d+>)?\[ *\d+\.\d{6}\]\s?(?:\[ *[TC]\d+\] ?)?/;
const LARGEST = 500_000;
const LONGEST = 70;
const SHORTEST = 12;
const SHEETS_OF_ARCH = 16;
const PAIRS_OF_ARCH = 40;
const TURNS = [0.05, 0.15, 0.5, 1] as const;
/** Measured: 3.1 % and 9.0 %; 20 % and 33 % before the sheets of other eras and architectures were known. */
const MOST_FAULTY: Readonly<Record<"one-clock" | "two-clocks", number>> = {
  "two-clocks": 0.035,
  "one-clock": 0.095,
};

const present = haveShared("corpus");

describe.skipIf(!present)("real reports run into one another", () => {
  const sheets = present ? readSheetsByArch() : new Map<string, readonly Sheet[]>();

  test("of several architectures", () => {
    expect([...sheets.keys()].filter((arch) => pairsOf(arch).length > 20)).toEqual(
      expect.arrayContaining(["arm64", "i386", "ppc64le", "x86_64"]),
    );
  });

  test.each(["two-clocks", "one-clock"] as const)("%s", (clocks) => {
    let faulty = 0;
    let all = 0;
    for (const arch of sheets.keys()) {
      pairsOf(arch).forEach((pair, number) => {
        for (const turn of TURNS) {
          faulty += faultyOf(pair, clocks, turn, number);
          all += pair.length;
        }
      });
    }
    expect(faulty / all).toBeLessThan(MOST_FAULTY[clocks]);
  });

  function pairsOf(arch: string): readonly (readonly Sheet[])[] {
    const own = sheets.get(arch) ?? [];
    return own
      .flatMap((one, at) => own.slice(at + 1).map((other) => [one, other] as const))
      .filter(([{ event: a }, { event: b }]) => a.headline.text !== b.headline.text)
      .filter(([{ event: a }, { event: b }]) => a.task?.pid !== b.task?.pid)
      .filter((_, at, { length }) => at % Math.ceil(length / PAIRS_OF_ARCH) === 0);
  }
});

function faultyOf(pair: readonly Sheet[], clocks: Clocks, turn: number, seed: number): number {
  const events = readEvents(interleave(pair, clocks, turn, openRandom(seed)));
  return pair.filter(({ event }) => faultsOf(event, events).length > 0).length;
}

/** Complete reports of the corpus, of every architecture and kind some. */
function readSheetsByArch(): ReadonlyMap<string, readonly Sheet[]> {
  const index: readonly { readonly file: string }[] = JSON.parse(
    readFileSync(`${SHARED}corpus/index.json`, "utf8"),
  );
  const found = new Map<string, Map<string, Sheet>>();
  for (const { file } of index) {
    const log = readFileSync(`${SHARED}corpus/${file}`, "latin1");
    if (log.length > LARGEST) continue;
    const lines = log.split("\n").map((line) => line.replace(/\r$/, ""));
    for (const event of readEvents(log)) {
      const sheet = sheetOf(event, lines);
      if (sheet === undefined) continue;
      const arch = event.kernel?.arch ?? "unknown";
      // Reports of different machines never run into one another.
      if (arch === "unknown") continue;
      const own = found.get(arch) ?? new Map<string, Sheet>();
      found.set(arch, own);
      if (own.size < SHEETS_OF_ARCH)
        own.set(`${event.kind}/${event.cpu}/${event.task?.pid}`, sheet);
    }
  }
  return new Map([...found].map(([arch, own]) => [arch, [...own.values()]]));
}

function sheetOf(event: KernelEvent, all: readonly string[]): Sheet | undefined {
  const own = all.slice(event.range.firstLine - 1, event.range.lastLine);
  if (!event.complete || event.continuedIn !== undefined) return undefined;
  if (own.length > LONGEST || own.length < SHORTEST) return undefined;
  if (own.some((line) => !STAMP.test(line))) return undefined;
  const lines = own.map((line) => line.replace(STAMP, ""));
  const [alone, ...others] = readEvents(stamped(lines).join("\n"));
  return alone === undefined || others.length > 0 ? undefined : { lines, event: alone, caller: "" };
}
