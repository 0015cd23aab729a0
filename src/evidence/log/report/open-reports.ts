// The reports of a log: records in, events and notices out. A push machine with bounded memory: at most
// `MOST_OPEN` reports are held, each with a bounded body.
//
// An event is handed out in the order of its headline, once nothing that comes later can change it: a
// panic may still name it, a backtrace it asked for may still come (`HOLD_RECORDS`).

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Notice } from "#model/notice.ts";
import { ownStart } from "../own-text.ts";
import type { LogRecord, RecordSink } from "../record.ts";
import { CUT_HERE } from "./body/marks.ts";
import { continuedBy } from "./continuation.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { isEcho } from "./echo.ts";
import { extend, feedDraft, feedParent } from "./feed-draft.ts";
import { isHeadless, joinHeadless, matchHeadless, speaksAlone } from "./headless.ts";
import { FAULTS, type HeadlineMatch } from "./headline/headline.ts";
import { findHeadline } from "./headline/headlines.ts";
import { placeOf } from "./line-place.ts";
import { asks, linkBacktrace, linkPanic } from "./links.ts";
import { findLoss, noteLoss } from "./losses.ts";
import { noteMissing } from "./missing-lines.ts";
import { countNotices, type NoticeCounter } from "./notice-counter.ts";
import { openDraft, takeFields } from "./open-draft.ts";
import { beforeUnplaced, doubtIfTold, isAfter, turnTo, turnToOwner } from "./owner.ts";
import {
  backToParent,
  close,
  endAfterPause,
  endCurrent,
  finish,
  HOLD_RECORDS,
  MOST_OPEN,
  mayGoOn,
  type Stream,
  type Streams,
  setAside,
  streamOf,
} from "./streams.ts";
import { toKernelEvent } from "./to-kernel-event.ts";

/** A longer line is read up to here; no line of a report is (module lists are wrapped or cut by printk). */
const LONGEST_LINE = 8192;
const MOST_PREFACE = 12;

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

interface State extends Streams {
  readonly options: ReportOptions;
  /** Reports in the order of their headlines, not handed out yet. */
  readonly queue: Draft[];
  readonly notices: NoticeCounter;
  /** Events since the log's beginning or its last border. */
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
  for (const draft of state.queue) {
    draft.cutByEnd = !draft.closed && draft.strangers.length === 0;
    finish(state, draft, "the log ends in the report");
  }
  joinHeadless(state.queue);
  handOut(state, true);
}

function readRecord(state: State, record: LogRecord, boot: number): void {
  const loss = state.queue.length > 0 ? findLoss(record) : undefined;
  const isOthers = record.program !== undefined && record.program !== "kernel";
  if (isOthers && loss === undefined) return;
  const line = toLine(state, record, boot);
  if (loss !== undefined) readLoss(state, line, loss);
  if (isOthers) return;
  state.records++;
  if (loss !== undefined) return;
  const stream = streamOf(state, record);
  endAfterPause(state, stream, line);
  const match = findHeadline(line.text, record.kernel);
  if (isEcho(stream.current, line, match !== undefined)) return;
  if (match !== undefined && !isTold(state, match, line)) readHeadline(state, stream, line, match);
  else if (!openHeadless(state, stream, line)) readOther(state, stream, line);
  if (record.damage !== undefined) {
    noteMissing(line, stream.current, () => [...state.streams.values()].map((one) => one.current));
  }
  if (state.queue.length > 0) handOut(state, false);
}

function toLine(state: State, whole: LogRecord, boot: number): ReportLine {
  const { firstLine, lastLine } = whole;
  const isLong = whole.text.length > LONGEST_LINE;
  const record = isLong ? { ...whole, text: ownStart(whole.text, LONGEST_LINE) } : whole;
  return {
    text: record.text.trim(),
    record,
    range: { source: whole.source ?? state.options.source, firstLine, lastLine },
    boot,
  };
}

/** Whose lines are missing the marker does not say: every report that is open there may lack some. */
function readLoss(state: State, line: ReportLine, reason: string): void {
  if (line.record.program === undefined || line.record.program === "kernel") {
    state.notices.line(line, line.boot);
  }
  const { host } = line.record;
  for (const { current } of state.streams.values()) {
    if (current === undefined || (host !== undefined && current.host !== host)) continue;
    noteLoss(current, reason, line);
    if (current.parent?.closed === false) noteLoss(current.parent, reason, line);
  }
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

/** Closing words (`end Kernel panic`) whose report is known already open none. */
function isTold(state: State, { headline }: HeadlineMatch, line: ReportLine): boolean {
  if (headline.echoes !== true) return false;
  return state.queue.some((draft) => draft.kind === headline.kind && draft.boot === line.boot);
}

function readHeadline(state: State, stream: Stream, line: ReportLine, match: HeadlineMatch): void {
  const open = stream.current;
  const continued = continuedBy(stream, match, line);
  if (continued !== undefined) {
    if (continued !== open) turnTo(stream, continued);
    absorb(continued, line, match);
    return;
  }
  state.events++;
  const draft = openDraft(`e${state.eventsBefore + state.events}`, match, line);
  draft.readAt = state.records;
  // What stands before the headline may stand in the file before.
  draft.covered = [];
  // A watchdog's report has no such mark above it: the mark is another CPU's.
  if (!asks(draft)) {
    for (const before of stream.preface) extend(draft, before);
    stream.preface = [];
  }
  extend(draft, line);
  if (draft.kind === "nmi-backtrace") linkBacktrace(draft, state.asker, open);
  else if (draft.kind === "panic") linkPanic(draft, state.queue, open, state.events === 1);
  setAside(state, stream, draft, line);
  state.queue.push(draft);
  if (draft.idle === true) finish(state, draft, "");
  else stream.current = draft;
  if (asks(draft)) state.asker = draft;
}

function absorb(draft: Draft, line: ReportLine, { headline, fields }: HeadlineMatch): void {
  draft.section = "main";
  if (headline.continues === FAULTS) draft.dies = true;
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
    const open = stream.current;
    if (open !== undefined && (open.ended || (open.traceSeen && !mayGoOn(open)))) {
      endCurrent(state, stream, "");
    }
    stream.preface = [line];
    return;
  }
  if (stream.preface.length > MOST_PREFACE) stream.preface = [];
  else if (stream.preface.length > 0 && isUnplaced(stream, line)) {
    stream.preface.push(line);
    // Older than what the open report has read: another CPU's, whose headline follows.
    if (stream.current !== undefined && !isAfter(line, stream.current)) return;
  }
  if (line.text === "") return;
  state.notices.line(line, line.boot);
  if (!turnToOwner(stream, line)) return;
  const draft = stream.current;
  if (draft === undefined) return;
  draft.readAt = state.records;
  const parent = draft.parent;
  if (parent !== undefined && !parent.closed && feedParent(line, parent)) {
    if (draft.traceSeen) backToParent(state, stream, draft);
    return;
  }
  const before = beforeUnplaced(stream, line);
  if (feedDraft(line, draft)) {
    doubtIfTold(before, line);
    return;
  }
  if (parent !== undefined && !parent.closed) {
    backToParent(state, stream, draft);
    if (feedDraft(line, parent)) return;
  }
  close(state, stream, "other lines follow");
}

/** A line below the mark that is not the open report's. */
function isUnplaced(stream: Stream, line: ReportLine): boolean {
  return stream.current === undefined || placeOf(line.text) === undefined;
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
    if (!isHeadless(head) || speaksAlone(head, state.events)) {
      options.sink.event(toKernelEvent(head));
    }
    // Reports that name each other would keep all of a long log.
    delete head.doubt;
  }
}
