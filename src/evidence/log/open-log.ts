// The log reader whole: bytes in, a Reading out. Framing makes records of bytes, reports make events of
// records; here they are joined and counted. A log may be read from several files, one after the other.

import type { Notice } from "#model/notice.ts";
import type { Reading, SourceInfo } from "#model/reading.ts";
import { openBoots } from "./boots.ts";
import { openEventStore } from "./event-store.ts";
import type { FileSummary } from "./framing/files.ts";
import { type FramingMachine, openFraming } from "./framing/open-framing.ts";
import { openNewestFirst } from "./newest-first.ts";
import { openReports } from "./report/open-reports.ts";
import { type Link, openSeam, type Seam } from "./seam.ts";

export interface LogOptions {
  /** Id of the source in ranges (`s1`). */
  readonly id: string;
  /** File name as the user gave it. */
  readonly name: string;
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
  const events = openEventStore();
  const notices: Notice[] = [];
  const files: LogOptions[] = [options];
  const reports = openReports({
    source: options.id,
    sink: { event: (event) => events.add(event), notice: (notice) => notices.push(notice) },
  });
  const boots = openBoots(options.id);
  const seam = openSeam(
    {
      record: (record) => reports.record(record, boots.observe(record)),
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
        gaps: events.gaps(),
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
