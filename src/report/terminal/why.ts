// The middle of an incident's screen: hypotheses, strongest first, each with the line that carries it.

import type { Evidence, Hypothesis, Incident } from "#contract/report.ts";
import { cleanLine } from "../escape.ts";
import { byStrength, decisive, leadEvent } from "../incident-view.ts";
import { plain } from "../rich.ts";
import { reference, say, sayFirst, type Telling } from "../telling.ts";
import { truncate } from "../width.ts";
import { paint, paintVerdict, put, putHanging, type Screen } from "./screen.ts";

/** Hypotheses told with their line, those that fell, and findings, on one screen. */
const SHOWN_STANDING = 3;
const SHOWN_FALLEN = 2;
const SHOWN_FINDINGS = 2;

interface Why {
  readonly screen: Screen;
  readonly t: Telling;
  readonly verbose: boolean;
  /** Lines already quoted on this screen; a second citation names them only. */
  readonly quoted: Set<string>;
  /** Evidence already told with the same reason; a second citation gives only its line. */
  readonly told: Set<string>;
}

export function putWhy(screen: Screen, t: Telling, incident: Incident, verbose: boolean): void {
  const why: Why = { screen, t, verbose, quoted: new Set(), told: new Set() };
  const all = byStrength(incident.hypotheses);
  const standing = all.filter((one) => one.verdict !== "ruled out");
  const fallen = all.filter((one) => one.verdict === "ruled out");
  putHeadline(why, incident);
  putGrounds(why, incident);
  putHypotheses(why, standing, SHOWN_STANDING);
  putHypotheses(why, fallen, SHOWN_FALLEN);
}

/** The kernel's own words, with the line they stand on. */
function putHeadline({ screen, t, quoted }: Why, incident: Incident): void {
  const lead = leadEvent(t.report, incident);
  const line = lead?.excerpt?.[0];
  if (lead === undefined || line === undefined) return;
  const at = reference(t, {
    source: line.source ?? lead.from.source,
    firstLine: line.line,
    lastLine: line.line,
  });
  quoted.add(at);
  const told = `  ${at}${t.m.phrase.colon}${quotation(line.text)}`;
  put(screen, paint(screen, "cyan", truncate(told, screen.width)));
}

/** What the answer rests on: the culprit's own lines and the findings. */
function putGrounds(why: Why, incident: Incident): void {
  const { screen, t, verbose } = why;
  if (incident.culprit !== undefined) {
    putHanging(screen, "  * ", sayFirst(t, incident.culprit.whyText));
    for (const piece of incident.culprit.evidence.slice(0, 2)) putEvidence(why, piece);
  }
  const findings = verbose ? incident.findings : incident.findings.slice(0, SHOWN_FINDINGS);
  for (const finding of findings) {
    const at = finding.evidence[0];
    const where = at === undefined ? "" : t.m.phrase.parenthesis(reference(t, at));
    putHanging(screen, "  * ", `${sayFirst(t, finding.text)}${where}`);
  }
  putRest(why, incident.findings.length - findings.length);
}

function putHypotheses(why: Why, list: readonly Hypothesis[], room: number): void {
  const shown = why.verbose ? list : list.slice(0, room);
  for (const one of shown) putHypothesis(why, one);
  putRest(why, list.length - shown.length);
}

function putHypothesis(why: Why, one: Hypothesis): void {
  const { screen, t, verbose } = why;
  const tag = `[${t.m.vocabulary.verdict[one.verdict]}]`;
  const before = screen.lines.length;
  const best = decisive(one);
  const told = best !== undefined && !verbose && why.told.has(keyOf(t, best));
  const where = told ? t.m.phrase.parenthesis(reference(t, best)) : "";
  putHanging(screen, `  ${tag} `, `${sayFirst(t, one.title)}${where}`);
  const line = screen.lines[before] ?? "";
  screen.lines[before] = line.replace(tag, () => paintVerdict(screen, one.verdict, tag));
  if (verbose && one.reason !== undefined) putHanging(screen, INDENT, say(t, one.reason));
  const evidence = verbose ? [...one.for, ...one.against] : told ? [] : [best];
  for (const piece of evidence) if (piece !== undefined) putEvidence(why, piece);
}

const INDENT = "      ";

/** `line 44822: RIP is in straight-line code …` and, below it, the quoted line. */
function putEvidence({ screen, t, quoted, told }: Why, piece: Evidence): void {
  const at = reference(t, piece);
  told.add(keyOf(t, piece));
  putHanging(screen, INDENT, `${at}${t.m.phrase.colon}${plain(say(t, piece.how))}`);
  if (piece.quote === undefined || quoted.has(at)) return;
  quoted.add(at);
  const quote = `${INDENT}| ${quotation(piece.quote)}`;
  put(screen, paint(screen, "cyan", truncate(quote, screen.width)));
}

function quotation(line: string): string {
  return cleanLine(line).replace(/ {2,}/g, " ").trim();
}

function keyOf(t: Telling, piece: Evidence): string {
  return `${reference(t, piece)} ${piece.how.en}`;
}

function putRest({ screen, t, verbose }: Why, count: number): void {
  if (!verbose && count > 0) put(screen, `  ${t.m.phrase.more(count)}`);
}
