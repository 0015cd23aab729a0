// Model to contract: the only place where the two meet. No judgement happens here.

import type {
  Party as ContractParty,
  Evidence,
  Incident,
  Lines,
  ReportBoot,
  ReportSource,
  ReportV1,
} from "#contract/report.ts";
import { REPORT_SCHEMA } from "#contract/report.ts";
import type { Diagnosis, IncidentDiagnosis, Party, Wait } from "#diagnosis/diagnosis.ts";
import type { CodeReading } from "#model/machine-fact.ts";
import type { Trace } from "#model/reading.ts";
import type { Evidence as ModelEvidence } from "#model/verdict.ts";
import type { DebugInput, DebugReadings } from "./debug-reading.ts";
import { toLines, toTask, toTime } from "./place-and-time.ts";
import { toReportEvent } from "./to-report-event.ts";

export interface ToReportInput {
  readonly trace: Trace;
  readonly code: ReadonlyMap<string, CodeReading>;
  readonly diagnosis: Diagnosis;
  readonly version: string;
  /** What a vmlinux added; absent without one. */
  readonly debug?: { readonly input: DebugInput; readonly readings: DebugReadings };
}

export function toReport({ trace, code, diagnosis, version, debug }: ToReportInput): ReportV1 {
  const boots = countBoots(trace.boots);
  const failures = [...diagnosis.failures, ...(debug ? wrongImage(debug) : [])];
  return {
    schema: REPORT_SCHEMA,
    generator: { name: "stallscope", version },
    sources: [
      ...trace.sources.map((source) => toSource(source, boots.get(source.id))),
      ...(debug
        ? [{ id: "v1", name: debug.input.name, kind: "vmlinux", bytes: debug.input.bytes } as const]
        : []),
    ],
    events: trace.events.map((event) =>
      toReportEvent(event, code.get(event.id), debug?.readings.byEvent.get(event.id)),
    ),
    notices: trace.notices.map(({ range, time, ...notice }) => ({
      ...notice,
      ...(time ? { time: toTime(time) } : {}),
      from: toLines(range),
    })),
    incidents: diagnosis.incidents.map((incident) => toIncident(incident, trace)),
    ...(trace.boots.length > 0 ? { boots: trace.boots.map(toBoot) } : {}),
    ...(trace.gaps.length > 0
      ? { gaps: trace.gaps.map((gap) => ({ ...gap, from: toLines(gap.from) })) }
      : {}),
    ...(failures.length > 0 ? { failures } : {}),
  };
}

/** A vmlinux of another build explains nothing; the report says so once. */
function wrongImage({ input, readings }: NonNullable<ToReportInput["debug"]>) {
  if (readings.check.verdict !== "different") return [];
  const { agreeing, differing, missing } = readings.check;
  const total = agreeing + differing.length + missing.length;
  const example = differing[0] ?? missing[0];
  return [
    {
      part: "vmlinux",
      message: `${input.name} is of another build: ${differing.length + missing.length} of ${total} functions in the log do not fit it${example ? ` (${example.symbol})` : ""}; its lines were not used`,
    },
  ];
}

/** How many boots have lines in each source. */
function countBoots(boots: Trace["boots"]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { range, continuedIn = [] } of boots) {
    for (const source of new Set([range, ...continuedIn].map((lines) => lines.source))) {
      counts.set(source, (counts.get(source) ?? 0) + 1);
    }
  }
  return counts;
}

function toSource(source: Trace["sources"][number], boots: number | undefined): ReportSource {
  return { ...source, ...(boots === undefined ? {} : { boots }) };
}

function toBoot(boot: Trace["boots"][number], index: number): ReportBoot {
  return {
    index,
    ...(boot.host === undefined ? {} : { host: boot.host }),
    ...(boot.kernel ? { release: boot.kernel.release } : {}),
    facts: boot.facts.map(({ name, value, at }) => ({ name, value, from: toLines(at.range) })),
  };
}

