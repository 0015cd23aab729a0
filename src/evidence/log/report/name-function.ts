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
const OF_STALLS: readonly Role[] = [...MACHINERY, "waiting", "idle", "sleeping"];
/** A fault's RIP is where the kernel was; only the walk of a generic container says nothing. */
const OF_FAULTS: readonly Role[] = [...MACHINERY, "container"];
/** A check fires inside the helper that made it (`kfree`, `memcmp`, `mutex_lock`): its caller says where. */
const OF_CHECKS: readonly Role[] = [
  ...MACHINERY,
  "library",
  "container",
  "reference",
  "allocation",
  "locking",
  "sleeping",
  "sleeping-on",
];
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
  lockdep: OF_CHECKS,
  "locking-bug": OF_CHECKS,
  "memory-leak": OF_CHECKS,
  "list-corruption": OF_CHECKS,
  refcount: OF_CHECKS,
  warning: OF_CHECKS,
  bug: OF_CHECKS,
  kasan: OF_CHECKS,
  kmsan: OF_CHECKS,
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
  const names = namesOf(draft, frames);
  return (
    firstPlace(draft, names) ??
    names.find((name) => !isNoPlace(draft, name)) ??
    (OF_STALLED.has(draft.kind) ? undefined : names[0])
  );
}

/** The same from what is known to be the report's own; no second best where the rest is missing. */
export function nameSureFunction(draft: Draft, frames: readonly Frame[]): string | undefined {
  return firstPlace(
    draft,
    namesOf(
      draft,
      frames.filter(({ reliable }) => reliable),
    ),
  );
}

function namesOf(draft: Draft, frames: readonly Frame[]): readonly string[] {
  return candidates(draft, frames)
    .filter((name) => !/^(?:0x|\[|\()/.test(name))
    .map(plainName);
}

function firstPlace(draft: Draft, names: readonly string[]): string | undefined {
  const skipped = skippedRoles(draft);
  return names.find((name) => !skipped.some((role) => isRole(name, role)));
}

/** Stalls are reported from a tick or an NMI: without a frame below it, no name is better than the reporter's. */
const OF_STALLED: ReadonlySet<EventKind> = new Set(["soft-lockup", "hard-lockup", "rcu-stall"]);

function isNoPlace(draft: Draft, name: string): boolean {
  if (isReporting(name) || isRole(name, "instrumentation")) return true;
  return OF_STALLED.has(draft.kind) && name === "__switch_to";
}

/** A fault's RIP is where the kernel was, whatever function that is. A fault inside compiled-in checks (lockdep reading a freed lock) is read like a check. */
function skippedRoles(draft: Draft): readonly Role[] {
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
  if (naming === "holder") found.push(...draft.locksAt.slice(1), ...draft.locksAt.slice(0, 1));
  found.push(...draft.ripInlined);
  if (draft.rip !== undefined) found.push(draft.rip.symbol);
  else if (naming === "where" && named !== undefined) found.push(named);
  const own = frames.filter((frame) => frame.detector !== true);
  const reliable = own.filter((frame) => frame.reliable);
  for (const frame of reliable.length > 0 ? reliable : own) found.push(frame.symbol);
  return found;
}
