// The stamp of dmesg -d and of the journal's short-delta: seconds since boot and since the message before.
//
//   [    1.853620 <    0.018499>]     [<    0.018499>]      util-linux: sys-utils/dmesg.c, print_record
//   [    1.853620 <    0.018499 >]    [    0.000000                ]
//                                     systemd: src/shared/logs-show.c, output_timestamp_monotonic

import { readSeconds } from "./stamp.ts";

const BLANK = 32;
const OPEN = 91;
const LESS = 60;
//                  <    0.018499 or -0.039622  >   ] or blanks only
const DELTA = /^(?: ?< {0,12}-?\d{1,12}\.\d{6} ?>| {15,17})\]/;
/** The longest of both forms. */
const MOST = 34;

export interface DeltaStamp {
  /** Since boot; absent where only the time since the message before is printed. */
  readonly nanos?: bigint;
  /** Index behind the bracket. */
  readonly end: number;
}

export function readDelta(line: string, at: number): DeltaStamp | undefined {
  if (line.charCodeAt(at) !== OPEN) return undefined;
  let from = at + 1;
  while (line.charCodeAt(from) === BLANK && from - at <= 16) from += 1;
  const seconds = readSeconds(line, from);
  if (seconds === undefined && line.charCodeAt(from) !== LESS) return undefined;
  const next = seconds?.end ?? from;
  const delta = DELTA.exec(line.slice(next, next + MOST));
  if (delta === null) return undefined;
  const end = next + delta[0].length;
  return seconds === undefined ? { end } : { nanos: seconds.nanos, end };
}
