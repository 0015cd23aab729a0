// The files of one log: its lines are numbered through while it is read, and a record gets back the file
// and the line it stands in. Invariant: a range lies within one file; what a record holds beyond its first
// file's end is its tail.

import type { SourceRange } from "#model/source-range.ts";
import type { LineCounts } from "../lines.ts";
import type { LogRecord } from "../record.ts";

/** What was read of one file. */
export interface FileSummary extends LineCounts {
  /** Names of the framings seen, most frequent first, joined with `+`; absent for an empty source. */
  readonly format?: string;
}

export interface Files {
  /** Closes the file being read and opens the next one. */
  next(source: string, counts: LineCounts): void;
  /** The record where it really stands; counts its framing. */
  place(record: LogRecord): LogRecord;
  range(firstLine: number, lastLine: number): SourceRange;
  /** In their order; `counts` are those of the last one. */
  summaries(counts: LineCounts): readonly [...FileSummary[], FileSummary];
}

interface File {
  readonly source: string;
  /** Lines of the files before it. */
  readonly before: number;
  readonly formats: Map<string, number>;
  counts: LineCounts;
}

export function openFiles(source: string): Files {
  let current = openFile(source, 0);
  const earlier: File[] = [];

  function find(line: number): File {
    if (line > current.before) return current;
    return earlier.findLast(({ before }) => line > before) ?? current;
  }

  function range(firstLine: number, lastLine: number): SourceRange {
    const file = find(firstLine);
    const end = file === current ? lastLine : Math.min(lastLine, file.before + file.counts.lines);
    return {
      source: file.source,
      firstLine: firstLine - file.before,
      lastLine: end - file.before,
    };
  }

  return {
    next(id, counts) {
      current.counts = counts;
      earlier.push(current);
      current = openFile(id, current.before + counts.lines);
    },
    place(record) {
      const file = find(record.firstLine);
      file.formats.set(record.framing, (file.formats.get(record.framing) ?? 0) + 1);
      if (earlier.length === 0) return record;
      const { firstLine, lastLine } = record;
      const first = range(firstLine, lastLine);
      const end = file.before + first.lastLine;
      const tail = end < lastLine ? range(end + 1, lastLine) : undefined;
      return { ...record, ...first, tail };
    },
    range,
    summaries(counts) {
      const last = toSummary({ ...current, counts });
      return [...earlier.map(toSummary), last];
    },
  };
}

function openFile(source: string, before: number): File {
  return { source, before, formats: new Map(), counts: { lines: 0, bytes: 0 } };
}

function toSummary({ formats, counts }: File): FileSummary {
  if (formats.size === 0) return counts;
  const byCount = [...formats].sort((a, b) => b[1] - a[1]);
  return { ...counts, format: byCount.map(([name]) => name).join("+") };
}
