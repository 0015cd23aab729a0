// What rsyslog writes to every terminal: `Message from syslogd@host at Jun 28 20:15:54 ...` and below it
// ` kernel:[176044.013351] watchdog: BUG: soft lockup …`.

import { CONSUMED, type Framing } from "./framing.ts";
import { readStamp } from "./stamp.ts";

const MESSAGE = /^ ?kernel: ?(?=\[)/;

export const broadcast: Framing = {
  name: "broadcast",
  open: () => {
    let host: string | undefined;
    return (line) => {
      if (line.startsWith("Message from syslogd@")) {
        host = line.slice(21).split(" ", 1)[0];
        return CONSUMED;
      }
      const head = MESSAGE.exec(line);
      const stamp = head === null ? undefined : readStamp(line, head[0].length);
      if (stamp === undefined) return undefined;
      const { time, caller } = stamp;
      return { text: line.slice(stamp.end), kernel: true, program: "kernel", host, time, caller };
    };
  },
};
