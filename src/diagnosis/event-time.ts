// Differences between events, on whichever clock both carry. Nothing is converted between clocks.

import type { EventTime, KernelEvent } from "#model/kernel-event.ts";

/** Seconds from `a` to `b`; undefined when no clock is common to both. */
export function secondsBetween(
  a: EventTime | undefined,
  b: EventTime | undefined,
): number | undefined {
  if (!a || !b) return undefined;
  if (a.monotonic !== undefined && b.monotonic !== undefined) {
    return Number(b.monotonic - a.monotonic) / 1e9;
  }
  const [from, to] = [wallSeconds(a.wall), wallSeconds(b.wall)];
  return from === undefined || to === undefined ? undefined : to - from;
}

/** How long before its report a stall began, by what the report says; seconds. */
export function stallLength(event: KernelEvent): number {
  if (event.stuckSeconds !== undefined) return event.stuckSeconds * 1.074;
  if (event.rcu?.jiffies !== undefined) return event.rcu.jiffies / 250;
  if (event.workqueueStall?.stuckSeconds !== undefined) return event.workqueueStall.stuckSeconds;
  return event.kind === "hung-task" ? 120 : 20;
}

/** A date form this cannot read gives undefined; a yearless one is read within one common year. */
function wallSeconds(wall: string | undefined): number | undefined {
  if (wall === undefined) return undefined;
  const parts = /^(\d{4}|-|--)?-?(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)/.exec(wall);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const base = Date.UTC(
    Number(year) || 2000,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
  );
  return base / 1000 + Number(second);
}
