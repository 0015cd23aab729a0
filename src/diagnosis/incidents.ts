// One incident per cause: repeats of one CPU, several CPUs and kinds with one cause in one window of one
// boot are one; unrelated faults are two. The rules are below, each with its reason.

import { secondsBetween } from "#model/event-time.ts";
import type { Fact } from "#model/fact.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import { BACKTRACES, DEADLY, STALLS } from "./event-kinds.ts";
import { stallLength } from "./stall-length.ts";
import { plainSymbol } from "./symbols.ts";

/** Between the end of one stall's interval and the start of the next: two checks of the detector. */
const STALL_SLACK_SECONDS = 10;
/** A lock that died with its holder is missed soon: hung tasks speak after two periods of 120 s. */
const AFTER_DEATH_SECONDS = 600;
/** One fault told in several reports (KASAN, then the oops, then the panic). */
const SAME_FAULT_SECONDS = 10;
/** The same CPU or task stalled again; reports come 28 s (soft lockup) to 240 s (RCU) apart. */
const REPEAT_SECONDS = 300;
/** Without a common clock, reports this close stand in one piece of log. */
const NEAR_LINES = 400;

/** The facts computed from one event, by its id. */
type FactsOf = (event: string) => readonly Fact[];

export interface IncidentGroup {
  readonly boot: number;
  readonly host?: string;
  readonly events: readonly KernelEvent[];
}

interface OpenGroup {
  boot: number;
  host?: string;
  events: KernelEvent[];
}

/** Events in order of the log; groups in order of their first event. Lone backtraces make no incident. */
export function groupIncidents(
  events: readonly KernelEvent[],
  facts: FactsOf,
): readonly IncidentGroup[] {
  const groups: OpenGroup[] = [];
  const homes = new Map<string, OpenGroup>();
  for (const event of events) {
    const asker = event.askedBy === undefined ? undefined : homes.get(event.askedBy);
    const home = findHome(groups, event, asker, facts) ?? openGroup(event);
    if (home.events.length === 0) groups.push(home);
    home.events.push(event);
    homes.set(event.id, home);
  }
  return groups.filter((group) => group.events.some((event) => !BACKTRACES.has(event.kind)));
}

function openGroup({ boot, host }: KernelEvent): OpenGroup {
  return { boot, events: [], ...(host === undefined ? {} : { host }) };
}

/** How far back to look: a log with a million events must not cost its square. */
const OPEN_GROUPS = 32;

function findHome(
  groups: readonly OpenGroup[],
  event: KernelEvent,
  asker: OpenGroup | undefined,
  facts: FactsOf,
): OpenGroup | undefined {
  for (let i = groups.length - 1; i >= Math.max(0, groups.length - OPEN_GROUPS); i--) {
    const group = groups[i];
    if (!group || group.boot !== event.boot || group.host !== event.host) continue;
    if (group === asker || belongs(group, event, facts)) return group;
  }
  return undefined;
}

/** Members looked at per group: its first (the primary) and its latest. */
const LATEST = 24;

function belongs(group: OpenGroup, event: KernelEvent, facts: FactsOf): boolean {
  const first = group.events[0];
  const members = first ? [first, ...group.events.slice(-LATEST)] : [];
  return members.some((member) => related(member, event, facts));
}

function related(a: KernelEvent, b: KernelEvent, facts: FactsOf): boolean {
  const seconds = secondsBetween(a.time, b.time);
  const near = (limit: number) =>
    seconds === undefined ? linesBetween(a, b) < NEAR_LINES : Math.abs(seconds) <= limit;
  if (BACKTRACES.has(b.kind)) return near(SAME_FAULT_SECONDS);
  if (STALLS.has(b.kind)) {
    if (STALLS.has(a.kind)) return stallsMeet(a, b, seconds, near, facts);
    return (
      DEADLY.has(a.kind) &&
      (diedThere(a, b, near) || (near(AFTER_DEATH_SECONDS) && waits(b, facts)))
    );
  }
  if (b.kind === "panic") return near(SAME_FAULT_SECONDS);
  if (STALLS.has(a.kind)) return false;
  return sameFault(a, b, near);
}

