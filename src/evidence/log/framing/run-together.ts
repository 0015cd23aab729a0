// Several messages in one physical line: two CPUs wrote to the console at once, or a line feed was lost:
// `[  1.000000] foo[  1.000100] bar`, `host login: [  123.4…] BUG: …`,
// `** 24 printk messages dropped ** [   60.095515] CPU: 1 …`.

import { readLevel, readMonotonic, readStamp, type Stamp } from "./stamp.ts";

export interface Part {
  readonly text: string;
  /** The stamp that introduces the part; absent for what stands before the first one. */
  readonly stamp?: Stamp;
}

/** A console's logger put the time of day before the line; without a date it is no time of the message. */
const CLOCK = /^\[?\d\d:\d\d:\d\d(?:\.\d{1,9})?\]?$/;

/** More stamps than this in one line is not a console any more. */
const MAX_PARTS = 1000;

/** The line's parts; `undefined` for the usual line that holds no stamp (with six decimals) any more. */
export function toParts(text: string): readonly Part[] | undefined {
  let at = findStamp(text, 0);
  if (at < 0) return undefined;
  const parts: Part[] = [];
  const before = text.slice(0, at).trim();
  if (before !== "" && !CLOCK.test(before)) parts.push({ text: text.slice(0, at).trimEnd() });
  while (at >= 0) {
    const stamp = readStamp(text, priorityStart(text, at));
    if (stamp === undefined) break;
    const next = parts.length < MAX_PARTS ? findStamp(text, stamp.end) : -1;
    parts.push({ text: text.slice(stamp.end, next < 0 ? undefined : next), stamp });
    at = next;
  }
  return parts;
}

/** Where `<4>` or `<30>` before the stamp at `at` begins. */
function priorityStart(text: string, at: number): number {
  if (text.charCodeAt(at - 1) !== 62) return at;
  const from = text.lastIndexOf("<", at);
  return at - from <= 6 && readLevel(text, from)?.end === at ? from : at;
}

/** Index of the next `[  176044.013351]`, or -1. */
function findStamp(text: string, from: number): number {
  for (let at = text.indexOf("[", from); at >= 0; at = text.indexOf("[", at + 1)) {
    const stamp = readMonotonic(text, at);
    if (stamp !== undefined && text.charCodeAt(stamp.end - 8) === 46) return at;
  }
  return -1;
}
