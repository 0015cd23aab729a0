// Rotated logs in the order in which they were written, and which of them go on in the next one, from their
// names: logrotate's numbers count back from the present (`messages.3.gz` before `messages.1`), its dates
// count forward (`messages-20250629`), and the name without either is the newest. Pieces of a file that
// somebody cut up (`console.log.aa`, `console.log.ab`) count forward from their first.

import { basename } from "node:path";
import { parsePstoreName } from "./pstore-files.ts";

const COMPRESSED = /\.(?:gz|bz2|xz|zst|lzma)$/;
const DATED = /^(.*?)[-._](\d{4})-?(\d\d)-?(\d\d)(?:[-T_]?(\d{2,10}))?(\.log|\.txt)?$/;
const NUMBERED = /^(.*?)(?:\.(\d{1,4}))(\.log)?$/;
/** `split`'s suffixes: `aa`, `ab` or, with `-d`, `00`, `01`; rotations fill up no zeros and begin at 0 or 1. */
const LETTERED = /^(.*[._-])([a-z])([a-z])$/;
const PADDED = /^(.*[._-])(\d{2,4})$/;
const PART = /^(.*?[._-]?part[._-]?)(\d{1,4})(\.log|\.txt)?$/;
/** A saved ring buffer is whole: the next one begins anew or says the same again. */
const SNAPSHOT = /^dmesg/;

/** How a file goes on from the one before it in its family, by their names alone. */
export type Continuation = "numbered" | "dated" | "pieces" | "parts";

export interface OrderedLog {
  readonly path: string;
  /** Set where the path before this one in the order is the part of the same log just before it. */
  readonly continues?: Continuation;
}

interface Place {
  readonly family: string;
  /** Smaller is older within the family. */
  readonly age: string;
  readonly kind: "dated" | "numbered" | "plain" | "piece";
  /** Of a numbered file or a piece; the plain name stands before `.0` or `.1`. */
  readonly number?: number;
}

interface Placed {
  readonly path: string;
  readonly place: Place;
}

/** Sorts paths: logs of one family together and oldest first. */
export function inLogOrder(paths: readonly string[]): readonly OrderedLog[] {
  const names = new Set(paths.map((path) => path.replace(COMPRESSED, "")));
  const sorted = paths
    .map((path) => ({ path, place: placeOf(path, names) }))
    .sort(
      (a, b) =>
        compare(a.place.family, b.place.family) ||
        compare(a.place.age, b.place.age) ||
        compare(a.path, b.path),
    );
  return sorted.map((file, index) => {
    const continues = continuation(sorted[index - 1], file);
    return continues === undefined ? { path: file.path } : { path: file.path, continues };
  });
}

/**
 * The paths in the order given, but those of one family together, where the first of them stands, and in
 * the order in which they were written: a shell lists `messages` before `messages.1`.
 */
export function familiesInOrder(paths: readonly string[]): readonly OrderedLog[] {
  const ordered = inLogOrder(paths);
  const names = new Set(paths.map((path) => path.replace(COMPRESSED, "")));
  const first = new Map<string, number>();
  for (const [index, path] of paths.entries()) {
    const { family } = placeOf(path, names);
    if (!first.has(family)) first.set(family, index);
  }
  const rank = ({ path }: OrderedLog): number => first.get(placeOf(path, names).family) ?? 0;
  return [...ordered].sort((a, b) => rank(a) - rank(b));
}

function placeOf(path: string, names: ReadonlySet<string>): Place {
  const name = path.replace(COMPRESSED, "");
  const piece = pieceOf(name, names);
  if (piece !== undefined) return piece;
  const dated = DATED.exec(name);
  if (dated !== null) {
    const [, base = "", year, month, day, rest = "", end = ""] = dated;
    return { family: base + end, age: `1${year}${month}${day}${rest}`, kind: "dated" };
  }
  const numbered = NUMBERED.exec(name);
  if (numbered !== null) {
    const [, base = "", digits, end = ""] = numbered;
    const number = Number(digits);
    // Rotation by number goes back from the present; numbers are older than anything dated only by luck.
    const age = `2${String(9999 - number).padStart(4, "0")}`;
    return { family: base + end, age, kind: "numbered", number };
  }
  return { family: name, age: "3", kind: "plain" };
}

/** A piece is one only beside the first: `syslog.sh` and `messages.10` are none. */
function pieceOf(name: string, names: ReadonlySet<string>): Place | undefined {
  const lettered = LETTERED.exec(name);
  if (lettered !== null) {
    const [, base = "", high = "", low = ""] = lettered;
    if (!names.has(`${base}aa`) || !names.has(`${base}ab`)) return undefined;
    return pieceAt(base, "", (high.charCodeAt(0) - 97) * 26 + low.charCodeAt(0) - 97);
  }
  const padded = PADDED.exec(name);
  if (padded !== null) {
    const [, base = "", digits = ""] = padded;
    const hasFirst = [0, 1].some((n) => names.has(base + String(n).padStart(digits.length, "0")));
    return hasFirst ? pieceAt(base, "", Number(digits)) : undefined;
  }
  const part = PART.exec(name);
  if (part === null) return undefined;
  const [, base = "", digits = "", end = ""] = part;
  const hasFirst = ["0", "1", "00", "01"].some((n) => names.has(base + n + end));
  return hasFirst ? pieceAt(base, end, Number(digits)) : undefined;
}

function pieceAt(base: string, end: string, number: number): Place {
  const age = `0${String(number).padStart(4, "0")}`;
  return { family: `${base}${end}`, age, kind: "piece", number };
}

function continuation(before: Placed | undefined, file: Placed): Continuation | undefined {
  if (before === undefined || before.place.family !== file.place.family) return undefined;
  const [a, b] = [before.place, file.place];
  if (a.kind === "piece" && b.kind === "piece") {
    return b.number === (a.number ?? 0) + 1 ? "pieces" : undefined;
  }
  if (SNAPSHOT.test(basename(file.path))) return undefined;
  if (a.kind === "numbered") {
    const isNext = b.kind === "numbered" ? b.number === (a.number ?? 0) - 1 : (a.number ?? 0) <= 1;
    return isNext ? "numbered" : undefined;
  }
  const isLater = b.kind === "plain" || (b.kind === "dated" && a.age !== b.age);
  return a.kind === "dated" && isLater ? "dated" : undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Names under which kernel logs lie in archives and directories full of other text. */
const PLAIN_NAME = /^[\w.@+-]*$/;
const LOG_WORD = /dmesg|messages|syslog|kern|journal|console|pstore|oops|crash|serial|klog|boot/i;
const LOG_ENDING = /^[\w.@+-]{1,200}\.log(?:[.-][\w.-]*)?$/i;
/** Where a report tool keeps configuration and the kernel's own files. */
const NO_LOG = /(?:^|\/)(?:etc|proc|sys|lib|usr|boot|run\/udev)\//;

export function isLogName(path: string): boolean {
  // /sys/fs/pstore, and what systemd-pstore keeps of it below /var/lib.
  if (
    parsePstoreName(path) !== undefined ||
    /(?:^|\/)pstore\/(?:\d+\/){1,2}dmesg\.txt$/.test(path)
  ) {
    return true;
  }
  const name = path.slice(path.lastIndexOf("/") + 1);
  const isNamed = (PLAIN_NAME.test(name) && LOG_WORD.test(name)) || LOG_ENDING.test(name);
  return isNamed && !NO_LOG.test(path);
}
