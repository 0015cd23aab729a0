// Every word the renderers themselves say, as one type: a language that lacks an entry does not compile.
// Values come in already marked (`rich.ts`); an entry never contains markup of any output format. Prose
// about mechanisms is not here: it comes in the report as `Text`.

import type {
  CulpritWhy,
  EventKind,
  PhaseState,
  Prediction,
  Remedy,
  ReportEvent,
  ReportSource,
  ReportTime,
  Verdict,
  WaitKind,
} from "#contract/report.ts";

export interface Messages {
  readonly language: string;
  /** BCP 47, for `lang` attributes. */
  readonly tag: "en" | "zh-CN";
  readonly vocabulary: Vocabulary;
  readonly label: Labels;
  readonly heading: Headings;
  readonly phrase: Phrases;
  readonly part: PartNotes;
}

export interface Vocabulary {
  readonly verdict: Readonly<Record<Verdict, string>>;
  /** The five verdicts as they read for what a ticket asserts. */
  readonly claim: Readonly<Record<Verdict, string>>;
  readonly event: Readonly<Record<EventKind, string>>;
  readonly wait: Readonly<Record<WaitKind, string>>;
  readonly why: Readonly<Record<CulpritWhy, string>>;
  readonly context: Readonly<Record<NonNullable<ReportEvent["context"]>, string>>;
  readonly observed: Readonly<Record<Prediction["observed"], string>>;
  readonly phase: Readonly<Record<PhaseState["state"], string>>;
  readonly tier: Readonly<Record<Remedy["when"], string>>;
  readonly source: Readonly<Record<ReportSource["kind"], string>>;
  readonly year: Readonly<Record<NonNullable<ReportTime["yearFrom"]>, string>>;
  /** Kinds and reasons the contract leaves open; one that is not listed is shown as it is. */
  readonly notice: Readonly<Record<string, string>>;
  readonly gap: Readonly<Record<string, string>>;
  readonly fact: Readonly<Record<string, string>>;
}

/** Short names before a value or at the head of a column. */
export interface Labels {
  readonly incident: string;
  readonly time: string;
  readonly at: string;
  readonly reports: string;
  readonly node: string;
  readonly machine: string;
  readonly phenomenon: string;
  readonly system: string;
  readonly cpu: string;
  readonly hardware: string;
  readonly task: string;
  readonly kernel: string;
  readonly state: string;
  readonly mechanism: string;
  readonly position: string;
  readonly waits: string;
  readonly culprit: string;
  /** In place of `culprit` where a fault was raised and nobody holds anything up. */
  readonly raised: string;
  /** Before what a report lacks in the log. */
  readonly lacking: string;
  readonly conclusion: string;
  readonly evidence: string;
  readonly line: string;
  readonly content: string;
  readonly meaning: string;
  readonly what: string;
  readonly where: string;
  readonly source: string;
  readonly verdict: string;
  readonly phase: string;
  readonly phaseState: string;
  readonly waiter: string;
  readonly awaited: string;
  readonly waitKind: string;
  readonly hypothesis: string;
  readonly reason: string;
  readonly prediction: string;
  readonly observed: string;
  readonly nextStep: string;
  readonly claim: string;
  readonly kind: string;
  readonly appliesIf: string;
  readonly risk: string;
  readonly references: string;
  readonly missing: string;
  readonly why: string;
  readonly command: string;
  readonly bytes: string;
  readonly value: string;
  readonly variable: string;
  readonly type: string;
  readonly location: string;
  readonly for: string;
  readonly against: string;
}

export interface Headings {
  readonly report: string;
  readonly overview: string;
  readonly description: string;
  readonly analysis: string;
  readonly excerpt: string;
  readonly parts: string;
  readonly timeline: string;
  readonly code: string;
  readonly instructions: string;
  readonly listing: string;
  readonly locals: string;
  readonly phases: string;
  readonly keyPoints: string;
  readonly trace: string;
  readonly context: string;
  readonly otherReports: string;
  readonly neighbours: string;
  readonly waits: string;
  readonly hypotheses: string;
  readonly claims: string;
  readonly solution: string;
  readonly missing: string;
  readonly limits: string;
  readonly why: string;
  readonly todo: string;
}

export interface Phrases {
  readonly unknown: string;
  readonly notInLog: string;
  readonly none: string;
  readonly colon: string;
  readonly comma: string;
  readonly semicolon: string;
  /** Complete sentences, one after the other. */
  sentences(...sentences: string[]): string;
  stop(sentence: string): string;
  parenthesis(inside: string): string;
  cpu(id: number): string;
  task(comm: string, pid?: number): string;
  pid(pid: number): string;
  lock(address: string): string;
  moreReports(count: number): string;
  /** The kernel's own stamp. */
  sinceBoot(seconds: string): string;
  reports(count: number): string;
  incidents(count: number): string;
  notices(count: number): string;
  boots(count: number): string;
  lines(count: number): string;
  bytes(count: number): string;
  clean(read: string): string;
  unread(count: number): string;
  failures(count: number): string;
  line(first: number, last: number): string;
  lineIn(source: string, first: number, last: number): string;
  byteRange(source: string, first: string, last: string): string;
  pastedNumbers(file?: string): string;
  /** A line of a file whose other lines carry pasted numbers, so that the two are not confused. */
  fileLine(first: number, last: number): string;
  yearNote(from: string): string;
  readonly yearUnknown: string;
  workItem(name: string, queue: string): string;
  taint(flags: string): string;
  taintFlag(flag: string, meaning: string): string;
  readonly noTaint: string;
  readonly interruptsOn: string;
  readonly interruptsOff: string;
  inContext(context: string): string;
  waits(waiter: string, target: string, kind: string): string;
  readonly unknownParty: string;
  readonly unknownCpu: string;
  readonly noWait: string;
  readonly noCulprit: string;
  readonly noMechanism: string;
  readonly victim: string;
  concludeMechanism(title: string, verdict: string): string;
  concludePosition(phase: string): string;
  concludeCulprit(culprit: string, verdict: string): string;
  readonly concludeNoCulprit: string;
  readonly phaseUnknown: string;
  readonly concludeNoMechanism: string;
  culprit(party: string, why: string): string;
  inFunction(name: string): string;
  position(here: string): string;
  more(count: number): string;
  fullReport(command: string): string;
  omitted(count: number): string;
  /** Between two lines of an excerpt: the report goes on in another file. */
  continuedIn(source: string): string;
  /** Other logs hold the same report. */
  alsoIn(references: string): string;
  appliesIf(condition: string): string;
  risk(risk: string): string;
  nextStep(what: string): string;
  readonly noRemedy: string;
  readonly missingFirst: string;
  readonly noExcerpt: string;
  readonly noCode: string;
  readonly noHypotheses: string;
  readonly noMissing: string;
  repeats(count: number, seconds: string): string;
  generated(name: string, version: string): string;
  readonly trapped: string;
  readonly uncertain: string;
  readonly questionable: string;
  inlined(name: string): string;
  readonly incomplete: string;
}

/** What one part of a kernel report says; given beside the excerpt. */
export interface PartNotes {
  softLockup(seconds: string): string;
  headline(kind: string): string;
  hungTask(seconds: string): string;
  modules(count: number): string;
  identity(cpu: string, task: string): string;
  taint(flags: string): string;
  hardware(): string;
  workqueue(queue: string, name: string): string;
  rip(where: string): string;
  code(total: number, at: number): string;
  flagsOn(): string;
  flagsOff(): string;
  registers(): string;
  traceFrom(frames: number): string;
  questionable(count: number): string;
  workMissing(name: string): string;
}
