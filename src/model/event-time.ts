// Differences between times, on whichever clock both carry. Nothing is converted between clocks.

import type { EventTime } from "./kernel-event.ts";

/** Seconds from `a` to `b`; undefined when no clock is common to both. */
export function secondsBetween(
  a: EventTime | undefined,
  b: EventTime | undefined,
): number | undefined {
  if (!a || !b) return undefined;
  if (a.monotonic !== undefined && b.monotonic !== undefined) {
    return Number(b.monotonic - a.monotonic) / 1e9;
  }
  return wallSecondsBetween(a.wall, b.wall);
}

/**
 * Seconds from one date to the other. Where one of them has no year both are read within one: the two may
 * stand in files of one log of which only the older one's name has the year.
 */
export function wallSecondsBetween(
  a: string | undefined,
  b: string | undefined,
): number | undefined {
  if (a === undefined || b === undefined) return undefined;
  const hasYears = YEAR.test(a) && YEAR.test(b);
  const [from, to] = [wallSeconds(a, hasYears), wallSeconds(b, hasYears)];
  return from === undefined || to === undefined ? undefined : to - from;
}

const YEAR = /^\d{4}-/;

/** A date form this cannot read gives undefined. */
function wallSeconds(wall: string, hasYear: boolean): number | undefined {
  const parts = /^(\d{4}|-|--)?-?(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d(?:\.\d+)?)/.exec(wall);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const base = Date.UTC(
    (hasYear && Number(year)) || 2000,
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
  );
  return base / 1000 + Number(second);
}
