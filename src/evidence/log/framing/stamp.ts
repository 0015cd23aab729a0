// The prefixes printk itself writes: `<4>`, `[  176044.013351]`, `[ T1234]`, `[    C4]`
// (kernel/printk/printk.c: print_syslog, print_time, print_caller). Read by character, not by pattern:
// this runs on every line of every log.

import type { EventTime } from "#model/kernel-event.ts";

/** What a program wrote into the kernel's log through /dev/kmsg is called after this one. */
export const USERSPACE = "userspace";

/**
 * Facility 0 is the kernel's; who writes to /dev/kmsg or sends to a log daemon cannot have it
 * (kernel/printk/printk.c: devkmsg_write() makes it LOG_USER). Without a priority nothing is known.
 */
export function isKernelPriority(priority: number | undefined): boolean {
  return priority === undefined || priority < 8;
}

export interface Stamp {
  /** Index of the message's first character. */
  readonly end: number;
  readonly level?: number | undefined;
  /** False where the priority before it has another facility than the kernel's. */
  readonly kernel: boolean;
  readonly time?: EventTime | undefined;
  readonly caller?: string | undefined;
}

const ZERO = 48;
const NINE = 57;
const BLANK = 32;
const OPEN = 91;
const CLOSE = 93;
const NANOS_PER_SECOND = 1_000_000_000n;

/** Reads level, time and caller from `at`; `undefined` when there is no time stamp. */
export function readStamp(line: string, at: number): Stamp | undefined {
  const level = readLevel(line, at);
  const from = level === undefined ? at : level.end;
  const time = readMonotonic(line, from);
  if (time === undefined) return undefined;
  const caller = readCaller(line, time.end);
  let end = caller === undefined ? time.end : caller.end;
  if (line.charCodeAt(end) === BLANK) end += 1;
  const behind = level === undefined ? readLevelBehind(line, end) : undefined;
  return {
    end: behind?.end ?? end,
    level: level === undefined ? behind?.value : level.value & 7,
    kernel: isKernelPriority(level?.value),
    time: { monotonic: time.nanos },
    caller: caller?.name,
  };
}

/** `<4>`, `<0006>`; facility and level as one number, as syslog(2) gives it. */
export function readLevel(line: string, at: number): { value: number; end: number } | undefined {
  if (line.charCodeAt(at) !== 60) return undefined;
  let end = at + 1;
  let value = 0;
  while (isDigit(line.charCodeAt(end)) && end - at <= 4) {
    value = value * 10 + line.charCodeAt(end) - ZERO;
    end += 1;
  }
  if (end === at + 1 || line.charCodeAt(end) !== 62) return undefined;
  return { value, end: end + 1 };
}

/** `<4>` of a single digit behind the stamp, as crash's `log -m` writes it; a byte of `Code:` has two. */
export function readLevelBehind(
  line: string,
  at: number,
): { value: number; end: number } | undefined {
  const value = line.charCodeAt(at + 1) - ZERO;
  if (line.charCodeAt(at) !== 60 || line.charCodeAt(at + 2) !== 62) return undefined;
  return value >= 0 && value <= 7 ? { value, end: at + 3 } : undefined;
}

/** `[  176044.013351]`: seconds since boot with three to nine decimals. */
export function readMonotonic(
  line: string,
  at: number,
): { nanos: bigint; end: number } | undefined {
  if (line.charCodeAt(at) !== OPEN) return undefined;
  let from = at + 1;
  while (line.charCodeAt(from) === BLANK && from - at <= 16) from += 1;
  const number = readSeconds(line, from);
  if (number === undefined || line.charCodeAt(number.end) !== CLOSE) return undefined;
  return { nanos: number.nanos, end: number.end + 1 };
}

/** `176044.013351` → nanoseconds. */
export function readSeconds(line: string, at: number): { nanos: bigint; end: number } | undefined {
  let whole = 0;
  let point = at;
  for (; isDigit(line.charCodeAt(point)) && point - at <= 12; point += 1) {
    whole = whole * 10 + line.charCodeAt(point) - ZERO;
  }
  if (point === at || line.charCodeAt(point) !== 46) return undefined;
  let fraction = 0;
  let end = point + 1;
  for (; isDigit(line.charCodeAt(end)) && end - point <= 9; end += 1) {
    fraction = fraction * 10 + line.charCodeAt(end) - ZERO;
  }
  const decimals = end - point - 1;
  if (decimals < 3) return undefined;
  return { nanos: toNanos(whole, fraction * 10 ** (9 - decimals)), end };
}

/** Up to a hundred days of uptime the sum is a safe integer, and one bigint is cheaper than three. */
function toNanos(seconds: number, nanos: number): bigint {
  if (seconds < 9_000_000) return BigInt(seconds * 1e9 + nanos);
  return BigInt(seconds) * NANOS_PER_SECOND + BigInt(nanos);
}

/** `[    T1]`, `[ T1234]`, `[   C4]`, also with one blank before it; CONFIG_PRINTK_CALLER. */
export function readCaller(line: string, at: number): { name: string; end: number } | undefined {
  let open = at;
  if (line.charCodeAt(open) === BLANK) open += 1;
  if (line.charCodeAt(open) !== OPEN) return undefined;
  let from = open + 1;
  while (line.charCodeAt(from) === BLANK && from - open <= 8) from += 1;
  const letter = line.charCodeAt(from);
  if (letter !== 84 && letter !== 67) return undefined;
  let end = from + 1;
  while (isDigit(line.charCodeAt(end)) && end - from <= 10) end += 1;
  if (end === from + 1 || line.charCodeAt(end) !== CLOSE) return undefined;
  return { name: line.slice(from, end), end: end + 1 };
}

export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