/** Lines from the end of `a` to the beginning of `b`, where both stand in one file. */
function linesBetween(a: KernelEvent, b: KernelEvent): number {
  const end = a.continuedIn?.at(-1) ?? a.range;
  return end.source === b.range.source
    ? b.range.firstLine - end.lastLine
    : Number.POSITIVE_INFINITY;
}

/** The CPU that died went on to stall, or the task that died is the one that hangs. */
function diedThere(a: KernelEvent, b: KernelEvent, near: (limit: number) => boolean): boolean {
  const sameCpu = a.cpu !== undefined && a.cpu === b.cpu;
  const sameTask = a.task?.pid !== undefined && a.task.pid === b.task?.pid;
  return (sameCpu || sameTask) && near(60);
}

const MISSES: ReadonlySet<string> = new Set(["mutex", "rwsem", "semaphore", "rcu-gp"]);

/** It waits for something a dead task or CPU can have kept: a lock, a grace period, an IPI. */
function waits(event: KernelEvent, facts: FactsOf): boolean {
  return facts(event.id).some(
    (fact) =>
      fact.kind === "lock-spin" ||
      fact.kind === "csd-wait" ||
      (fact.kind === "asleep-on" && MISSES.has(fact.on)),
  );
}

/** Two stalls are one when they overlap in time, or are the same CPU's, task's or awaited CPU's. */
function stallsMeet(
  a: KernelEvent,
  b: KernelEvent,
  seconds: number | undefined,
  near: (limit: number) => boolean,
  facts: FactsOf,
): boolean {
  if (sameGracePeriod(a, b)) return true;
  if (seconds === undefined) return near(0);
  if (Math.max(0, seconds) - stallLength(b) <= STALL_SLACK_SECONDS) return true;
  if (!near(REPEAT_SECONDS)) return false;
  const sameTask = a.task?.pid !== undefined && a.task.pid === b.task?.pid;
  const sameCpu = a.cpu !== undefined && a.cpu === b.cpu;
  return sameTask || (sameCpu && !otherFunction(a, b)) || sameAwaited(a, b, facts);
}

function sameFault(a: KernelEvent, b: KernelEvent, near: (limit: number) => boolean): boolean {
  if (a.kind === b.kind && sameFunction(a, b) && a.title === b.title) return near(3600);
  if (!near(SAME_FAULT_SECONDS)) return false;
  const sameTask = a.task?.pid !== undefined && a.task.pid === b.task?.pid;
  return sameTask || (a.cpu !== undefined && a.cpu === b.cpu && near(1)) || a.kind === "panic";
}

function sameFunction(a: KernelEvent, b: KernelEvent): boolean {
  return (
    a.function !== undefined &&
    b.function !== undefined &&
    plainSymbol(a.function) === plainSymbol(b.function)
  );
}

/** RCU reports one grace period again and again until it ends; its number is printed each time. */
function sameGracePeriod(a: KernelEvent, b: KernelEvent): boolean {
  return (
    a.rcu?.gracePeriod !== undefined &&
    a.rcu.gracePeriod === b.rcu?.gracePeriod &&
    a.rcu.flavour === b.rcu.flavour
  );
}

/** Both name a function, and not the same one. */
function otherFunction(a: KernelEvent, b: KernelEvent): boolean {
  return a.function !== undefined && b.function !== undefined && !sameFunction(a, b);
}

function sameAwaited(a: KernelEvent, b: KernelEvent, facts: FactsOf): boolean {
  const of = (event: KernelEvent) =>
    facts(event.id).flatMap((fact) => (fact.kind === "csd-wait" ? (fact.awaited ?? []) : []))[0];
  const awaited = of(a);
  return awaited !== undefined && awaited === of(b);
}
