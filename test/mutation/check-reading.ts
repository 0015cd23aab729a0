// What must hold of the reading of any bytes whatever.

import { openLog } from "#evidence/log/open-log.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { Reading } from "#model/reading.ts";
import type { SourceRange } from "#model/source-range.ts";

/** @param size of the chunks; all at once if absent */
export function readBytes(bytes: Uint8Array, size: number = bytes.length + 1): Reading {
  const log = openLog({ id: "s1", name: "mutated.log" });
  for (let at = 0; at < bytes.length; at += size) log.push(bytes.subarray(at, at + size));
  return log.end();
}

/** Chunks of one byte, and of as many as cut most characters and line ends in two. */
const CHUNKS: readonly number[] = [1, 7];

/** However the bytes come, the reading is the same. */
export function findChunkFault(bytes: Buffer): string | undefined {
  const whole = asText(readBytes(bytes));
  const other = CHUNKS.find((size) => asText(readBytes(bytes, size)) !== whole);
  return other === undefined ? undefined : `reads otherwise in chunks of ${other}`;
}

function asText(reading: Reading): string {
  return JSON.stringify(reading, (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

/**
 * The first thing that is wrong with the reading of `bytes`; `undefined` when nothing is.
 * @param again also read from the first event's own first line on, which costs as much once more
 */
export function findFault(bytes: Buffer, again: boolean): string | undefined {
  let reading: Reading;
  try {
    reading = readBytes(bytes);
  } catch (error) {
    return `throws: ${error instanceof Error ? error.stack : String(error)}`;
  }
  const lines = countLines(bytes);
  const counted = reading.sources[0]?.lines;
  if (counted !== lines) return `counts ${counted} of ${lines} lines`;
  for (const notice of reading.notices) {
    if (!isInside(notice.range, lines)) return `notice outside the file: ${notice.text}`;
  }
  for (const event of reading.events) {
    const fault = faultOfEvent(event, lines);
    if (fault !== undefined) return `${fault}: ${event.title}`;
  }
  if (new Set(reading.events.map((event) => event.id)).size < reading.events.length) {
    return "two events of one id";
  }
  return again ? faultOfFirst(bytes, reading) : undefined;
}

function faultOfEvent(event: KernelEvent, lines: number): string | undefined {
  const { range, gaps } = event;
  if (!isInside(range, lines)) return "event outside the file";
  const inside = [event.headline.range, ...event.body.map((line) => line.range)];
  inside.push(...(event.trace ?? []).map((frame) => frame.range));
  inside.push(...Object.values(event.registersAt ?? {}).map((at) => at.range));
  for (const at of [event.rip?.at, event.code?.at, event.kernelAt, event.hardwareAt]) {
    if (at !== undefined) inside.push(at.range);
  }
  const stray = inside.find((at) => at.firstLine < range.firstLine || at.lastLine > range.lastLine);
  // What a panic printed for the report before it keeps its own lines.
  if (stray !== undefined && event.panicked !== true) return "a line outside its event";
  if (event.complete !== (gaps.length === 0)) return "complete and gaps disagree";
  return gaps.every((gap) => gap.reason !== "") ? undefined : "a gap without reason";
}

/** An event must not hang on what came before it: from its own first line on it is there again. */
function faultOfFirst(bytes: Buffer, { events, boots }: Reading): string | undefined {
  const [first] = events;
  if (first === undefined || first.range.firstLine === 1) return undefined;
  // A body without headline is one at the top of a log only.
  if (first.title.startsWith("report without its headline")) return undefined;
  // Whether a line stands in a fence, only the lines before it say.
  if (bytes.includes("```")) return undefined;
  const offset = first.range.firstLine - 1;
  const start = offsetOfLine(bytes, first.range.firstLine);
  // An indented first line: only the lines before say whether the blanks are a mail's margin.
  if (bytes[start] === 32 || bytes[start] === 9) return undefined;
  // Which boot a line without a stamp belongs to, the lines before may say.
  if (boots.length > 1) return undefined;
  const again = readBytes(bytes.subarray(start)).events;
  const found = again.some(
    ({ kind, headline }) =>
      kind === first.kind &&
      headline.range.firstLine + offset === first.headline.range.firstLine &&
      isSameText(headline.text, first.headline.text),
  );
  if (found || [events, again].some((all) => isWrapped(all) || isTurned(all))) return undefined;
  return `not found again from line ${offset + 1}: ${first.title}`;
}

/** How much of a quote mark or a margin is the mail's, the lines before may say. */
function isSameText(one: string, other: string): boolean {
  return one.endsWith(other) || other.endsWith(one);
}

/** Wrapped lines are put together by the width that all of a block shows, the lines before included. */
function isWrapped(events: readonly KernelEvent[]): boolean {
  return events.some((event) => event.body.some(({ range }) => range.lastLine > range.firstLine));
}

/** In a log whose newest line stands first, an event's first line is its last. */
function isTurned(events: readonly KernelEvent[]): boolean {
  return events.some(({ body }) =>
    body.some((line, at) => line.range.firstLine < (body[at - 1]?.range.firstLine ?? 0)),
  );
}

function isInside(range: SourceRange, lines: number): boolean {
  return range.firstLine >= 1 && range.firstLine <= range.lastLine && range.lastLine <= lines;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return bytes.length > 0 && bytes[bytes.length - 1] !== 10 ? count + 1 : count;
}

function offsetOfLine(bytes: Buffer, line: number): number {
  let at = 0;
  for (let count = 1; count < line; count += 1) at = bytes.indexOf(10, at) + 1;
  return at;
}
