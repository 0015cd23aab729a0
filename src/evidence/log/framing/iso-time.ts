// Full dates: `2025-06-28T20:15:54,013351+08:00`, `2025-06-28 20:15:54.123`, `2025/06/28 20:15:54`.

import { isDigit } from "./stamp.ts";

export interface IsoTime {
  /** With a point before the fraction and `+hh:mm`, `-hh:mm` or `Z` where the text has a zone. */
  readonly wall: string;
  readonly year: number;
  readonly month: number;
  /** Index behind the time and its zone. */
  readonly end: number;
}

//                  2025      -     06   -  28    T        20:15:54       .013351     +08:00 or Z
const ISO =
  /^(\d{4})([-/.])(\d\d)\2(\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d| UTC)?/;

export function readIsoTime(line: string, at: number): IsoTime | undefined {
  if (!isDigit(line.charCodeAt(at)) || !isDigit(line.charCodeAt(at + 3))) return undefined;
  const match = ISO.exec(line.slice(at, at + 48));
  if (match === null) return undefined;
  const [whole, year = "", , month = "", day = "", clock = "", fraction, zone] = match;
  const wall = `${year}-${month}-${day}T${clock}${fraction === undefined ? "" : `.${fraction}`}`;
  return {
    wall: wall + zoneOf(zone),
    year: Number(year),
    month: Number(month),
    end: at + whole.length + zoneNameLength(line, at + whole.length, zone),
  };
}

function zoneOf(zone: string | undefined): string {
  if (zone === undefined) return "";
  if (zone === " UTC" || zone === "Z") return "Z";
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone;
}

/** ` CST` names no zone that one could rely on (China, Cuba, Chicago): passed over, the zone is unknown. */
function zoneNameLength(line: string, at: number, zone: string | undefined): number {
  if (zone !== undefined || line.charCodeAt(at) !== 32) return 0;
  return /^ [A-Z]{3,5}(?= \S+ \S+:)/.exec(line.slice(at, at + 200))?.[0].length ?? 0;
}

/** Microseconds since 1970 → `2025-06-28T12:15:54.013351Z`. */
export function isoOfMicros(micros: bigint): string {
  const iso = new Date(Number(micros / 1000n)).toISOString();
  return `${iso.slice(0, 19)}.${String(micros % 1_000_000n).padStart(6, "0")}Z`;
}
