// The time of day that a program put before each line of another's output: GitHub's and Jenkins' logs,
// kubectl logs --timestamps, ts(1).
//
//   2026-11-27T17:43:01.1234567Z [Fri Nov 27 17:43:01 2026] text
//   [2026-11-27T17:43:01.123Z] Nov 27 17:43:01 node-7 kernel: text
//   Nov 27 17:43:01 <4>text
//
// Invariant: the column is taken away only before a head that has its own shape; before printk's stamp it
// stays, as such a line is a framing's (dmesg-iso.ts, syslog.ts) and the column is its only date.

import { startsLikeHead } from "./head-start.ts";
import { isMonotonicHost } from "./journal-monotonic.ts";
import { isDigit, readStamp } from "./stamp.ts";
import { monthAt } from "./wall-clock.ts";

const BLANK = 32;
const COLON = 58;
const OPEN = 91;
const DASH = 45;
/** `2026-11-27T17:43:01.123456789+00:00` */
const LONGEST = 36;

/** Index of the head behind the column; 0 where the line has none. */
export function timeColumnEnd(line: string): number {
  const first = line.charCodeAt(0);
  if (first === OPEN)
    return line.charCodeAt(5) === DASH ? endBefore(line, isoEnd(line, 1, "] ")) : 0;
  if (isDigit(first))
    return line.charCodeAt(4) === DASH ? endBefore(line, isoEnd(line, 0, " ")) : 0;
  const isDate =
    line.charCodeAt(15) === BLANK &&
    line.charCodeAt(9) === COLON &&
    line.charCodeAt(12) === COLON &&
    monthAt(line, 0) > 0;
  return isDate ? endBefore(line, 16) : 0;
}

/** Index behind the mark that ends a date of full length at `at`. */
function isoEnd(line: string, at: number, mark: string): number {
  if (line.charCodeAt(at + 13) !== COLON || line.charCodeAt(at + 16) !== COLON) return 0;
  const end = line.indexOf(mark, at + 19);
  return end < 0 || end - at > LONGEST ? 0 : end + mark.length;
}

function endBefore(line: string, at: number): number {
  return at > 0 && isOwnHead(line, at) ? at : 0;
}

//                2026-11-27T17:43:              1795801381.123456
const NUMERAL = /^(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:|\d{10}\.\d{6} )/;
//             6.1.0-56-amd64,         4,      1234,    176044013351,-
const RECORD = /^(?:\d[\w.+-]{2,64},)?\d{1,3},\d{1,20},\d{1,17},[-c+][,;]/;
//             Nov 27 17:43:01            Fri 2026-11-27 17:
const NAMED = /^[A-Z][a-z]{2} (?:[ \d]\d \d\d:\d\d:\d\d[ .]|\d{4}-\d\d-\d\d \d\d:)/;
//               kern  :warn  :
const DECODED = /^[a-z]{3,8}[0-7]? *:[a-z]{3,6} *: ?/;

function isOwnHead(line: string, at: number): boolean {
  const code = line.charCodeAt(at);
  if (code === OPEN) {
    const stamp = readStamp(line, at);
    if (stamp !== undefined) return isMonotonicHost(line, stamp.end);
    return startsLikeHead(line, at);
  }
  if (code === 60) return /^<\d{1,3}>/.test(line.slice(at, at + 5)) && isNoStamp(line, at);
  if (isDigit(code)) {
    const head = line.slice(at, at + 120);
    return NUMERAL.test(head) || RECORD.test(head);
  }
  if (code >= 65 && code <= 87) return NAMED.test(line.slice(at, at + 20));
  return line.charCodeAt(at + 6) === COLON && DECODED.test(line.slice(at, at + 20));
}

/** `<4>[    1.0]` is printk's stamp as well. */
function isNoStamp(line: string, at: number): boolean {
  return readStamp(line, at) === undefined;
}
