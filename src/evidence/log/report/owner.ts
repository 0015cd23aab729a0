// Whose a line is while the reports of several CPUs are open in one stream and no caller id tells them
// apart. Clocks decide where the two printers' clocks do not meet; else the line's place in the sheet does.
//
// Invariant: a line that two reports could take alike settles nothing: from there on both are in doubt
// (`Draft.doubt`), and what a report in doubt has read is not vouched for once it is known that the two do
// run into one another (`Draft.interleaved`).

import type { Doubt, Draft, ReportLine } from "./draft.ts";
import { type Fit, fitOf, namesAnother } from "./line-fit.ts";
import { isCommon, isRegisters, type Place, placeOf, RIP } from "./line-place.ts";

/** The open reports of one stream. */
export interface OpenReports {
  current?: Draft;
  /** Reports cut short by another one's headline, newest last. */
  waiting: Draft[];
  /** Clocks of the open reports were seen not to meet: each line's stamp names its report. */
  apart?: boolean;
  /** How often a line was older than the one before. */
  steps?: number;
}

/** Makes the report that `line` belongs to the current one. False for a line that is none's. */
export function turnToOwner(open: OpenReports, line: ReportLine): boolean {
  const { current } = open;
  if (current === undefined) return true;
  if (open.waiting.length === 0) {
    if (namesAnother(current, line)) doubtAlone(current, line);
    return true;
  }
  const all = [current, ...open.waiting.toReversed()];
  noteClocks(open, line);
  const able = inReach(open, all, line);
  if (able.length === 0) {
    for (const draft of all) doubtAlone(draft, line);
    return false;
  }
  const owner = ownerByPlace(able, line);
  if (owner !== undefined && owner !== current) turnTo(open, owner);
  return true;
}

/** To be asked of every line and headline before it is given to a report. */
export function noteClocks(open: OpenReports, line: ReportLine): void {
  const { current } = open;
  if (open.apart === true || current === undefined) return;
  const back = stepBack(line, current);
  if (back > APART) open.steps = (open.steps ?? 0) + 1;
  if (back <= FAR && (open.steps ?? 0) < MOST_STEPS) return;
  open.apart = true;
  // Until now the stamps rose, so each line went to the report that spoke last: to its own.
  for (const draft of [current, ...open.waiting]) delete draft.doubt;
}

/** Makes a waiting report the current one; both are known to be interleaved from now on. */
export function turnTo(open: OpenReports, owner: Draft): void {
  const { current } = open;
  open.waiting = open.waiting.filter((draft) => draft !== owner);
  if (current !== undefined) {
    open.waiting.push(current);
    noteInterleaved(current);
  }
  noteInterleaved(owner);
  open.current = owner;
}

/** What it shares a doubt with is interleaved as well, also where that report seemed to be over. */
function noteInterleaved(draft: Draft): void {
  draft.interleaved = true;
  for (const other of draft.doubt?.among ?? []) other.interleaved = true;
}

/** One CPU's stamps never run back: a line older than the report's last is another printer's. */
export function isAfter({ record }: ReportLine, { lastMonotonic }: Draft): boolean {
  const now = record.time?.monotonic;
  return now === undefined || lastMonotonic === undefined || now >= lastMonotonic;
}

/**
 * Stamps are taken before the message is stored, so those of two CPUs may change places, by microseconds
 * and by as much as a hypervisor takes a virtual CPU away. Beyond this, or where it happens again and again,
 * two buffers were written out by turns: the file's order is not the clock's.
 */
const FAR = 500_000_000n;
const APART = 1_000_000n;
const MOST_STEPS = 3;

function stepBack({ record }: ReportLine, { lastMonotonic }: Draft): bigint {
  const now = record.time?.monotonic;
  return now === undefined || lastMonotonic === undefined ? 0n : lastMonotonic - now;
}

/** Where clocks do not meet, a line belongs to the report that spoke last before it by the clock. */
function nearest(drafts: readonly Draft[], within: bigint): readonly Draft[] {
  let last = 0n;
  for (const { lastMonotonic = 0n } of drafts) if (lastMonotonic > last) last = lastMonotonic;
  return drafts.filter(({ lastMonotonic = 0n }) => last - lastMonotonic < within);
}

/** Those of `drafts` that by the clock the line may belong to. */
export function inReach(
  open: OpenReports,
  drafts: readonly Draft[],
  line: ReportLine,
): readonly Draft[] {
  const after = drafts.filter((draft) => isAfter(line, draft));
  return open.apart === true ? nearest(after, APART) : after;
}

const ORDER: Readonly<Record<Fit, number>> = { no: 0, possible: 1, next: 2, again: 2 };

