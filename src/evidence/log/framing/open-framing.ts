// The entry: bytes of a log in, records out. A push machine: a pipe, a file and a browser's stream feed
// the same code. Invariant: it never throws on content, and records come out in the order of their lines
// with ranges that lie within the source.

import { openLines, type PhysicalLine } from "../lines.ts";
import type { LogRecord, RecordSink } from "../record.ts";
import { CONSUMED } from "./framing.ts";
import { openHeadReader, type ReadHead } from "./head-reader.ts";
import { openWallClock } from "./wall-clock.ts";

export interface FramingOptions {
  /** Id of the source, for ranges. */
  readonly source: string;
  readonly sink: RecordSink;
  /** File name; a date in it gives the year that syslog leaves out. */
  readonly name?: string;
  readonly maxLineLength?: number;
}

/** What was read, for `SourceInfo`. */
export interface FramingSummary {
  readonly lines: number;
  readonly bytes: number;
  /** Names of the framings seen, most frequent first, joined with `+`; absent for an empty source. */
  readonly format?: string;
}

export interface FramingMachine {
  push(chunk: Uint8Array): void;
  /** Gives out what is held back and ends the sink; called once. */
  end(): FramingSummary;
}

export function openFraming(options: FramingOptions): FramingMachine {
  const heads = openHeadReader({ clock: openWallClock(options.name) });
  const counts = new Map<string, number>();
  const lines = openLines({
    line: (line) => {
      const head = heads.read(line.text);
      if (head === CONSUMED) return;
      counts.set(head?.framing ?? "bare", (counts.get(head?.framing ?? "bare") ?? 0) + 1);
      for (const record of toRecords(line, head)) options.sink.record(record);
    },
    ...(options.maxLineLength === undefined ? {} : { maxLength: options.maxLineLength }),
  });
  return {
    push: (chunk) => lines.push(chunk),
    end() {
      const counted = lines.end();
      options.sink.end();
      const format = [...counts].sort((a, b) => b[1] - a[1]).map(([name]) => name);
      return format.length === 0 ? counted : { ...counted, format: format.join("+") };
    },
  };
}

/** One record, or one per line of a message that itself holds line feeds. */
function toRecords(line: PhysicalLine, head: ReadHead | undefined): LogRecord[] {
  const at = { firstLine: line.number, lastLine: line.number };
  const damage = line.damage === undefined ? {} : { damage: line.damage };
  if (head === undefined) {
    return [{ text: ownCopy(line.text), ...at, framing: "bare", kernel: false, ...damage }];
  }
  // Lines of other programs are many and nobody keeps them: they may go on sharing the chunk's memory.
  const text = head.kernel ? ownCopy(head.text) : head.text;
  const record = { ...withoutUndefined(head), ...at, ...damage, text };
  if (!text.includes("\n")) return [record];
  return text.split("\n").map((part) => ({ ...record, text: part }));
}

/** A slice keeps its whole chunk alive; what an event may keep for good gets memory of its own. */
function ownCopy(text: string): string {
  return text.length < 13 ? text : ` ${text}`.slice(1);
}

type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Defined<T> {
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  // Only keys whose value is defined are left, which is what the type says.
  return Object.fromEntries(entries) as Defined<T>;
}
