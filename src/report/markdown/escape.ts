// Markdown (GitHub's dialect) from rich lines. Plain text can start nothing: no emphasis, link, HTML,
// table cell, list or autolink; symbols with inner underscores stay readable as they are.

import { type Piece, pieces, type Rich } from "../rich.ts";

/**
 * What can begin markup anywhere in a line. `_` only at the edge of a word, `&` only before an entity,
 * `:`, `@` and `www.` because GitHub links bare addresses.
 */
const INLINE =
  /[\\`*[\]<>|~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=[#\p{L}])|:(?=\/\/)|@|(?<=(?<![A-Za-z0-9])www)\.|!(?=\[)/giu;

/** What begins a block at the start of a line. */
const BLOCK_START = /^(?:[#+\-=]|\d{1,9}[.)](?=\s|$))/;

export function markdownHeading(rich: Rich): string {
  // A closing run of `#` would be taken for the heading's own.
  return spans(rich).replace(/#$/, "\\#");
}

export function markdownLine(rich: Rich): string {
  return spans(rich).replace(BLOCK_START, (start) =>
    start.length === 1 ? `\\${start}` : `${start.slice(0, -1)}\\${start.slice(-1)}`,
  );
}

/** The same inside a table cell, where a pipe ends the cell even within code. */
export function markdownCell(rich: Rich): string {
  return pieces(rich)
    .map((piece) => (piece.kind === "code" ? codeInCell(piece.text) : inline(piece)))
    .join("")
    .trim();
}

/**
 * The backslash that keeps a pipe in its cell would pair up with an odd number of backslashes before it
 * and free the pipe again. Such a value cannot be code in a table; it becomes text.
 */
function codeInCell(text: string): string {
  if (/(?<!\\)(?:\\\\)*\\\|/.test(text)) return escapePlain(text);
  return codeSpan(text).replaceAll("|", "\\|");
}

function spans(rich: Rich): string {
  return pieces(rich).map(inline).join("").trim();
}

function inline(piece: Piece): string {
  switch (piece.kind) {
    case "plain":
      return escapePlain(piece.text);
    case "code":
      return codeSpan(piece.text);
    case "strong":
    case "verdict":
      return `**${escapePlain(piece.text)}**`;
  }
}

function escapePlain(text: string): string {
  return text.replace(INLINE, (special) => `\\${special}`);
}

/** Delimiters one longer than any run of backticks inside; blanks keep a backtick at the edge apart. */
function codeSpan(text: string): string {
  const fence = "`".repeat(longestRun(text) + 1);
  const edge = /^`|`$|^ .* $/.test(text) ? " " : "";
  return text.trim() === "" ? `${fence} ${text} ${fence}` : `${fence}${edge}${text}${edge}${fence}`;
}

/** A fence that no line of the block can close. */
export function blockFence(lines: readonly string[]): string {
  return "`".repeat(Math.max(3, ...lines.map((line) => longestRun(line) + 1)));
}

function longestRun(text: string): number {
  let longest = 0;
  for (const run of text.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  return longest;
}
