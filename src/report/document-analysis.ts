// "Problem analysis": the log's own lines with their numbers, what each of them says, and the order in
// which things happened.

import type { Incident, ReportEvent } from "#contract/report.ts";
import { type Block, codeBlock, paragraph, section, table } from "./document.ts";
import { cleanLine } from "./escape.ts";
import { eventParts } from "./event-parts.ts";
import { excerptLines, type SourceLines } from "./excerpt.ts";
import { excerptedEvents, leadEvent } from "./incident-view.ts";
import { code } from "./rich.ts";
import { reference, say, sayFirst, sourceName, type Telling } from "./telling.ts";
import { when } from "./wording.ts";

/** Longest quotation of a line in the table of parts. */
const QUOTED = 72;

export function analyzeProblem(
  t: Telling,
  incident: Incident,
  level: number,
  sourceLines?: SourceLines,
): Block[] {
  const { heading } = t.m;
  const lead = leadEvent(t.report, incident);
  const description = incident.mechanism?.description;
  return [
    ...(description === undefined ? [] : [paragraph(say(t, description))]),
    ...section(level, heading.excerpt, excerpts(t, incident, sourceLines)),
    ...section(level, heading.parts, lead === undefined ? [] : parts(t, lead)),
    ...section(level, heading.timeline, timeline(t, incident)),
  ];
}

function excerpts(t: Telling, incident: Incident, sourceLines?: SourceLines): Block[] {
  return excerptedEvents(t.report, incident).flatMap((event) => {
    const lines = excerptLines(t, event, sourceLines);
    const shown = lines.length === 0 ? [paragraph(t.m.phrase.noExcerpt)] : codeBlock("text", lines);
    return [paragraph(whence(t, event)), ...shown];
  });
}

/** File and lines, and whose numbers those are. */
function whence(t: Telling, event: ReportEvent): string {
  const { phrase } = t.m;
  const file = event.originalLines?.file;
  const named = code(sourceName(t, event.from.source));
  const pasted =
    event.originalLines === undefined
      ? ""
      : phrase.semicolon +
        (file === undefined || file === sourceName(t, event.from.source)
          ? phrase.pastedNumbers()
          : phrase.pastedNumbers(code(file)));
  const broken = event.complete ? "" : phrase.semicolon + phrase.incomplete;
  const copies = (event.alsoIn ?? []).map((lines) => reference(t, lines));
  const also =
    copies.length === 0 ? "" : phrase.semicolon + phrase.alsoIn(copies.join(phrase.comma));
  const rest = (event.continuedIn ?? [])
    .map((lines) => phrase.comma + reference(t, lines))
    .join("");
  return phrase.stop(
    `${named}${phrase.comma}${reference(t, event.from)}${rest}${also}${pasted}${broken}`,
  );
}

function parts(t: Telling, event: ReportEvent): Block[] {
  const { label } = t.m;
  const rows = eventParts(t, event).map(({ line, says }) => [
    String(line.originalLine ?? line.line),
    code(shortened(line.text)),
    says,
  ]);
  return table([label.line, label.content, label.meaning], rows);
}

function shortened(text: string): string {
  const line = cleanLine(text).replace(/ {2,}/g, " ").trim();
  return line.length <= QUOTED ? line : `${line.slice(0, QUOTED - 1)}…`;
}

/** A single moment is no timeline. */
function timeline(t: Telling, incident: Incident): Block[] {
  if (incident.timeline.length < 2) return [];
  const { label, phrase } = t.m;
  const rows = incident.timeline.map((entry) => [
    when(t, entry.at),
    entry.cpu === undefined ? phrase.none : phrase.cpu(entry.cpu),
    sayFirst(t, entry.what),
  ]);
  return table([label.at, label.cpu, label.what], rows);
}
