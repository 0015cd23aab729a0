// RFC 3164 as files hold it: `Jun 28 20:15:54 host kernel: [176044.013351] text`, also journalctl's short
// and short-precise output, which is the same without the stamp.
//
// This is the hot path: most lines of a syslog are not the kernel's. Everything is decided by characters
// at known places, and a line of the same second reuses its neighbour's time.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framing, FramingContext, LineReader } from "./framing.ts";
import { isDigit, readLevel } from "./stamp.ts";
import { readProgram, toSyslogFramed } from "./syslog-line.ts";
import { monthAt } from "./wall-clock.ts";

const BLANK = 32;
const COLON = 58;

export const syslog: Framing = { name: "syslog", open: openSyslog };

function openSyslog({ clock }: FramingContext): LineReader {
  let lastHead = "";
  let lastTime: EventTime | undefined;

  function timeOf(line: string, from: number, end: number): EventTime {
    if (
      lastTime !== undefined &&
      lastHead.length === end - from &&
      line.startsWith(lastHead, from)
    ) {
      return lastTime;
    }
    lastHead = line.slice(from, end);
    lastTime = clock.withoutYear({
      month: monthAt(line, from),
      day: Number(line.slice(from + 4, from + 6)),
      clock: line.slice(from + 7, end),
    });
    return lastTime;
  }

  return (line) => {
    const level = readLevel(line, 0);
    const from = level?.end ?? 0;
    const end = findTimeEnd(line, from);
    if (end < 0) return undefined;
    const part = readProgram(line, end + 1);
    if (part === undefined) return undefined;
    return toSyslogFramed(line, part, timeOf(line, from, end), level?.value);
  };
}

/** Index behind `Jun 28 20:15:54` or `Jun 28 20:15:54.123456`, at a blank; -1 when it is no such date. */
function findTimeEnd(line: string, at: number): number {
  if (line.charCodeAt(at + 3) !== BLANK || line.charCodeAt(at + 6) !== BLANK) return -1;
  if (line.charCodeAt(at + 9) !== COLON || line.charCodeAt(at + 12) !== COLON) return -1;
  if (monthAt(line, at) === 0 || !isDigit(line.charCodeAt(at + 5))) return -1;
  const tens = line.charCodeAt(at + 4);
  if (tens !== BLANK && !isDigit(tens)) return -1;
  if (!isPair(line, at + 7) || !isPair(line, at + 10) || !isPair(line, at + 13)) return -1;
  let end = at + 15;
  if (line.charCodeAt(end) === 46) {
    end += 1;
    while (isDigit(line.charCodeAt(end)) && end - at < 26) end += 1;
  }
  return line.charCodeAt(end) === BLANK ? end : -1;
}

function isPair(line: string, at: number): boolean {
  return isDigit(line.charCodeAt(at)) && isDigit(line.charCodeAt(at + 1));
}
