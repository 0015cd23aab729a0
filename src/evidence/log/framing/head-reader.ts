// Asks the framings for a line's head. Invariant: the framing that read the last line is asked first, so
// a log in one framing costs one question per line, and a change of framing is decided line by line.

import { CONSUMED, type Framed, type FramingContext, type LineReader } from "./framing.ts";
import { FRAMINGS } from "./framings.ts";

export interface ReadHead extends Framed {
  readonly framing: string;
  /** Line number pasted in front of the line. */
  readonly originalLine?: number;
}

export interface HeadReader {
  /** `undefined`: no framing knows the line. */
  read(line: string): ReadHead | typeof CONSUMED | undefined;
}

export function openHeadReader(context: FramingContext): HeadReader {
  const readers = FRAMINGS.map((framing) => ({ name: framing.name, read: framing.open(context) }));
  let last: { name: string; read: LineReader } | undefined = readers[0];
  let numbered = false;

  function ask(line: string): ReadHead | typeof CONSUMED | undefined {
    const first = last?.read(line);
    if (first !== undefined) return named(first, last?.name ?? "");
    for (const reader of readers) {
      if (reader === last) continue;
      const framed = reader.read(line);
      if (framed !== undefined) {
        last = reader;
        return named(framed, reader.name);
      }
    }
    return undefined;
  }

  function askNumbered(line: string): ReadHead | typeof CONSUMED | undefined {
    const column = readNumberColumn(line);
    if (column === undefined) return undefined;
    const head = ask(line.slice(column.end));
    if (head === undefined || head === CONSUMED) return undefined;
    return { ...head, originalLine: column.line };
  }

  return {
    read(line) {
      const head = numbered ? (askNumbered(line) ?? ask(line)) : (ask(line) ?? askNumbered(line));
      if (head !== undefined && head !== CONSUMED) numbered = head.originalLine !== undefined;
      return head;
    },
  };
}

function named(framed: Framed | typeof CONSUMED, name: string): ReadHead | typeof CONSUMED {
  return framed === CONSUMED ? CONSUMED : { ...framed, framing: name };
}

/** `44817 `, `  44817\t` (cat -n), `44817:` (grep -n). */
function readNumberColumn(line: string): { line: number; end: number } | undefined {
  const match = /^\s{0,8}(\d{1,9})(?::|\t| {1,2})/.exec(line);
  if (match === null) return undefined;
  return { line: Number(match[1]), end: match[0].length };
}
