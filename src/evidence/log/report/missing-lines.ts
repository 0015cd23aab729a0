// Where lines are missing because of how the log was stored: a report that is open there says so.

import type { Draft, ReportLine } from "./draft.ts";

/** Words of `LogRecord.damage`; everything else that was mended changes no report. */
const MISSING: Readonly<Record<string, string>> = {
  "joined-files":
    "a file ends inside this line, which is read on in the next one: lines may be missing here",
  shortened: "a pager left out the middle of this line",
  "lost-part": "a part of the dump is missing before this line",
  "lost-end": "the parts of the dump behind this line are missing",
};

/**
 * @param own the report the line belongs to
 * @param open every open report: a part that is missing held lines of every caller, and its head names none
 */
export function noteMissing(
  line: ReportLine,
  own: Draft | undefined,
  open: () => readonly (Draft | undefined)[],
): void {
  for (const word of line.record.damage ?? []) {
    const reason = Object.hasOwn(MISSING, word) ? MISSING[word] : undefined;
    if (reason === undefined) continue;
    const drafts = word === "joined-files" || word === "shortened" ? [own] : open();
    for (const draft of drafts) draft?.gaps.push({ reason, from: line.range });
  }
}
