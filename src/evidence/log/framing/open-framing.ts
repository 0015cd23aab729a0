// The entry: bytes of a log in, records out. A push machine: a pipe, a file and a browser's stream feed
// the same code.
//
//   bytes → physical lines → out of carriers and mails → quotes, fences, prose → unwrapped lines → heads → records
//
// Invariant: it never throws on content, it holds at most one block of lines, and records come out in the
// order of their lines (but for pstore parts, see pstore.ts) with ranges that lie within the source.

import type { DocumentLine } from "#model/reading.ts";
import { openLines, type PhysicalLine } from "../lines.ts";
import { ownStart } from "../own-text.ts";
import type { RecordSink } from "../record.ts";
import { openAssembler } from "./assemble.ts";
import { openCarriers } from "./carrier.ts";
import { openDocument } from "./document.ts";
import { openHeadReader } from "./head-reader.ts";
import { openMime } from "./mime.ts";
import { openPstoreOrder } from "./pstore.ts";
import { openTerminalWrap } from "./terminal-wrap.ts";
import { type LogicalLine, openUnwrapper } from "./unwrap.ts";
import { openWallClock } from "./wall-clock.ts";

export interface FramingOptions {
  /** Id of the source, for ranges. */
  readonly source: string;
  readonly sink: RecordSink;
  /** File name; a date in it gives the year that syslog leaves out. */
  readonly name?: string;
  /** Characters kept of one physical line; 1 MiB if absent. */
  readonly maxLineLength?: number;
}

/** What was read, for `SourceInfo` and `Reading`. */
export interface FramingSummary {
  readonly lines: number;
  readonly bytes: number;
  /** Names of the framings seen, most frequent first, joined with `+`; absent for an empty source. */
  readonly format?: string;
  /** The first `MAX_DOCUMENT` sentences of a ticket or mail around the log. */
  readonly document: readonly DocumentLine[];
}

export interface FramingMachine {
  push(chunk: Uint8Array): void;
  /** Gives out what is held back and ends the sink; called once. */
  end(): FramingSummary;
}

const MAX_DOCUMENT = 500;
/** Characters kept of a sentence. */
const LONGEST_SENTENCE = 4096;

export function openFraming(options: FramingOptions): FramingMachine {
  const document: DocumentLine[] = [];
  const text = openText(options);
  const parts = openPstoreOrder({ line: text.line, cut: text.cut });
  const filter = openDocument({
    log: parts.line,
    cut: text.cut,
    prose: (line) => {
      if (document.length < MAX_DOCUMENT) document.push(toSentence(options.source, line));
    },
  });
  const mime = openMime(filter.line);
  const carriers = openCarriers(mime.line);
  const lines = openLines({
    line: carriers.line,
    ...(options.maxLineLength === undefined ? {} : { maxLength: options.maxLineLength }),
  });
  return {
    push: (chunk) => lines.push(chunk),
    end() {
      const counted = lines.end();
      carriers.end();
      mime.end();
      filter.end();
      parts.end();
      text.end();
      options.sink.end();
      const format = text.format();
      return format === undefined ? { ...counted, document } : { ...counted, format, document };
    },
  };
}

interface TextMachine {
  line(line: PhysicalLine): void;
  cut(): void;
  end(): void;
  format(): string | undefined;
}

/** From lines of the log to records. */
function openText(options: FramingOptions): TextMachine {
  const counts = new Map<string, number>();
  const window = openTerminalWrap();
  const assembler = openAssembler((record) => {
    counts.set(record.framing, (counts.get(record.framing) ?? 0) + 1);
    options.sink.record(record);
  });
  let current: LogicalLine = { text: "", firstLine: 1, lastLine: 1 };
  const heads = openHeadReader({ clock: openWallClock(options.name) }, (head, origin) => {
    assembler.take(current, head, origin);
  });
  const unwrapper = openUnwrapper((line) => {
    const text = window.mend(line.text);
    current = text === line.text ? line : mendedLine(line, text);
    heads.read(text, line.lastLine);
  });
  function cut(): void {
    unwrapper.flush();
    heads.flush();
    assembler.flush();
  }
  return {
    line: (line) => unwrapper.line(line),
    cut,
    end: cut,
    format: () => formatOf(counts),
  };
}

function mendedLine(line: LogicalLine, text: string): LogicalLine {
  return { ...line, text, damage: [...new Set([...(line.damage ?? []), "wrapped"])] };
}

function formatOf(counts: ReadonlyMap<string, number>): string | undefined {
  if (counts.size === 0) return undefined;
  const byCount = [...counts].sort((a, b) => b[1] - a[1]);
  return byCount.map(([name]) => name).join("+");
}

function toSentence(source: string, line: PhysicalLine): DocumentLine {
  return {
    range: { source, firstLine: line.number, lastLine: line.number },
    text: ownStart(line.text, LONGEST_SENTENCE).trimEnd(),
  };
}
