// Quote marks of mails: `> `, `>> `, `> > `. Invariant: a line below a quoted head loses as many marks as
// the head did and no more; the row of a wrapped line may itself begin with the `>` of `<49>`.

import { isStart } from "./unwrap.ts";

export interface Quotes {
  /** @param isBelowHead true where the paragraph so far has a head that is not quoted */
  strip(text: string, isBelowHead: () => boolean): string;
}

const MARK = 62;

export function openQuotes(): Quotes {
  let depth = 0;
  return {
    strip(text, isBelowHead) {
      if (text.charCodeAt(0) !== MARK) {
        depth = 0;
        return text;
      }
      const all = quoteEnd(text, Number.POSITIVE_INFINITY);
      const unquoted = text.slice(all.end);
      if (isStart(unquoted)) {
        depth = all.marks;
        return unquoted;
      }
      if (depth > 0) return text.slice(quoteEnd(text, depth).end);
      return isBelowHead() ? text : unquoted;
    },
  };
}

/**
 * A mark right before a word is none: KASAN points at the faulty row of its memory dump that way
 * (mm/kasan/report.c: print_memory_metadata).
 */
function quoteEnd(text: string, most: number): { end: number; marks: number } {
  let end = 0;
  let marks = 0;
  while (marks < most && text.charCodeAt(end) === MARK) {
    const next = text.charAt(end + 1);
    if (next === " ") end += 2;
    else if (next === ">" || next === "[" || next === "") end += 1;
    else break;
    marks += 1;
  }
  return { end, marks };
}
