// How mechanisms look facts up: each returns the evidence it found, or undefined.

import { text } from "#base/text.ts";
import type { Fact, FactKind, FactOf, FactView, SampleFact } from "#model/fact.ts";
import type { Evidence } from "#model/verdict.ts";
import type { Find, Observation } from "./mechanism.ts";

/** Evidence of all facts of a kind that satisfy a predicate. */
export function shown<K extends FactKind>(
  kind: K,
  holds: (fact: FactOf<K>) => boolean = () => true,
): Find {
  return (facts) => evidenceOf(facts.all(kind).filter(holds));
}

export function evidenceOf(found: readonly Fact[]): readonly Evidence[] | undefined {
  const evidence = found.flatMap((fact) => fact.evidence);
  return evidence.length > 0 ? evidence : undefined;
}

/** CPUs or tasks sampled with one of these functions on their stack; running unless `asleep`. */
export function sampledIn(names: ReadonlySet<string>, asleep = false): Find {
  return shown(
    "sample",
    (sample) => sample.asleep === asleep && sample.symbols.some((name) => names.has(name)),
  );
}

/** The function at RIP (innermost reliable frame) is one of these. */
export function standsIn(sample: SampleFact, names: ReadonlySet<string>): boolean {
  const innermost = sample.symbols[0];
  return innermost !== undefined && names.has(innermost);
}

export function yes(evidence: readonly Evidence[]): Observation {
  return { observed: "yes", evidence };
}

export function no(evidence: readonly Evidence[]): Observation {
  return { observed: "no", evidence };
}

export const notObservable: Observation = { observed: "not-observable", evidence: [] };

/** `yes` with the evidence found; otherwise what absence means here. */
export function observe(find: Find, otherwise: Observation, facts: FactView): Observation {
  const found = find(facts);
  return found && found.length > 0 ? yes(found) : otherwise;
}

/**
 * `yes` with what was found; without it `no` with what was seen instead, read as said; not observable
 * where there was nothing to see.
 */
export function contrast(
  found: readonly Evidence[] | undefined,
  instead: readonly Evidence[] | undefined,
  en: string,
  zh: string,
): Observation {
  if (found) return yes(found);
  return instead ? no(because(instead, en, zh)) : notObservable;
}

/** The same evidence, read for another point. */
export function because(evidence: readonly Evidence[], en: string, zh: string): Evidence[] {
  return evidence.map((piece) => ({ ...piece, how: text(en, zh) }));
}

/** Clock source trouble or time jumps near the incident; their absence from a log says nothing. */
export function clockTrouble(facts: FactView): Observation {
  const near = shown(
    "neighbor",
    (n) => n.notice === "clocksource-unstable" || n.notice === "time-jump",
  );
  return observe(near, notObservable, facts);
}

/** A fault, more than a warning, before the stall; a log that begins later does not show it. */
export function faultBefore(facts: FactView): Observation {
  return observe(
    shown("earlier-fault", (f) => f.detector !== "warning"),
    notObservable,
    facts,
  );
}
