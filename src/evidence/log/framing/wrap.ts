// Finds the width at which a block of text was wrapped, from the lengths of its lines alone.

/** A row of the block as it came; what was taken away in front counts for its width. */
export interface Row {
  readonly text: string;
  readonly lead?: number;
}

export interface Wrap {
  /** `column`: broken anywhere at a fixed column. `word`: broken at blanks. */
  readonly kind: "column" | "word";
  /** Length of a full line that has a head, and of a full continuation line. */
  readonly width: number;
  readonly nextWidth: number;
  /** Blanks the wrapping put before continuation lines. */
  readonly indent: number;
  /** `fold -s` leaves the blank at which it breaks at the end of the line; others drop it. */
  readonly keepsBlank: boolean;
}

/** Narrower text is taken as it is: no tool wraps below this, and short lines match by chance. */
const MIN_WIDTH = 32;
/** So many breaks must agree before any line is joined. */
const MIN_BREAKS = 3;
/** `Tainted: G             L    5.10` holds the longest run of blanks that the kernel prints. */
const MAX_TRIMMED = 14;
/** Twenty to one. */
const MIN_ODDS = 3;

/**
 * @param groups lines with a head, each followed by the lines without one behind it
 * @returns undefined unless one width explains (nearly) every break of the block
 */
export function findWrap(groups: readonly (readonly Row[])[]): Wrap | undefined {
  const broken = groups.filter((group) => group.length > 1);
  const breaks = broken.reduce((sum, group) => sum + group.length - 1, 0);
  if (breaks < MIN_BREAKS) return undefined;
  return findColumnWrap(groups, broken, breaks) ?? findWordWrap(broken, breaks);
}

function findColumnWrap(
  groups: readonly (readonly Row[])[],
  broken: readonly (readonly Row[])[],
  breaks: number,
): Wrap | undefined {
  const width = commonest(broken.map((group) => widthOf(group[0])));
  const inner = broken.flatMap((group) => group.slice(1, -1).map(widthOf));
  const nextWidth = inner.length === 0 ? width : commonest(inner);
  if (width < MIN_WIDTH || nextWidth < MIN_WIDTH) return undefined;
  // A head that is longer than the width was not wrapped at it.
  if (groups.some((group) => widthOf(group[0]) > width)) return undefined;
  const wrap: Wrap = {
    kind: "column",
    width,
    nextWidth,
    indent: indentOf(broken),
    keepsBlank: true,
  };
  if (!isExplained(broken, breaks, wrap) || tearsBytes(broken, wrap)) return undefined;
  return columnOdds(broken, wrap) > MIN_ODDS ? wrap : undefined;
}

/**
 * How much likelier (natural logarithm) these lengths are when lines were broken at a column than when they
 * were broken at blanks. At a column every broken line is full but for blanks trimmed at its end, which
 * one in six characters is; at blanks each length within a word's reach is about as likely.
 */
function columnOdds(broken: readonly (readonly Row[])[], wrap: Wrap): number {
  const atBlanks = Math.log(1 / 7);
  const atColumn = [5 / 6, 1 / 6, 1 / 20].map(Math.log);
  let odds = 0;
  let full = 0;
  for (const group of broken) {
    for (const [at, line] of group.slice(0, -1).entries()) {
      const trimmed = (at === 0 ? wrap.width : wrap.nextWidth) - widthOf(line);
      if (trimmed === 0) full += 1;
      odds += (atColumn[trimmed] ?? Math.log(1 / 100)) - atBlanks;
      // Only a break at a column leaves the blank at the start of the next line.
      const next = (group[at + 1]?.text ?? "").slice(wrap.indent);
      if (trimmed === 0 && next.startsWith(" ")) odds += Math.log(8);
    }
  }
  return full < MIN_BREAKS ? 0 : odds;
}

/** Joined at a column, would a `Code:` line hold anything but pairs of digits? Then it was broken at blanks. */
function tearsBytes(broken: readonly (readonly Row[])[], wrap: Wrap): boolean {
  return broken.some((group) => {
    // A blank trimmed at the end of a row stood between two bytes.
    const text = group
      .map((line, at) =>
        at === 0
          ? line.text.padEnd(wrap.width - leadOf(line))
          : line.text.slice(wrap.indent).padEnd(wrap.nextWidth - leadOf(line) - wrap.indent),
      )
      .join("")
      .trimEnd();
    const bytes = / Code: ([0-9a-f<> ]{40,})$/.exec(text)?.[1];
    return bytes !== undefined && /[0-9a-f]{3}/.test(bytes);
  });
}

