// dmesg -d: `[    1.853620 <    0.018499>] text`, without times of day `[<    0.018499>] text`.

import { readDelta } from "./delta-stamp.ts";
import type { Framed, Framing } from "./framing.ts";
import { isMonotonicHost } from "./journal-monotonic.ts";
import { readCaller } from "./stamp.ts";

const BLANK = 32;

export const dmesgDelta: Framing = {
  name: "dmesg-delta",
  open:
    () =>
    (line): Framed | undefined => {
      const stamp = readDelta(line, 0);
      if (stamp === undefined || isMonotonicHost(line, stamp.end + 1)) return undefined;
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
