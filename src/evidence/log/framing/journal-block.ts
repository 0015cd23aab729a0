// The journal's outputs that give an entry several lines.
//
// export:   __CURSOR=…                          verbose:  Sat 2025-06-28 20:15:54.013351 CST [s=…;i=…]
//           __REALTIME_TIMESTAMP=1751112954…                  _TRANSPORT=kernel
//           MESSAGE=text                                      MESSAGE=text
//           (blank line)

import { CONSUMED, type Framed, type Framing, type LineReader } from "./framing.ts";
import { readIsoTime } from "./iso-time.ts";
import { JOURNAL_FIELDS, toJournalFramed } from "./journal-fields.ts";

const FIELD = /^ {0,4}([A-Z_][A-Z0-9_]{0,63})=/;
/** Fields of one entry; more are dropped, an entry has about thirty. */
const MAX_FIELDS = 256;
/** Characters of a field of several lines. */
const MAX_VALUE = 1 << 20;

interface Entry {
  fields: Record<string, unknown>;
  count: number;
  first: number;
  last: number;
  /** `MESSAGE` of export without `=`: its bytes follow on the next line, after eight bytes of length. */
  binary?: string;
  /** The binary field that was read last: lines that are no field are its further lines. */
  open?: string;
}

export const journalExport: Framing = {
  name: "journal-export",
  open: () => openBlocks((line) => line.startsWith("__CURSOR="), ""),
};

export const journalVerbose: Framing = {
  name: "journal-verbose",
  open: () =>
    openBlocks((line) => line.includes(" [s=") && verboseHead(line) !== undefined, "    "),
};

function verboseHead(line: string): { wall: string } | undefined {
  const date = line.charCodeAt(3) === 32 ? readIsoTime(line, 4) : undefined;
  return date === undefined ? undefined : { wall: date.wall };
}

function openBlocks(isHead: (line: string) => boolean, indent: string): LineReader {
  let entry: Entry | undefined;

  function finish(): Framed | undefined {
    const done = entry;
    entry = undefined;
    return done === undefined || done.fields.MESSAGE === undefined ? undefined : toFramed(done);
  }

  function read(line: string, number: number): Framed | typeof CONSUMED | undefined {
    if (isHead(line)) {
      const done = finish();
      const wall = verboseHead(line)?.wall;
      entry = { fields: wall === undefined ? {} : { wall }, count: 0, first: number, last: number };
      return done ?? CONSUMED;
    }
    if (entry === undefined) return undefined;
    if (line === "") return finish() ?? CONSUMED;
    if (!takeLine(entry, line, indent)) return undefined;
    entry.last = number;
    return CONSUMED;
  }

  return Object.assign(read, { finish });
}

/** False when the line is none of the entry's. */
function takeLine(entry: Entry, line: string, indent: string): boolean {
  if (entry.binary !== undefined) {
    if (JOURNAL_FIELDS.has(entry.binary)) entry.fields[entry.binary] = withoutLength(line);
    entry.open = entry.binary;
    delete entry.binary;
    return true;
  }
  const name = line.startsWith(indent) ? FIELD.exec(line) : null;
  if (name?.[1] !== undefined) {
    entry.count += 1;
    if (entry.count > MAX_FIELDS) return true;
    if (JOURNAL_FIELDS.has(name[1])) entry.fields[name[1]] = line.slice(name[0].length);
    return true;
  }
  if (indent === "" && /^[A-Z_][A-Z0-9_]{0,63}$/.test(line)) {
    entry.binary = line;
    return true;
  }
  if (indent === "" && entry.open !== undefined) {
    if (!JOURNAL_FIELDS.has(entry.open)) return true;
    return goOn(entry, entry.open, line);
  }
  // Further lines of a message stand below its first, further in.
  if (indent !== "" && line.startsWith("            ")) {
    return goOn(entry, "MESSAGE", line.trimStart());
  }
  return false;
}

/** A further line of a field; a line for which it has no room is left to the other framings. */
function goOn(entry: Entry, field: string, line: string): boolean {
  const before = String(entry.fields[field] ?? "");
  if (before.length >= MAX_VALUE) return false;
  entry.fields[field] = `${before}\n${line}`;
  return true;
}

/** What goes with escape sequences and control characters; more of them are no message of the kernel. */
const MOST_REMOVED = 16;

/**
 * Of the length's eight bytes the zeros and small ones went with the other control characters; the lowest
 * may be a printable character, or a byte that is no UTF-8. It counts bytes that were removed since.
 */
function withoutLength(line: string): string {
  if (line.startsWith("\ufffd")) return line.slice(1);
  const rest = utf8Length(line) - 1;
  // A printable first byte says 32 or more.
  if (rest < 31) return line;
  const removed = (((line.charCodeAt(0) - rest) % 256) + 256) % 256;
  return removed <= MOST_REMOVED ? line.slice(1) : line;
}

function utf8Length(text: string): number {
  let length = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return length;
}

function toFramed(entry: Entry): Framed {
  const framed = toJournalFramed(entry.fields);
  const { wall } = entry.fields;
  const lines = { first: entry.first, last: entry.last };
  if (typeof wall !== "string") return { ...framed, lines };
  return { ...framed, lines, time: { ...framed.time, wall, yearFrom: "log" } };
}
