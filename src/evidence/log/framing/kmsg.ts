// /dev/kmsg records: `4,1234,176044013351,-;text` (Documentation/ABI/testing/dev-kmsg): priority,
// sequence, microseconds, flags and optional further fields up to the semicolon. Lines that begin with a
// blank are the record's dictionary (` SUBSYSTEM=pci`), not text.

import { CONSUMED, type Framing } from "./framing.ts";

//            prio   seq     usec   flag  ,caller=T1
const HEAD = /^(\d{1,5}),(\d{1,20}),(\d{1,19}),([-c+][^,;]{0,16})((?:,[^,;]{1,64}){0,8});/;
const FIELD = /^ [A-Z][A-Z0-9_]*=/;

export const kmsg: Framing = {
  name: "kmsg",
  open: () => {
    let inRecord = false;
    return (line) => {
      if (inRecord && FIELD.test(line)) return CONSUMED;
      const first = line.charCodeAt(0);
      const head = first >= 48 && first <= 57 ? HEAD.exec(line) : null;
      inRecord = head !== null;
      if (head === null) return undefined;
      const priority = Number(head[1]);
      const text = unescaped(line.slice(head[0].length));
      const caller = /,caller=([TC]\d+)/.exec(head[5] ?? "")?.[1];
      const time = { monotonic: BigInt(head[3] ?? "0") * 1000n };
      // Facility 0 is the kernel; programs that write to /dev/kmsg get another one.
      return { text, kernel: priority < 8, level: priority & 7, time, caller };
    };
  },
};

/** `\x09` → tab; the kernel escapes everything unprintable, and the backslash itself. */
function unescaped(text: string): string {
  if (!text.includes("\\x")) return text;
  return text.replace(/\\x([0-9a-f]{2})/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    return code >= 32 || code === 9 ? String.fromCharCode(code) : code === 10 ? "\n" : whole;
  });
}
