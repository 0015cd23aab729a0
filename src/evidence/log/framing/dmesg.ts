// `[  176044.013351] text`, with or without `<4>` before and `[T123]` behind the stamp: dmesg, serial
// consoles, netconsole.

import type { Framing } from "./framing.ts";
import { isMonotonicHost } from "./journal-monotonic.ts";
import { isKernelPriority, readLevel, readStamp, USERSPACE } from "./stamp.ts";

export const dmesg: Framing = {
  name: "dmesg",
  open: () => (line) => {
    const stamp = readStamp(line, 0);
    if (stamp === undefined) return undefined;
    if (isMonotonicHost(line, stamp.end)) return undefined;
    const { end, level, time, caller } = stamp;
    const isKernels = isKernelPriority(readLevel(line, 0)?.value);
    return {
      text: line.slice(end),
      kernel: isKernels,
      time,
      host: undefined,
      caller,
      level,
      program: isKernels ? undefined : USERSPACE,
    };
  },
};
