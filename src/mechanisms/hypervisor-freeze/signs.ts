// What a freeze from outside leaves behind: bursts, time jumps, the hypervisor's own lines.

import type { FactView } from "#model/fact.ts";
import { shown } from "../find.ts";
import type { Find } from "../mechanism.ts";
import { stalledSamples } from "../stalled.ts";

/** So many CPUs at once that no chain of waiting is needed to explain it. */
const MANY_CPUS = 3;
const SAME_MOMENT_SECONDS = 2;

export const isGuest = (facts: FactView): boolean =>
  facts.all("boot-state").some((state) => state.name === "hypervisor");

export const burstOfMany: Find = shown(
  "burst",
  (b) => b.cpus.length >= MANY_CPUS && b.spanSeconds < SAME_MOMENT_SECONDS,
);

/** A loop that several CPUs share would be the better explanation. */
export function inOtherCode(facts: FactView): boolean {
  const functions = stalledSamples(facts).flatMap((s) => s.function ?? s.symbols[0] ?? []);
  return new Set(functions).size >= MANY_CPUS;
}

export const jumped: Find = shown("neighbor", (n) => n.notice === "time-jump");
export const hypervisorSpoke: Find = shown("neighbor", (n) => n.notice === "hypervisor");
