// What happens to a line inside a report: a reader takes it, or it is a stranger. A report ends when
// strangers outnumber what such a report may contain.

import { widen } from "#model/source-range.ts";
import { BODY_READERS } from "./body/body-readers.ts";
import { identityOfCpuLine, isCpuLine } from "./body/cpu-line.ts";
import { readRcu } from "./body/rcu.ts";
import { readCsd, readWorkqueueLines } from "./body/stalls.ts";
import { type Draft, printsBacktrace, type ReportLine } from "./draft.ts";
import { hasCpuLine } from "./line-fit.ts";
import { confirmLoss } from "./losses.ts";
import { isOfAnotherLog, noteForeignDump } from "./mingled.ts";

/** Body lines kept from the beginning and from the end of a long report. */
const HEAD_LINES = 300;
const TAIL_LINES = 60;

/** Text between headline and trace that is not known line by line: lock chains, object descriptions. */
const STRANGERS_BEFORE_TRACE = 12;
const STRANGERS_OF_LOCKDEP = 90;
const STRANGERS_AFTER_TRACE = 3;

/** True when the line belongs to the report; false when the report is over and the line is not its own. */
export function feedDraft(line: ReportLine, draft: Draft): boolean {
  // Lines without the kernel's prefix between lines that have it are somebody else's, unless read.
  const foreign = !line.record.kernel && draft.fromKernel;
  if (isOfAnotherLog(draft, line)) return true;
  if (draft.traceSeen && beginsAnotherDump(line, draft)) {
    noteForeignDump(draft, line);
    return false;
  }
  if (BODY_READERS.some((read) => read(line, draft))) {
    confirmLoss(draft);
    extend(draft, line);
    return true;
  }
  if (foreign) return true;
  if (draft.ended) return false;
  draft.strangers.push(line);
  return draft.strangers.length <= strangersAllowed(draft);
}

/** A task is introduced once; a second `CPU: … Comm:` after the trace is a dump of its own. */
function beginsAnotherDump(line: ReportLine, draft: Draft): boolean {
  if (draft.section !== "main" || draft.task === undefined || !isCpuLine(line.text)) return false;
  // The dump of the task the headline names: what stands above it was another's.
  const isOwn = draft.expectedPid === identityOfCpuLine(line.text).pid;
  return draft.expectedPid === undefined || !isOwn || hasCpuLine(draft);
}

/** Lines of a report that waits while a backtrace it asked for is being printed. */
export function feedParent(line: ReportLine, parent: Draft): boolean {
  const own = readRcu(line, parent) || readCsd(line, parent) || readWorkqueueLines(line, parent);
  if (!own) return false;
  confirmLoss(parent);
  extend(parent, line);
  return true;
}

function strangersAllowed(draft: Draft): number {
  if (printsBacktrace(draft)) {
    if (draft.section !== "main" || !draft.traceSeen) return STRANGERS_OF_LOCKDEP;
    return draft.backtraceSeen ? STRANGERS_AFTER_TRACE : STRANGERS_BEFORE_TRACE;
  }
  return draft.traceSeen ? STRANGERS_AFTER_TRACE : STRANGERS_BEFORE_TRACE;
}

/** Adds the line, and the strangers before it that turned out to stand inside the report. */
export function extend(draft: Draft, line: ReportLine): void {
  for (const stranger of draft.strangers) keep(draft, stranger);
  draft.strangers = [];
  keep(draft, line);
}

const MOST_INDENT = 16;
/** Characters of one report's lines; the largest of a kernel is below a third of it. */
const MOST_CHARS = 1 << 18;

function keep(draft: Draft, { text, record, range }: ReportLine): void {
  const monotonic = record.time?.monotonic;
  // Leading blanks belong to the line: the console wrote them too, and an excerpt shows the trace's indent.
  const indent = record.text.length - record.text.trimStart().length;
  const body = {
    range,
    text: `${" ".repeat(Math.min(indent, MOST_INDENT))}${text}`,
    ...(monotonic === undefined ? {} : { monotonic }),
    ...(record.originalLine === undefined ? {} : { originalLine: record.originalLine }),
    ...(record.caller === undefined ? {} : { caller: record.caller }),
  };
  draft.chars += text.length;
  if (draft.chars > MOST_CHARS) draft.dropped++;
  else if (draft.lines.length < HEAD_LINES) draft.lines.push(body);
  else {
    draft.tail.push(body);
    if (draft.tail.length > TAIL_LINES) {
      draft.tail.shift();
      draft.dropped++;
    }
  }
  widen(draft.covered, range);
  if (record.tail !== undefined) widen(draft.covered, record.tail);
  if (record.originalLine !== undefined) {
    draft.originalFirst ??= record.originalLine;
    draft.originalLast = record.originalLine;
    if (record.originalFile !== undefined) draft.originalFile ??= record.originalFile;
  }
  if (monotonic !== undefined) draft.lastMonotonic = monotonic;
}
