// "Related context": what else the log says around the incident, who waits for whom, the hypotheses with
// what each would have shown, and what the ticket claims.

import type { Evidence, Hypothesis, Incident, Prediction } from "#contract/report.ts";
import { type Block, heading, list, paragraph, section, table } from "./document.ts";
import {
  byStrength,
  eventsOf,
  isExcerpted,
  isStall,
  leadEvent,
  neighbors,
} from "./incident-view.ts";
import { code, type Rich, verdictPiece } from "./rich.ts";
import { reference, say, sayFirst, type Telling, word } from "./telling.ts";
import {
  awaited,
  culpritLabel,
  culpritSentence,
  location,
  party,
  verdictWord,
  when,
} from "./wording.ts";

export function relateContext(t: Telling, incident: Incident, level: number): Block[] {
  const { heading: title } = t.m;
  return [
    ...section(level, title.otherReports, otherReports(t, incident)),
    ...section(level, title.neighbours, neighboringLines(t, incident)),
    ...section(level, title.waits, waits(t, incident)),
    ...section(level, title.hypotheses, hypotheses(t, incident, level + 1)),
    ...section(level, title.claims, claims(t, incident)),
  ];
}

function otherReports(t: Telling, incident: Incident): Block[] {
  const { label, vocabulary, phrase } = t.m;
  const lead = leadEvent(t.report, incident);
  const others = eventsOf(t.report, incident).filter((event) => event !== lead);
  const rows = others.map((event) => [
    reference(t, event.from),
    event.time === undefined ? phrase.unknown : when(t, event.time),
    event.cpu === undefined ? phrase.none : phrase.cpu(event.cpu),
    vocabulary.event[event.kind],
    place(t, event.rip === undefined ? event.function : location(event.rip)),
  ]);
  return table([label.line, label.at, label.cpu, label.kind, label.where], rows);
}

function place(t: Telling, where: string | undefined): Rich {
  return where === undefined ? t.m.phrase.unknown : code(where);
}

/** More lines than this say nothing more to a reader; the JSON has them all. */
const NEIGHBORS = 30;

function neighboringLines(t: Telling, incident: Incident): Block[] {
  const { label, vocabulary } = t.m;
  const near = neighbors(t.report, incident);
  const rows = near
    .slice(0, NEIGHBORS)
    .map((notice) => [
      reference(t, notice.from),
      word(vocabulary.notice, notice.kind),
      code(notice.text),
    ]);
  const rest = near.length - NEIGHBORS;
  return [
    ...table([label.line, label.kind, label.content], rows),
    ...(rest > 0 ? [paragraph(t.m.phrase.more(rest))] : []),
  ];
}

function waits(t: Telling, incident: Incident): Block[] {
  const { label, vocabulary } = t.m;
  const rows = byStrength(incident.waits).map((wait) => [
    party(t, wait.waiter),
    awaited(t, wait),
    vocabulary.wait[wait.for],
    verdictWord(t, wait.verdict),
    evidenceList(t, wait.evidence),
  ]);
  const head = [label.waiter, label.awaited, label.waitKind, label.verdict, label.evidence];
  return [...table(head, rows), ...culprit(t, incident)];
}

function culprit(t: Telling, incident: Incident): Block[] {
  const { phrase } = t.m;
  const found = incident.culprit;
  if (found === undefined) {
    const stall = isStall(leadEvent(t.report, incident));
    return stall ? [paragraph(phrase.sentences(phrase.concludeNoCulprit, phrase.victim))] : [];
  }
  const verdict = phrase.parenthesis(verdictWord(t, found.verdict));
  const sentence = `${culpritLabel(t, found)}${phrase.colon}${culpritSentence(t, found)}${verdict}`;
  // The sentence of a fault already is its reason.
  const reason = found.why === "unknown" ? [] : [phrase.stop(sayFirst(t, found.whyText))];
  return [
    paragraph(phrase.sentences(phrase.stop(sentence), ...reason)),
    ...list(found.evidence.map((piece) => evidenceItem(t, incident, piece))),
  ];
}

