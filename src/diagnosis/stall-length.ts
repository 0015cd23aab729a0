// How long a stall had lasted when it was reported.

import type { KernelEvent } from "#model/kernel-event.ts";

/** How long before its report a stall began, by what the report says; seconds. */
export function stallLength(event: KernelEvent): number {
  if (event.stuckSeconds !== undefined) return event.stuckSeconds * 1.074;
  if (event.rcu?.jiffies !== undefined) return event.rcu.jiffies / 250;
  if (event.workqueueStall?.stuckSeconds !== undefined) return event.workqueueStall.stuckSeconds;
  return event.kind === "hung-task" ? 120 : 20;
}
