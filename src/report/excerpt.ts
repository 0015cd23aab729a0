// An event's lines as a document shows them: each with its number, verbatim where the caller can hand
// over the source's own lines.

import type { Lines, ReportEvent } from "#contract/report.ts";
import { cleanLine } from "./escape.ts";
import { shownExcerpt } from "./incident-view.ts";
import { shownLine, sourceName, type Telling } from "./telling.ts";

/** Physical lines of a source, both ends included; undefined where the source is not at hand. */
export type SourceLines = (
  source: string,
  firstLine: number,
  lastLine: number,
) => readonly string[] | undefined;

interface NumberedLine {
  readonly number: number;
  readonly source: string;
  readonly text: string;
}

export function excerptLines(t: Telling, event: ReportEvent, sourceLines?: SourceLines): string[] {
  const { head, omitted, tail } = shownExcerpt(numbered(t, event, sourceLines));
  const width = String(Math.max(...[...head, ...tail].map((line) => line.number), 0)).length;
  let file = event.from.source;
  const show = (line: NumberedLine): string[] => {
    const shown = `${String(line.number).padStart(width)}  ${cleanLine(line.text)}`;
    if (line.source === file) return [shown];
    file = line.source;
    return [t.m.phrase.continuedIn(sourceName(t, file)), shown];
  };
  const middle = omitted === 0 ? [] : [t.m.phrase.omitted(omitted)];
  return [...head.flatMap(show), ...middle, ...tail.flatMap(show)];
}

function numbered(t: Telling, event: ReportEvent, sourceLines?: SourceLines): NumberedLine[] {
  const pieces = [event.from, ...(event.continuedIn ?? [])].map((lines) =>
    verbatim(t, lines, sourceLines),
  );
  if (pieces.every((piece) => piece !== undefined)) return pieces.flat();
  return (event.excerpt ?? []).map((line) => {
    const stamp = line.monotonicSeconds;
    const prefix = stamp === undefined ? "" : `[${stamp.toFixed(6).padStart(12)}] `;
    const source = line.source ?? event.from.source;
    return { number: line.originalLine ?? line.line, source, text: prefix + line.text };
  });
}

function verbatim(
  t: Telling,
  { source, firstLine, lastLine }: Lines,
  sourceLines?: SourceLines,
): NumberedLine[] | undefined {
  return sourceLines?.(source, firstLine, lastLine)?.map((text, index) => {
    const number = shownLine(t, source, firstLine + index);
    return { number, source, text: withoutNumber(text, number) };
  });
}

/** A pasted number would otherwise stand twice. */
function withoutNumber(text: string, number: number): string {
  const pasted = `${number} `;
  const start = text.trimStart();
  return start.startsWith(pasted) ? start.slice(pasted.length) : text;
}
