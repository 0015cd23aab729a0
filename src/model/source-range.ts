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

/** Why a piece of evidence counts is said in both languages where it is used, not here. */
export function rangeOf(first: SourceRange, last: SourceRange): SourceRange {
  return {
    source: first.source,
    firstLine: Math.min(first.firstLine, last.firstLine),
    lastLine: Math.max(first.lastLine, last.lastLine),
  };
}
