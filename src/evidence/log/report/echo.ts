// Logs in which every line stands twice: two readers of one kernel buffer wrote into one file (rsyslog's
// imklog and imjournal, two consoles captured together). A headline that stands twice gives it away; from
// there on the copies are left out.

import type { Draft, ReportLine } from "./draft.ts";

/** Lines of the first copy that were not kept, or whose own copy is missing, before one that is found. */
const MOST_SKIPPED = 8;

/** Is `line` the second copy of a line that `draft`, the open report, has read? */
export function isEcho(draft: Draft | undefined, line: ReportLine, isHeadline: boolean): boolean {
  if (draft === undefined) return false;
  if (draft.echoed === undefined) return isHeadline && isHeadlineEcho(draft, line);
  const end = Math.min(draft.lines.length, draft.echoed + MOST_SKIPPED);
  for (let at = draft.echoed; at < end; at++) {
    const own = draft.lines[at];
    if (own?.text.trim() !== line.text || !isSameTime(own.monotonic, line)) continue;
    draft.echoed = at + 1;
    return true;
  }
  return false;
}

/**
 * No kernel prints one headline twice at one time. Without stamps only one that names its CPU or task, right
 * below itself: several CPUs may run into one BUG().
 */
function isHeadlineEcho(draft: Draft, line: ReportLine): boolean {
  const { at, fields, time, lines } = draft;
  if (at.text !== line.text || !isSameTime(time?.monotonic, line)) return false;
  const stamps = [time, line.record.time].filter((one) => one?.monotonic !== undefined).length;
  const isBelow = lines.at(-1)?.range.lastLine === at.range.lastLine;
  const namesItself = fields.cpu !== undefined || fields.pid !== undefined;
  // A kernel stamps all lines or none: one with and one without have two writers.
  if (stamps < 2 && !(isBelow && (stamps === 1 || namesItself))) return false;
  draft.echoed = lines.findIndex(({ range }) => range.firstLine === at.range.firstLine) + 1;
  return true;
}

function isSameTime(monotonic: bigint | undefined, { record }: ReportLine): boolean {
  const other = record.time?.monotonic;
  return monotonic === undefined || other === undefined || monotonic === other;
}