function hypotheses(t: Telling, incident: Incident, level: number): Block[] {
  const { label } = t.m;
  const ranked = byStrength(incident.hypotheses);
  if (ranked.length === 0) return [paragraph(t.m.phrase.noHypotheses)];
  const rows = ranked.map((one) => [
    sayFirst(t, one.title),
    verdictWord(t, one.verdict),
    evidenceList(t, one.for),
    evidenceList(t, one.against),
  ]);
  const overview = table([label.hypothesis, label.verdict, label.for, label.against], rows);
  return [...overview, ...ranked.flatMap((one) => hypothesis(t, incident, one, level))];
}

function hypothesis(t: Telling, incident: Incident, one: Hypothesis, level: number): Block[] {
  const { label, phrase } = t.m;
  const verdict = phrase.parenthesis(verdictWord(t, one.verdict));
  const reason =
    one.reason === undefined
      ? []
      : [paragraph(phrase.stop(`${label.reason}${phrase.colon}${say(t, one.reason)}`))];
  const predictions = table(
    [label.prediction, label.observed, label.evidence],
    one.predictions.map((prediction) => predictionRow(t, prediction)),
  );
  return [
    heading(level, `${sayFirst(t, one.title)}${verdict}`),
    ...reason,
    ...predictions,
    ...list(pointsOf(t, incident, one)),
    ...nextStep(t, one),
  ];
}

function predictionRow(t: Telling, prediction: Prediction): Rich[] {
  return [
    sayFirst(t, prediction.what),
    t.m.vocabulary.observed[prediction.observed],
    evidenceList(t, prediction.evidence),
  ];
}

/** Evidence for and against, each with why it counts; the same line for the same reason once. */
function pointsOf(t: Telling, incident: Incident, one: Hypothesis): Rich[] {
  const { label, phrase } = t.m;
  const points = (name: string, evidence: readonly Evidence[]): Rich[] =>
    evidence.map((piece) => `${name}${phrase.colon}${evidenceItem(t, incident, piece)}`);
  return [...new Set([...points(label.for, one.for), ...points(label.against, one.against)])];
}

function nextStep(t: Telling, one: Hypothesis): Block[] {
  if (one.nextStep === undefined) return [];
  const { text, command } = one.nextStep;
  const told = `${t.m.label.nextStep}${t.m.phrase.colon}${say(t, text)}`;
  return list([command === undefined ? told : { text: told, code: [command] }]);
}

function claims(t: Telling, incident: Incident): Block[] {
  const { label, phrase } = t.m;
  const rows = (incident.claims ?? []).map((claim) => [
    code(undecorated(claim.text)),
    verdictPiece(claim.verdict, t.m.vocabulary.claim[claim.verdict]),
    claim.reason === undefined ? phrase.none : sayFirst(t, claim.reason),
    evidenceList(t, claim.evidence),
  ]);
  return table([label.claim, label.verdict, label.reason, label.evidence], rows);
}

/** A ticket's sentence without its list mark and emphasis, which would be noise inside a quotation. */
function undecorated(sentence: string): string {
  const unlisted = sentence.trim().replace(/^(?:[-*+]|\d{1,3}[.)])\s+/, "");
  return unlisted.replaceAll("**", "").replaceAll("`", "");
}

/** `line 44822: why it counts (quote)`; what the excerpt shows is not quoted again. */
function evidenceItem(t: Telling, incident: Incident, piece: Evidence): Rich {
  const shown = piece.quote === undefined || isExcerpted(t.report, incident, piece);
  const quote = shown ? "" : t.m.phrase.parenthesis(code((piece.quote ?? "").trim()));
  return `${reference(t, piece)}${t.m.phrase.colon}${say(t, piece.how)}${quote}`;
}

/** References in one cell before the rest is only counted. */
const REFERENCES = 4;

function evidenceList(t: Telling, evidence: readonly Evidence[]): Rich {
  const named = [...new Set(evidence.map((piece) => reference(t, piece)))];
  const rest = named.length - REFERENCES;
  const shown = rest > 0 ? [...named.slice(0, REFERENCES), t.m.phrase.more(rest)] : named;
  return shown.length === 0 ? t.m.phrase.none : shown.join(t.m.phrase.comma);
}
