// The bottom of an incident's screen: what to do now, what to collect, how to fix it, what is missing.

import type { Incident, Remedy } from "#contract/report.ts";
import { cleanLines } from "../escape.ts";
import { TIERS } from "../incident-view.ts";
import { say, sayFirst, type Telling } from "../telling.ts";
import { noRemedy } from "../wording.ts";
import { paint, put, putHanging, type Screen } from "./screen.ts";

/** Remedies of a tier on one screen: what helps now in some breadth, the rest by its first. */
const SHOWN: Readonly<Record<Remedy["when"], number>> = { now: 2, collect: 1, fix: 1 };
const SHOWN_MISSING = 2;

export function putTodo(screen: Screen, t: Telling, incident: Incident, verbose: boolean): void {
  if (incident.remedies.length === 0) putHanging(screen, "  ", noRemedy(t, incident));
  for (const tier of TIERS) {
    const remedies = incident.remedies.filter((remedy) => remedy.when === tier);
    const shown = verbose ? remedies : remedies.slice(0, SHOWN[tier]);
    if (shown.length > 0) put(screen, `  ${paint(screen, "bold", t.m.vocabulary.tier[tier])}`);
    for (const remedy of shown) putRemedy(screen, t, remedy, verbose);
    putRest(screen, t, remedies.length - shown.length);
  }
  putMissing(screen, t, incident, verbose);
}

function putRemedy(screen: Screen, t: Telling, remedy: Remedy, verbose: boolean): void {
  putHanging(screen, "   - ", sayFirst(t, remedy.title));
  // On the one screen only what somebody may type right now needs its conditions beside it.
  if (verbose || remedy.when === "now") {
    const applies = t.m.phrase.appliesIf(say(t, remedy.appliesIf));
    const risk = t.m.phrase.risk(say(t, remedy.risk));
    putHanging(screen, "     ", `${applies}${t.m.phrase.semicolon}${risk}`);
  }
  for (const step of remedy.steps) {
    if (verbose) putHanging(screen, "     ", sayFirst(t, step.text));
    if (step.command !== undefined) putCommand(screen, step.command);
  }
}

function putMissing(screen: Screen, t: Telling, incident: Incident, verbose: boolean): void {
  if (incident.missing.length === 0) return;
  put(screen, `  ${paint(screen, "bold", t.m.heading.missing)}`);
  for (const piece of verbose ? incident.missing : incident.missing.slice(0, SHOWN_MISSING)) {
    const why = verbose ? t.m.phrase.semicolon + say(t, piece.why) : "";
    putHanging(screen, "   - ", `${sayFirst(t, piece.what)}${why}`);
    if (piece.command !== undefined) putCommand(screen, piece.command);
  }
  if (!verbose) putRest(screen, t, incident.missing.length - SHOWN_MISSING);
}

function putRest(screen: Screen, t: Telling, count: number): void {
  if (count > 0) put(screen, `   ${t.m.phrase.more(count)}`);
}

/** Never wrapped: a command is there to be copied. A debugger's prompt stands in for the shell's. */
function putCommand(screen: Screen, command: string): void {
  for (const line of cleanLines(command)) {
    const prompt = /^(?:crash|\(gdb\)|>>>)/.test(line) ? "" : "$ ";
    put(screen, paint(screen, "green", `     ${prompt}${line}`));
  }
}
