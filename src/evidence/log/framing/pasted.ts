// Traces of the tool that showed the log before it was copied: its line numbers and the command typed.

import { readNumberColumn, readPathColumn } from "./head-start.ts";

export interface PastedColumn {
  /** Index behind the column. */
  readonly end: number;
  readonly originalLine?: number;
}

/** The column in front of a framed line: `44817 `, `44817:`, `/var/log/messages:`. */
export function readColumn(line: string): PastedColumn | undefined {
  const column = readNumberColumn(line);
  if (column !== undefined) return { end: column.end, originalLine: column.line };
  const path = readPathColumn(line);
  return path > 0 ? { end: path } : undefined;
}

/**
 * The column in front of a line that has no head. Only a listing shows it: `cat -n` with its tab, or a
 * number that counts on from the line before; a number alone may be the message's own.
 */
export function readListingColumn(
  line: string,
  lastNumber: number | undefined,
): PastedColumn | undefined {
  const match = /^ {0,6}(\d{1,9})(\t|[:-]| {1,2})/.exec(line);
  if (match === null) return undefined;
  const originalLine = Number(match[1]);
  const isListing = match[2] === "\t" && line.startsWith(" ");
  if (!isListing && (lastNumber === undefined || originalLine !== lastNumber + 1)) return undefined;
  return { end: match[0].length, originalLine };
}

//                    prompt   command                                             options    path
const SHOWN =
  /^(?:\S{0,64}[#$] ?|)(?:vim?|view|less|more|cat|zcat|tail|head|sed|grep|nl|awk) (?:[^/]{0,80} |)((?:\/[\w.@+-]{1,80}){2,10})(?: |$)/;

/** `# vim /var/log/messages-20250629 +44817` → the file the lines below were copied from. */
export function findShownFile(line: string): string | undefined {
  return line.length > 400 ? undefined : SHOWN.exec(line)?.[1];
}
