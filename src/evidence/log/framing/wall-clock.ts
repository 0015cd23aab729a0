// Dates of logs as ISO text. Invariant: a year that neither the line, the log nor the file's name gives is
// not invented: such a time is written `--06-28T20:15:54` (the reduced form of ISO 8601:2000, which sorts
// by month within itself and cannot be taken for a full date).

import type { EventTime } from "#model/kernel-event.ts";

export interface YearlessDate {
  /** 1..12 */
  readonly month: number;
  readonly day: number;
  /** `20:15:54` with fraction if the log has one. */
  readonly clock: string;
}

export interface WallClock {
  /** The time of a line without year. */
  readonly withoutYear: (date: YearlessDate) => EventTime;
  /** Tells the clock a full date found in the log: `yyyy`, month 1..12. */
  readonly observe: (year: number, month: number) => void;
  /** The log goes on in a file of this name; a date in the name before says nothing of its lines. */
  readonly nextFile: (name: string) => void;
  /** Tells the clock the name of the file that the lines from here on were copied from. */
  readonly observeName: (name: string) => void;
}

const MONTHS: ReadonlyMap<number, number> = new Map(
  ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"].map(
    (name, at) => [threeLetters(name, 0), at + 1],
  ),
);

/** 1..12 for the three letters at `at`, or 0. */
export function monthAt(text: string, at: number): number {
  return MONTHS.get(threeLetters(text, at)) ?? 0;
}

function threeLetters(text: string, at: number): number {
  return (text.charCodeAt(at) * 256 + text.charCodeAt(at + 1)) * 256 + text.charCodeAt(at + 2);
}

/**
 * @param name file name; `messages-20250629`, `syslog.2025-06-29`, `kern_20250629.log` give the date of
 *   rotation, and a line belongs to the year that puts it before that date.
 */
export function openWallClock(name: string | undefined): WallClock {
  let named = name === undefined ? undefined : dateInName(name);
  let known: { year: number; month: number } | undefined;
  return {
    observeName(shown) {
      named = dateInName(shown) ?? named;
    },
    nextFile(next) {
      named = dateInName(next);
    },
    observe(year, month) {
      known = { year, month };
    },
    withoutYear(date) {
      const rest = `${two(date.month)}-${two(date.day)}T${date.clock}`;
      if (known !== undefined) {
        // A log runs forward: a month far behind the last known one is next year's.
        if (date.month + 6 < known.month) known = { year: known.year + 1, month: date.month };
        else if (date.month > known.month && date.month - known.month <= 6) {
          known = { year: known.year, month: date.month };
        }
        const year = date.month - known.month > 6 ? known.year - 1 : known.year;
        return { wall: `${year}-${rest}`, yearFrom: "log" };
      }
      if (named !== undefined) {
        const later =
          date.month > named.month || (date.month === named.month && date.day > named.day + 1);
        return { wall: `${later ? named.year - 1 : named.year}-${rest}`, yearFrom: "file-name" };
      }
      return { wall: `--${rest}` };
    },
  };
}

/** The last `yyyymmdd` or `yyyy-mm-dd` in a file's name (not its folders) that is a date since 1990. */
function dateInName(name: string): { year: number; month: number; day: number } | undefined {
  const base = name.slice(name.lastIndexOf("/") + 1);
  let found: { year: number; month: number; day: number } | undefined;
  for (const match of base.matchAll(/(?<!\d)(\d{4})([-_.]?)(\d\d)\2(\d\d)(?!\d)/g)) {
    const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
    if (year >= 1990 && year < 2100 && month >= 1 && month <= 12 && day >= 1 && day <= 31) {
      found = { year, month, day };
    }
  }
  return found;
}

export function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
