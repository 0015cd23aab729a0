// The reports of a log: records in, events and notices out. A push machine with bounded memory: at most
// `MOST_OPEN` reports are held, each with a bounded body.
//
// An event is handed out in the order of its headline, once nothing that comes later can change it: a
// panic may still name it, a backtrace it asked for may still come (`HOLD_RECORDS`).

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Notice, NoticeKind } from "#model/notice.ts";
import type { LogRecord, RecordSink } from "../record.ts";
import { CUT_HERE } from "./body/marks.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { extend, feedDraft, feedParent } from "./feed-draft.ts";
import type { HeadlineMatch } from "./headline/headline.ts";
import { findHeadline } from "./headline/headlines.ts";
import { findNotice } from "./notices.ts";
import { openDraft, takeFields } from "./open-draft.ts";
import { toKernelEvent } from "./to-kernel-event.ts";

/** A longer line is read up to here; no line of a report is (module lists are wrapped or cut by printk). */
const LONGEST_LINE = 8192;
const MOST_OPEN = 64;
const HOLD_RECORDS = 400;
const MOST_PREFACE = 12;
const MOST_NOTICES_OF_A_KIND = 60;
/** Stamps further apart than this are not one report; consoles are slow, but not that slow. */
const LONGEST_PAUSE = 20_000_000_000n;
/** How much later the panic it led to may come. */
const PANIC_WITHIN = 10_000_000_000n;

export interface ReportSink {
  event(event: KernelEvent): void;
  notice(notice: Notice): void;
}

export interface ReportReader extends RecordSink {
  /** `boot` is the index of the boot the record belongs to; 0 when not given. */
  record(record: LogRecord, boot?: number): void;
}

export interface ReportOptions {
  /** Source id that ranges carry. */
  readonly source: string;
  readonly sink: ReportSink;
}

interface State {
  readonly options: ReportOptions;
  /** Report being read, by stream. */
  readonly current: Map<string, Draft>;
  readonly preface: Map<string, ReportLine[]>;
  /** Reports in the order of their headlines, not handed out yet. */
  readonly queue: Draft[];
  readonly noticeCounts: Map<NoticeKind, number>;
  records: number;
  events: number;
  notices: number;
  /** The last report that may ask other CPUs for their backtraces. */
  asker?: Draft;
  lastNoticeLine?: { line: ReportLine; boot: number };
}

/** Reads the records of one source. Never throws on content. */
export function openReports(options: ReportOptions): ReportReader {
  const state: State = {
    options,
    current: new Map(),
    preface: new Map(),
    queue: [],
    noticeCounts: new Map(),
    records: 0,
    events: 0,
    notices: 0,
  };
  return {
    record: (record, boot = 0) => readRecord(state, record, boot),
    end: () => {
      for (const [key, draft] of state.current)
        close(state, key, draft, "the log ends in the report");
      handOut(state, true);
      tellSuppressed(state);
    },
  };
}

function readRecord(state: State, record: LogRecord, boot: number): void {
  if (record.program !== undefined && record.program !== "kernel") return;
  state.records++;
  const { source } = state.options;
  const { text, firstLine, lastLine } = record;
  const line: ReportLine = {
    text: text.slice(0, LONGEST_LINE).trim(),
    record,
    range: { source, firstLine, lastLine },
  };
  const key = streamOf(record);
  const draft = takeUp(state, key, line, boot);
  const match = findHeadline(line.text, record.kernel);
  if (match !== undefined) readHeadline(state, key, line, boot, match, draft);
  else readOther(state, key, line, boot, draft);
  if (state.queue.length > 0) handOut(state, false);
}

/** Callers (`T12`, `C3`) are one sequence each; without them a host's lines are. */
function streamOf(record: LogRecord): string {
  return `${record.host ?? ""}/${record.stream ?? record.caller ?? ""}`;
}

/** The report the line may belong to: the open one, unless time or boot say otherwise. */
function takeUp(state: State, key: string, line: ReportLine, boot: number): Draft | undefined {
  const draft = state.current.get(key);
  if (draft === undefined) return undefined;
  const now = line.record.time?.monotonic;
  const pause =
    now === undefined || draft.lastMonotonic === undefined ? 0n : now - draft.lastMonotonic;
  if (draft.boot === boot && pause < LONGEST_PAUSE) return draft;
  close(state, key, draft, "nothing follows for a long time");
  return undefined;
}

