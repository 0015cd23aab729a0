// The reports that are open at once: one sequence of lines for each caller or host, the report its lines go
// to, and those that wait because another one's headline came between their lines. Here is decided when a
// report is over; whose a line is, `owner.ts` decides.

import type { LogRecord } from "../record.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { isHeadless } from "./headless.ts";
import { asks, linkTwin } from "./links.ts";
import { settleLoss } from "./losses.ts";
import { noteMingled, noteRival } from "./mingled.ts";
import { inReach, noteClocks, type OpenReports } from "./owner.ts";
import { isTraceOver, mayEndHere } from "./trace-end.ts";

/** Streams, and reports not handed out, of which there are no more at a time. */
export const MOST_OPEN = 64;
/** So many records after its end nothing can change a report any more. */
export const HOLD_RECORDS = 400;
/** Reports of one stream that wait because another one's headline came between their lines. */
const MOST_WAITING = 8;
/** Stamps further apart than this are not one report; consoles are slow, but not that slow. */
const LONGEST_PAUSE = 45_000_000_000n;

/** One sequence of lines: a caller's (`T12`, `C3`) where the log names callers, a host's otherwise. */
export interface Stream extends OpenReports {
  /** Lines since a `cut here` mark. */
  preface: ReportLine[];
}

export interface Streams {
  readonly streams: Map<string, Stream>;
  /** Records since the log's beginning or its last border. */
  records: number;
}

export function streamOf(state: Streams, record: LogRecord): Stream {
  const key = `${record.host ?? ""}/${record.stream ?? record.caller ?? ""}`;
  const known = state.streams.get(key);
  if (known !== undefined) return known;
  if (state.streams.size >= MOST_OPEN) forgetIdle(state);
  const stream: Stream = { waiting: [], preface: [] };
  state.streams.set(key, stream);
  return stream;
}

/** Callers come and go by the thousand; those without an open report are forgotten, else the oldest. */
function forgetIdle(state: Streams): void {
  for (const [key, stream] of state.streams) {
    if (stream.current === undefined) state.streams.delete(key);
  }
  for (const [key, stream] of state.streams) {
    if (state.streams.size < MOST_OPEN) return;
    close(state, stream, "too many reports are open at once");
    state.streams.delete(key);
  }
}

/** Another boot, or a long time without a line: what was open is over. */
export function endAfterPause(state: Streams, stream: Stream, line: ReportLine): void {
  const draft = stream.current;
  if (draft === undefined) return;
  const now = line.record.time?.monotonic;
  const last = draft.lastMonotonic;
  const pause = now === undefined || last === undefined ? 0n : now - last;
  if (draft.boot === line.boot && pause < LONGEST_PAUSE) return;
  close(state, stream, "nothing follows for a long time");
}

/** What happens to the report that is open when `next` begins. */
export function setAside(state: Streams, stream: Stream, next: Draft, line: ReportLine): void {
  const open = stream.current;
  if (open === undefined) return;
  if (next.kind === "nmi-backtrace") {
    if (open.kind === "nmi-backtrace") finish(state, open, "the next backtrace begins");
    return;
  }
  const reason = "the next report begins";
  noteClocks(stream, line);
  if (next.kind !== "panic") {
    for (const one of [open, ...stream.waiting]) noteRival(one, next, line);
    expireWaiting(state, stream, line);
  }
  if (next.kind === "panic" && !isAnothersTrace(stream, open, line)) {
    close(state, stream, reason);
    return;
  }
  if (!mayGoOn(open)) {
    endCurrent(state, stream, reason);
    return;
  }
  if (!open.traceSeen && open.rip === undefined) linkTwin(open, next);
  delete stream.current;
  open.cutShort = reason;
  stream.waiting.push(open);
  if (stream.waiting.length > MOST_WAITING) finish(state, stream.waiting.shift() ?? open, reason);
}

/** The panic is not what `open` led to: its clock is another's, or that report's trace is being printed. */
function isAnothersTrace(stream: Stream, open: Draft, line: ReportLine): boolean {
  if (inReach(stream, [open], line).length === 0) return true;
  return open.traceSeen && !open.ended && !mayEndHere(open) && !isTraceOver(open);
}

/** Lines of the report may still come, between those of the next. */
export function mayGoOn(draft: Draft): boolean {
  // One that may be a single line goes on where a second one was read.
  if (draft.headline.lone === true && draft.lines.length < 2) return false;
  if (isHeadless(draft)) return false;
  // Below a stall's trace nothing is printed. die() prints modules, an end mark and the registers again.
  const isFault = draft.rip !== undefined && !asks(draft) && draft.kind !== "nmi-backtrace";
  return isFault || !isTraceOver(draft);
}

/** What has waited in vain for a line of its own is over. */
function expireWaiting(state: Streams, stream: Stream, line: ReportLine): void {
  const now = line.record.time?.monotonic ?? 0n;
  for (const draft of stream.waiting) {
    const silent = now - (draft.lastMonotonic ?? now) > LONGEST_PAUSE;
    const old = state.records - draft.readAt > HOLD_RECORDS;
    if (silent || old || draft.boot !== line.boot) finish(state, draft, draft.cutShort ?? "");
  }
  stream.waiting = stream.waiting.filter((draft) => !draft.closed);
}

export function backToParent(state: Streams, stream: Stream, child: Draft): void {
  finish(state, child, "");
  if (child.parent !== undefined) stream.current = child.parent;
}

/** Ends the stream's report; those that wait go on waiting. */
export function endCurrent(state: Streams, stream: Stream, reason: string): void {
  const draft = stream.current;
  if (draft === undefined) return;
  finish(state, draft, reason);
  if (draft.parent !== undefined) finish(state, draft.parent, reason);
  delete stream.current;
}

/** Ends the stream's report. One that it is known to be interleaved with goes on. */
export function close(state: Streams, stream: Stream, reason: string): void {
  endCurrent(state, stream, reason);
  for (const other of stream.waiting) {
    if (other.interleaved !== true || !mayGoOn(other))
      finish(state, other, other.cutShort ?? reason);
  }
  stream.waiting = stream.waiting.filter((other) => !other.closed);
  const next = stream.waiting.pop();
  if (next !== undefined) stream.current = next;
  else {
    delete stream.apart;
    delete stream.steps;
  }
}

export function finish(state: Streams, draft: Draft, reason: string): void {
  if (draft.closed) return;
  settleLoss(draft);
  if (reason !== "") draft.cutShort ??= reason;
  draft.closed = true;
  draft.closedAt = state.records;
  draft.strangers = [];
  noteMingled(draft);
}
