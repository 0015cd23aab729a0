// Sets of event kinds the diagnosis reasons with; each says what its members have in common.

import type { EventKind } from "#model/kernel-event.ts";

/** A detector says that something made no progress. */
export const STALLS: ReadonlySet<EventKind> = new Set([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "hung-task",
  "workqueue-lockup",
  "csd-stall",
]);

/** The task or machine died or went on damaged; what stalls afterwards may wait for what it held. */
export const DEADLY: ReadonlySet<EventKind> = new Set([
  "page-fault",
  "null-dereference",
  "general-protection",
  "divide-error",
  "invalid-opcode",
  "double-fault",
  "stack-overflow",
  "bug",
  "oops",
  "panic",
  "machine-check",
]);

/** Reports of a fault that name the function it was raised in. */
export const RAISED_IN: ReadonlySet<EventKind> = new Set([
  ...[...DEADLY].filter((kind) => kind !== "panic" && kind !== "machine-check"),
  "warning",
  "kasan",
  "kfence",
  "ubsan",
  "list-corruption",
  "refcount",
  "atomic-sleep",
  "locking-bug",
]);

/** Faults worth remembering when a stall follows in the same incident. */
export const EARLIER_FAULTS: ReadonlySet<EventKind> = new Set([
  ...[...DEADLY].filter((kind) => kind !== "panic"),
  "warning",
  "kasan",
  "list-corruption",
  "lockdep",
  "atomic-sleep",
]);

/** Stacks printed for another event; no fault by themselves. */
export const BACKTRACES: ReadonlySet<EventKind> = new Set(["nmi-backtrace", "sysrq-backtrace"]);
