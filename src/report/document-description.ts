// "Problem description": time, node, symptom, system, hardware, and the conclusion in one paragraph. What
// the log does not state is said to be unknown, never filled in.

import type { Incident, ReportBoot, ReportEvent } from "#contract/report.ts";
import { type Block, list, paragraph } from "./document.ts";
import { eventsOf, isStall, leadEvent } from "./incident-view.ts";
import { code, type Rich, strong } from "./rich.ts";
import { reference, say, sayFirst, type Telling } from "./telling.ts";
import {
  culpritSentence,
  currentPhase,
  taintWords,
  taskName,
  verdictWord,
  when,
} from "./wording.ts";

export function describeProblem(t: Telling, incident: Incident): Block[] {
  const { label, phrase } = t.m;
  const lead = leadEvent(t.report, incident);
  const boot = t.report.boots?.find((candidate) => candidate.index === lead?.boot);
  const fields: readonly (readonly [string, Rich | undefined])[] = [
    [label.time, incident.firstTime === undefined ? undefined : when(t, incident.firstTime)],
    [label.node, node(incident, lead)],
    [label.phenomenon, symptom(t, incident, lead)],
    [label.task, lead?.task === undefined ? undefined : task(t, lead)],
    [label.system, system(t, lead)],
    [label.cpu, stated(t, boot, "cpu-model")],
    [label.hardware, lead?.hardware === undefined ? stated(t, boot, "dmi") : code(lead.hardware)],
  ];
  const items = fields.map(([name, value]) => `${name}${phrase.colon}${value ?? phrase.notInLog}`);
  return [...list(items, true), paragraph(conclusion(t, incident))];
}

function node(incident: Incident, lead: ReportEvent | undefined): Rich | undefined {
  const host = incident.host ?? lead?.host;
  return host === undefined ? undefined : code(host);
}

/** The kernel's own headline, and how often it came. */
function symptom(t: Telling, incident: Incident, lead: ReportEvent | undefined): Rich | undefined {
  if (lead === undefined) return undefined;
  const headline = code((lead.excerpt?.[0]?.text ?? lead.title).trim());
  const repeats = repetition(t, incident, lead);
  return repeats === undefined ? headline : `${headline}${t.m.phrase.parenthesis(repeats)}`;
}

function repetition(t: Telling, incident: Incident, lead: ReportEvent): Rich | undefined {
  const same = eventsOf(t.report, incident).filter((event) => event.kind === lead.kind);
  const times = same.flatMap((event) => event.time?.monotonicSeconds ?? []);
  if (same.length < 2 || times.length < 2) return undefined;
  return t.m.phrase.repeats(same.length, (Math.max(...times) - Math.min(...times)).toFixed(1));
}

function task(t: Telling, lead: ReportEvent): Rich | undefined {
  if (lead.task === undefined) return undefined;
  if (lead.workqueue === undefined) return taskName(t, lead.task);
  const work = t.m.phrase.workItem(code(lead.workqueue.function), code(lead.workqueue.name));
  return `${taskName(t, lead.task)}${t.m.phrase.comma}${work}`;
}

function system(t: Telling, lead: ReportEvent | undefined): Rich | undefined {
  if (lead?.kernel === undefined) return undefined;
  const taint = taintWords(t, lead);
  const release = code(lead.kernel.release);
  return taint === undefined ? release : `${release}${t.m.phrase.comma}${taint}`;
}

/** A fact the log's boot lines state, with the line that states it. */
function stated(t: Telling, boot: ReportBoot | undefined, name: string): Rich | undefined {
  const fact = boot?.facts.find((candidate) => candidate.name === name);
  if (fact === undefined) return undefined;
  return `${code(fact.value)}${t.m.phrase.parenthesis(reference(t, fact.from))}`;
}

/** A fault has no one who holds it up; a stall does, even where the log does not show who. */
function conclusion(t: Telling, incident: Incident): Rich {
  const { phrase, label } = t.m;
  const { mechanism, culprit } = incident;
  const here = currentPhase(t, incident);
  const stall = isStall(leadEvent(t.report, incident));
  const told = [
    mechanism === undefined
      ? stall
        ? phrase.concludeNoMechanism
        : undefined
      : phrase.concludeMechanism(say(t, mechanism.title), verdictWord(t, mechanism.verdict)),
    here === undefined ? undefined : phrase.concludePosition(here),
    culprit === undefined
      ? stall
        ? phrase.concludeNoCulprit
        : undefined
      : culprit.why === "unknown"
        ? phrase.stop(
            `${sayFirst(t, culprit.whyText)}${phrase.parenthesis(verdictWord(t, culprit.verdict))}`,
          )
        : phrase.concludeCulprit(culpritSentence(t, culprit), verdictWord(t, culprit.verdict)),
  ].filter((sentence) => sentence !== undefined);
  return `${strong(label.conclusion)}${phrase.colon}${phrase.sentences(...told)}`;
}
