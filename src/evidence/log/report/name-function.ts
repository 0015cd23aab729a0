// The function to name in a title: the first frame that says where the kernel was. Skipped are the
// reporting machinery, the entry code of timers, NMIs and exceptions, delay and idle primitives and the
// slow paths of locks; the lock functions themselves are named.

import type { Frame } from "#model/frame.ts";
import type { EventKind } from "#model/kernel-event.ts";
import type { Draft } from "./draft.ts";
import { isRole, plainName, type Role } from "./function-role.ts";

/** What never says where the kernel was. */
const MACHINERY: readonly Role[] = ["reporting", "entry", "instrumentation"];
/** Where a stalled CPU or task is says little when it only waits there. */
const OF_STALLS: readonly Role[] = [...MACHINERY, "unwinding", "waiting", "idle", "sleeping"];
/** A fault's RIP is where the kernel was; only the walk of a generic container says nothing. */
const OF_FAULTS: readonly Role[] = [...MACHINERY, "container"];
/** A check fires inside the helper that made it (`kfree`, `memcmp`, `mutex_lock`): its caller says where. */
const OF_CHECKS: readonly Role[] = [
  ...MACHINERY,
  "library",
  "container",
  "reference",
  "deferral",
  "transfer",
  "allocation",
  "page-cache",
  "locking",
  "sleeping",
  "sleeping-on",
];
/** A BUG_ON stands in the function whose state is wrong: also in the page cache and in one that others sleep on. */
const OF_BUGS: readonly Role[] = OF_CHECKS.filter(
  (role) => role !== "sleeping-on" && role !== "page-cache",
);
/** The USB core's own warnings about a transfer are known by its name. */
const OF_WARNINGS: readonly Role[] = OF_CHECKS.filter((role) => role !== "transfer");
const OF_OBJECTS: readonly Role[] = [...OF_WARNINGS, "tracked"];
/** A task sleeps in a lock or completion; the function that went to sleep on it says where. */
const OF_SLEEPERS: readonly Role[] = [...OF_CHECKS, ...OF_STALLS];

const SKIPPED: Readonly<Partial<Record<EventKind, readonly Role[]>>> = {
  "hung-task": OF_SLEEPERS,
  "atomic-sleep": OF_CHECKS.filter((role) => role !== "sleeping-on"),
  "soft-lockup": OF_STALLS,
  "hard-lockup": OF_STALLS,
  "rcu-stall": OF_STALLS,
  "csd-stall": OF_STALLS,
  "workqueue-lockup": OF_STALLS,
  "nmi-backtrace": OF_STALLS,
  "sysrq-backtrace": OF_STALLS,
  "rcu-usage": OF_CHECKS,
  // A work item's own lock is taken where it is run; what is done under it says more.
  lockdep: [...OF_CHECKS, "dispatch"],
  "locking-bug": OF_CHECKS,
  "memory-leak": [...OF_CHECKS, "allocating"],
  "list-corruption": OF_CHECKS,
  refcount: OF_CHECKS,
  warning: OF_WARNINGS,
  bug: OF_BUGS,
  kasan: OF_CHECKS,
  kmsan: [...OF_CHECKS, "cipher"],
  kcsan: OF_CHECKS,
  kfence: OF_CHECKS,
  ubsan: OF_CHECKS,
  panic: OF_CHECKS,
};

export function isReporting(symbol: string): boolean {
  const name = plainName(symbol);
  return isRole(name, "reporting") || isRole(name, "entry");
}

/** Names the function of a report whose detector frames are already marked in `frames`. */
export function nameFunction(draft: Draft, frames: readonly Frame[]): string | undefined {
  const telling = tellingOf(draft, frames);
  const names = namesOf(draft, frames);
  return (
    workOf(draft, telling) ??
    telling ??
    names.find((name) => !isNoPlace(draft, name)) ??
    (OF_STALLED.has(draft.kind) ? undefined : lastResort(draft, names))
  );
}

/**
 * A worker between two works stands in process_one_work() (kernel/workqueue.c calls cond_resched() behind each);
 * print_worker_info() names the work whose turn it was.
 */
