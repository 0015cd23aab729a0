// Lines that say that other lines are missing: the kernel's console that could not keep up, a daemon that
// read too late or counts instead of repeating. Inside a report they make it incomplete.
//
// Invariant: a marker counts once a line of the report follows it, or where the report breaks off at it;
// one behind a report that was complete says nothing about it.

import type { LogRecord } from "../record.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { CONSOLE_DROPPED, type LostLines, RATE_LIMITED } from "./lost-lines.ts";
import { isOutermost } from "./trace-end.ts";

/** Who writes them, besides the kernel. */
const DAEMONS: ReadonlySet<string> = new Set([
  "systemd-journald",
  "systemd-journal",
  "journal",
  "rsyslogd",
  "syslogd",
  "syslog-ng",
]);

interface Loss extends LostLines {
  readonly reason: string;
}

const LOSSES: readonly Loss[] = [
  { ...CONSOLE_DROPPED, reason: "the console dropped messages between its lines" },
  { ...RATE_LIMITED, reason: "the kernel suppressed messages between its lines" },
  {
    // kernel/printk/printk.c: devkmsg_read() gives EPIPE, which journald counts (journald-kmsg.c).
    literal: "Missed ",
    pattern: /^Missed \d{1,20} kernel messages/,
    reason: "the journal missed kernel messages between its lines",
  },
  {
    literal: "Suppressed ",
    pattern: /^Suppressed \d{1,20} messages from /,
    reason: "the journal suppressed messages between its lines",
  },
  {
    literal: "ost ",
    pattern: /^im\w{1,16}(?:\[[^\]]{1,40}\])?: .{0,40}\b(?:messages lost|lost \d{1,20} messages)\b/,
    reason: "the system log lost messages between its lines",
  },
  {
    literal: "rate-limiting",
    pattern: /^im\w{1,16}: begin to drop messages due to rate-limiting/,
    reason: "the system log lost messages between its lines",
  },
  {
    literal: "repeated ",
    pattern: /(?:^|[ :])(?:last )?message repeated \d{1,10} times\b/,
    reason: "the system log counted repeated lines instead of writing them",
  },
];

/** A marker is short. */
const LONGEST = 300;

/** Why lines are missing here, if the record says that some are. */
export function findLoss({ text, program }: LogRecord): string | undefined {
  if (program !== undefined && program !== "kernel" && !DAEMONS.has(program)) return undefined;
  const head = text.length > LONGEST ? text.slice(0, LONGEST) : text;
  return LOSSES.find(({ literal, pattern }) => head.includes(literal) && pattern.test(head))
    ?.reason;
}

/** The report that is open where a marker stands. */
export function noteLoss(draft: Draft, reason: string, line: ReportLine): void {
  if (!draft.ended) draft.loss ??= { reason, from: line.range };
}

/** A line of the report was read: what was lost before it was lost inside the report. */
export function confirmLoss(draft: Draft): void {
  const { loss } = draft;
  if (loss === undefined) return;
  delete draft.loss;
  if (!draft.gaps.some((gap) => gap.reason === loss.reason)) draft.gaps.push(loss);
}

/** The report ends: a trace that had not reached its outermost frame ended in what was lost. */
export function settleLoss(draft: Draft): void {
  const { loss } = draft;
  if (loss === undefined || draft.ended || draft.userMode || draft.section === "aside") return;
  // Other lines stood between the trace and the marker.
  if (draft.strangers.some(({ range }) => range.lastLine < loss.from.firstLine)) return;
  const last = draft.frames.at(-1);
  if (last === undefined || !isOutermost(last.symbol)) confirmLoss(draft);
}
