// How verdicts follow from observations. The rules are few and stand here to be read.

import { type Text, text } from "#base/text.ts";
import type {
  HypothesisRule,
  Mechanism,
  Observation,
  PredictionRule,
} from "#mechanisms/mechanism.ts";
import type { FactView } from "#model/fact.ts";
import type { Evidence, Verdict } from "#model/verdict.ts";
import type { Hypothesis, MatchedMechanism } from "./diagnosis.ts";

/** Strongest first. */
const ORDER: readonly Verdict[] = ["proven", "likely", "possible", "unlikely", "ruled out"];

export function stronger(a: Verdict, b: Verdict): boolean {
  return ORDER.indexOf(a) < ORDER.indexOf(b);
}

/**
 * The gravest `ifNo` of the predictions observed "no"; without one the strongest `ifYes` of those observed
 * "yes"; without either `possible`. Never above `atMost`.
 */
export function weighHypothesis(rule: HypothesisRule, facts: FactView): Hypothesis {
  const looked = rule.predictions.map((prediction) => ({
    prediction,
    seen: prediction.look(facts),
  }));
  const failed = looked.filter(({ prediction, seen }) => seen.observed === "no" && prediction.ifNo);
  const met = looked.filter(({ prediction, seen }) => seen.observed === "yes" && prediction.ifYes);
  const decisive = failed.find(({ prediction }) => prediction.ifNo === "ruled out") ?? failed[0];
  const best = met.find(({ prediction }) => prediction.ifYes === "proven") ?? met[0];
  const free: Verdict = decisive?.prediction.ifNo ?? best?.prediction.ifYes ?? "possible";
  const verdict = rule.atMost && stronger(free, rule.atMost) ? rule.atMost : free;
  return {
    id: rule.id,
    title: rule.title,
    verdict,
    reason: reasonFor(decisive?.prediction, best?.prediction),
    predictions: looked.map(({ prediction, seen }) => ({ what: prediction.what, ...seen })),
    for: evidenceOf(
      looked.map(({ seen }) => seen),
      "yes",
    ),
    against: evidenceOf(
      looked.map(({ seen }) => seen),
      "no",
    ),
    ...(rule.nextStep && verdict !== "ruled out" ? { nextStep: rule.nextStep } : {}),
  };
}

function reasonFor(failed: PredictionRule | undefined, met: PredictionRule | undefined): Text {
  if (failed) {
    return text(`predicted and not found: ${failed.what.en}`, `预期而未见：${failed.what.zh}`);
  }
  if (met) return text(`found as predicted: ${met.what.en}`, `与预期相符：${met.what.zh}`);
  return text("nothing observable here decides it", "现有证据不足以判断");
}

function evidenceOf(seen: readonly Observation[], which: "yes" | "no"): readonly Evidence[] {
  return seen.filter((s) => s.observed === which).flatMap((s) => s.evidence);
}

export interface Match {
  readonly mechanism: Mechanism;
  readonly matched: MatchedMechanism;
}

/** Strongest verdict first; what another match explains further stands behind all others. */
export function matchMechanisms(
  mechanisms: readonly Mechanism[],
  facts: FactView,
  failed: (part: string, error: unknown) => void,
): readonly Match[] {
  // A fault by itself is no stall, whatever function it happened in.
  if (facts.all("no-progress").length === 0) return [];
  const matches: Match[] = [];
  for (const mechanism of mechanisms) {
    try {
      const matched = matchOne(mechanism, facts);
      if (matched) matches.push({ mechanism, matched });
    } catch (error) {
      failed(`mechanism ${mechanism.id}`, error);
    }
  }
  const refined = new Set(
    matches.flatMap(({ mechanism }) => [...mechanism.refines, ...(mechanism.outranks ?? [])]),
  );
  const rank = (match: Match) =>
    ORDER.indexOf(match.matched.verdict) + (refined.has(match.mechanism.id) ? ORDER.length : 0);
  return matches.sort((a, b) => rank(a) - rank(b));
}

function matchOne(mechanism: Mechanism, facts: FactView): MatchedMechanism | undefined {
  if (mechanism.refusedBy.some((refusal) => (refusal.find(facts)?.length ?? 0) > 0))
    return undefined;
  const found = mechanism.signs.flatMap((sign) => {
    const evidence = sign.find(facts);
    return evidence && evidence.length > 0 ? [{ sign, evidence }] : [];
  });
  found.sort((a, b) => ORDER.indexOf(a.sign.carries) - ORDER.indexOf(b.sign.carries));
  const best = found[0];
  if (!best) return undefined;
  return {
    id: mechanism.id,
    title: mechanism.title,
    description: mechanism.description,
    verdict: best.sign.carries,
    evidence: found.flatMap(({ evidence }) => evidence.slice(0, 4)),
    phases: mechanism.phases.map((phase) => ({
      id: phase.id,
      title: phase.title,
      ...phase.state(facts),
    })),
    references: mechanism.references,
  };
}