function workOf({ kind, workqueue }: Draft, telling: string | undefined): string | undefined {
  if (!OF_STALLED.has(kind) || telling === undefined || !isRole(telling, "dispatch"))
    return undefined;
  return workqueue?.function;
}

/** The same from what is known to be the report's own; no second best where the rest is missing. */
export function nameSureFunction(draft: Draft, frames: readonly Frame[]): string | undefined {
  return tellingOf(
    draft,
    frames.filter(({ reliable }) => reliable),
  );
}

function tellingOf(draft: Draft, frames: readonly Frame[]): string | undefined {
  const skipped = skippedRoles(draft);
  const telling = namesOf(draft, frames).filter(
    (name) => !skipped.some((role) => isRole(name, role)),
  );
  return draft.kind === "hung-task" ? nameSleeper(telling) : telling[0];
}

function namesOf(draft: Draft, frames: readonly Frame[]): readonly string[] {
  return (
    candidates(draft, frames)
      // `__pfx_foo` is the padding before foo(): an address there is a pointer to foo, not a return into it.
      // An ellipsis stands for what a pager left out.
      .filter((name) => !/^(?:0x|\[|\(|__pfx_)|\u2026/.test(name))
      .map(plainName)
  );
}

/** A wait is its caller's, unless it is all that the thread or the system call does. */
function nameSleeper(names: readonly string[]): string | undefined {
  const caller = names.find((name) => !isRole(name, "waiter"));
  return caller === undefined || isRole(caller, "dispatch") ? names[0] : caller;
}

/** Stalls are reported from a tick or an NMI: without a frame below it, no name is better than the reporter's. */
const OF_STALLED: ReadonlySet<EventKind> = new Set(["soft-lockup", "hard-lockup", "rcu-stall"]);

/** Every task that does not run stands there. */
const SWITCH = /^(?:_*schedule|context_switch|_*switch_to)$/;

function isNoPlace(draft: Draft, name: string): boolean {
  if (isReporting(name) || isRole(name, "instrumentation")) return true;
  return (OF_STALLED.has(draft.kind) || draft.kind === "hung-task") && SWITCH.test(name);
}

/** RIP, entry code, what the headline says, where nothing else is known; a frame that only reports names nothing. */
function lastResort(draft: Draft, names: readonly string[]): string | undefined {
  const told = draft.rip?.symbol ?? draft.titleFields.function;
  const entry = draft.rip === undefined ? names.find((name) => isRole(name, "entry")) : undefined;
  return entry ?? (told === undefined ? undefined : plainName(told));
}

/** A fault's RIP is where the kernel was, whatever function that is. A fault inside compiled-in checks (lockdep reading a freed lock) is read like a check. */
function skippedRoles(draft: Draft): readonly Role[] {
  // debug_print_object() warns in the name of whoever uses the object.
  if (draft.kind === "warning" && draft.titleFields.what?.includes("lib/debugobjects.c"))
    return OF_OBJECTS;
  const own = SKIPPED[draft.kind];
  if (own !== undefined) return own;
  const inCheck = draft.rip !== undefined && isRole(plainName(draft.rip.symbol), "instrumentation");
  return inCheck ? OF_CHECKS : OF_FAULTS;
}

/** From the headline, the lock line, RIP and the trace, in the order the report's naming asks for. */
function candidates(draft: Draft, frames: readonly Frame[]): readonly string[] {
  const naming = draft.titledBy.naming ?? "where";
  const named = draft.titleFields.function;
  const found: string[] = [];
  if (naming === "named" && named !== undefined) found.push(named);
  if (naming === "lock") found.push(...draft.locksAt);
  if (naming === "holder") {
    const [taken, ...held] = draft.locksAt;
    found.push(...draft.safeAt, ...held, ...(taken === undefined ? [] : [taken]));
  }
  found.push(...draft.ripInlined);
  if (draft.rip !== undefined) found.push(draft.rip.symbol);
  else if (naming === "where" && named !== undefined) found.push(named);
  const own = frames.filter((frame) => frame.detector !== true);
  const reliable = own.filter((frame) => frame.reliable);
  for (const frame of reliable.length > 0 ? reliable : own) found.push(frame.symbol);
  return found;
}
