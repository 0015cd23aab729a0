// How many columns a text takes and where a line may break, in a terminal where CJK characters are two
// columns wide and break anywhere except before closing and after opening punctuation.

/** East Asian Wide and Fullwidth (UAX #11), and emoji, as ranges; everything else takes one column. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const COMBINING = /\p{Mn}|\p{Me}/u;

const NOT_AT_START = new Set("，。、；：？！）》」』】”’…·,.;:?!)]}");
const NOT_AT_END = new Set("（《「『【“‘([{");

function charWidth(char: string): number {
  if (char < "\u0300") return 1;
  if (COMBINING.test(char)) return 0;
  return WIDE.test(char) ? 2 : 1;
}

/** Columns of one line of clean text. */
export function displayWidth(line: string): number {
  let columns = 0;
  for (const char of line) columns += charWidth(char);
  return columns;
}

/** The longest beginning of `line` within `columns`, with `…` in place of what was cut. */
export function truncate(line: string, columns: number): string {
  if (displayWidth(line) <= columns) return line;
  let kept = "";
  let used = 1;
  for (const char of line) {
    used += charWidth(char);
    if (used > columns) break;
    kept += char;
  }
  return `${kept.trimEnd()}…`;
}

/** `line` followed by blanks up to `columns`; longer lines stay as they are. */
export function pad(line: string, columns: number): string {
  return line + " ".repeat(Math.max(0, columns - displayWidth(line)));
}

/** Lines of at most `columns`; a word longer than that (a symbol, a command) is split hard. */
export function wrap(sentence: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "";
  for (const unit of units(sentence)) {
    const candidate = current === "" ? unit.trimStart() : current + unit;
    if (displayWidth(candidate.trimEnd()) <= columns) {
      current = candidate;
      continue;
    }
    if (current !== "") lines.push(current.trimEnd());
    current = splitHard(unit.trimStart(), columns, lines);
  }
  if (current.trim() !== "") lines.push(current.trimEnd());
  return lines;
}

function splitHard(word: string, columns: number, lines: string[]): string {
  let rest = "";
  for (const char of word) {
    if (displayWidth(rest + char) > columns) {
      lines.push(rest);
      rest = "";
    }
    rest += char;
  }
  return rest;
}

/** Pieces between which a line may break; blanks lead the piece they stand before. */
function units(sentence: string): string[] {
  const found: string[] = [];
  let unit = "";
  let before = "";
  for (const char of sentence) {
    if (unit !== "" && mayBreak(before, char)) {
      found.push(unit);
      unit = "";
    }
    unit += char;
    before = char;
  }
  if (unit !== "") found.push(unit);
  return found;
}

function mayBreak(before: string, next: string): boolean {
  if (next === " ") return before !== " ";
  if (before === " ") return false;
  if (NOT_AT_START.has(next) || NOT_AT_END.has(before)) return false;
  return charWidth(before) === 2 || charWidth(next) === 2;
}
