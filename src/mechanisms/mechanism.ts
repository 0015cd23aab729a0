// What a stall mechanism is: data plus prose in both languages. A mechanism asks for facts and never
// looks at log text or compares kernel versions. Predicates are small, typed and pure: they look facts
// up and hand back the evidence they found.

import type { Text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import type { Evidence, Verdict } from "#model/verdict.ts";

export type MechanismId =
  | "text-poke"
  | "ipi-wait"
  | "tlb-shootdown"
  | "stop-machine"
  | "spinlock"
  | "rwlock"
  | "mutex"
  | "rwsem"
  | "rcu-grace-period"
  | "work-item"
  | "timer"
  | "softirq"
  | "irq-storm"
  | "console-flush"
  | "reclaim"
  | "hypervisor-freeze"
  | "io-wait"
  | "long-loop";

/** Something the evidence shows. `undefined`: it does not. An empty list never counts as shown. */
export type Find = (facts: FactView) => readonly Evidence[] | undefined;

/** A sign for (or against) a mechanism, and how far it carries by itself. */
export interface Sign {
  readonly id: string;
  readonly what: Text;
  /** The verdict this sign alone supports. `ruled out` only in `refusedBy`. */
  readonly carries: Extract<Verdict, "proven" | "likely" | "possible">;
  readonly find: Find;
}

export interface Refusal {
  readonly id: string;
  readonly what: Text;
  readonly find: Find;
}

export interface Phase {
  readonly id: string;
  readonly title: Text;
  /** Where this phase stands; evidence may be empty only for `unknown` and `pending`. */
  state(facts: FactView): {
    readonly state: "done" | "here" | "pending" | "unknown";
    readonly evidence: readonly Evidence[];
  };
}

export interface Observation {
  readonly observed: "yes" | "no" | "not-observable";
  readonly evidence: readonly Evidence[];
}

/**
 * A prediction and what its outcome means. The verdict of a hypothesis follows by one rule
 * (diagnosis/weigh.ts): the gravest `ifNo` of the predictions observed "no"; without one, the strongest
 * `ifYes` of those observed "yes"; without either, `possible`.
 */
export interface PredictionRule {
  readonly what: Text;
  readonly ifNo?: "unlikely" | "ruled out";
  readonly ifYes?: "likely" | "proven";
  look(facts: FactView): Observation;
}

export interface HypothesisRule {
  readonly id: string;
  readonly title: Text;
  /** Worth naming at all for this incident; absent means always. */
  appliesTo?(facts: FactView): boolean;
  readonly predictions: readonly PredictionRule[];
  /** The most a log alone can support, e.g. `possible` for what only a measurement can show. */
  readonly atMost?: Verdict;
  readonly nextStep?: { readonly text: Text; readonly command?: string };
}

export interface RemedyRule {
  readonly id: string;
  readonly when: "now" | "collect" | "fix";
  readonly title: Text;
  readonly steps: readonly { readonly text: Text; readonly command?: string }[];
  readonly appliesIf: Text;
  readonly risk: Text;
  readonly references: readonly string[];
  /** Offered only when this holds; absent means always. */
  appliesTo?(facts: FactView): boolean;
}

/** What is not in the evidence and would carry the diagnosis further; cheapest first. */
export interface MissingRule {
  readonly what: Text;
  readonly why: Text;
  readonly command?: string;
  isMissing(facts: FactView): boolean;
}

/** A sentence people write about this mechanism, and the hypothesis whose verdict it shares. */
export interface ClaimRule {
  readonly id: string;
  /** Each list is words of which one must stand in the sentence; all lists must be met. Lower case. */
  readonly says: readonly (readonly string[])[];
  /** The hypothesis that decides it; absent where `verdict` is fixed by how the kernel works. */
  readonly hypothesis?: string;
  readonly verdict?: Verdict;
  readonly reason: Text;
}

export interface Mechanism {
  readonly id: MechanismId;
  readonly title: Text;
  readonly description: Text;
  /** What it waits for, in one sentence. */
  readonly waitsFor: Text;
  /** Any one found makes the mechanism match, with the strongest `carries` found. */
  readonly signs: readonly Sign[];
  /** Any one found refuses the mechanism. */
  readonly refusedBy: readonly Refusal[];
  /** More general mechanisms that this one explains further; it wins over them, and their rivals stay open. */
  readonly refines: readonly MechanismId[];
  /** Mechanisms that often match as well and say less; it wins over them, and their rivals are not named. */
  readonly outranks?: readonly MechanismId[];
  /** The sampled CPU is usually a victim: without a wait that points elsewhere no culprit is named. */
  readonly sampleIsVictim?: boolean;
  readonly phases: readonly Phase[];
  readonly hypotheses: readonly HypothesisRule[];
  readonly remedies: readonly RemedyRule[];
  readonly missing: readonly MissingRule[];
  /** What tickets assert about such stalls, held against what the log shows. */
  readonly claims?: readonly ClaimRule[];
  /** What to run to confirm it on a live machine or a vmcore. */
  readonly confirm: readonly { readonly text: Text; readonly command?: string }[];
  /** Commits, kernel files, documents. */
  readonly references: readonly string[];
}
