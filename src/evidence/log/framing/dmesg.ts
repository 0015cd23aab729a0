// `[  176044.013351] text`, with or without `<4>` before and `[T123]` behind the stamp: dmesg, serial
// consoles, netconsole.

import type { Framing } from "./framing.ts";
import { isMonotonicHost } from "./journal-monotonic.ts";
import { readStamp, USERSPACE } from "./stamp.ts";

export const dmesg: Framing = {
  name: "dmesg",
  open: () => (line) => {
    const stamp = readStamp(line, 0);
    if (stamp === undefined) return undefined;
    if (isMonotonicHost(line, stamp.end)) return undefined;
    const { end, level, time, caller, kernel } = stamp;
    return {
      text: line.slice(end),
      kernel,
      time,
      host: undefined,
      caller,
      level,
      program: kernel ? undefined : USERSPACE,
    };
  },
};
