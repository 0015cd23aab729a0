// dmesg -T: `[Sat Jun 28 20:15:54 2025] text`, `[五 6月 28 20:15:54 2025] text`, with -d
// `[Sat Jun 28 20:15:54 2025 <    0.000012>] text`. The wall time is reckoned by dmesg from the boot time and
// is off after a suspend; it is kept as printed. crash's `log -T` adds the zone: `[Sat Jun 28 20:15:54 CST
// 2025] text`, and with -m the level behind it (crash: printk.c, dump_record). OpenWrt's logread writes the same date without brackets:
// `Thu Sep  1 19:21:30 2022 kern.warn kernel: [  12.013351] text`.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framing } from "./framing.ts";
import { monthNamed } from "./month-name.ts";
import { readCaller, readLevelBehind, USERSPACE } from "./stamp.ts";
import { readProgram, toSyslogFramed } from "./syslog-line.ts";
import { monthAt, two } from "./wall-clock.ts";

//             [Sat      Jun               28        20:15:54        2025    <    0.000012>  ]
const HEAD =
  /^\[\s?\S{1,12} (\S{1,12}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d)(?: [A-Z+-][A-Z\d:]{1,5})? (\d{4})(?: <[ \d.-]{8,20}>)?\]/;

//              Thu          Sep           1        19:21:30        2022      [seconds] of -t        kern . warn
const LOGREAD =
  /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4}) (?:\[\d{1,12}\.\d{3}\] )?([a-z]{3,8}[0-7]?)\.([a-z]{3,7}) /;
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
      const level = LEVELS.indexOf(head[6] ?? "");
      // The kernel's source label stands before what programs wrote to /dev/kmsg as well.
      const isForged = part.program === "kernel" && head[5] !== "kern";
      const origin = isForged ? { ...part, program: USERSPACE } : part;
      return toSyslogFramed(line, origin, fullDate(head, month), level < 0 ? undefined : level);
    },
};

export const dmesgTime: Framing = {
  name: "dmesg-time",
  open:
    ({ clock }) =>
    (line) => {
      if (line.charCodeAt(0) !== 91) return undefined;
      const head = HEAD.exec(line);
      if (head === null) return undefined;
      // The names of day and month are the locale's; no month, no date, but dmesg's line all the same.
      const month = monthNamed(head[1] ?? "");
      if (month > 0) clock.observe(Number(head[4]), month);
      const caller = readCaller(line, head[0].length);
      const end = caller?.end ?? head[0].length;
      const from = line.charCodeAt(end) === 32 ? end + 1 : end;
      const level = readLevelBehind(line, from);
      return {
        text: line.slice(level?.end ?? from),
        kernel: true,
        time: month === 0 ? undefined : fullDate(head, month),
        caller: caller?.name,
        level: level?.value,
      };
    },
};

/** Groups 2, 3 and 4 of either pattern are day, time and year. */
function fullDate(head: RegExpExecArray, month: number): EventTime {
  return { wall: `${head[4]}-${two(month)}-${two(Number(head[2]))}T${head[3]}`, yearFrom: "log" };
}
