// `<4>text`: a level and no time, from a kernel with printk.time=0 (dmesg -r, /proc/kmsg, pstore) or from
// dmesg -r -t. A level before any other head belongs to that head.

import type { Framing } from "./framing.ts";
import { startsLikeHead } from "./head-start.ts";
import { readLevel } from "./stamp.ts";

/** Facility 0 is the kernel's; 23 is the last one (RFC 5424, 6.2.1). */
const FIRST_OF_PROGRAMS = 8;
const LAST = 191;

export const dmesgLevel: Framing = {
  name: "dmesg-level",
  open: () => (line) => {
    const level = readLevel(line, 0);
    if (level === undefined || level.value > LAST) return undefined;
    if (startsLikeHead(line, level.end) || isCodeByte(line, level.end)) return undefined;
    const kernel = level.value < FIRST_OF_PROGRAMS;
    const program = kernel ? undefined : "user";
    return { text: line.slice(level.end), kernel, level: level.value & 7, program };
  },
};

/** `<65> 8b 35 …`: the byte at which a `Code:` line was wrapped. */
function isCodeByte(line: string, end: number): boolean {
  return (
    (end === 4 && line.charCodeAt(1) === 48) ||
    /^ [0-9a-f]{2}(?: |$)/.test(line.slice(end, end + 4))
  );
}
