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
import type { LogRecord, RecordSink } from "../record.ts";
import { openAssembler } from "./assemble.ts";
import { openCarriers, openInnerCarriers } from "./carrier.ts";
import { openDocument } from "./document.ts";
import { type FileSummary, type Files, openFiles } from "./files.ts";
import { openHeadReader } from "./head-reader.ts";
import { openMime } from "./mime.ts";
import { isPartHead, openPstoreOrder } from "./pstore.ts";
import { openTerminalWrap } from "./terminal-wrap.ts";
import { isStart, type LogicalLine, openUnwrapper } from "./unwrap.ts";
import { openWallClock, type WallClock } from "./wall-clock.ts";

export interface FramingOptions {
  /** Id of the source, for ranges. */
  readonly source: string;
  readonly sink: RecordSink;
  /** File name; a date in it gives the year that syslog leaves out. */
  readonly name?: string;
  /** Characters kept of one physical line; 1 MiB if absent. */
  readonly maxLineLength?: number;
}

/** What was read, for `SourceInfo` and `Reading`; lines and bytes are those of the last file. */
export interface FramingSummary extends FileSummary {
  /** The files before the last one. */
  readonly earlier: readonly FileSummary[];
  /** The first `MAX_DOCUMENT` sentences of a ticket or mail around the log. */
  readonly document: readonly DocumentLine[];
}

export interface FileStart {
  readonly source: string;
  readonly name: string;
  /** Cut off the file before by its bytes: a line cut in two is whole again. */
  readonly isPiece: boolean;
}

export interface FramingMachine {
  push(chunk: Uint8Array): void;
  /** What is pushed from here on stands in the next file of the log. */
  nextFile(file: FileStart): void;
  /** Gives out what is held back and ends the sink; called once. */
  end(): FramingSummary;
}

const MAX_DOCUMENT = 500;
/** Characters kept of a sentence. */
const LONGEST_SENTENCE = 4096;

export function openFraming(options: FramingOptions): FramingMachine {
  const document: DocumentLine[] = [];
  const files = openFiles(options.source);
  const clock = openWallClock(options.name);
  const text = openText(clock, (record) => options.sink.record(files.place(record)));
  const parts = openPstoreOrder({ line: text.line, cut: text.cut });
  const inner = openInnerCarriers(parts.line);
  const filter = openDocument({
    log: inner.line,
    cut: () => {
      inner.end();
      text.cut();
    },
    prose: (line) => {
      if (document.length < MAX_DOCUMENT) document.push(toSentence(files, line));
    },
  });
  const mime = openMime(filter.line);
  const carriers = openCarriers(mime.line);
  const lines = openLines({
    line: carriers.line,
    startsLine: (line) => isStart(line) || isPartHead(line),
    ...(options.maxLineLength === undefined ? {} : { maxLength: options.maxLineLength }),
  });
  return {
    push: (chunk) => lines.push(chunk),
    nextFile({ source, name, isPiece }) {
      files.next(source, lines.nextFile(isPiece));
      clock.nextFile(name);
    },
    end() {
      const counted = lines.end();
      carriers.end();
      mime.end();
      filter.end();
      inner.end();
      parts.end();
      text.end();
      options.sink.end();
      const summaries = files.summaries(counted);
      const last = summaries.at(-1) ?? counted;
      return { ...last, earlier: summaries.slice(0, -1), document };
    },
  };
}

interface TextMachine {
  line(line: PhysicalLine): void;
  cut(): void;
  end(): void;
}

/** From lines of the log to records. */
function openText(clock: WallClock, emit: (record: LogRecord) => void): TextMachine {
  const window = openTerminalWrap();
  const assembler = openAssembler(emit);
  let current: LogicalLine = { text: "", firstLine: 1, lastLine: 1 };
  const heads = openHeadReader({ clock }, (head, origin) => {
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
  };
}

function mendedLine(line: LogicalLine, text: string): LogicalLine {
  return { ...line, text, damage: [...new Set([...(line.damage ?? []), "wrapped"])] };
}

function toSentence(files: Files, line: PhysicalLine): DocumentLine {
  return {
    range: files.range(line.number, line.number),
    text: ownStart(line.text, LONGEST_SENTENCE).trimEnd(),
  };
}