function toEvidence(evidence: ModelEvidence): Evidence {
  return {
    ...toLines(evidence.range),
    ...(evidence.quote === undefined ? {} : { quote: evidence.quote }),
    how: evidence.how,
  };
}

function toIncident(incident: IncidentDiagnosis, trace: Trace): Incident {
  const {
    boot: _,
    timeline,
    mechanism,
    waits,
    culprit,
    claims,
    remedies,
    missing,
    ...rest
  } = incident;
  return {
    ...rest,
    ...spanOf(timeline),
    timeline: timeline.map((entry) => ({ ...entry, at: toTime(entry.at) })),
    ...(mechanism ? { mechanism: toMechanism(mechanism) } : {}),
    waits: waits.map(toWait),
    ...(culprit ? { culprit: toCulprit(culprit) } : {}),
    hypotheses: rest.hypotheses.map(toHypothesis),
    findings: rest.findings.map(withEvidence),
    remedies: remedies.map(toRemedy),
    missing: missing.map(({ what, why, command }) => ({
      what,
      why,
      ...(command ? { command } : {}),
    })),
    ...(claims.length > 0
      ? {
          claims: claims.map((claim) => ({
            ...withEvidence(claim),
            ...claimPlace(claim.text, trace),
          })),
        }
      : {}),
  };
}

/** Times of the first and last entry that have one. */
function spanOf(timeline: IncidentDiagnosis["timeline"]): Pick<Incident, "firstTime" | "lastTime"> {
  const times = timeline
    .map((entry) => entry.at)
    .filter((at) => at.monotonic !== undefined || at.wall !== undefined);
  const [first, last] = [times[0], times.at(-1)];
  return {
    ...(first ? { firstTime: toTime(first) } : {}),
    ...(last ? { lastTime: toTime(last) } : {}),
  };
}

type Found<Field extends keyof IncidentDiagnosis> = NonNullable<IncidentDiagnosis[Field]>;
type Shown<Field extends keyof Incident> = NonNullable<Incident[Field]>;

function withEvidence<T extends { readonly evidence: readonly ModelEvidence[] }>(
  said: T,
): Omit<T, "evidence"> & { evidence: Evidence[] } {
  return { ...said, evidence: said.evidence.map(toEvidence) };
}

function toMechanism(mechanism: Found<"mechanism">): Shown<"mechanism"> {
  return { ...withEvidence(mechanism), phases: mechanism.phases.map(withEvidence) };
}

function toCulprit(culprit: Found<"culprit">): Shown<"culprit"> {
  const { task, ...rest } = withEvidence(culprit);
  return { ...rest, ...(task ? { task: toTask(task) } : {}) };
}

function toHypothesis(hypothesis: Found<"hypotheses">[number]): Shown<"hypotheses">[number] {
  return {
    ...hypothesis,
    predictions: hypothesis.predictions.map(withEvidence),
    for: hypothesis.for.map(toEvidence),
    against: hypothesis.against.map(toEvidence),
  };
}

function toRemedy(remedy: Found<"remedies">[number]): Shown<"remedies">[number] {
  const { id, when, title, steps, appliesIf, risk, references } = remedy;
  return { id, when, title, steps, appliesIf, risk, references };
}

function claimPlace(said: string, trace: Trace): { from: Lines } | Record<string, never> {
  const line = trace.document.find((l) => l.text.trim() === said);
  return line ? { from: toLines(line.range) } : {};
}

function toWait(wait: Wait): Incident["waits"][number] {
  return {
    ...wait,
    waiter: toParty(wait.waiter),
    waitsFor: wait.waitsFor === "unknown" ? "unknown" : toParty(wait.waitsFor),
    evidence: wait.evidence.map(toEvidence),
  };
}

function toParty(party: Party): ContractParty {
  const { lock, task, ...rest } = party;
  return {
    ...rest,
    ...(task ? { task: toTask(task) } : {}),
    ...(lock === undefined ? {} : { lock: `0x${lock.toString(16)}` }),
  };
}