function readHeadline(
  state: State,
  key: string,
  line: ReportLine,
  boot: number,
  match: HeadlineMatch,
  open: Draft | undefined,
): void {
  if (open !== undefined && continues(match, open)) {
    absorb(open, line, match);
    return;
  }
  if (match.headline.echoes === true && isTold(state, match, boot)) {
    readOther(state, key, line, boot, open);
    return;
  }
  if (open !== undefined && match.headline.kind !== "nmi-backtrace") {
    close(state, key, open, "the next report begins");
  }
  const draft = openDraft(`e${++state.events}`, match, line, boot);
  prependPreface(state, key, draft);
  extend(draft, line);
  link(state, draft, line, open);
  state.current.set(key, draft);
  state.queue.push(draft);
  if (asks(draft)) state.asker = draft;
}

/** The report these closing words belong to is known already. */
function isTold(state: State, { headline }: HeadlineMatch, boot: number): boolean {
  if (headline.continues !== undefined) return true;
  return state.queue.some((draft) => draft.kind === headline.kind && draft.boot === boot);
}

function continues(match: HeadlineMatch, open: Draft): boolean {
  const { headline, fields } = match;
  if (headline.kind === "nmi-backtrace") {
    // RCU and the watchdog print the stalled CPU's own stack as an NMI backtrace.
    const own = fields.cpu !== undefined && Number(fields.cpu) === ownCpu(open);
    return own && asks(open) && open.frames.length === 0;
  }
  if (open.ended || open.traceSeen) return false;
  return headline.continues?.includes(open.kind) ?? false;
}

function ownCpu(draft: Draft): number | undefined {
  if (draft.kind !== "rcu-stall") return draft.cpu;
  return draft.rcu?.selfDetected ? (draft.cpu ?? draft.rcu.stalled[0]?.cpu) : undefined;
}

function absorb(draft: Draft, line: ReportLine, match: HeadlineMatch): void {
  draft.section = "main";
  takeFields(draft, match.fields);
  if (match.headline.refines === true) {
    draft.kind = match.headline.kind;
    draft.titledBy = match.headline;
    draft.titleFields = match.fields;
  } else if (match.fields.function !== undefined && draft.titleFields.function === undefined) {
    draft.titleFields = { ...draft.titleFields, function: match.fields.function };
  }
  extend(draft, line);
}

const ASKERS: ReadonlySet<string> = new Set([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "csd-stall",
  "hung-task",
  "workqueue-lockup",
  "sysrq-backtrace",
]);

function asks(draft: Draft): boolean {
  return ASKERS.has(draft.kind);
}

/** Ties a report to those before it: who asked for this backtrace, what led to this panic. */
function link(state: State, draft: Draft, line: ReportLine, open: Draft | undefined): void {
  if (draft.kind === "nmi-backtrace") {
    const asker = state.asker;
    const sentence = / skipped: idling at /.test(line.text);
    if (sentence) {
      draft.idle = true;
      draft.closed = true;
      draft.closedAt = state.records;
    }
    if (asker !== undefined && asker.boot === draft.boot) {
      draft.askedBy = asker.id;
      asker.answers.push(draft);
    }
    const parent = open?.kind === "nmi-backtrace" ? open.parent : open;
    if (parent !== undefined && !parent.closed) draft.parent = parent;
    if (open?.kind === "nmi-backtrace") finish(state, open);
  } else if (draft.kind === "panic") {
    const cause = state.queue.findLast((other) => other !== draft && leadsTo(other, draft));
    if (cause === undefined) return;
    cause.panicked = true;
    // __warn() and the checks panic before they print a trace: the panic's is theirs.
    if (!cause.traceSeen && cause === open) cause.dumpedBy = draft;
  }
}

function leadsTo(cause: Draft, panic: Draft): boolean {
  if (cause.kind === "nmi-backtrace" || cause.kind === "panic" || cause.boot !== panic.boot)
    return false;
  const from = cause.lastMonotonic;
  const to = panic.time?.monotonic;
  return (
    from === undefined || to === undefined || (to - from < PANIC_WITHIN && from - to < PANIC_WITHIN)
  );
}

