// /dev/kmsg records and netconsole's extended form, which is the same:
//
//   4,1234,176044013351,-,caller=T12;text        Documentation/ABI/testing/dev-kmsg
//    SUBSYSTEM=pci                               the record's dictionary, not text
//   6.4.0,12,416,1758426,-,ncfrag=0/33;the first Documentation/networking/netconsole.rst
//
// priority, sequence, microseconds, flags, further fields up to the semicolon. A netconsole message longer
// than a packet comes in fragments, whose number is the offset of the text in the whole.

import { CONSUMED, type Framed, type Framing } from "./framing.ts";
import { isKernelPriority, USERSPACE } from "./stamp.ts";

//             release of the sender    prio   seq     usec   flag    ,caller=T1
const HEAD =
  /^(?:\d[\w.+-]{2,64},)?(\d{1,5}),(\d{1,20}),(\d{1,17}),([-c+])((?:,[^,;]{1,64}){0,8});/;
const FIELD = /^ [A-Z][A-Z0-9_]*=/;

export const kmsg: Framing = {
  name: "kmsg",
  open: () => {
    let inRecord = false;
    let isOwn = true;
    return (line) => {
      if (inRecord && FIELD.test(line)) return CONSUMED;
      const first = line.charCodeAt(0);
      const head = first >= 48 && first <= 57 ? HEAD.exec(line) : null;
      inRecord = head !== null;
      if (head === null) return undefined;
      const framed = toFramed(line, head);
      // A fragment's facility is its message's.
      if (framed.continues !== true) isOwn = framed.kernel;
      return isOwn
        ? { ...framed, kernel: true, program: undefined }
        : { ...framed, kernel: false, program: USERSPACE };
    };
  },
};

function toFramed(line: string, head: RegExpExecArray): Framed {
  const [whole, priority, , micros = "0", flag, rest = ""] = head;
  const fragment = /,ncfrag=(\d{1,6})\/\d{1,6}/.exec(rest);
  const text = line.slice(whole.length);
  return {
    text: unescaped(fragment === null ? text : withoutInnerHeads(text, whole)),
    kernel: isKernelPriority(Number(priority)),
    level: Number(priority) & 7,
    time: { monotonic: BigInt(micros) * 1000n },
    caller: /,caller=([TC]\d{1,10})/.exec(rest)?.[1],
    // Kernels before 5.10 marked the parts of a pr_cont line with `c` and `+`.
    continues: flag === "+" || (fragment !== null && fragment[1] !== "0"),
  };
}

/** Packets hold no line feed: a receiver that adds none runs the fragments of a message together. */
function withoutInnerHeads(text: string, head: string): string {
  const start = head.slice(0, head.indexOf(",ncfrag="));
  if (!text.includes(start)) return text;
  return text
    .split(start)
    .map((part, at) => (at === 0 ? part : part.replace(/^(?:,[^,;]{1,64}){0,8};/, "")))
    .join("");
}

/** `\x09` → tab; the kernel escapes everything unprintable, and the backslash itself. */
function unescaped(text: string): string {
  if (!text.includes("\\x")) return text;
  return text.replace(/\\x([0-9a-f]{2})/g, (whole, hex: string) => {
    const code = Number.parseInt(hex, 16);
    if (code === 10) return "\n";
    return code === 9 || (code >= 32 && code < 127) ? String.fromCharCode(code) : whole;
  });
}
