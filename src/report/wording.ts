// Short phrases about an event or a party, composed from the catalogue's words and marked values.

import type {
  Culprit,
  Incident,
  Party,
  ReportEvent,
  ReportTime,
  Task,
  Verdict,
  Wait,
} from "#contract/report.ts";
import { cleanLine } from "./escape.ts";
import { code, type Rich, verdictPiece } from "./rich.ts";
import { say, type Telling } from "./telling.ts";

export function verdictWord(t: Telling, verdict: Verdict): Rich {
  return verdictPiece(verdict, t.m.vocabulary.verdict[verdict]);
}

export function taskName(t: Telling, task: Task): Rich {
  if (task.comm === undefined)
    return task.pid === undefined ? t.m.phrase.unknown : `pid ${task.pid}`;
  return t.m.phrase.task(code(task.comm), task.pid);
}

/** `2025-06-28 20:15:54 (year from the file name), 176044.013351 s after boot`. */
export function when(t: Telling, time: ReportTime): Rich {
  const parts: Rich[] = [];
  if (time.wall !== undefined) parts.push(wallClock(t, time));
  if (time.monotonicSeconds !== undefined)
    parts.push(t.m.phrase.sinceBoot(time.monotonicSeconds.toFixed(6)));
  return parts.length > 0 ? parts.join(t.m.phrase.comma) : t.m.phrase.unknown;
}

/** A clock without a year comes as ISO 8601 writes it, `--01-23T…`. */
function wallClock(t: Telling, time: ReportTime): Rich {
  const { phrase, vocabulary } = t.m;
  const shown = cleanLine(time.wall ?? "").replace("T", " ");
  if (shown.startsWith("--")) return `${shown.slice(2)}${phrase.yearNote(phrase.yearUnknown)}`;
  const { yearFrom } = time;
  return yearFrom === undefined || yearFrom === "log"
    ? shown
    : `${shown}${phrase.yearNote(vocabulary.year[yearFrom])}`;
}

/** `text_poke_bp_batch+0xed/0x290 [module]`, unmarked. */
export function location(at: {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
}): string {
  const offset = at.offset === undefined ? "" : `+0x${at.offset.toString(16)}`;
  const size = at.offset === undefined || at.size === undefined ? "" : `/0x${at.size.toString(16)}`;
  return `${at.symbol}${offset}${size}${at.module === undefined ? "" : ` [${at.module}]`}`;
}

export function party(t: Telling, who: Party | "unknown"): Rich {
  if (who === "unknown") return t.m.phrase.unknownParty;
  const parts: Rich[] = [];
  if (who.cpu !== undefined) parts.push(t.m.phrase.cpu(who.cpu));
  if (who.task !== undefined) parts.push(taskName(t, who.task));
  if (who.lock !== undefined) parts.push(t.m.phrase.lock(code(who.lock)));
  return parts.length > 0 ? parts.join(t.m.phrase.comma) : t.m.phrase.unknownParty;
}

export function waitSentence(t: Telling, wait: Wait): Rich {
  if (wait.text !== undefined) return say(t, wait.text);
  const kind = t.m.vocabulary.wait[wait.for];
  return t.m.phrase.waits(party(t, wait.waiter), awaited(t, wait), kind);
}

/** Only a CPU acknowledges an IPI or joins stop_machine, so an unnamed one is at least that. */
export function awaited(t: Telling, wait: Wait): Rich {
  const byCpu = wait.for === "ipi-ack" || wait.for === "stop-machine";
  if (wait.waitsFor === "unknown" && byCpu) return t.m.phrase.unknownCpu;
  return party(t, wait.waitsFor);
}

/** Who held it up, or plainly that the log does not show it. */
/** What a culprit's row is called: a fault has a place, not somebody who holds things up. */
export function culpritLabel(t: Telling, culprit: Culprit | undefined): string {
  return culprit?.why === "unknown" ? t.m.label.raised : t.m.label.culprit;
}

export function culpritSentence(t: Telling, culprit: Culprit | undefined): Rich {
  if (culprit === undefined) return t.m.phrase.noCulprit;
  // Nobody holds a fault up: its sentence says where it was raised, and that the reason is open.
  if (culprit.why === "unknown") return say(t, culprit.whyText);
  const who = party(t, partyOf(culprit));
  const where =
    culprit.function === undefined
      ? ""
      : t.m.phrase.parenthesis(t.m.phrase.inFunction(code(culprit.function)));
  return `${t.m.phrase.culprit(who, t.m.vocabulary.why[culprit.why])}${where}`;
}

function partyOf(culprit: Culprit): Party {
  return {
    ...(culprit.cpu === undefined ? {} : { cpu: culprit.cpu }),
    ...(culprit.task === undefined ? {} : { task: culprit.task }),
  };
}

/** Interrupt flag and context of the interrupted code, as far as the event shows them. */
export function stateWords(t: Telling, event: ReportEvent): Rich | undefined {
  const parts: string[] = [];
  if (event.interrupts === "on") parts.push(t.m.phrase.interruptsOn);
  if (event.interrupts === "off") parts.push(t.m.phrase.interruptsOff);
  if (event.context !== undefined)
    parts.push(t.m.phrase.inContext(t.m.vocabulary.context[event.context]));
  return parts.length > 0 ? parts.join(t.m.phrase.comma) : undefined;
}

export function taintWords(t: Telling, event: ReportEvent): Rich | undefined {
  const taint = event.kernel?.taint;
  if (taint === undefined) return undefined;
  if (taint.length === 0) return t.m.phrase.noTaint;
  return taint
    .map((flag) => t.m.phrase.taintFlag(code(flag.flag), say(t, flag.meaning)))
    .join(t.m.phrase.semicolon);
}

/** Said in place of remedies; points at what is missing only where something is listed. */
export function noRemedy(t: Telling, incident: Incident): Rich {
  const { phrase } = t.m;
  return incident.missing.length === 0
    ? phrase.noRemedy
    : phrase.sentences(phrase.noRemedy, phrase.missingFirst);
}

/** The step the mechanism's operation stands at, if one is known. */
export function currentPhase(t: Telling, incident: Incident): Rich | undefined {
  const here = incident.mechanism?.phases?.find((phase) => phase.state === "here");
  return here === undefined ? undefined : say(t, here.title);
}
