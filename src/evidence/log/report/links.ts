// What ties reports together: a backtrace to the report that asked for it, a panic to what led to it.

import type { Frame } from "#model/frame.ts";
import type { EventKind } from "#model/kernel-event.ts";
import { addTo, type Draft, INTERLEAVED } from "./draft.ts";
import { FAULTS } from "./headline/headline.ts";

/** How much later than the last line of its cause a panic may come. */
const PANIC_WITHIN = 10_000_000_000n;

const ASKERS: ReadonlySet<string> = new Set([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "csd-stall",
  "hung-task",
  "workqueue-lockup",
  "sysrq-backtrace",
]);

/** May ask other CPUs for their backtraces. */
export function asks(draft: Draft): boolean {
  return ASKERS.has(draft.kind);
}

/** `asker` is the last report before `backtrace` that may have asked for it. */
export function linkBacktrace(
  backtrace: Draft,
  asker: Draft | undefined,
  open: Draft | undefined,
): void {
  if (asker !== undefined && asker.boot === backtrace.boot) {
    backtrace.askedBy = asker.id;
    asker.answers.push(backtrace);
  }
  const parent = open?.kind === "nmi-backtrace" ? open.parent : open;
  if (parent !== undefined && !parent.closed) backtrace.parent = parent;
}

/** What the kernel panics with behind a report: oops_end(), check_panic_on_warn(), the watchdogs. */
const FOLLOWS_A_REPORT =
  /^(?:Fatal exception|Oops: Fatal exception|(?:kernel: )?panic_on_warn set|softlockup: hung tasks|hung_task: blocked tasks|Hard LOCKUP|RCU Stall)/;
const CAUSE_MISSING = "the report that led to this panic is not in the log";

/** What a panic that ends another report says, and which kinds of report; other panics are nobody's. */
const LED_BY: readonly (readonly [RegExp, readonly EventKind[]])[] = [
  [/^softlockup: /, ["soft-lockup"]], // kernel/watchdog.c: watchdog_timer_fn
  [/hard LOCKUP/i, ["hard-lockup"]], // kernel/watchdog_hld.c: watchdog_overflow_callback
  [/^hung_task: /, ["hung-task"]], // kernel/hung_task.c: check_hung_uninterruptible_tasks
  [/^RCU Stall/, ["rcu-stall"]], // kernel/rcu/tree_stall.h: panic_on_rcu_stall
  [/Fatal exception/, FAULTS], // die(), oops_end() of the architectures
  // kernel/exit.c: do_exit, make_task_dead
  [/^(?:Attempted to kill|Aiee, killing)/, [...FAULTS, "machine-check"]],
  [/^Machine halted/, ["double-fault"]], // arch/x86/kernel/doublefault_32.c, traps.c: df_debug
  [/^kernel stack overflow/, ["stack-overflow"]], // arch/arm64/kernel/traps.c: panic_bad_stack
];
/** Warnings and checks panic by `panic_on_warn`, `panic_on_kmsan`; the stall detectors do not. */
const WITHOUT_WARN: ReadonlySet<EventKind> = new Set([
  ...(["soft-lockup", "hard-lockup", "hung-task", "rcu-stall", "workqueue-lockup"] as const),
]);

function isCauseOf(kind: EventKind, what: string): boolean {
  if (/panic_on_\w{1,20} set/.test(what)) return !WITHOUT_WARN.has(kind);
  return LED_BY.find(([text]) => text.test(what))?.[1].includes(kind) ?? false;
}

/** `before` are the reports not handed out yet, oldest first; `open` the one the panic came in; `isFirst` that the log has shown none. */
export function linkPanic(
  panic: Draft,
  before: readonly Draft[],
  open: Draft | undefined,
  isFirst: boolean,
): void {
  const cause = before.findLast((other) => other !== panic && leadsTo(other, panic));
  if (cause === undefined) {
    const lacks = FOLLOWS_A_REPORT.test(panic.fields.what ?? "") && before.length === 0;
    if (lacks && isFirst) addTo(panic.gaps, { reason: CAUSE_MISSING, from: panic.at.range });
    return;
  }
  cause.panicked = true;
  // __warn() and the checks panic before they print a trace: the panic's is theirs. Frames without a
  // header before them are not.
  const hasTrace = cause.traceSeen && (cause.headerSeen || cause.frames.some(isReliable));
  if (hasTrace || cause !== open) return;
  cause.dumpedBy = panic;
  if (cause.expectedPid !== undefined) panic.expectedPid = cause.expectedPid;
  if (cause.frames.length > 0) addTo(cause.gaps, { reason: INTERLEAVED, from: panic.at.range });
}

function isReliable(frame: Frame): boolean {
  return frame.reliable;
}

function leadsTo(cause: Draft, panic: Draft): boolean {
  if (cause.kind === "nmi-backtrace" || cause.kind === "panic") return false;
  if (cause.boot !== panic.boot || !isCauseOf(cause.kind, panic.fields.what ?? "")) return false;
  const from = cause.lastMonotonic;
  const to = panic.time?.monotonic;
  if (from === undefined || to === undefined) return true;
  return to - from < PANIC_WITHIN && from - to < PANIC_WITHIN;
}

/**
 * Two CPUs run into the same BUG() and only one body follows: whose it is cannot be told, and it shows
 * where that source line is, for both.
 */
export function linkTwin(first: Draft, second: Draft): void {
  const { headline, fields } = first;
  if (headline.id !== "kernel-bug-at" || second.headline !== headline) return;
  if (fields.what !== undefined && fields.what === second.fields.what) first.twin = second;
}
