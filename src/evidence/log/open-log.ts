// The log reader whole: bytes in, a Reading out. Framing makes records of bytes, reports make events of
// records; here they are joined and counted. A log may be read from several files, one after the other.

import { text } from "#base/text.ts";
import type { Notice } from "#model/notice.ts";
import type { Reading, ReadingGap, SourceInfo } from "#model/reading.ts";
import type { SourceRange } from "#model/source-range.ts";
import { openBoots } from "./boots.ts";
import { type HeldByAll, openEventStore } from "./event-store.ts";
import type { FileSummary } from "./framing/files.ts";
import { type FramingMachine, openFraming } from "./framing/open-framing.ts";
import { openNewestFirst } from "./newest-first.ts";
import type { LogRecord } from "./record.ts";
import { openReports } from "./report/open-reports.ts";
import { type Link, openSeam, type Seam } from "./seam.ts";

export interface LogOptions {
  /** Id of the source in ranges (`s1`). */
  readonly id: string;
  /** File name as the user gave it. */
  readonly name: string;
  /** Shared by the logs of one analysis, which are bounded together; absent: this log is the only one. */
  readonly held?: HeldByAll;
}

export interface NextFile extends LogOptions {
  readonly link: Link;
}

export interface LogReader {
  push(chunk: Uint8Array): void;
  /** What is pushed from here on is the next file of the log, which may go on in the middle of a report. */
  nextFile(file: NextFile): void;
  /** Called once; never throws on content. */
  end(): Reading;
}

export function openLog(options: LogOptions): LogReader {
  const events = openEventStore(options.held);
  const notices: Notice[] = [];
  const files: LogOptions[] = [options];
  const missing: ReadingGap[] = [];
  const reports = openReports({
    source: options.id,
    sink: { event: (event) => events.add(event), notice: (notice) => notices.push(notice) },
  });
  const boots = openBoots(options.id);
  const seam = openSeam(
    {
      record(record) {
        if (record.damage !== undefined) noteMissing(missing, record, options.id);
        reports.record(record, boots.observe(record));
      },
      border(isSameBoot) {
        reports.border();
        if (!isSameBoot) boots.border();
      },
      end: () => reports.end(),
    },
    options.id,
  );
  const framing = openFraming({
    source: options.id,
    name: options.name,
    sink: openNewestFirst(seam, options.id),
  });
  return {
    push: (chunk) => framing.push(chunk),
    nextFile(file) {
      files.push(file);
      goOn(framing, seam, file);
    },
    end: () => {
      const { earlier, document, ...last } = framing.end();
      return {
        sources: toSources(files, [...earlier, last]),
        events: events.events(),
        notices,
        gaps: [...events.gaps(), ...missing, ...tooManyBoots(boots.tooMany())],
        boots: boots.boots(),
        document,
      };
    },
  };
}

function goOn(framing: FramingMachine, seam: Seam, { id, name, link }: NextFile): void {
  seam.nextFile(id, link);
  framing.nextFile({ source: id, name, isPiece: link === "pieces" });
}

function tooManyBoots(from: SourceRange | undefined): readonly ReadingGap[] {
  if (from === undefined) return [];
  const said = text(
    "too many boots: from here on they are counted as one",
    "启动次数过多：从此处起合并为一次计数",
  );
  return [{ reason: "too-many-boots", text: said, from }];
}

const MOST_GAPS = 64;

/** Parts of a dump that are missing, also where no report is open. */
function noteMissing(gaps: ReadingGap[], record: LogRecord, only: string): void {
  const word = record.damage?.find((one) => one === "lost-part" || one === "lost-end");
  if (word === undefined || gaps.length >= MOST_GAPS) return;
  const { source = only, firstLine, lastLine } = record;
  const said =
    word === "lost-part"
      ? text("a part of the dump is missing before this line", "此行之前缺少转储的一个部分")
      : text("the last parts of the dump are missing", "缺少转储的最后部分");
  gaps.push({ reason: word, text: said, from: { source, firstLine, lastLine } });
}

function toSources(
  files: readonly LogOptions[],
  summaries: readonly FileSummary[],
): readonly SourceInfo[] {
  return files.map(({ id, name }, index) => ({
    id,
    name,
    kind: "log",
    ...(summaries[index] ?? { lines: 0, bytes: 0 }),
  }));
}
