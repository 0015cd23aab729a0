// RFC 3164 as files hold it: `Jun 28 20:15:54 host kernel: [176044.013351] text`, also journalctl's short
// and short-precise output, which is the same without the stamp.
//
// This is the hot path: most lines of a syslog are not the kernel's. Everything is decided by characters
// at known places, and a line of the same second reuses its neighbour's time.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed, Framing, FramingContext, LineReader } from "./framing.ts";
import { isDigit, readLevel, readStamp } from "./stamp.ts";
import { monthAt } from "./wall-clock.ts";

const BLANK = 32;
const COLON = 58;

export const syslog: Framing = { name: "syslog", open: openSyslog };

function openSyslog({ clock }: FramingContext): LineReader {
  let lastHead = "";
  let lastTime: EventTime | undefined;
  return (line) => {
    const level = readLevel(line, 0);
    const from = level?.end ?? 0;
    const timeEnd = findTimeEnd(line, from);
    if (timeEnd < 0) return undefined;
    const rest = readProgram(line, timeEnd + 1);
    if (rest === undefined) return undefined;
    if (
      lastTime === undefined ||
      !line.startsWith(lastHead, from) ||
      lastHead.length !== timeEnd - from
    ) {
      lastHead = line.slice(from, timeEnd);
      lastTime = clock.withoutYear({
        month: monthAt(line, from),
        day: Number(line.slice(from + 4, from + 6)),
        clock: line.slice(from + 7, timeEnd),
      });
    }
    return toFramed(line, rest, lastTime, level?.value);
  };
}

interface ProgramPart {
  readonly host: string | undefined;
  readonly program: string;
  /** Index of the message. */
  readonly end: number;
}

function toFramed(
  line: string,
  part: ProgramPart,
  time: EventTime,
  priority: number | undefined,
): Framed {
  const { host, program } = part;
  const level = priority === undefined ? undefined : priority & 7;
  if (program !== "kernel") {
    return { text: line.slice(part.end), kernel: false, time, host, program, level };
  }
  const stamp = readStamp(line, part.end);
  if (stamp === undefined) {
    return { text: line.slice(part.end), kernel: true, time, host, program, level };
  }
  return {
    text: line.slice(stamp.end),
    kernel: true,
    time: { ...time, ...stamp.time },
    host,
    program,
    caller: stamp.caller,
    level: stamp.level ?? level,
  };
}

/** Index behind `Jun 28 20:15:54` or `Jun 28 20:15:54.123456`, at a blank; -1 when it is no such date. */
function findTimeEnd(line: string, at: number): number {
  if (line.charCodeAt(at + 3) !== BLANK || line.charCodeAt(at + 6) !== BLANK) return -1;
  if (line.charCodeAt(at + 9) !== COLON || line.charCodeAt(at + 12) !== COLON) return -1;
  if (monthAt(line, at) === 0 || !isDigit(line.charCodeAt(at + 5))) return -1;
  const tens = line.charCodeAt(at + 4);
  if (tens !== BLANK && !isDigit(tens)) return -1;
  for (const digit of [7, 8, 10, 11, 13, 14]) {
    if (!isDigit(line.charCodeAt(at + digit))) return -1;
  }
  let end = at + 15;
  if (line.charCodeAt(end) === 46) {
    end += 1;
    while (isDigit(line.charCodeAt(end)) && end - at < 26) end += 1;
  }
  return line.charCodeAt(end) === BLANK ? end : -1;
}

/**
 * `host program[pid]: `, also `host kern.warn kernel: ` (busybox) and `kernel: ` without a host. A line
 * whose program cannot be found is left to the other framings.
 */
export function readProgram(line: string, at: number): ProgramPart | undefined {
  let host: string | undefined;
  let from = at;
  for (let word = 0; word < 3; word += 1) {
    const tagEnd = findTagEnd(line, from);
    if (tagEnd === undefined) return undefined;
    if (line.charCodeAt(tagEnd.colon) === COLON) {
      const end = line.charCodeAt(tagEnd.colon + 1) === BLANK ? tagEnd.colon + 2 : tagEnd.colon + 1;
      const program = line.slice(from, tagEnd.name);
      return { host, program: isKernelTag(program) ? "kernel" : program, end };
    }
    if (word === 0) host = line.slice(from, tagEnd.colon);
    from = tagEnd.colon + 1;
  }
  return undefined;
}

/** The word at `at`: where its name ends (before `[pid]`) and where the blank or colon after it stands. */
function findTagEnd(line: string, at: number): { name: number; colon: number } | undefined {
  const limit = Math.min(line.length, at + 128);
  let name = -1;
  for (let i = at; i < limit; i += 1) {
    const code = line.charCodeAt(i);
    if (code === BLANK) return i === at ? undefined : { name: name < 0 ? i : name, colon: i };
    if (code === 91 && name < 0) name = i;
    // `::` and `fe80:` belong to a host's address, not to a tag.
    if (code === COLON && (i + 1 >= line.length || line.charCodeAt(i + 1) === BLANK)) {
      return { name: name < 0 ? i : name, colon: i };
    }
  }
  return undefined;
}

function isKernelTag(program: string): boolean {
  return program === "kernel" || program === "vmunix" || program === "kern";
}
