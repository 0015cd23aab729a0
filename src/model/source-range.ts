// Where a claim comes from. A claim without a range does not compile.

/** Lines `firstLine..lastLine` of a text source: physical lines of the file, 1-based, inclusive. */
export interface SourceRange {
  readonly source: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

/** A range with the (already cleaned) text found there; `text` is for people, `range` is the proof. */
export interface Quote {
  readonly range: SourceRange;
  readonly text: string;
}

/**
 * Adds `range` to what a report or a boot covers: one range for each source, in the order the log goes
 * through them. A log that goes on in the next file has several, and no range mixes two of them.
 */
export function widen(covered: SourceRange[], range: SourceRange): void {
  const at = covered.findLastIndex(({ source }) => source === range.source);
  const known = covered[at];
  if (known === undefined) {
    covered.push(range);
  } else if (range.firstLine < known.firstLine || range.lastLine > known.lastLine) {
    covered[at] = {
      source: known.source,
      firstLine: Math.min(known.firstLine, range.firstLine),
      lastLine: Math.max(known.lastLine, range.lastLine),
    };
  }
}
