// Damage line by line: another framing for some of them, other line ends, columns cut off, characters that
// take several bytes, are shown as nothing or turn the text around.

import type { Random } from "./random.ts";
import type { Window } from "./windows.ts";

/** The kernel's own stamp and what may stand before it. */
const HEAD =
  /^(?:<\d+>)?(?:[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S+ kernel: )?(?:\[ *\d+\.\d{6}\])?(?:\[ *[TC]\d+\])? ?/;

type Frame = (text: string, at: number) => string;

const FRAMES: readonly Frame[] = [
  (text, at) => `[  100.${micros(at)}] ${text}`,
  (text, at) => `<4>[  100.${micros(at)}] ${text}`,
  (text, at) => `<12>[  100.${micros(at)}] ${text}`,
  (text, at) => `[  100.${micros(at)}][  T${at % 3}] ${text}`,
  (text, at) => `Jun 28 20:15:54 host kernel: [  100.${micros(at)}] ${text}`,
  (text) => `2025-06-28T20:15:54.013351+08:00 host kernel: ${text}`,
  (text, at) => `<4>1 2025-06-28T20:15:54Z host kernel - - - [  100.${micros(at)}] ${text}`,
  (text, at) => `4,${at},100${micros(at)},-;${text}`,
  (text, at) => `12,${at},100${micros(at)},-,caller=T${at % 3};${text}`,
  (text, at) => `kern  :warn  : [  100.${micros(at)}] ${text}`,
  (text, at) => `[  100.${micros(at)}] host kernel: ${text}`,
  (text) => JSON.stringify({ MESSAGE: text, _TRANSPORT: "kernel", _HOSTNAME: "host" }),
  (text, at) => `__CURSOR=s=${at}\n_TRANSPORT=kernel\nMESSAGE=${text}\n`,
  (text, at) => `06-28 20:15:54.013  0 ${at} E kernel: ${text}`,
  (text) => text,
];

function micros(at: number): string {
  return String(at % 1_000_000).padStart(6, "0");
}

/** Some or all lines in another framing, a few of them each in one of its own. */
export function reframed(lines: Window, random: Random): Window {
  const share = random.pick([1, 1, 0.3]);
  const isMixed = random.chance(0.2);
  let frame = random.pick(FRAMES);
  return lines.flatMap((line, at) => {
    if (!random.chance(share)) return line;
    if (isMixed) frame = random.pick(FRAMES);
    return frame(line.replace(HEAD, ""), at).split("\n");
  });
}

/** CR before, instead of or between the line feeds, blank lines, form feeds. */
export function endedOtherwise(lines: Window, random: Random): Window {
  const end = random.pick(["\r", "\r\r", "\n", "\n\r", " ", "\f", "\v", "\0"]);
  const share = random.pick([1, 0.3]);
  if (random.chance(0.2)) return [lines.join("\r")];
  return lines.flatMap((line) => (random.chance(share) ? `${line}${end}` : line).split("\n"));
}

const STRANGE: readonly string[] = [
  "\u00e9",
  "\u00a0",
  "\u009b31m",
  "\u200b",
  "\u2028",
  "\u202e",
  "\ufeff",
  "\ufffd",
  "\uff1a",
  "\u4e2d\u6587",
  "\u{1f600}",
  "\u{e0041}",
];

/** The lines hold bytes: a character of several is put in as such. */
export function withUnicode(lines: Window, random: Random): Window {
  return lines.map((line) => {
    if (!random.chance(0.3)) return line;
    const at = random.below(line.length + 1);
    const put = Buffer.from(random.pick(STRANGE))
      .toString("latin1")
      .repeat(1 + random.below(3));
    return line.slice(0, at) + put + line.slice(at);
  });
}

/** What a narrow window, a `cut -c` or a clumsy selection leaves. */
export const CUTS: readonly ((lines: Window, random: Random) => Window)[] = [
  (lines, random) => {
    const width = 10 + random.below(120);
    return lines.map((line) => line.slice(0, width));
  },
  (lines, random) => {
    const from = 1 + random.below(30);
    return lines.map((line) => line.slice(from));
  },
];