/** `drafts` with the one read last in front, which keeps what no place tells. */
function ownerByPlace(drafts: readonly Draft[], line: ReportLine): Draft | undefined {
  const place = placeOf(line.text);
  const [current] = drafts;
  if (current === undefined || place === undefined || drafts.length < 2) return current;
  const { fit, alike } = bestFit(drafts, line, place);
  // Below an end mark the registers are printed once more, those of an earlier fault among them.
  if (current.ended && fit !== "next" && isRegisters(place)) return current;
  const [owner = current] = fit === "no" ? [] : nearest(alike, FAR);
  if (!isCommon(place)) noteDoubt(drafts, line, place, fit === "no" ? [] : alike, owner);
  return owner;
}

/** The reports that fit best, the one read last in front. */
function bestFit(
  drafts: readonly Draft[],
  line: ReportLine,
  place: Place,
): { readonly fit: Fit; readonly alike: readonly Draft[] } {
  let best: Fit = "no";
  let alike: Draft[] = [];
  for (const draft of drafts) {
    const fit = fitOf(draft, line, place);
    // Every thread's stack ends alike: that alone does not show that two reports run into one another.
    const isWeak = place === "frame" && best !== "no" && draft.interleaved !== true;
    if (ORDER[fit] > ORDER[best] && !isWeak) {
      best = fit;
      alike = [draft];
    } else if (ORDER[fit] >= ORDER[best] && fit !== "no") alike.push(draft);
  }
  return { fit: best, alike };
}

/** What the line does to the certainty of the open reports. `alike` are those that it may belong to. */
function noteDoubt(
  drafts: readonly Draft[],
  line: ReportLine,
  place: Place,
  alike: readonly Draft[],
  owner: Draft,
): void {
  if (alike.length === 0) {
    // Its place in the report is taken: one of the two lines is another's.
    if (isFilled(owner, place)) {
      for (const draft of drafts) if (draft.doubt !== undefined) draft.interleaved = true;
    }
    doubtAll(drafts, line);
  } else if (alike.length > 1) doubtAll(alike, line);
  else if (place !== "cpu") {
    // Among reports that are in doubt already no place is certain any more.
    const isUnsure = drafts.some((one) => one !== owner && one.interleaved && one.doubt);
    if (isUnsure) doubtAll([owner], line);
  }
}

function isFilled({ traceSeen, rip, code, registers, lines }: Draft, place: Place): boolean {
  if (traceSeen) return false;
  if (place === "rip") return rip !== undefined && lines.some(({ text }) => RIP.test(text));
  if (place === "code") return code !== undefined;
  return (place === "row" || place === "registers") && registers.size > 0;
}

/** The line could be any of `drafts`: none vouches for what it reads from here on. */
export function doubtAll(drafts: readonly Draft[], line: ReportLine): void {
  for (const draft of drafts) draft.doubt ??= doubtFrom(draft, line, drafts);
}

/** The open reports before `line` is read, where its place does not say whose it is. */
export function beforeUnplaced(open: OpenReports, line: ReportLine): readonly Before[] {
  if (open.waiting.length === 0 || open.current === undefined) return [];
  if (placeOf(line.text) !== undefined) return [];
  const able = inReach(open, [open.current, ...open.waiting], line);
  return able.length < 2
    ? []
    : able.map((draft) => ({ draft, doubt: doubtFrom(draft, line, able) }));
}

interface Before {
  readonly draft: Draft;
  readonly doubt: Doubt;
}

/** The line told something of the current report: it may as well have been told of the others. */
export function doubtIfTold(before: readonly Before[], line: ReportLine): void {
  const among = before.map(({ draft }) => draft);
  const told = before.some(({ draft, doubt }) => hasMore(doubtFrom(draft, line, among), doubt));
  if (told) for (const { draft, doubt } of before) draft.doubt ??= doubt;
}

const TOLD = [
  ...(["cpu", "task", "registers", "frames"] as const),
  ...(["rip", "code", "interrupts", "workqueue"] as const),
];

function hasMore(now: Doubt, before: Doubt): boolean {
  return TOLD.some((field) => now[field] !== before[field]);
}

/** A report that no headline is known of runs into this one. */
function doubtAlone(draft: Draft, line: ReportLine): void {
  doubtAll([draft], line);
  draft.interleaved = true;
}

function doubtFrom(draft: Draft, line: ReportLine, among: readonly Draft[]): Doubt {
  return {
    from: line.range,
    among,
    cpu: draft.cpu,
    task: draft.task,
    registers: draft.registers.size,
    frames: draft.frames.length,
    rip: draft.rip !== undefined,
    code: draft.code !== undefined,
    interrupts: draft.interrupts !== undefined,
    workqueue: draft.workqueue !== undefined,
  };
}
