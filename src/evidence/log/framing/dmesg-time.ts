// dmesg -T: `[Sat Jun 28 20:15:54 2025] text`. The wall time is reckoned by dmesg from the boot time and
// is off after a suspend; it is kept as printed.

import type { Framing } from "./framing.ts";
import { readCaller } from "./stamp.ts";
import { monthAt, two } from "./wall-clock.ts";

//                   [Sat         Jun          28        20:15:54        2025       ]
const HEAD = /^\[\s*[A-Z][a-z]{2} ([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]/;

export const dmesgTime: Framing = {
  name: "dmesg-time",
  open:
    ({ clock }) =>
    (line) => {
      if (line.charCodeAt(0) !== 91) return undefined;
      const head = HEAD.exec(line);
      const month = head === null ? 0 : monthAt(head[1] ?? "", 0);
      if (head === null || month === 0) return undefined;
      const year = Number(head[4]);
      clock.observe(year, month);
      const caller = readCaller(line, head[0].length);
      const end = caller?.end ?? head[0].length;
      return {
        text: line.slice(line.charCodeAt(end) === 32 ? end + 1 : end),
        kernel: true,
        time: { wall: `${year}-${two(month)}-${two(Number(head[2]))}T${head[3]}`, yearFrom: "log" },
        caller: caller?.name,
      };
    },
};
