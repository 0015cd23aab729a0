// The reports of a log: records in, events and notices out. A push machine with bounded memory: at most
// `MOST_OPEN` reports are held, each with a bounded body.
//
// An event is handed out in the order of its headline, once nothing that comes later can change it: a
// panic may still name it, a backtrace it asked for may still come (`HOLD_RECORDS`).

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Notice } from "#model/notice.ts";
import type { LogRecord, RecordSink } from "../record.ts";
import { cpuOfLine } from "./body/cpu-line.ts";
import { CUT_HERE } from "./body/marks.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { extend, feedDraft, feedParent } from "./feed-draft.ts";
import { isHeadless, joinHeadless, matchHeadless, speaksAlone } from "./headless.ts";
import type { HeadlineMatch } from "./headline/headline.ts";
import { findHeadline } from "./headline/headlines.ts";
import { asks, linkBacktrace, linkPanic } from "./links.ts";
import { noteMingled } from "./mingled.ts";
import { noteMissing } from "./missing-lines.ts";
import { countNotices, type NoticeCounter } from "./notice-counter.ts";
import { openDraft, takeFields } from "./open-draft.ts";
import { toKernelEvent } from "./to-kernel-event.ts";

/** A longer line is read up to here; no line of a report is (module lists are wrapped or cut by printk). */
const LONGEST_LINE = 8192;
const MOST_OPEN = 64;
const HOLD_RECORDS = 400;
const MOST_PREFACE = 12;
/** Reports of one stream that wait because another one's headline came between their lines. */
const MOST_WAITING = 4;
/** Stamps further apart than this are not one report; consoles are slow, but not that slow. */
const LONGEST_PAUSE = 45_000_000_000n;

export interface ReportSink {
  event(event: KernelEvent): void;
  notice(notice: Notice): void;
}

export interface ReportReader extends RecordSink {
  /** `boot` is the index of the boot the record belongs to; 0 when not given. */
  record(record: LogRecord, boot?: number): void;
  /** What was read so far is a log of its own: nothing of it goes on in the records that follow. */
  border(): void;
}

export interface ReportOptions {
  /** Source id that ranges carry. */
  readonly source: string;
  readonly sink: ReportSink;
}

/** One sequence of lines: a caller's (`T12`, `C3`) where the log names callers, a host's otherwise. */
interface Stream {
  current?: Draft;
  /** Reports cut short by another one's headline, newest last. */
  waiting: Draft[];
  /** Lines since a `cut here` mark. */
  preface: ReportLine[];
}

interface State {
  readonly options: ReportOptions;
  readonly streams: Map<string, Stream>;
  /** Reports in the order of their headlines, not handed out yet. */
  readonly queue: Draft[];
  readonly notices: NoticeCounter;
  /** Records and events since the log's beginning or its last border. */
  records: number;
  events: number;
  /** Events before that border: ids run on. */
  eventsBefore: number;
  /** The last report that may ask other CPUs for their backtraces. */
  asker?: Draft;
}

/** Reads the records of one source. Never throws on content. */
export function openReports(options: ReportOptions): ReportReader {
  const state: State = {
    options,
    streams: new Map(),
    queue: [],
    notices: countNotices((notice) => options.sink.notice(notice)),
    records: 0,
    events: 0,
    eventsBefore: 0,
  };
  return {
    record: (record, boot = 0) => readRecord(state, record, boot),
    border: () => {
      settle(state);
      state.streams.clear();
      delete state.asker;
      state.eventsBefore += state.events;
      state.records = 0;
      state.events = 0;
    },
    end: () => {
      settle(state);
      state.notices.end();
    },
  };
}

function settle(state: State): void {
  for (const draft of state.queue) finish(state, draft, "the log ends in the report");
  joinHeadless(state.queue);
  handOut(state, true);
}

function readRecord(state: State, record: LogRecord, boot: number): void {
  if (record.program !== undefined && record.program !== "kernel") return;
  state.records++;
  const { text, firstLine, lastLine } = record;
  const line: ReportLine = {
    text: text.slice(0, LONGEST_LINE).trim(),
    record,
    range: { source: record.source ?? state.options.source, firstLine, lastLine },
    boot,
  };
  const stream = streamOf(state, record);
  endAfterPause(state, stream, line);
  const match = findHeadline(line.text, record.kernel);
  if (match !== undefined && !isTold(state, match, line)) readHeadline(state, stream, line, match);
  else if (!openHeadless(state, stream, line)) readOther(state, stream, line);
  if (record.damage !== undefined) {
    noteMissing(line, stream.current, () => [...state.streams.values()].map((one) => one.current));
  }
  if (state.queue.length > 0) handOut(state, false);
}

