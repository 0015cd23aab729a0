// A hundred thousand damaged logs: reading never throws, never hangs, ranges stay inside the file, and the
// first event is found again from its own first line. `npm run fuzz` goes on where this ends.

import { describe, expect, test } from "vitest";
import { haveShared, SHARED } from "./analyze-log.ts";
import { runMutations } from "./mutation/run.ts";
import { readWindows } from "./mutation/windows.ts";

const haveLab = haveShared("lab");
const haveCorpus = haveShared("corpus");
const pool = [
  ...(haveLab ? readWindows(`${SHARED}lab`, 40) : []),
  ...(haveCorpus ? readWindows(`${SHARED}corpus`, 160) : []),
];
/** Milliseconds; a usual input takes a fifth of one, and a busy machine may stop this process for a while. */
const HANG = 2000;

describe.skipIf(pool.length === 0)("the log reader on a hundred thousand damaged logs", () => {
  test.each([0, 1, 2, 3])("quarter %i", (quarter) => {
    const run = runMutations(pool, quarter * 25_000, 25_000);
    expect(run.findings.map(({ seed, fault }) => `seed ${seed}: ${fault}`)).toEqual([]);
    expect(run.slowest).toBeLessThan(HANG);
  });
});
