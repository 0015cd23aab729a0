// Asks the framings for a line's head. Invariant: the framing that read the last line is asked first, so
// a log in one framing costs one question per line, and a change of framing is decided line by line.

import { CONSUMED, type Framed, type FramingContext, type LineReader } from "./framing.ts";
import { FRAMINGS } from "./framings.ts";
import { findShownFile, type PastedColumn, readColumn, readListingColumn } from "./pasted.ts";

/** Where a head comes from. */
export interface HeadOrigin {
  readonly framing: string;
  /** Line number pasted in front of the line. */
  readonly originalLine?: number;
  /** File named by the command that showed the lines. */
  readonly originalFile?: string;
}

export interface HeadReader {
  /**
   * Gives `take` the head of the line, or a message of its own if no framing knows it, and before it the
   * message that this line completed. Lines that carry no message are passed over.
   */
  read(line: string, number: number): void;
  /** The message still open at the end. */
  flush(): void;
}

const BARE: HeadOrigin = { framing: "bare" };

interface NamedReader {
  /** Shared by all heads of the framing. */
  readonly origin: HeadOrigin;
  readonly read: LineReader;
}

export function openHeadReader(
  context: FramingContext,
  take: (head: Framed, origin: HeadOrigin) => void,
): HeadReader {
  const readers: NamedReader[] = FRAMINGS.map((framing) => ({
    origin: { framing: framing.name },
    read: framing.open(context),
  }));
  let last: NamedReader | undefined = readers[0];
  let lastNumber: number | undefined;
  let file: string | undefined;

  function flush(): void {
    const open = last?.read.finish?.();
    if (open !== undefined) take(open, last?.origin ?? BARE);
  }

  function find(line: string, number: number): Framed | typeof CONSUMED | undefined {
    const again = last?.read(line, number);
    if (again !== undefined) return again;
    for (const reader of readers) {
      const framed = reader === last ? undefined : reader.read(line, number);
      if (framed !== undefined) {
        flush();
        last = reader;
        return framed;
      }
    }
    return undefined;
  }

  /** True when a framing knows the line; its message, if any, has been given out. */
  function ask(line: string, number: number, column: PastedColumn | undefined): boolean {
    const framed = find(column === undefined ? line : line.slice(column.end), number);
    if (framed === undefined) return false;
    lastNumber = column?.originalLine;
    if (framed !== CONSUMED) {
      take(framed, originOf(last?.origin ?? BARE, column, file));
    }
    return true;
  }

  function askBehindColumn(line: string, number: number): boolean {
    const column = readColumn(line);
    return column !== undefined && ask(line, number, column);
  }

  function takeBare(line: string): void {
    const shown = findShownFile(line);
    if (shown !== undefined) {
      file = shown;
      context.clock.observeName(shown);
    }
    const column = readListingColumn(line, lastNumber);
    lastNumber = column?.originalLine;
    const text = column === undefined ? line : line.slice(column.end);
    take({ text, kernel: false }, originOf(BARE, column, file));
  }

  return {
    read(line, number) {
      // The shape of the line before is tried first here as well.
      const known =
        lastNumber === undefined
          ? ask(line, number, undefined) || askBehindColumn(line, number)
          : askBehindColumn(line, number) || ask(line, number, undefined);
      if (known) return;
      flush();
      takeBare(line);
    },
    flush,
  };
}

function originOf(
  origin: HeadOrigin,
  column: PastedColumn | undefined,
  originalFile: string | undefined,
): HeadOrigin {
  if (column?.originalLine === undefined) return origin;
  const { originalLine } = column;
  return originalFile === undefined
    ? { ...origin, originalLine }
    : { ...origin, originalLine, originalFile };
}
