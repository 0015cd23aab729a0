// A report whose headline is not in the log: the log was copied from below it. What is left of it opens an
// event all the same, and where the log then ends with the next repeat's headline the two are put together.
//
// Invariant: only the very first kernel lines of a source can be such a body. Further on, lines like these
// are the rest of a report that ended, or a dump that somebody asked for.

import { type SourceRange, widen } from "#model/source-range.ts";
import { isCpuLine } from "./body/cpu-line.ts";
import type { Draft, ReportLine } from "./draft.ts";
import type { Headline, HeadlineMatch } from "./headline/headline.ts";

const HEADLESS: Headline = {
  id: "headless",
  kind: "other",
  literal: "",
  pattern: /^/,
  title: "report without its headline in {function}",
};

/** A console may have torn the first line or put one of its own before it. */
const FIRST_RECORDS = 3;
/** Fewer frames than this are no trace. */
const FEWEST_FRAMES = 3;

const BODY =
  /^(?:RIP: 0010:\S+\+0x|Call Trace:$|<\/?(?:TASK|IRQ|NMI)>|(?:\? )?[A-Za-z_][\w.]*\+0x[0-9a-f]+\/0x[0-9a-f]+(?: \[\w+\])?$|Code: (?:[0-9a-f]{2} ){8}|(?:RSP|RAX|RDX|RBP|R10|R13|CR2|FS|CS): +\S+)/;

/** What opens the event of a body without headline; `undefined` for any other line. */
export function matchHeadless(line: ReportLine, records: number): HeadlineMatch | undefined {
  if (records > FIRST_RECORDS || !line.record.kernel) return undefined;
  if (!isBodyLine(line.text)) return undefined;
  return { headline: HEADLESS, fields: {} };
}

/** A line of registers, code or a trace, which stands in no place but a report. */
export function isBodyLine(text: string): boolean {
  return BODY.test(text) || isCpuLine(text);
}

export function isHeadless(draft: Draft): boolean {
  return draft.headline === HEADLESS;
}

/**
 * Is the body worth an event? Where the log holds reports of its own, what is left of one before them is
 * not what the log was kept for, and a few stray frames say nothing.
 * @param events number of events of the log, this one included
 */
export function speaksAlone(draft: Draft, events: number): boolean {
  return events === 1 && draft.frames.length >= FEWEST_FRAMES;
}

/** Puts the first two reports together where the second is the headline that the first one lacks. */
export function joinHeadless(queue: Draft[]): void {
  const [body, repeat] = queue;
  const joined = body && repeat && joinRepeat(body, repeat);
  if (joined !== undefined) queue.splice(0, 2, joined);
}

/**
 * The body and the headline behind it as one report, where the log ends with a soft lockup's headline and
 * nothing contradicts that it repeats the report whose body was read: the watchdog reports a CPU again
 * while it stays stuck (kernel/watchdog.c: watchdog_timer_fn).
 */
function joinRepeat(body: Draft, repeat: Draft): Draft | undefined {
  if (!isHeadless(body) || repeat.kind !== "soft-lockup" || repeat.boot !== body.boot)
    return undefined;
  if (repeat.frames.length > 0 || repeat.rip !== undefined || repeat.registers.size > 0) {
    return undefined;
  }
  if (!agrees(body, repeat)) return undefined;
  const reason =
    "the log begins below this report's headline; CPU and task are those of the next headline, which is taken for its repetition";
  const { id, headline, fields, at, kind, titledBy, titleFields, time, task, cpu, stuckSeconds } =
    repeat;
  return {
    ...body,
    ...{ id, headline, fields, at, kind, titledBy, titleFields },
    ...(time === undefined ? {} : { time }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(task === undefined ? {} : { task }),
    ...(stuckSeconds === undefined ? {} : { stuckSeconds }),
    inferredIdentity: true,
    gaps: [{ reason, from: body.at.range }, ...repeat.gaps],
    lines: [...body.lines, ...repeat.lines],
    // In a log whose newest line stands first, the headline stands above the body.
    covered: bothCovered(body, repeat),
  };
}

function bothCovered(body: Draft, repeat: Draft): SourceRange[] {
  const covered = [...body.covered];
  for (const range of repeat.covered) widen(covered, range);
  return covered;
}

/** The watchdog stands in the trace, or the CPU has been stuck since before the body was printed. */
function agrees(body: Draft, repeat: Draft): boolean {
  const { cpu, task, frames } = body;
  if (cpu !== undefined && repeat.cpu !== undefined && cpu !== repeat.cpu) return false;
  if (task?.pid !== undefined && repeat.task !== undefined && task.pid !== repeat.task.pid) {
    return false;
  }
  const isWorker = frames.some((frame) => frame.symbol === "worker_thread");
  if (repeat.task !== undefined && isWorker !== repeat.task.comm.startsWith("kworker/")) {
    return false;
  }
  if (frames.some((frame) => /^(?:__pfx_)?watchdog_timer_fn$/.test(frame.symbol))) return true;
  const from = body.time?.monotonic;
  const to = repeat.time?.monotonic;
  const pause = from === undefined || to === undefined ? 0n : to - from;
  return pause < BigInt(repeat.stuckSeconds ?? 0) * 1_000_000_000n;
}
