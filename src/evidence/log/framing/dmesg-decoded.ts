// dmesg -x: `kern  :warn  : [  176.013351] text`, with any of dmesg's times behind it.

import { dmesg } from "./dmesg.ts";
import { dmesgDelta } from "./dmesg-delta.ts";
import { dmesgHuman } from "./dmesg-human.ts";
import { dmesgIso } from "./dmesg-iso.ts";
import { dmesgTime } from "./dmesg-time.ts";
import { CONSUMED, type Framing } from "./framing.ts";

//              facility         level
const HEAD = /^([a-z]{3,8}[0-7]?) *:(emerg|alert|crit|err|warn|notice|info|debug) *: ?/;
const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];

const INNER = [dmesg, dmesgTime, dmesgHuman, dmesgIso, dmesgDelta];

export const dmesgDecoded: Framing = {
  name: "dmesg-decoded",
  open: (context) => {
    const inner = INNER.map((framing) => framing.open(context));
    return (line, number) => {
      const first = line.charCodeAt(0);
      const head = first >= 97 && first <= 122 ? HEAD.exec(line) : null;
      if (head === null) return undefined;
      const rest = line.slice(head[0].length);
      const facility = head[1] ?? "";
      const level = LEVELS.indexOf(head[2] ?? "");
      // Only the facility tells the kernel's words from a program's that wrote to /dev/kmsg.
      const origin = facility === "kern" ? { kernel: true } : { kernel: false, program: facility };
      for (const read of inner) {
        const framed = read(rest, number);
        if (framed !== undefined && framed !== CONSUMED) return { ...framed, ...origin, level };
      }
      return { text: rest, ...origin, level };
    };
  },
};
