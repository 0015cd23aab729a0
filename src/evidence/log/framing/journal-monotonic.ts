// journalctl -o short-monotonic: `[176044.013351] host kernel: text`. Without its host it would be a dmesg
// line; the host is known from the first line of the kernel itself. With --no-hostname that is `kernel: `.
// short-delta: `[176044.013351 <    0.000012 >] host kernel: text`.

import { readDelta } from "./delta-stamp.ts";
import type { Framing } from "./framing.ts";
import { readMonotonic } from "./stamp.ts";
import { readProgram, toSyslogFramed } from "./syslog-line.ts";

export const journalMonotonic: Framing = {
  name: "journal-monotonic",
  open: () => {
    let host: string | undefined;
    return (line) => {
      const stamp = readMonotonic(line, 0) ?? readDelta(line, 0);
      if (stamp?.nanos === undefined || line.charCodeAt(stamp.end) !== 32) return undefined;
      const at = stamp.end + 1;
      if (host === undefined || !line.startsWith(host, at)) {
        host = findKernelHost(line, at);
        if (host === undefined) return undefined;
      }
      const part = readProgram(line, at);
      if (part === undefined || (part.host === undefined && part.program !== "kernel")) {
        return undefined;
      }
      return toSyslogFramed(line, part, { monotonic: stamp.nanos }, undefined);
    };
  },
};

/** True for `[  1.0] host kernel: `, which dmesg does not write. */
export function isMonotonicHost(line: string, at: number): boolean {
  return findKernelHost(line, at) !== undefined;
}

/** `host ` where `kernel: ` is the word after it; empty where it stands there itself. */
function findKernelHost(line: string, at: number): string | undefined {
  if (line.startsWith("kernel: ", at)) return "";
  const blank = line.indexOf(" ", at);
  return blank > at && line.startsWith("kernel: ", blank + 1)
    ? line.slice(at, blank + 1)
    : undefined;
}
