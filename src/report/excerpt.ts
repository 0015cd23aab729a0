// An event's lines as a document shows them: each with its number, verbatim where the caller can hand
// over the source's own lines.

import type { ReportEvent } from "#contract/report.ts";
import { cleanLine } from "./escape.ts";
import { shownExcerpt } from "./incident-view.ts";
import { shownLine, type Telling } from "./telling.ts";

/** Physical lines of a source, both ends included; undefined where the source is not at hand. */
export type SourceLines = (
  source: string,
  firstLine: number,
  lastLine: number,
) => readonly string[] | undefined;

interface NumberedLine {
  readonly number: number;
  readonly text: string;
}

export function excerptLines(t: Telling, event: ReportEvent, sourceLines?: SourceLines): string[] {
  const { head, omitted, tail } = shownExcerpt(numbered(t, event, sourceLines));
  const width = String(Math.max(...[...head, ...tail].map((line) => line.number), 0)).length;
  const show = (line: NumberedLine): string =>
    `${String(line.number).padStart(width)}  ${cleanLine(line.text)}`;
  const middle = omitted === 0 ? [] : [t.m.phrase.omitted(omitted)];
  return [...head.map(show), ...middle, ...tail.map(show)];
}

function numbered(t: Telling, event: ReportEvent, sourceLines?: SourceLines): NumberedLine[] {
  const { source, firstLine, lastLine } = event.from;
  const verbatim = sourceLines?.(source, firstLine, lastLine);
  if (verbatim !== undefined) {
    return verbatim.map((text, index) => {
      const number = shownLine(t, source, firstLine + index);
      return { number, text: withoutNumber(text, number) };
    });
  }
  return (event.excerpt ?? []).map((line) => {
    const stamp = line.monotonicSeconds;
    const prefix = stamp === undefined ? "" : `[${stamp.toFixed(6).padStart(12)}] `;
    return { number: line.originalLine ?? line.line, text: prefix + line.text };
  });
}

/** A pasted number would otherwise stand twice. */
function withoutNumber(text: string, number: number): string {
  const pasted = `${number} `;
  const start = text.trimStart();
  return start.startsWith(pasted) ? start.slice(pasted.length) : text;
}
