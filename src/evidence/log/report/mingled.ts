// Signs that the lines of two reports run into one another where no caller tells them apart, and what is then
// left of a report: what it read before the first line that could be another's. That is said on both.

import { defined } from "#base/defined.ts";
import type { Task } from "#model/kernel-event.ts";
import { addTo, type Draft, type ReportLine } from "./draft.ts";
import { placeOf } from "./line-place.ts";
import { mayEndHere } from "./trace-end.ts";

const MINGLED = "another report begins before this trace ends: lines of the two may be exchanged";
const BACKWARD = "the clock runs backwards inside the report: lines of two logs may be mixed";
const DOUBT =
  "interleaved with another report: registers, code and frames from here on could be either's";
/** Two CPUs that print at once are less than this apart. */
const MOST_BACK = 1_000_000_000n;

/** `next` begins while `open` is read. */
export function noteRival(open: Draft, next: Draft, line: ReportLine): void {
  addTo(open.rivals, { draft: next, at: line.range });
}

/** The report is over: where its trace was cut short, its last frames may stand in the ones begun since. */
export function noteMingled(draft: Draft): void {
  const { rivals } = draft;
  draft.rivals = [];
  if (!draft.traceSeen || draft.ended || mayEndHere(draft)) return;
  for (const { draft: rival, at } of rivals) {
    for (const one of [draft, rival]) addTo(one.gaps, { reason: MINGLED, from: at });
  }
}

/** Another task's dump begins, of which no headline is known, before this one's trace can be over. */
export function noteForeignDump(draft: Draft, line: ReportLine): void {
  if (draft.ended || mayEndHere(draft)) return;
  addTo(draft.gaps, { reason: MINGLED, from: line.range });
}

/** A line a second older than the one before is another log's; it is not taken in. */
export function isOfAnotherLog(draft: Draft, line: ReportLine): boolean {
  const now = line.record.time?.monotonic;
  const last = draft.lastMonotonic;
  if (now === undefined || last === undefined || last - now < MOST_BACK) return false;
  if (isSheet(line.text) && !draft.gaps.some((gap) => gap.reason === BACKWARD)) {
    addTo(draft.gaps, { reason: BACKWARD, from: line.range });
  }
  return true;
}

/** A line as reports have them: another report's was in this one's way. */
function isSheet(text: string): boolean {
  return placeOf(text) !== undefined || /: [0-9a-f]{8,16}(?: |$)/.test(text);
}

/** Some of its lines may be another report's. */
export function isInDoubt(draft: Draft): boolean {
  return draft.interleaved === true && draft.doubt !== undefined;
}

/** Another log's or another report's lines are known to be among its own. */
export function isMixed(draft: Draft): boolean {
  return isInDoubt(draft) || draft.gaps.some(({ reason }) => reason === BACKWARD);
}

/** The report without what it cannot vouch for. Frames stay, as those a stack walk is not sure of. */
export function withoutDoubt(draft: Draft): Draft {
  const { doubt } = draft;
  if (doubt === undefined || !isInDoubt(draft)) return draft;
  const { cpu: _cpu, task: _task, rip, code, workqueue, ...rest } = draft;
  const { interrupts, interruptsAt, ...sure } = rest;
  const names = [...draft.registers.keys()].slice(0, doubt.registers);
  const keep = <T>(map: ReadonlyMap<string, T>): Map<string, T> =>
    new Map([...map].filter(([name]) => names.includes(name)));
  return {
    ...sure,
    ...defined({
      cpu: doubt.cpu,
      task: doubt.task !== undefined && isSame(draft.task, doubt.task) ? draft.task : doubt.task,
      rip: doubt.rip ? rip : undefined,
      code: doubt.code ? code : undefined,
      interrupts: doubt.interrupts ? interrupts : undefined,
      interruptsAt: doubt.interrupts ? interruptsAt : undefined,
      workqueue: doubt.workqueue ? workqueue : undefined,
    }),
    ripInlined: doubt.rip ? draft.ripInlined : [],
    registers: keep(draft.registers),
    registersAt: keep(draft.registersAt),
    frames: draft.frames.map((frame, at) =>
      at < doubt.frames ? frame : { ...frame, reliable: false },
    ),
    gaps: [...draft.gaps, { reason: DOUBT, from: doubt.from }],
  };
}

/** A task's own CPU line adds the name to the pid that the headline gave. */
function isSame(now: Task | undefined, then: Task): now is Task {
  return now?.pid !== undefined && now.pid === then.pid;
}
