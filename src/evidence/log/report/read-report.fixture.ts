// Reads reports from lines written in a test: dmesg-like prefixes `[seconds] [caller]` are understood,
// so that a test shows its input as a person would see it.

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Notice } from "#model/notice.ts";
import type { LogRecord } from "../record.ts";
import { openReports } from "./open-reports.ts";

export interface ReadLines {
  readonly events: readonly KernelEvent[];
  readonly notices: readonly Notice[];
}

/** Lines of `text`, numbered from 1; indentation common to test sources is no matter. */
export function readLines(text: string): ReadLines {
  return readRecords(text.split("\n").map(recordOf));
}

export function readRecords(records: readonly LogRecord[]): ReadLines {
  const events: KernelEvent[] = [];
  const notices: Notice[] = [];
  const reports = openReports({
    source: "s1",
    sink: { event: (event) => events.push(event), notice: (notice) => notices.push(notice) },
  });
  for (const record of records) reports.record(record);
  reports.end();
  return { events, notices };
}

/** The only event of `text`; fails when there are none or several. */
export function readEvent(text: string): KernelEvent {
  const { events } = readLines(text);
  const [event] = events;
  if (event === undefined || events.length > 1) {
    throw new Error(
      `expected one event, got ${events.map((one) => one.title).join(" | ") || "none"}`,
    );
  }
  return event;
}

export function recordOf(text: string, index: number): LogRecord {
  const prefix = /^\s*\[\s*(\d+)\.(\d{6})\](?:\[\s*([TC]\d+)\])? ?/.exec(text);
  const [, seconds, micros, caller] = prefix ?? [];
  return {
    text: text.slice(prefix?.[0].length ?? 0).replace(/\r$/, ""),
    firstLine: index + 1,
    lastLine: index + 1,
    framing: "test",
    kernel: true,
    ...(seconds === undefined
      ? {}
      : { time: { monotonic: BigInt(seconds) * 1_000_000_000n + BigInt(micros ?? 0) * 1000n } }),
    ...(caller === undefined ? {} : { caller }),
  };
}