function findWordWrap(broken: readonly (readonly Row[])[], breaks: number): Wrap | undefined {
  const width = broken.reduce(
    (max, group) => group.reduce((longest, line) => Math.max(longest, widthOf(line)), max),
    0,
  );
  if (width < MIN_WIDTH) return undefined;
  const ended = broken
    .flatMap((group) => group.slice(0, -1))
    .filter((line) => line.text.endsWith(" "));
  const wrap: Wrap = {
    kind: "word",
    width,
    nextWidth: width,
    indent: indentOf(broken),
    keepsBlank: ended.length * 2 > breaks,
  };
  return isExplained(broken, breaks, wrap) ? wrap : undefined;
}

/** Nineteen breaks in twenty: a console may put a line of its own among wrapped ones. */
function isExplained(broken: readonly (readonly Row[])[], breaks: number, wrap: Wrap): boolean {
  let explained = 0;
  for (const group of broken) {
    for (let i = 1; i < group.length; i += 1) {
      const [before, after] = [group[i - 1], group[i]];
      if (before !== undefined && after !== undefined && isBreak(before, after, i === 1, wrap)) {
        explained += 1;
      }
    }
  }
  return explained * 20 >= breaks * 19;
}

/** Could the wrapping have broken the text between these two lines? */
function isBreak(before: Row, after: Row, first: boolean, wrap: Wrap): boolean {
  const width = first ? wrap.width : wrap.nextWidth;
  if (leadingBlanks(after.text) < wrap.indent) return false;
  const isTaint = before.text.includes("Tainted:");
  if (wrap.kind === "column") {
    // Shorter: blanks at the end of the line were trimmed, more than two only of a run of them.
    const trimmed = width - widthOf(before);
    const most = isTaint || after.text.startsWith(" ") ? MAX_TRIMMED : 2;
    return trimmed >= 0 && trimmed <= most && widthOf(after) <= wrap.nextWidth;
  }
  const next = after.text.slice(wrap.indent);
  const blanks = leadingBlanks(next);
  // A tool may drop the whole run at a break.
  const dropped = isTaint ? MAX_TRIMMED : 2;
  return widthOf(before) + dropped + blanks + wordLength(next, blanks) > width;
}

/**
 * The text before with the line after put back in its place; `undefined` when the two do not belong
 * together.
 * @param text everything of the message so far
 * @param before the physical line it ends with
 */
export function joined(text: string, before: Row, after: Row, wrap: Wrap): string | undefined {
  const isFirst = text === before.text;
  if (!isBreak(before, after, isFirst, wrap)) return undefined;
  const rest = after.text.slice(wrap.indent);
  if (wrap.kind === "column") {
    const width = isFirst ? wrap.width : wrap.nextWidth;
    return text + " ".repeat(width - widthOf(before)) + rest;
  }
  // A word is also broken behind its hyphen, and torn where it is too long for any line.
  const isTorn = widthOf(before) >= wrap.width && isLongWord(before.text, rest, wrap);
  return wrap.keepsBlank || isTorn || /[^ ]-$/.test(text) ? text + rest : `${text} ${rest}`;
}

/** Does a line that is full end with part of a word that alone would not fit? */
function isLongWord(before: string, rest: string, wrap: Wrap): boolean {
  if (!before.trimStart().includes(" ")) return true;
  const lastWord = before.length - before.lastIndexOf(" ") - 1;
  const length = lastWord + wordLength(rest, 0);
  // Two names side by side are as long; only what ends as a symbol's offset is surely one word.
  return length > wrap.width - wrap.indent && /\w$/.test(before) && /^[\w.]*\+0x/.test(rest);
}

/** Blanks before every continuation line; a single one, or few lines, prove nothing. */
function indentOf(broken: readonly (readonly Row[])[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const group of broken) {
    for (const line of group.slice(1)) least = Math.min(least, leadingBlanks(line.text));
  }
  return least >= 2 && Number.isFinite(least) ? least : 0;
}

function widthOf(row: Row | undefined): number {
  return row === undefined ? 0 : leadOf(row) + row.text.length;
}

function leadOf(row: Row): number {
  return row.lead ?? 0;
}

function leadingBlanks(line: string): number {
  let count = 0;
  while (line.charCodeAt(count) === 32) count += 1;
  return count;
}

/** Length of the word at `from`. */
function wordLength(line: string, from: number): number {
  const end = line.indexOf(" ", from);
  return (end < 0 ? line.length : end) - from;
}

function commonest(values: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best = 0;
  for (const [value, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && value > best)) best = value;
  }
  return best;
}
