// The top of an incident's screen: what, where, when, who waits for whom, who holds it up.

import type { Incident, ReportEvent } from "#contract/report.ts";
import { cleanLine } from "../escape.ts";
import { byStrength, eventsOf, isStall, leadEvent } from "../incident-view.ts";
import { code, type Rich } from "../rich.ts";
import { reference, say, type Telling, word } from "../telling.ts";
import { displayWidth } from "../width.ts";
import {
  culpritLabel,
  culpritSentence,
  currentPhase,
  location,
  stateWords,
  taintWords,
  taskName,
  verdictWord,
  waitSentence,
  when,
} from "../wording.ts";
import { putField, type Screen } from "./screen.ts";

type Field = readonly [name: string, value: Rich | undefined, emphasis?: "bold"];

/** Waits shown at the top; more stand in the full document. */
const SHOWN_WAITS = 3;

export function putAnswer(screen: Screen, t: Telling, incident: Incident): void {
  const lead = leadEvent(t.report, incident);
  const fields = [
    ...(lead === undefined ? [] : whatFields(t, incident, lead)),
    ...verdictFields(t, incident, isStall(lead)),
    ...(lead === undefined ? [] : settingFields(t, lead)),
  ];
  const shown = fields.filter((field) => field[1] !== undefined);
  const column = Math.max(...shown.map(([name]) => displayWidth(name))) + 2;
  for (const [name, value, emphasis] of shown)
    putField(screen, name, column, value ?? "", emphasis);
}

function whatFields(t: Telling, incident: Incident, lead: ReportEvent): Field[] {
  const { label } = t.m;
  return [
    [label.where, whereItStood(t, lead), "bold"],
    [label.source, lead.rip && sourceOf(lead.rip)],
    [label.task, taskAndWork(t, lead)],
    [label.reports, otherReports(t, incident)],
    [label.lacking, whatIsLacking(t, lead)],
  ];
}

/** The first reason why the report is not whole; the document has all. */
function whatIsLacking(t: Telling, lead: ReportEvent): Rich | undefined {
  const [gap] = lead.gaps;
  if (lead.complete || gap === undefined) return undefined;
  return word(t.m.vocabulary.gap, gap.reason) + t.m.phrase.parenthesis(reference(t, gap.from));
}

function settingFields(t: Telling, lead: ReportEvent): Field[] {
  const { label } = t.m;
  return [
    [label.state, stateWords(t, lead)],
    [label.time, lead.time === undefined ? undefined : when(t, lead.time)],
    [label.machine, machine(t, lead)],
    [label.kernel, kernel(t, lead)],
  ];
}

/** The title says what happened; what it does not say is how much of the log belongs to it. */
function otherReports(t: Telling, incident: Incident): Rich | undefined {
  const others = eventsOf(t.report, incident).length - 1;
  return others > 0 ? t.m.phrase.moreReports(others) : undefined;
}

/** `kernel/smp.c:453 csd_lock_wait, kernel/smp.c:998`: innermost first, as inlined calls nest. */
function sourceOf(rip: NonNullable<ReportEvent["rip"]>): string | undefined {
  if (rip.file === undefined) return undefined;
  const inlined = (rip.inlined ?? []).map(
    (call) => `${call.file ?? "?"}:${call.line ?? "?"} ${call.function}`,
  );
  return [...inlined, `${rip.file}:${rip.line ?? "?"}`].join(", ");
}

/** The function to name, and RIP beside it where it stands deeper (a delay loop, a wait primitive). */
function whereItStood(t: Telling, lead: ReportEvent): Rich | undefined {
  if (lead.rip === undefined) return lead.function === undefined ? undefined : code(lead.function);
  const rip = code(location(lead.rip));
  return lead.function === undefined || lead.function === lead.rip.symbol
    ? rip
    : `${code(lead.function)}${t.m.phrase.parenthesis(`RIP ${rip}`)}`;
}

function taskAndWork(t: Telling, lead: ReportEvent): Rich | undefined {
  if (lead.task === undefined) return undefined;
  const work =
    lead.workqueue === undefined
      ? ""
      : t.m.phrase.comma +
        t.m.phrase.workItem(code(lead.workqueue.function), code(lead.workqueue.name));
  return taskName(t, lead.task) + work;
}

function machine(t: Telling, lead: ReportEvent): Rich | undefined {
  const parts = [lead.host, lead.hardware].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.map(cleanLine).join(t.m.phrase.comma);
}

function kernel(t: Telling, lead: ReportEvent): Rich | undefined {
  if (lead.kernel === undefined) return undefined;
  const release = cleanLine(lead.kernel.release);
  const taint = taintWords(t, lead);
  return taint === undefined ? release : `${release}${t.m.phrase.comma}${taint}`;
}

/** Mechanism, waits and culprit; for a fault only what was found, as nobody holds a fault up. */
function verdictFields(t: Telling, incident: Incident, stall: boolean): Field[] {
  const { label, phrase } = t.m;
  const { mechanism, culprit } = incident;
  const waits = byStrength(incident.waits).slice(0, SHOWN_WAITS);
  const shownWaits = waits.map((wait, index): Field => {
    const name = index === 0 ? label.waits : "";
    return [name, tagged(verdictWord(t, wait.verdict), waitSentence(t, wait))];
  });
  const otherwise = (sentence: string): Rich | undefined => (stall ? sentence : undefined);
  return [
    [
      label.mechanism,
      mechanism === undefined
        ? otherwise(phrase.noMechanism)
        : tagged(verdictWord(t, mechanism.verdict), say(t, mechanism.title)),
    ],
    [label.position, currentPhase(t, incident)],
    ...(waits.length === 0 ? [[label.waits, otherwise(phrase.noWait)] as const] : shownWaits),
    [
      culpritLabel(t, culprit),
      culprit === undefined
        ? otherwise(phrase.noCulprit)
        : tagged(verdictWord(t, culprit.verdict), culpritSentence(t, culprit)),
    ],
  ];
}

function tagged(verdict: Rich, sentence: Rich): Rich {
  return `[${verdict}] ${sentence}`;
}
