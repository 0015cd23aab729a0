// Syslog lines with a full date: rsyslog's default since 2023 (`2025-06-28T20:15:54.013351+08:00 host
// kernel: …`), journalctl -o short-iso (`…+0800 host kernel: …`), short-full (`Sat 2025-06-28 20:15:54 CST
// host kernel: …`), short-unix (`1751112954.013351 host kernel: …`) and RFC 5424 (`<4>1 2025-… host kernel
// - - - …`).

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed, Framing } from "./framing.ts";
import { isoOfMicros, readIsoTime } from "./iso-time.ts";
import { isDigit, readLevel, readSeconds } from "./stamp.ts";
import { readProgram, toSyslogFramed } from "./syslog-line.ts";

const LEVELS: ReadonlySet<string> = new Set([
  ...["TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "CRITICAL"],
]);

export const syslogIso: Framing = {
  name: "syslog-iso",
  open:
    ({ clock }) =>
    (line) => {
      const level = readLevel(line, 0);
      const from = level?.end ?? 0;
      const version = line.startsWith("1 ", from) && level !== undefined;
      const date = readIsoTime(line, version ? from + 2 : skipWeekday(line, from));
      if (date === undefined || line.charCodeAt(date.end) !== 32) return undefined;
      clock.observe(date.year, date.month);
      const time: EventTime = { wall: date.wall, yearFrom: "log" };
      if (version) return readStructured(line, date.end + 1, time, level?.value);
      const part = readProgram(line, date.end + 1);
      // Without a host it is a program's own dated line (`2018/01/09 14:28:48 BUG: memory leak`), but for
      // journalctl's --no-hostname.
      const isNamed = part?.host !== undefined || line.startsWith("kernel: ", date.end + 1);
      if (part === undefined || !isNamed || line.charCodeAt(from + 4) === 47) return undefined;
      // A program's logger writes its level there (dmesg-iso.ts).
      if (LEVELS.has(part.host ?? "")) return undefined;
      return toSyslogFramed(line, part, time, level?.value);
    },
};

export const journalUnix: Framing = {
  name: "journal-unix",
  open: () => (line) => {
    if (!isDigit(line.charCodeAt(0)) || !isDigit(line.charCodeAt(8))) return undefined;
    const seconds = readSeconds(line, 0);
    if (seconds === undefined || line.charCodeAt(seconds.end) !== 32) return undefined;
    const part = readProgram(line, seconds.end + 1);
    const isNamed = part?.host !== undefined || line.startsWith("kernel: ", seconds.end + 1);
    if (part === undefined || !isNamed) return undefined;
    const time: EventTime = { wall: isoOfMicros(seconds.nanos / 1000n), yearFrom: "log" };
    return toSyslogFramed(line, part, time, undefined);
  },
};

/** `Sat ` of short-full; the date itself decides whether it was one. */
function skipWeekday(line: string, at: number): number {
  const first = line.charCodeAt(at);
  return first >= 65 && first <= 87 && line.charCodeAt(at + 3) === 32 ? at + 4 : at;
}

//                    host  app   procid msgid  structured data, whose values may hold `\]`
const STRUCTURED = /^(\S+) (\S+) \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.){0,2000}\])+) ?(?:\ufeff)?/;

/** RFC 5424 behind its time stamp; `-` stands for what the sender does not know. */
function readStructured(
  line: string,
  at: number,
  time: EventTime,
  priority: number | undefined,
): Framed | undefined {
  const match = STRUCTURED.exec(line.slice(at, at + 4096));
  if (match === null) return undefined;
  const [whole, host, app] = match;
  const program = app === undefined || app === "-" ? "kernel" : app;
  return toSyslogFramed(
    line,
    { host: host === "-" ? undefined : host, program, end: at + whole.length },
    time,
    priority,
  );
}
