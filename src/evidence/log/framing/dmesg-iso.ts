// A full date and the message, no host: dmesg --time-format iso (`2025-06-28T20:15:54,013351+08:00 text`),
// and what consoles and test labs put before each line of a serial port (`[2025-06-28 20:15:54] [    1.0]
// text`, `2025-06-28T20:15:54.123 [    1.0] text`).

import type { EventTime } from "#model/kernel-event.ts";
import type { Framing } from "./framing.ts";
import { readIsoTime } from "./iso-time.ts";
import { readCaller, readStamp, USERSPACE } from "./stamp.ts";
import { withMonotonic } from "./syslog-line.ts";

/** A syslog line with the same date; its framing has it. */
const KERNELS = /^(?:\S{1,128} )?kernel: /;

export const dmesgIso: Framing = {
  name: "dmesg-iso",
  open:
    ({ clock }) =>
    (line) => {
      const isBracketed = line.charCodeAt(0) === 91;
      const date = readIsoTime(line, isBracketed ? 1 : 0);
      if (date === undefined) return undefined;
      let end = date.end;
      if (isBracketed && line.charCodeAt(end) !== 93) return undefined;
      if (isBracketed) end += 1;
      const next = line.charCodeAt(end);
      const isDmesg = line.charCodeAt(19) === 44;
      if (next === 32 || next === 58) end += 1;
      else if (next !== 91) return undefined;
      const time: EventTime = { wall: date.wall, yearFrom: "log" };
      const stamp = readStamp(line, end);
      if (stamp !== undefined) {
        clock.observe(date.year, date.month);
        const { level, caller, kernel } = stamp;
        return {
          text: line.slice(stamp.end),
          kernel,
          time: withMonotonic(time, stamp.time),
          level,
          caller,
          program: kernel ? undefined : USERSPACE,
        };
      }
      if (!isDmesg && KERNELS.test(line.slice(end, end + 160))) return undefined;
      // Only dmesg writes a comma before the fraction; any other dated line may be any program's.
      const caller = isDmesg ? readCaller(line, end) : undefined;
      const from = caller === undefined ? end : caller.end + 1;
      return { text: line.slice(from), kernel: isDmesg, time, caller: caller?.name };
    },
};