function readOther(
  state: State,
  key: string,
  line: ReportLine,
  boot: number,
  draft: Draft | undefined,
): void {
  if (CUT_HERE.test(line.text)) {
    if (draft?.traceSeen || draft?.ended) close(state, key, draft, "");
    state.preface.set(key, [line]);
    if (state.preface.size > MOST_OPEN) state.preface.clear();
    return;
  }
  const preface = state.preface.get(key);
  if (preface !== undefined) {
    if (preface.length < MOST_PREFACE) preface.push(line);
    else state.preface.delete(key);
  }
  if (line.text !== "") noteLine(state, line, boot);
  if (draft === undefined || line.text === "") return;
  if (draft.parent !== undefined && !draft.parent.closed && feedParent(line, draft.parent)) {
    if (draft.traceSeen) finishChild(state, key, draft);
    return;
  }
  if (draft.closed) return;
  if (feedDraft(line, draft)) return;
  close(state, key, draft, "other lines follow");
  // The line that ended a backtrace may be the waiting report's own.
  const parent = state.current.get(key);
  if (parent !== undefined && !feedDraft(line, parent)) close(state, key, parent, "");
}

function finishChild(state: State, key: string, child: Draft): void {
  finish(state, child);
  if (child.parent !== undefined) state.current.set(key, child.parent);
}

/** Lines since the `cut here` mark belong to the report whose headline follows. */
function prependPreface(state: State, key: string, draft: Draft): void {
  const preface = state.preface.get(key);
  state.preface.delete(key);
  const [first] = preface ?? [];
  if (preface === undefined || first === undefined) return;
  for (const line of preface) extend(draft, line);
}

function finish(state: State, draft: Draft): void {
  if (draft.closed) return;
  draft.closed = true;
  draft.closedAt = state.records;
  draft.strangers = [];
}

function close(state: State, key: string, draft: Draft, reason: string): void {
  if (reason !== "" && !draft.closed) draft.cutShort = reason;
  finish(state, draft);
  const { parent } = draft;
  if (
    parent !== undefined &&
    !parent.closed &&
    draft.boot === parent.boot &&
    state.current.get(key) === draft
  ) {
    if (reason === "other lines follow") {
      state.current.set(key, parent);
      return;
    }
    parent.cutShort ??= reason;
    finish(state, parent);
  }
  state.current.delete(key);
}

/** Hands out reports from the head of the queue that nothing can change any more. */
function handOut(state: State, all: boolean): void {
  const { queue, options } = state;
  for (let head = queue[0]; head !== undefined; head = queue[0]) {
    const settled = head.closed && state.records - head.closedAt > HOLD_RECORDS;
    if (!all && !settled && queue.length <= MOST_OPEN) return;
    finish(state, head);
    queue.shift();
    if (state.asker === head && !all) delete state.asker;
    options.sink.event(toKernelEvent(head));
  }
}

function noteLine(state: State, line: ReportLine, boot: number): void {
  const kind = findNotice(line.text);
  if (kind === undefined) return;
  const count = (state.noticeCounts.get(kind) ?? 0) + 1;
  state.noticeCounts.set(kind, count);
  state.lastNoticeLine = { line, boot };
  if (count <= MOST_NOTICES_OF_A_KIND) emitNotice(state, kind, line.text, line, boot);
}

function emitNotice(
  state: State,
  kind: NoticeKind,
  text: string,
  line: ReportLine,
  boot: number,
): void {
  const { time, host } = line.record;
  state.options.sink.notice({
    id: `n${++state.notices}`,
    kind,
    text,
    boot,
    range: line.range,
    ...(time === undefined ? {} : { time }),
    ...(host === undefined ? {} : { host }),
  });
}

/** One notice a kind says how many lines were left out. */
function tellSuppressed(state: State): void {
  const last = state.lastNoticeLine;
  if (last === undefined) return;
  for (const [kind, count] of state.noticeCounts) {
    const more = count - MOST_NOTICES_OF_A_KIND;
    if (more > 0)
      emitNotice(
        state,
        kind,
        `${more} more lines of this kind are not listed`,
        last.line,
        last.boot,
      );
  }
}
