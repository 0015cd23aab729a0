// dmesg -H: `[Jun28 20:15] text` for the first message of a minute and `[  +0.000023] text` for those
// after it. The seconds are lost: the wall time is kept to the minute.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed, Framing } from "./framing.ts";
import { monthNamed } from "./month-name.ts";
import { readCaller } from "./stamp.ts";

//               [Jun or 6月   28       20:15   ]
const MINUTE = /^\[(\D{1,11}|\d{1,2}[月월]) ?(\d{1,2}) (\d\d:\d\d)\]/;
/** A message that another CPU printed earlier stands below with a minus. */
const DELTA = /^\[ {0,8}[+-]\d{1,7}\.\d{6}\]/;

export const dmesgHuman: Framing = {
  name: "dmesg-human",
  open: ({ clock }) => {
    let minute: EventTime | undefined;
    return (line) => {
      if (line.charCodeAt(0) !== 91) return undefined;
      const head = MINUTE.exec(line);
      const month = head === null ? 0 : monthNamed((head[1] ?? "").trimEnd());
      if (head !== null && month > 0) {
        minute = clock.withoutYear({ month, day: Number(head[2]), clock: head[3] ?? "" });
        return messageAt(line, head[0].length, minute);
      }
      const delta = DELTA.exec(line);
      return delta === null ? undefined : messageAt(line, delta[0].length, minute);
    };
  },
};

function messageAt(line: string, at: number, time: EventTime | undefined): Framed {
  const caller = readCaller(line, at);
  const end = caller?.end ?? at;
  const from = line.charCodeAt(end) === 32 ? end + 1 : end;
  return { text: line.slice(from), kernel: true, time, caller: caller?.name };
}
