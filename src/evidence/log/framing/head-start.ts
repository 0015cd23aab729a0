// Does a line begin like the head of a framed message, even if the head is cut off further on? Cheap and
// rough on purpose: it is asked of every line, and only decides whether a line may continue the one before.

import { isDigit } from "./stamp.ts";
import { monthAt } from "./wall-clock.ts";

const BLANK = 32;
const COLON = 58;
const WEEKDAYS = "MonTueWedThuFriSatSun";
const FACILITY =
  /^(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7]) *:/;

/** True for `[  1.0`, `<4>`, `Jun 28 2`, `2025-06-28`, `06-28 2`, `4,12,`, `{"`, `kern  :`, `Sat 20`. */
export function startsLikeHead(line: string, at = 0): boolean {
  const code = line.charCodeAt(at);
  if (code === 91) return startsLikeStamp(line, at);
  if (code === 60) return isDigit(line.charCodeAt(at + 1));
  if (code === 123) return line.charCodeAt(at + 1) === 34 || line.charCodeAt(at + 1) === BLANK;
  if (isDigit(code)) return startsLikeDate(line, at);
  if (code >= 65 && code <= 87) {
    if (line.charCodeAt(at + 3) === BLANK && line.charCodeAt(at + 6) === BLANK) {
      return monthAt(line, at) > 0;
    }
    if (line.charCodeAt(at + 1) === 47) return LOGCAT_BRIEF.test(line.slice(at, at + 120));
    return line.charCodeAt(at + 3) === BLANK && WEEKDAYS.includes(line.slice(at, at + 3));
  }
  return (
    code >= 97 &&
    code <= 122 &&
    line.charCodeAt(at + 6) === COLON &&
    FACILITY.test(line.slice(at, at + 16))
  );
}

//                      06-28 or year-   20:15:54.013    0:    0 W/binder   ]
const LONG_HEAD = /^\[ [\d-]{5,10} [\d:.+ ]{12,48}[VDIWEF]\/.{0,80}\]$/;

/** The head of a message that stands on the lines below it (logcat -v long): no line goes on in it. */
export function standsAlone(line: string): boolean {
  return (
    line.charCodeAt(0) === 91 && line.charCodeAt(line.length - 1) === 93 && LONG_HEAD.test(line)
  );
}

/** `[  176.`, `[176044.0`, `[Sat Jun`, `[Jun28 `, `[  +0.0`, `[2025-06-28`, `[<  0.0`, `[五 6月 28 20:15:`. */
function startsLikeStamp(line: string, at: number): boolean {
  let i = at + 1;
  while (line.charCodeAt(i) === BLANK && i < at + 12) i += 1;
  const code = line.charCodeAt(i);
  if (code === 43 || code === 45) return isDigit(line.charCodeAt(i + 1));
  if (code === 60) return DELTA_START.test(line.slice(i, i + 26));
  if (!isDigit(code)) {
    return monthAt(line, i) > 0 || monthAt(line, i + 4) > 0 || isLocalDate(line, i);
  }
  while (isDigit(line.charCodeAt(i)) && i < at + 24) i += 1;
  const stop = line.charCodeAt(i);
  if (stop === 46 || stop === 45 || i >= line.length) return true;
  return stop === 58 ? CLOCK.test(line.slice(at, at + 24)) : isLocalDate(line, at + 1);
}

/** `[20:15:54.013]` of a console's logger. */
const CLOCK = /^\[\d\d:\d\d:\d\d(?:\.\d{1,9})?\]/;
/** `<    0.01` of dmesg -d. */
const DELTA_START = /^< {0,12}-?\d{1,12}\./;
//                     五 or ven.    6月 or juin   28      20:15:  or the day and the time alone, of -H
const LOCAL_DATE =
  /^(?:\S{1,12} )?(?:\S{1,12} {1,2}|\d{1,2}[月월]|[^\s\d]{1,11})\d{1,2} \d\d:\d\d[:\]]/;

function isLocalDate(line: string, at: number): boolean {
  return LOCAL_DATE.test(line.slice(at, at + 48));
}

//                          W /binder  (    0): of Android's logcat
const LOGCAT_BRIEF = /^[VDIWEF]\/.{0,80}\( *\d{1,7}\): /;
//                     6.1.0-56-amd64  ,4     ,1234   ,176044013351, of an extended netconsole
const RELEASED = /^\d{1,2}\.[\w.+-]{1,62},\d{1,5},\d{1,20},\d{1,17},/;
//                     20:15:54  .013 and the line a console's logger put it before
const CLOCKED = /^\d\d:\d\d:\d\d(?:\.\d{1,9})? ?\[/;

/** `2025-06-28`, `2025/06/28`, `06-28 20:`, `4,1234,`, `1751112954.01`, `6.1.0,4,12,`, `20:15:54 [`. */
function startsLikeDate(line: string, at: number): boolean {
  let i = at;
  while (isDigit(line.charCodeAt(i)) && i - at < 12) i += 1;
  const stop = line.charCodeAt(i);
  if (stop === 44) return i - at <= 5 && isDigit(line.charCodeAt(i + 1));
  if (stop === 45) return (i - at === 4 || i - at === 2) && isDigit(line.charCodeAt(i + 1));
  if (stop === 58) return i - at === 2 && CLOCKED.test(line.slice(at, at + 24));
  if (stop !== 46) return false;
  return i - at >= 9 ? isDigit(line.charCodeAt(i + 6)) : RELEASED.test(line.slice(at, at + 120));
}

export interface NumberColumn {
  readonly line: number;
  /** Index behind the column. */
  readonly end: number;
}

//                     path of grep -H        44817  or `: - tab` or bat's bar behind it; no year
const COLUMN =
  /^(?:[\w./-]{1,200}:)?[ \t]{0,10}(?!\d{4}-\d\d-\d\d)(\d{1,9})(?:[:\t-]| {1,3}│ | {1,2})/;
/** `kern.log-12-` of grep's context lines; a path may hold such a piece itself. */
const CONTEXT = /^[\w./-]{0,200}[a-z\d]-(\d{1,9})-/;
const PATH_ONLY =
  /^[\w./-]{1,200}:(?=[A-Z][a-z]{2} |\[|\d{4}-|<|\d[\w.+-]{0,64},\d|\d{10}\.\d|\{"|[a-z]{4,6} *:)/;

/** `44817 `, `  44817\t` (cat -n), `44817:` and `44818-` (grep -n), `messages:44817:`, before a head. */
export function readNumberColumn(line: string): NumberColumn | undefined {
  const match = COLUMN.exec(line) ?? CONTEXT.exec(line);
  if (match === null || !startsLikeHead(line, match[0].length)) return undefined;
  return { line: Number(match[1]), end: match[0].length };
}

/** `/var/log/messages:` of a grep over several files, before a head: its length, or 0. */
export function readPathColumn(line: string): number {
  const match = PATH_ONLY.exec(line);
  return match !== null && startsLikeHead(line, match[0].length) ? match[0].length : 0;
}
