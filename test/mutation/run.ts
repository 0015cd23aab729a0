// Many mutated inputs one after the other; the test and `npm run fuzz` share it.

import { findChunkFault, findFault } from "./check-reading.ts";
import { mutate } from "./mutate.ts";
import { openRandom } from "./random.ts";
import type { Window } from "./windows.ts";

export interface Finding {
  /** `mutate(pool, openRandom(seed))` makes the input again. */
  readonly seed: number;
  readonly fault: string;
  readonly input: Buffer;
}

export interface MutationRun {
  readonly findings: readonly Finding[];
  /** Milliseconds that the slowest input took. */
  readonly slowest: number;
  readonly slowestSeed: number;
}

const MOST_FINDINGS = 20;
/** Reading again doubles the cost: every third input. */
const FOUND_AGAIN = 3;
/** Byte by byte costs several times as much. */
const IN_CHUNKS = 25;

export function runMutations(pool: readonly Window[], from: number, count: number): MutationRun {
  const findings: Finding[] = [];
  let slowest = 0;
  let slowestSeed = from;
  for (let seed = from; seed < from + count && findings.length < MOST_FINDINGS; seed += 1) {
    const input = mutate(pool, openRandom(seed));
    const started = performance.now();
    const fault =
      findFault(input, seed % FOUND_AGAIN === 0) ??
      (seed % IN_CHUNKS === 0 ? findChunkFault(input) : undefined);
    const took = performance.now() - started;
    if (took > slowest) [slowest, slowestSeed] = [took, seed];
    if (fault !== undefined) findings.push({ seed, fault, input });
  }
  return { findings, slowest, slowestSeed };
}
