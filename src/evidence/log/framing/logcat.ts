// Android's logcat -b kernel, threadtime: `06-28 20:15:54.013     0     0 W         : [  176.0…] text`.
// logd cuts the message at its first colon and makes the first part the tag, padded to eight characters;
// both are put together again. Lines of a process other than 0 are programs'.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framing } from "./framing.ts";
import { readStamp } from "./stamp.ts";
import { withMonotonic } from "./syslog-line.ts";

//              06   - 28      20:15:54.013           pid      tid    level  tag
const HEAD =
  /^(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d:\d\d:\d\d\.\d{3,6}) {1,6}(\d{1,7}) {1,6}(\d{1,7}) ([VDIWEF]) (.{0,80}?) *: ?/;
const LEVELS: Readonly<Record<string, number>> = { F: 2, E: 3, W: 4, I: 6, D: 7, V: 7 };

export const logcat: Framing = {
  name: "logcat",
  open:
    ({ clock }) =>
    (line) => {
      const first = line.charCodeAt(0);
      const head = first >= 48 && first <= 57 ? HEAD.exec(line) : null;
      if (head === null) return undefined;
      const [whole, year, month, day, at = "", pid, , letter = "", tag = ""] = head;
      const date = { month: Number(month), day: Number(day), clock: at };
      const time: EventTime =
        year === undefined
          ? clock.withoutYear(date)
          : { wall: `${year}-${month}-${day}T${at}`, yearFrom: "log" };
      const level = LEVELS[letter];
      const rest = line.slice(whole.length);
      if (pid !== "0") return { text: rest, kernel: false, time, level, program: tag };
      const stamp = tag === "" ? readStamp(rest, 0) : undefined;
      if (stamp !== undefined) {
        const { caller } = stamp;
        return {
          text: rest.slice(stamp.end),
          kernel: true,
          time: withMonotonic(time, stamp.time),
          level,
          caller,
        };
      }
      return { text: tag === "" ? rest : `${tag}: ${rest}`, kernel: true, time, level };
    },
};