function openHeadless(state: State, stream: Stream, line: ReportLine): boolean {
  if (state.events > 0 || stream.preface.length > 0) return false;
  const match = matchHeadless(line, state.records);
  if (match === undefined) return false;
  readHeadline(state, stream, line, match);
  const draft = stream.current;
  if (draft === undefined) return true;
  draft.gaps.push({ reason: "the log begins below its headline", from: line.range });
  // The line that opened the report is one of its body: read as such, it is kept once.
  draft.lines = [];
  return feedDraft(line, draft);
}

function streamOf(state: State, record: LogRecord): Stream {
  const key = `${record.host ?? ""}/${record.stream ?? record.caller ?? ""}`;
  const known = state.streams.get(key);
  if (known !== undefined) return known;
  if (state.streams.size >= MOST_OPEN) forgetIdle(state);
  const stream: Stream = { waiting: [], preface: [] };
  state.streams.set(key, stream);
  return stream;
}

/** Callers come and go by the thousand; those without an open report are forgotten, else the oldest. */
function forgetIdle(state: State): void {
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
function endAfterPause(state: State, stream: Stream, line: ReportLine): void {
  const draft = stream.current;
  if (draft === undefined) return;
  const now = line.record.time?.monotonic;
  const last = draft.lastMonotonic;
  const pause = now === undefined || last === undefined ? 0n : now - last;
  if (draft.boot === line.boot && pause < LONGEST_PAUSE) return;
  close(state, stream, "nothing follows for a long time");
}

/** Closing words (`end Kernel panic`) whose report is known already open none. */
function isTold(state: State, { headline }: HeadlineMatch, line: ReportLine): boolean {
  if (headline.echoes !== true) return false;
  return state.queue.some((draft) => draft.kind === headline.kind && draft.boot === line.boot);
}

function readHeadline(state: State, stream: Stream, line: ReportLine, match: HeadlineMatch): void {
  const open = stream.current;
  if (open !== undefined && continues(match, open)) {
    absorb(open, line, match);
    return;
  }
  state.events++;
  const draft = openDraft(`e${state.eventsBefore + state.events}`, match, line);
  // What stands before the headline may stand in the file before.
  draft.covered = [];
  for (const before of stream.preface) extend(draft, before);
  stream.preface = [];
  extend(draft, line);
  if (draft.kind === "nmi-backtrace") linkBacktrace(draft, state.asker, open);
  else if (draft.kind === "panic") linkPanic(draft, state.queue, open);
  setAside(state, stream, draft, line);
  state.queue.push(draft);
  if (draft.idle === true) finish(state, draft, "");
  else stream.current = draft;
  if (asks(draft)) state.asker = draft;
}

/** What happens to the report that is open when `next` begins. */
function setAside(state: State, stream: Stream, next: Draft, line: ReportLine): void {
  const open = stream.current;
  if (open === undefined) return;
  if (next.kind === "nmi-backtrace") {
    if (open.kind === "nmi-backtrace") finish(state, open, "the next backtrace begins");
    return;
  }
  if (next.kind !== "panic") noteMingled(open, next, line);
  const unfinished = !open.traceSeen && open.rip === undefined && open.headline.lone !== true;
  close(state, stream, "the next report begins", unfinished && next.kind !== "panic");
}

function continues(match: HeadlineMatch, open: Draft): boolean {
  const { headline, fields } = match;
  if (headline.kind === "nmi-backtrace") {
    // RCU and the watchdog print the stalled CPU's own stack as an NMI backtrace.
    const own = fields.cpu !== undefined && Number(fields.cpu) === ownCpu(open);
    return own && asks(open) && open.frames.length === 0;
  }
  if (open.ended || open.traceSeen || isHeadless(open)) return false;
  return headline.continues?.includes(open.kind) ?? false;
}

function ownCpu(draft: Draft): number | undefined {
  if (draft.kind !== "rcu-stall") return draft.cpu;
  return draft.rcu?.selfDetected ? (draft.cpu ?? draft.rcu.stalled[0]?.cpu) : undefined;
}

function absorb(draft: Draft, line: ReportLine, { headline, fields }: HeadlineMatch): void {
  draft.section = "main";
  takeFields(draft, fields);
  if (headline.refines === true) {
    draft.kind = headline.kind;
    draft.titledBy = headline;
    draft.titleFields = fields;
  } else if (fields.function !== undefined && draft.titleFields.function === undefined) {
    draft.titleFields = { ...draft.titleFields, function: fields.function };
  }
  extend(draft, line);
}

function readOther(state: State, stream: Stream, line: ReportLine): void {
  if (CUT_HERE.test(line.text)) {
    if (stream.current?.traceSeen || stream.current?.ended) close(state, stream, "");
    stream.preface = [line];
    return;
  }
  if (stream.preface.length > MOST_PREFACE) stream.preface = [];
  else if (stream.preface.length > 0) stream.preface.push(line);
  if (line.text === "") return;
  state.notices.line(line, line.boot);
  resumeOwner(stream, line);
  const draft = stream.current;
  if (draft === undefined) return;
  const parent = draft.parent;
  if (parent !== undefined && !parent.closed && feedParent(line, parent)) {
    if (draft.traceSeen) backToParent(state, stream, draft);
    return;
  }
  if (feedDraft(line, draft)) return;
  if (parent !== undefined && !parent.closed) {
    backToParent(state, stream, draft);
    if (feedDraft(line, parent)) return;
  }
  close(state, stream, "other lines follow");
}

/** Two CPUs print at once: a `CPU: n` line that is not the open report's may be a waiting one's. */
function resumeOwner(stream: Stream, line: ReportLine): void {
  const open = stream.current;
  if (open === undefined || stream.waiting.length === 0) return;
  const cpu = cpuOfLine(line.text);
  if (cpu === undefined || open.cpu === undefined || open.cpu === cpu) return;
  const owner = stream.waiting.findLast((draft) => draft.cpu === cpu && !draft.closed);
  if (owner === undefined) return;
  const reason = "interleaved with another report: lines of the two may be exchanged";
  for (const draft of [owner, open]) {
    if (!draft.gaps.some((gap) => gap.reason === reason)) {
      draft.gaps.push({ reason, from: line.range });
    }
  }
  stream.waiting = stream.waiting.filter((draft) => draft !== owner);
  stream.waiting.push(open);
  stream.current = owner;
}

function backToParent(state: State, stream: Stream, child: Draft): void {
  finish(state, child, "");
  if (child.parent !== undefined) stream.current = child.parent;
}

function finish(state: State, draft: Draft, reason: string): void {
  if (draft.closed) return;
  if (reason !== "") draft.cutShort = reason;
  draft.closed = true;
  draft.closedAt = state.records;
  draft.strangers = [];
}

/** Ends the stream's report, or lets it wait for lines that are plainly its own. */
function close(state: State, stream: Stream, reason: string, mayResume = false): void {
  const draft = stream.current;
  if (draft === undefined) return;
  const { parent } = draft;
  if (mayResume) {
    draft.cutShort = reason;
    stream.waiting.push(draft);
    if (stream.waiting.length > MOST_WAITING)
      finish(state, stream.waiting.shift() ?? draft, reason);
  } else {
    finish(state, draft, reason);
    if (parent !== undefined) finish(state, parent, reason);
    for (const other of stream.waiting) finish(state, other, other.cutShort ?? reason);
    stream.waiting = [];
  }
  delete stream.current;
}

/** Hands out reports from the head of the queue that nothing can change any more. */
function handOut(state: State, all: boolean): void {
  const { queue, options } = state;
  for (let head = queue[0]; head !== undefined; head = queue[0]) {
    const settled = head.closed && state.records - head.closedAt > HOLD_RECORDS;
    if (!all && !settled && queue.length <= MOST_OPEN) return;
    if (!all && isHeadless(head) && queue.length === 1) return;
    finish(state, head, "too many reports are open at once");
    queue.shift();
    if (state.asker === head && !all) delete state.asker;
    if (!isHeadless(head) || speaksAlone(head, state.events))
      options.sink.event(toKernelEvent(head));
  }
}
