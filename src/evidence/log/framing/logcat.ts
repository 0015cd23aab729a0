// Android's logcat -b kernel, in each of its formats (system/logging: liblog/logprint.cpp,
// android_log_formatLogLine):
//
//   threadtime  06-28 20:15:54.013     0     0 W binder  : text     also with a year, a zone, a user id
//   epoch       1751112954.013     0     0 W binder  : text
//   time        06-28 20:15:54.013 W/binder  (    0): text
//   brief       W/binder  (    0): text
//   long        [ 06-28 20:15:54.013     0:    0 W/binder   ]       and the text below it
//
// logd cuts the message at its first colon and makes the first part the tag, padded to eight characters
// (logd/LogKlog.cpp); both are put together again. Lines of a process other than 0 are programs'.

import type { EventTime } from "#model/kernel-event.ts";
import { CONSUMED, type Framed, type Framing, type LineReader } from "./framing.ts";
import { isoOfMicros } from "./iso-time.ts";
import { readStamp } from "./stamp.ts";
import { withMonotonic } from "./syslog-line.ts";
import type { WallClock } from "./wall-clock.ts";

//             2026       -  06   -  28      20:15:54.013            or 1751112954.013
const TIME =
  /^(?:(?:(\d{4})-)?(\d\d)-(\d\d) (\d\d:\d\d:\d\d\.\d{3,9})|(\d{9,11}\.\d{3,9}))( [+-]\d{4})?/;
//                    uid              pid       tid      level  tag
const THREAD =
  /^ {1,6}(?:[a-z]\S{0,15} {1,6}|\d{1,7} {1,6}(?=\d+ {1,6}\d))?(\d{1,7}) {1,6}\d{1,7} ([VDIWEF]) (.{0,80}?) *: ?/;
//               level   tag    (   pid   ):
const BRIEF = /^ ?([VDIWEF])\/(.{0,80}?) *\( *(\d{1,7})\): ?/;
//                     pid       tid   level   tag      ]
const LONG = /^ {1,6}(\d{1,7}): *\d{1,7} ([VDIWEF])\/(.{0,80}?) *\]$/;
const LEVELS: Readonly<Record<string, number>> = { F: 2, E: 3, W: 4, I: 6, D: 7, V: 7 };

interface Head {
  readonly pid: string;
  readonly letter: string;
  readonly tag: string;
  readonly time?: EventTime | undefined;
}

export const logcat: Framing = {
  name: "logcat",
  open({ clock }): LineReader {
    /** The head of the long format whose text is read. */
    let above: Head | undefined;
    return (line) => {
      const first = line.charCodeAt(0);
      if (above !== undefined) {
        const head = above;
        if (line === "") {
          above = undefined;
          return CONSUMED;
        }
        const next = readLong(line, clock);
        if (next === undefined) return toFramed(head, line);
        above = next;
        return CONSUMED;
      }
      if (first >= 48 && first <= 57) return readDated(line, clock);
      if (first >= 68 && first <= 87 && line.charCodeAt(1) === 47)
        return readBrief(line, undefined);
      if (first !== 91 || line.charCodeAt(line.length - 1) !== 93) return undefined;
      above = readLong(line, clock);
      return above === undefined ? undefined : CONSUMED;
    };
  },
};

function readDated(line: string, clock: WallClock): Framed | undefined {
  const date = TIME.exec(line);
  if (date === null) return undefined;
  const time = timeOf(date, clock);
  const rest = line.slice(date[0].length);
  const head = THREAD.exec(rest);
  if (head === null) return readBrief(rest, time);
  const [whole, pid = "", letter = "", tag = ""] = head;
  return toFramed({ pid, letter, tag, time }, rest.slice(whole.length));
}

function readBrief(line: string, time: EventTime | undefined): Framed | undefined {
  const head = BRIEF.exec(line);
  if (head === null) return undefined;
  const [whole, letter = "", tag = "", pid = ""] = head;
  return toFramed({ pid, letter, tag, time }, line.slice(whole.length));
}

function readLong(line: string, clock: WallClock): Head | undefined {
  const date = line.charCodeAt(1) === 32 ? TIME.exec(line.slice(2)) : null;
  if (date === null) return undefined;
  const head = LONG.exec(line.slice(2 + date[0].length));
  if (head === null) return undefined;
  const [, pid = "", letter = "", tag = ""] = head;
  return { pid, letter, tag, time: timeOf(date, clock) };
}

function timeOf(date: RegExpExecArray, clock: WallClock): EventTime {
  const [, year, month, day, at = "", epoch, zone] = date;
  if (epoch !== undefined) {
    const [seconds = "0", fraction = "0"] = epoch.split(".");
    const micros = BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0").slice(0, 6));
    return { wall: isoOfMicros(micros), yearFrom: "log" };
  }
  if (year === undefined) {
    return clock.withoutYear({ month: Number(month), day: Number(day), clock: at });
  }
  const offset = zone === undefined ? "" : `${zone.slice(1, 4)}:${zone.slice(4)}`;
  return { wall: `${year}-${month}-${day}T${at}${offset}`, yearFrom: "log" };
}

function toFramed({ pid, letter, tag, time }: Head, rest: string): Framed {
  const level = LEVELS[letter];
  if (pid !== "0") return { text: rest, kernel: false, time, level, program: tag };
  const stamp = tag === "" ? readStamp(rest, 0) : undefined;
  if (stamp !== undefined) {
    return {
      text: rest.slice(stamp.end),
      kernel: true,
      time: withMonotonic(time, stamp.time),
      level,
      caller: stamp.caller,
    };
  }
  return { text: tag === "" ? rest : `${tag}: ${rest}`, kernel: true, time, level };
}
