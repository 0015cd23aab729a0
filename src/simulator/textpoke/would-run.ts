// What a CPU would execute if it ran into a site now: the question the whole protocol is about.

import { bytesOf, type Decoded, type Machine } from "./machine.ts";
import { cpuOf, type State, siteOf, type Value } from "./state.ts";

/** Every possible decoding, without repetition; what it has fetched already comes first. */
export function wouldRun(machine: Machine, state: State, cpu: number, site: number): Decoded[] {
  const found = new Set<Decoded>();
  const { decoded, mixes } = bytesOf(machine, site);
  const add = (head: Value, tail: Value) => found.add(decoded[head * 3 + tail] ?? "torn");
  const now = cpuOf(state, cpu);
  if (now.place.kind === "fetched" && now.place.site === site) {
    add(now.place.head, now.place.tail);
  }
  if (machine.configuration.fetch === "coherent") {
    const { head, tail } = siteOf(state, site);
    add(head, tail);
    return [...found];
  }
  const may = now.may[site] ?? 0;
  const tails = ([0, 2] as const).filter((tail) => (may & (8 << tail)) !== 0);
  for (const head of [0, 1, 2] as const) {
    if ((may & (1 << head)) === 0) continue;
    for (const tail of tails) add(head, tail);
    if (tails.length === 2 && mixes) add(head, 1);
  }
  return [...found];
}
