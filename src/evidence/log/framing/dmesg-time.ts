// dmesg -T: `[Sat Jun 28 20:15:54 2025] text`. The wall time is reckoned by dmesg from the boot time and
// is off after a suspend; it is kept as printed. OpenWrt's logread writes the same date without brackets:
// `Thu Sep  1 19:21:30 2022 kern.warn kernel: [  12.013351] text`.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framing } from "./framing.ts";
import { readCaller } from "./stamp.ts";
import { readProgram, toSyslogFramed } from "./syslog-line.ts";
import { monthAt, two } from "./wall-clock.ts";

//                   [Sat         Jun          28        20:15:54        2025       ]
const HEAD = /^\[\s*[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]/;

//              Thu          Sep           1        19:21:30        2022    kern . warn
const LOGREAD =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) [a-z]{3,8}[0-7]?\.([a-z]{3,7}) /;
const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

export const logread: Framing = {
  name: "logread",
  open:
    ({ clock }) =>
    (line) => {
      const first = line.charCodeAt(0);
      const head = first >= 65 && first <= 87 ? LOGREAD.exec(line) : null;
      const month = head === null ? 0 : monthAt(head[1] ?? "", 0);
      if (head === null || month === 0) return undefined;
      const part = readProgram(line, head[0].length);
      if (part === undefined) return undefined;
      const year = Number(head[4]);
      clock.observe(year, month);
      const level = LEVELS.indexOf(head[5] ?? "");
      return toSyslogFramed(line, part, fullDate(head, month), level < 0 ? undefined : level);
    },
};

export const dmesgTime: Framing = {
  name: "dmesg-time",
  open:
    ({ clock }) =>
    (line) => {
      if (line.charCodeAt(0) !== 91) return undefined;
      const head = HEAD.exec(line);
      const month = head === null ? 0 : monthAt(head[1] ?? "", 0);
      if (head === null || month === 0) return undefined;
      const year = Number(head[4]);
      clock.observe(year, month);
      const caller = readCaller(line, head[0].length);
      const end = caller?.end ?? head[0].length;
      return {
        text: line.slice(line.charCodeAt(end) === 32 ? end + 1 : end),
        kernel: true,
        time: fullDate(head, month),
        caller: caller?.name,
      };
    },
};

/** Groups 2, 3 and 4 of either pattern are day, time and year. */
function fullDate(head: RegExpExecArray, month: number): EventTime {
  return { wall: `${head[4]}-${two(month)}-${two(Number(head[2]))}T${head[3]}`, yearFrom: "log" };
}
