// Finds the width at which a block of text was wrapped, from the lengths of its lines alone.

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
const MAX_TAINT_BLANKS = 14;

/**
 * @param groups lines with a head, each followed by the lines without one behind it
 * @returns undefined unless one width explains (nearly) every break of the block
 */
export function findWrap(groups: readonly (readonly string[])[]): Wrap | undefined {
  const broken = groups.filter((group) => group.length > 1);
  const breaks = broken.reduce((sum, group) => sum + group.length - 1, 0);
  if (breaks < MIN_BREAKS) return undefined;
  return findColumnWrap(groups, broken, breaks) ?? findWordWrap(broken, breaks);
}

function findColumnWrap(
  groups: readonly (readonly string[])[],
  broken: readonly (readonly string[])[],
  breaks: number,
): Wrap | undefined {
  const width = commonest(broken.map((group) => group[0]?.length ?? 0));
  const inner = broken.flatMap((group) => group.slice(1, -1).map((line) => line.length));
  const nextWidth = inner.length === 0 ? width : commonest(inner);
  if (width < MIN_WIDTH || nextWidth < MIN_WIDTH) return undefined;
  // A head that is longer than the width was not wrapped at it.
  if (groups.some((group) => (group[0]?.length ?? 0) > width)) return undefined;
  const wrap: Wrap = {
    kind: "column",
    width,
    nextWidth,
    indent: indentOf(broken),
    keepsBlank: true,
  };
  if (!isExplained(broken, breaks, wrap) || tearsBytes(broken, wrap)) return undefined;
  // A line broken at blanks is exactly full by chance one time in six, a line broken at a column always
  // is, unless the blank at its end was trimmed.
  const full = countFull(broken, wrap);
  return full >= MIN_BREAKS && full * 3 >= breaks * 2 ? wrap : undefined;
}

function countFull(broken: readonly (readonly string[])[], wrap: Wrap): number {
  let full = 0;
  for (const group of broken) {
    for (const [at, line] of group.slice(0, -1).entries()) {
      if (line.length === (at === 0 ? wrap.width : wrap.nextWidth)) full += 1;
    }
  }
  return full;
}

/** Joined at a column, would a `Code:` line hold anything but pairs of digits? Then it was broken at blanks. */
function tearsBytes(broken: readonly (readonly string[])[], wrap: Wrap): boolean {
  return broken.some((group) => {
    const text = group.map((line, at) => (at === 0 ? line : line.slice(wrap.indent))).join("");
    const bytes = / Code: ([0-9a-f<> ]{40,})$/.exec(text)?.[1];
    return bytes !== undefined && /[0-9a-f]{3}/.test(bytes);
  });
}

function findWordWrap(broken: readonly (readonly string[])[], breaks: number): Wrap | undefined {
  const width = broken.reduce(
    (max, group) => group.reduce((longest, line) => Math.max(longest, line.length), max),
    0,
  );
  if (width < MIN_WIDTH) return undefined;
  const ended = broken.flatMap((group) => group.slice(0, -1)).filter((line) => line.endsWith(" "));
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
function isExplained(broken: readonly (readonly string[])[], breaks: number, wrap: Wrap): boolean {
  let explained = 0;
  for (const group of broken) {
    for (let i = 1; i < group.length; i += 1) {
      if (isBreak(group[i - 1] ?? "", group[i] ?? "", i === 1, wrap)) explained += 1;
    }
  }
  return explained * 20 >= breaks * 19;
}

/** Could the wrapping have broken the text between these two lines? */
function isBreak(before: string, after: string, first: boolean, wrap: Wrap): boolean {
  const width = first ? wrap.width : wrap.nextWidth;
  if (leadingBlanks(after) < wrap.indent) return false;
  if (wrap.kind === "column") {
    // One shorter: the blank at the end of the line was trimmed.
    return (
      (before.length === width || before.length === width - 1) && after.length <= wrap.nextWidth
    );
  }
  const next = after.slice(wrap.indent);
  const blanks = leadingBlanks(next);
  // `Tainted: G      D      5.10` holds a run of blanks, all of which a tool may drop at a break.
  const dropped = before.includes("Tainted:") ? MAX_TAINT_BLANKS : 1;
  return before.length + dropped + blanks + wordLength(next, blanks) > width;
}

/**
 * The text before with the line after put back in its place; `undefined` when the two do not belong
 * together.
 * @param text everything of the message so far
 * @param before the physical line it ends with
 */
export function joined(
  text: string,
  before: string,
  after: string,
  wrap: Wrap,
): string | undefined {
  if (!isBreak(before, after, text === before, wrap)) return undefined;
  const rest = after.slice(wrap.indent);
  if (wrap.kind === "column") {
    const width = text === before ? wrap.width : wrap.nextWidth;
    return before.length === width ? text + rest : `${text} ${rest}`;
  }
  // A word is also broken behind its hyphen, and torn where it alone is too long for a line.
  const isTorn = before.length >= wrap.width && !before.slice(wrap.indent).trimEnd().includes(" ");
  return wrap.keepsBlank || isTorn || /[^ ]-$/.test(text) ? text + rest : `${text} ${rest}`;
}

/** Blanks before every continuation line; a single one, or few lines, prove nothing. */
function indentOf(broken: readonly (readonly string[])[]): number {
  let least = Number.POSITIVE_INFINITY;
  for (const group of broken) {
    for (const line of group.slice(1)) least = Math.min(least, leadingBlanks(line));
  }
  return least >= 2 && Number.isFinite(least) ? least : 0;
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
