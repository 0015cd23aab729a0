// What every renderer needs while it tells one report in one language: the words, and the line numbers as
// the reader knows them.

import type { Evidence, Lines, ReportEvent, ReportV1, Text } from "#contract/report.ts";
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
    fillSpan(pasted, event);
    for (const line of event.excerpt ?? []) {
      if (line.originalLine !== undefined)
        pasted.set(lineKey(line.source ?? event.from.source, line.line), line.originalLine);
    }
  }
  return { report, lang, m: messagesFor(lang), pasted };
}

/** Every line of an event whose pasted numbers run as its physical lines do, also those not excerpted. */
function fillSpan(pasted: Map<string, number>, event: ReportEvent): void {
  const { from, originalLines } = event;
  if (originalLines === undefined || event.continuedIn !== undefined) return;
  const lines = from.lastLine - from.firstLine;
  if (originalLines.last - originalLines.first !== lines) return;
  for (let line = 0; line <= lines; line++)
    pasted.set(lineKey(from.source, from.firstLine + line), originalLines.first + line);
}

/** The report's own sentence in the language of this telling. */
export function say(t: Telling, sentence: Text): Rich {
  return prose(sentence[t.lang]);
}

/** The same at the start of a line; English prose that begins in lower case gets its capital. */
export function sayFirst(t: Telling, sentence: Text): Rich {
  const told = say(t, sentence);
  return t.lang === "en" ? told.replace(FIRST_WORD, (letter) => letter.toUpperCase()) : told;
}

/** Of an ordinary word only: symbols are marked as code, and `kworker/4:1` or `iperf3` is a name. */
const FIRST_WORD = /^[a-z](?=[a-z]*(?:-[A-Za-z]+)?(?:[ ,;]|$))/;

/** A closed-set word; kinds the contract leaves open and nobody has listed are shown as they are. */
export function word(list: Readonly<Record<string, string>>, kind: string): string {
  return Object.hasOwn(list, kind) ? (list[kind] ?? kind) : cleanLine(kind);
}

/** `line 44822`, with the file's name only where there are several to confuse. */
export function reference(t: Telling, at: Evidence | Lines): string {
  if (!("firstLine" in at))
    return t.m.phrase.byteRange(shortName(t, at.source), hex(at.firstByte), hex(at.lastByte));
  const [first, last] = [
    shownLine(t, at.source, at.firstLine),
    shownLine(t, at.source, at.lastLine),
  ];
  if (t.report.sources.length > 1) return t.m.phrase.lineIn(shortName(t, at.source), first, last);
  const physical = !t.pasted.has(lineKey(at.source, at.firstLine)) && t.pasted.size > 0;
  return physical ? t.m.phrase.fileLine(first, last) : t.m.phrase.line(first, last);
}

/** The pasted number where the text brought one along, else the physical line of the file. */
export function shownLine(t: Telling, source: string, line: number): number {
  return t.pasted.get(lineKey(source, line)) ?? line;
}

export function sourceName(t: Telling, id: string): string {
  const source = t.report.sources.find((candidate) => candidate.id === id);
  return cleanLine(source?.name ?? id);
}

/** The file's name without its folders where that is enough to tell the sources apart. */
function shortName(t: Telling, id: string): string {
  const name = sourceName(t, id);
  const short = lastPart(name);
  const namesakes = t.report.sources.filter((source) => lastPart(cleanLine(source.name)) === short);
  return namesakes.length > 1 || short === "" ? name : short;
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function lineKey(source: string, line: number): string {
  return `${source}\n${line}`;
}

function hex(offset: number): string {
  return `0x${offset.toString(16)}`;
}
