// The event an incident is named after: a fault before the stalls it left behind, else the stall that
// says most, else the first.

import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import { BACKTRACES } from "./event-kinds.ts";

/** Lower is named first among stalls; faults come in order of the log. */
const STALL_RANK: Partial<Record<EventKind, number>> = {
  "soft-lockup": 1,
  "hard-lockup": 0,
  "rcu-stall": 3,
  "csd-stall": 2,
  "workqueue-lockup": 4,
  "hung-task": 5,
};

export function primaryOf(events: readonly KernelEvent[]): KernelEvent | undefined {
  const own = events.filter((event) => !BACKTRACES.has(event.kind));
  const fault = own.find((event) => !(event.kind in STALL_RANK) && event.kind !== "panic");
  if (fault) return fault;
  const stalls = own.filter((event) => event.kind in STALL_RANK);
  const ranked = [...stalls].sort((a, b) => rank(a) - rank(b));
  return ranked[0] ?? own[0] ?? events[0];
}

function rank(event: KernelEvent): number {
  return STALL_RANK[event.kind] ?? 9;
}
