// The log reader whole: bytes in, a Reading out. Framing makes records of bytes, reports make events of
// records; here they are joined and counted.

import type { Notice } from "#model/notice.ts";
import type { Reading } from "#model/reading.ts";
import { openBoots } from "./boots.ts";
import { openEventStore } from "./event-store.ts";
import { openFraming } from "./framing/open-framing.ts";
import { openNewestFirst } from "./newest-first.ts";
import { openReports } from "./report/open-reports.ts";

export interface LogOptions {
  /** Id of the source in ranges (`s1`). */
  readonly id: string;
  /** File name as the user gave it. */
  readonly name: string;
}

export interface LogReader {
  push(chunk: Uint8Array): void;
  /** Called once; never throws on content. */
  end(): Reading;
}

export function openLog(options: LogOptions): LogReader {
  const events = openEventStore();
  const notices: Notice[] = [];
  const reports = openReports({
    source: options.id,
    sink: { event: (event) => events.add(event), notice: (notice) => notices.push(notice) },
  });
  const boots = openBoots(options.id);
  const framing = openFraming({
    source: options.id,
    name: options.name,
    sink: openNewestFirst({
      record: (record) => reports.record(record, boots.observe(record)),
      end: () => reports.end(),
    }),
  });
  return {
    push: (chunk) => framing.push(chunk),
    end: () => {
      const summary = framing.end();
      return {
        source: {
          id: options.id,
          name: options.name,
          kind: "log",
          lines: summary.lines,
          bytes: summary.bytes,
          ...(summary.format === undefined ? {} : { format: summary.format }),
        },
        events: events.events(),
        notices,
        gaps: events.gaps(),
        boots: boots.boots(),
        document: summary.document,
      };
    },
  };
}
