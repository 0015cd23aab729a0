// Trace in, diagnosis out: facts once, incidents, then for each incident its mechanism, waits, culprit,
// hypotheses. One failing fact or mechanism becomes its own result; the rest goes on.

import type { Mechanism } from "#mechanisms/mechanism.ts";
import { mechanisms as allMechanisms } from "#mechanisms/mechanisms.ts";
import type { Fact, FactKind, FactOf, FactView } from "#model/fact.ts";
import type { HeldLocks, KernelEvent } from "#model/kernel-event.ts";
import type { CodeReading, Progress } from "#model/machine-fact.ts";
import type { Notice } from "#model/notice.ts";
import type { Trace } from "#model/reading.ts";
import { checkClaims, readSentences, type Sentences } from "./claims.ts";
import { faultCulprit, findCulprit } from "./culprit.ts";
import type { Diagnosis, Failure, IncidentDiagnosis } from "./diagnosis.ts";
import { eventFacts } from "./facts/event-facts.ts";
import type { TraceContext } from "./facts/fact-rule.ts";
import { incidentFacts } from "./facts/incident-facts.ts";
import { type LockList, toLockList } from "./facts/lock-list.ts";
import { findFindings } from "./findings.ts";
import { groupIncidents, type IncidentGroup } from "./incidents.ts";
import { primaryOf } from "./primary.ts";
import { signatureOf } from "./signature.ts";
import { findWaits } from "./waits.ts";
import { type Match, matchMechanisms, weighHypothesis } from "./weigh.ts";
import { eventText } from "./wording.ts";

export interface DiagnoseOptions {
  /** Readings of `Code:` windows by event id; empty without a decoder. */
  readonly code?: ReadonlyMap<string, CodeReading>;
  /** How far a CPU had moved since its report before, by id of the later event. */
  readonly progress?: ReadonlyMap<string, Progress>;
  readonly locals?: TraceContext["locals"];
  readonly mechanisms?: readonly Mechanism[];
}

type OnFailure = (part: string, error: unknown) => void;

export function diagnose(trace: Trace, options: DiagnoseOptions = {}): Diagnosis {
  const failures: Failure[] = [];
  const failed: OnFailure = (part, error) => {
    failures.push({ part, message: error instanceof Error ? error.message : String(error) });
  };
  const given: Given = {
    trace,
    code: options.code ?? new Map<string, CodeReading>(),
    progress: options.progress ?? new Map<string, Progress>(),
    locals: options.locals ?? new Map(),
    lockListOf: lockLists(trace),
    noticesOf: noticesByBoot(trace),
  };
  const byEvent = computeEventFacts(given, failed);
  const sentences = readSentences(trace.document);
  const groups = groupIncidents(trace.events, (id) => byEvent.get(id) ?? []);
  const incidents = groups.map((group, index) => {
    const own = group.events.flatMap((event) => byEvent.get(event.id) ?? []);
    const facts = withIncidentFacts(given, group, own, failed);
    return explain(
      `i${index + 1}`,
      sentences,
      group,
      facts,
      options.mechanisms ?? allMechanisms,
      failed,
    );
  });
  return { incidents, failures };
}

/** What one rule gives; nothing, and a failure told, where it throws. */
function guarded<T>(part: string, failed: OnFailure, compute: () => readonly T[]): readonly T[] {
  try {
    return compute();
  } catch (error) {
    failed(part, error);
    return [];
  }
}

/** What every fact rule is handed besides the facts before it. */
type Given = Omit<TraceContext, "all">;

function lockLists({ events }: Trace): (boot: number) => LockList | undefined {
  const byBoot = new Map<number, HeldLocks[]>();
  for (const { boot, heldLocks = [] } of events) {
    const known = byBoot.get(boot);
    if (known === undefined) byBoot.set(boot, [...heldLocks]);
    else for (const list of heldLocks) known.push(list);
  }
  const sorted = new Map([...byBoot].map(([boot, lists]) => [boot, toLockList(lists)]));
  return (boot) => sorted.get(boot);
}

function noticesByBoot({ notices }: Trace): (boot: number) => readonly Notice[] {
  const byBoot = new Map<number, Notice[]>();
  for (const notice of notices) {
    const known = byBoot.get(notice.boot);
    if (known === undefined) byBoot.set(notice.boot, [notice]);
    else known.push(notice);
  }
  return (boot) => byBoot.get(boot) ?? [];
}

