// What the diagnosis hands out: the model's side of the contract's incidents. app/to-report.ts turns it
// into ReportV1.

import type { Text } from "#base/text.ts";
import type { EventTime, Task } from "#model/kernel-event.ts";
import type { Evidence, Verdict } from "#model/verdict.ts";

export type WaitKind =
  | "ipi-ack"
  | "spinlock"
  | "rwlock"
  | "mutex"
  | "rwsem"
  | "semaphore"
  | "rcu-gp"
  | "stop-machine"
  | "work"
  | "timer"
  | "io"
  | "completion"
  | "unknown";

export interface Party {
  readonly cpu?: number;
  readonly task?: Task;
  readonly lock?: bigint;
}

export interface Wait {
  readonly waiter: Party;
  readonly waitsFor: Party | "unknown";
  readonly for: WaitKind;
  readonly verdict: Verdict;
  readonly text: Text;
  readonly evidence: readonly Evidence[];
}

export type CulpritWhy =
  | "irqs-off"
  | "spinning"
  | "holding-lock"
  | "sleeping-with-lock"
  | "silent"
  | "not-answering"
  | "interrupt-storm"
  | "unknown";

export interface Culprit {
  readonly cpu?: number;
  readonly task?: Task;
  readonly function?: string;
  readonly why: CulpritWhy;
  readonly whyText: Text;
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
}

export interface Prediction {
  readonly what: Text;
  readonly observed: "yes" | "no" | "not-observable";
  readonly evidence: readonly Evidence[];
}

export interface Hypothesis {
  readonly id: string;
  readonly title: Text;
  readonly verdict: Verdict;
  readonly reason: Text;
  readonly predictions: readonly Prediction[];
  readonly for: readonly Evidence[];
  readonly against: readonly Evidence[];
  readonly nextStep?: { readonly text: Text; readonly command?: string };
}

export interface Finding {
  readonly id: string;
  readonly text: Text;
  readonly evidence: readonly Evidence[];
}

export interface MatchedMechanism {
  readonly id: string;
  readonly title: Text;
  readonly description: Text;
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
  readonly phases: readonly {
    readonly id: string;
    readonly title: Text;
    readonly state: "done" | "here" | "pending" | "unknown";
    readonly evidence: readonly Evidence[];
  }[];
  readonly references: readonly string[];
}

export interface Remedy {
  readonly id: string;
  readonly when: "now" | "collect" | "fix";
  readonly title: Text;
  readonly steps: readonly { readonly text: Text; readonly command?: string }[];
  readonly appliesIf: Text;
  readonly risk: Text;
  readonly references: readonly string[];
}

export interface MissingEvidence {
  readonly what: Text;
  readonly why: Text;
  readonly command?: string;
}

export interface Claim {
  readonly text: string;
  readonly verdict: Verdict;
  readonly reason: Text;
  readonly evidence: readonly Evidence[];
}

export interface TimelineEntry {
  readonly at: EventTime;
  readonly cpu?: number;
  readonly what: Text;
  readonly event?: string;
}

export interface IncidentDiagnosis {
  readonly id: string;
  readonly title: Text;
  readonly signature: string;
  /** Ids of its events, in order of the log. */
  readonly events: readonly string[];
  readonly host?: string;
  readonly boot: number;
  readonly timeline: readonly TimelineEntry[];
  readonly mechanism?: MatchedMechanism;
  readonly waits: readonly Wait[];
  readonly culprit?: Culprit;
  readonly hypotheses: readonly Hypothesis[];
  readonly findings: readonly Finding[];
  readonly remedies: readonly Remedy[];
  readonly missing: readonly MissingEvidence[];
  readonly claims: readonly Claim[];
}

/** One fact or mechanism that failed; the rest went on. */
export interface Failure {
  readonly part: string;
  readonly message: string;
}

export interface Diagnosis {
  readonly incidents: readonly IncidentDiagnosis[];
  readonly failures: readonly Failure[];
}
