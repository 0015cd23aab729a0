// dmesg -d: `[    1.853620 <    0.018499>] text`, without times of day `[<    0.018499>] text`. The journal's
// short-delta has a blank more, `[    1.853620 <    0.018499 >] host kernel: text`, and blanks in its first
// line, `[    0.000000                ]` (systemd: src/shared/logs-show.c, output_timestamp_monotonic).

import type { Framed, Framing } from "./framing.ts";
import { readCaller, readSeconds } from "./stamp.ts";

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

export const dmesgDelta: Framing = {
  name: "dmesg-delta",
  open:
    () =>
    (line): Framed | undefined => {
      const stamp = readDelta(line, 0);
      if (stamp === undefined) return undefined;
      const { nanos } = stamp;
      const caller = readCaller(line, stamp.end);
      const end = caller?.end ?? stamp.end;
      return {
        text: line.slice(line.charCodeAt(end) === BLANK ? end + 1 : end),
        kernel: true,
        time: nanos === undefined ? undefined : { monotonic: nanos },
        caller: caller?.name,
      };
    },
};
