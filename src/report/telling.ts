// What every renderer needs while it tells one report in one language: the words, and the line numbers as
// the reader knows them.

import type { Evidence, Lines, ReportV1, Text } from "#contract/report.ts";
import { cleanLine } from "./escape.ts";
import type { Messages } from "./messages/catalogue.ts";
import { type Language, messagesFor } from "./messages/messages.ts";
import { prose, type Rich } from "./rich.ts";

export interface Telling {
  readonly report: ReportV1;
  readonly lang: Language;
  readonly m: Messages;
  /** Numbers pasted along with the text, by `source` and physical line. */
  readonly pasted: ReadonlyMap<string, number>;
}

export function telling(report: ReportV1, lang: Language): Telling {
  const pasted = new Map<string, number>();
  for (const event of report.events) {
    for (const line of event.excerpt ?? []) {
      if (line.originalLine !== undefined)
        pasted.set(lineKey(event.from.source, line.line), line.originalLine);
    }
  }
  return { report, lang, m: messagesFor(lang), pasted };
}

/** The report's own sentence in the language of this telling. */
export function say(t: Telling, sentence: Text): Rich {
  return prose(sentence[t.lang]);
}

/** A closed-set word; kinds the contract leaves open and nobody has listed are shown as they are. */
export function word(list: Readonly<Record<string, string>>, kind: string): string {
  return Object.hasOwn(list, kind) ? (list[kind] ?? kind) : cleanLine(kind);
}

/** `line 44822`, with the file's name only where there are several to confuse. */
export function reference(t: Telling, at: Evidence | Lines): string {
  if (!("firstLine" in at))
    return t.m.phrase.byteRange(sourceName(t, at.source), hex(at.firstByte), hex(at.lastByte));
  const [first, last] = [
    shownLine(t, at.source, at.firstLine),
    shownLine(t, at.source, at.lastLine),
  ];
  return t.report.sources.length > 1
    ? t.m.phrase.lineIn(sourceName(t, at.source), first, last)
    : t.m.phrase.line(first, last);
}

/** The pasted number where the text brought one along, else the physical line of the file. */
export function shownLine(t: Telling, source: string, line: number): number {
  return t.pasted.get(lineKey(source, line)) ?? line;
}

export function sourceName(t: Telling, id: string): string {
  const source = t.report.sources.find((candidate) => candidate.id === id);
  return cleanLine(source?.name ?? id);
}

function lineKey(source: string, line: number): string {
  return `${source}\n${line}`;
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
