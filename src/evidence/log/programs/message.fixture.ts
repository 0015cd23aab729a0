// Kernel messages as other programs write them, taken from those programs' sources and outputs and not
// from what the framings read. Here: the messages and their times.

export interface Message {
  /** Microseconds since boot. */
  readonly micros: number;
  readonly text: string;
  /** Syslog level. */
  readonly level: number;
}

export interface Program {
  readonly name: string;
  readonly write: (messages: readonly Message[]) => string | Uint8Array;
  /** The clocks that survive; `monotonic` if absent. */
  readonly keeps?: "both" | "wall" | "nothing";
  /** What it says of the wall clock beyond the minute. */
  readonly loses?: "seconds" | "year" | "zone";
}

/** 2026-11-27T17:43:00Z, the moment of boot. */
const BOOT = Date.UTC(2026, 10, 27, 17, 43);
export const HOST = "node-7.example";

/** The stamped lines of a console. */
export function readMessages(log: string): Message[] {
  const messages: Message[] = [];
  for (const match of log.matchAll(/^\[ *(\d+)\.(\d{6})\] ([^\r\n]*?)[ \r]*$/gm)) {
    const [, seconds, micros, text = ""] = match;
    messages.push({
      micros: Number(seconds) * 1e6 + Number(micros),
      text,
      level: messages.length % 7,
    });
  }
  return messages;
}

export const lines =
  (line: (m: Message, at: number, before: Message | undefined) => string, end = "\n") =>
  (messages: readonly Message[]): string =>
    messages.map((m, at) => line(m, at, messages[at - 1]) + end).join("");

export const fraction = (m: Message): string => String(m.micros % 1e6).padStart(6, "0");
export const seconds = (m: Message): string =>
  `${String(Math.floor(m.micros / 1e6)).padStart(5)}.${fraction(m)}`;
export const stamp = (m: Message): string => `[${seconds(m)}]`;
/** As the console shows it. */
export const console = (m: Message): string => `${stamp(m)} ${m.text}`;
const date = (m: Message): Date => new Date(BOOT + Math.floor(m.micros / 1e3));
/** `2026-11-27T17:43:01` */
export const iso = (m: Message): string => date(m).toISOString().slice(0, 19);
export const isoMicros = (m: Message): string => `${iso(m)}.${fraction(m)}`;
export const clock = (m: Message): string => iso(m).slice(11);
/** `Nov 27 17:43:01` */
export const bsd = (m: Message): string => `Nov ${iso(m).slice(8, 10)} ${clock(m)}`;
export const ctime = (m: Message): string => `Fri ${bsd(m)} 2026`;
export const realMicros = (m: Message): number => BOOT * 1e3 + m.micros;
export const delta = (m: Message, before: Message | undefined): string =>
  ((m.micros - (before ?? m).micros) / 1e6).toFixed(6);
export const utf8Length = (text: string): number => new TextEncoder().encode(text).length;