function computeEventFacts(given: Given, failed: OnFailure): ReadonlyMap<string, readonly Fact[]> {
  const byEvent = new Map<string, readonly Fact[]>();
  for (const event of given.trace.events) {
    const facts: Fact[] = [];
    for (const rule of eventFacts) {
      const context = { ...given, all: selector(facts) };
      const compute = () => rule.compute(event, context);
      facts.push(...guarded(`fact ${rule.id} of ${event.id}`, failed, compute));
    }
    byEvent.set(event.id, facts);
  }
  return byEvent;
}

function withIncidentFacts(
  given: Given,
  group: IncidentGroup,
  own: readonly Fact[],
  failed: OnFailure,
): FactView {
  const facts = [...own];
  const view: FactView = { all: selector(facts) };
  for (const rule of incidentFacts) {
    const context = { ...given, events: group.events, all: view.all };
    facts.push(...guarded(`fact ${rule.id}`, failed, () => rule.compute(context)));
  }
  return view;
}

/** A live view: facts pushed later are seen by later questions. Every rule asks, so they lie sorted by kind. */
function selector(facts: readonly Fact[]): FactView["all"] {
  const byKind = new Map<FactKind, Fact[]>();
  let seen = 0;
  return <K extends FactKind>(kind: K) => {
    for (; seen < facts.length; seen += 1) {
      const fact = facts[seen];
      if (fact === undefined) continue;
      const known = byKind.get(fact.kind);
      if (known === undefined) byKind.set(fact.kind, [fact]);
      else known.push(fact);
    }
    // Under a kind lie the facts of that kind only.
    return (byKind.get(kind) ?? []) as FactOf<K>[];
  };
}

function explain(
  id: string,
  sentences: Sentences,
  group: IncidentGroup,
  facts: FactView,
  mechanisms: readonly Mechanism[],
  failed: OnFailure,
): IncidentDiagnosis {
  const primary = primaryOf(group.events) ?? group.events[0];
  const matches = matchMechanisms(mechanisms, facts, failed);
  const best = matches[0];
  const waits = findWaits(facts);
  const sampleIsVictim = best?.mechanism.sampleIsVictim === true;
  const culprit =
    facts.all("no-progress").length > 0
      ? findCulprit({ facts, waits, sampleIsVictim })
      : faultCulprit(primary);
  const hypotheses = weighAll(matches, facts, failed);
  return {
    id,
    title: primary ? eventText(primary) : { en: id, zh: id },
    signature: primary ? signatureOf(primary, best?.mechanism.id) : id,
    events: group.events.map((event) => event.id),
    boot: group.boot,
    ...(group.host === undefined ? {} : { host: group.host }),
    timeline: group.events.map(toTimeline),
    ...(best ? { mechanism: best.matched } : {}),
    waits,
    ...(culprit ? { culprit } : {}),
    hypotheses,
    findings: findFindings(facts, waits),
    remedies: (best?.mechanism.remedies ?? []).flatMap((remedy) =>
      guarded(`remedy ${remedy.id}`, failed, () =>
        remedy.appliesTo?.(facts) === false ? [] : [remedy],
      ),
    ),
    missing: (best?.mechanism.missing ?? []).flatMap((rule) =>
      guarded(`missing evidence of ${best?.mechanism.id}`, failed, () =>
        rule.isMissing(facts) ? [rule] : [],
      ),
    ),
    claims: checkClaims(sentences, group, hypotheses, best?.mechanism),
  };
}

/** The matched mechanism's rivals, then those of the proven more general ones it refines. */
function weighAll(matches: readonly Match[], facts: FactView, failed: OnFailure) {
  const best = matches[0];
  if (!best) return [];
  const involved = matches.filter(
    (m) =>
      m === best ||
      (m.matched.verdict === "proven" && best.mechanism.refines.includes(m.mechanism.id)),
  );
  const seen = new Set<string>();
  return involved.flatMap(({ mechanism }) =>
    mechanism.hypotheses.flatMap((rule) => {
      if (seen.has(rule.id)) return [];
      seen.add(rule.id);
      return guarded(`hypothesis ${rule.id}`, failed, () =>
        rule.appliesTo?.(facts) === false ? [] : [weighHypothesis(rule, facts)],
      );
    }),
  );
}

function toTimeline(event: KernelEvent) {
  return {
    at: event.time ?? {},
    what: eventText(event),
    event: event.id,
    ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
  };
}
