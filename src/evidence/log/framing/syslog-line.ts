// What follows the date in a syslog line: `host program[pid]: message`. Shared by the framings that differ
// in how they write the date.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed } from "./framing.ts";
import { isKernelPriority, readMonotonic, readStamp, USERSPACE } from "./stamp.ts";

const BLANK = 32;
const COLON = 58;
const BRACKET = 91;
/** Longest host or tag looked at; a line without a tag costs no more than this. */
const MAX_WORD = 128;

export interface ProgramPart {
  readonly host: string | undefined;
  readonly program: string;
  /** Index of the message. */
  readonly end: number;
}

/**
 * `host program[pid]: `, also `host kern.warn kernel: ` (busybox), `kernel: ` without a host and
 * `host [  176.0] ` without a program;
 * `undefined` when no word ends with a colon.
 */
export function readProgram(line: string, at: number): ProgramPart | undefined {
  // metalog's tag.
  if (line.startsWith("[kernel] ", at)) return { host: undefined, program: "kernel", end: at + 9 };
  let host: string | undefined;
  let from = at;
  let before = at;
  for (let word = 0; word < 3; word += 1) {
    if (word < 2 && isStamp(line, from)) return { host, program: "kernel", end: from };
    const tag = findTagEnd(line, from);
    if (tag === undefined) return undefined;
    if (line.charCodeAt(tag.stop) === COLON) {
      const end = line.charCodeAt(tag.stop + 1) === BLANK ? tag.stop + 2 : tag.stop + 1;
      const program = line.slice(from, tag.name);
      if (!isKernelTag(program)) return { host, program, end };
      const isForged = FOREIGN.test(line.slice(before, from));
      return { host, program: isForged ? USERSPACE : "kernel", end };
    }
    if (word === 0) host = line.slice(from, tag.stop);
    before = from;
    from = tag.stop + 1;
  }
  return undefined;
}

/** Facility and level in words, as busybox and OpenWrt write them; `kern.` is the kernel's own. */
const FOREIGN =
  /^(?:user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])\.[a-z]{3,7} $/;

/** A receiver of netconsole, and ts(1), put no program between the host or the date and printk's stamp. */
function isStamp(line: string, at: number): boolean {
  return line.charCodeAt(at) === BRACKET && readMonotonic(line, at) !== undefined;
}

/** The word at `at`: where its name ends (before `[pid]`) and where the blank or colon after it stands. */
function findTagEnd(line: string, at: number): { name: number; stop: number } | undefined {
  const limit = Math.min(line.length, at + MAX_WORD);
  let name = -1;
  for (let i = at; i < limit; i += 1) {
    const code = line.charCodeAt(i);
    if (code === BLANK) return i === at ? undefined : { name: name < 0 ? i : name, stop: i };
    if (code === BRACKET && name < 0) name = i;
    // A colon before anything but a blank belongs to a host's address; `kernel:[  1.0]` is wall(1)'s.
    if (code === COLON && isTagColon(line, i)) return { name: name < 0 ? i : name, stop: i };
  }
  return undefined;
}

function isTagColon(line: string, at: number): boolean {
  const next = line.charCodeAt(at + 1);
  return at + 1 >= line.length || next === BLANK || next === BRACKET;
}

function isKernelTag(program: string): boolean {
  return program === "kernel" || program === "vmunix" || program === "kern";
}

/** A record of `part` at `time`; the kernel's own stamp and caller are read behind its tag. */
export function toSyslogFramed(
  line: string,
  part: ProgramPart,
  time: EventTime | undefined,
  priority: number | undefined,
): Framed {
  const { host } = part;
  // `logger -t kernel` takes the kernel's name, not its facility.
  const isForged = part.program === "kernel" && !isKernelPriority(priority);
  const level = priority === undefined ? undefined : priority & 7;
  const stamp = part.program === "kernel" && !isForged ? readStamp(line, part.end) : undefined;
  const program = isForged || stamp?.kernel === false ? USERSPACE : part.program;
  return {
    text: line.slice(stamp === undefined ? part.end : stamp.end),
    kernel: program === "kernel",
    time: stamp === undefined ? time : withMonotonic(time, stamp.time),
    host,
    caller: stamp?.caller,
    level: stamp?.level ?? level,
    program,
  };
}

/** Both clocks of a line. */
export function withMonotonic(
  time: EventTime | undefined,
  stamp: EventTime | undefined,
): EventTime | undefined {
  if (time?.wall === undefined || stamp?.monotonic === undefined) return stamp ?? time;
  const { wall, yearFrom } = time;
  const { monotonic } = stamp;
  return yearFrom === undefined ? { monotonic, wall } : { monotonic, wall, yearFrom };
}
