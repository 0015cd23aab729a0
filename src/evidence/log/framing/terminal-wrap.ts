// Lines copied from an editor's window: vim with line numbers shows a long line in several rows, each but
// the first indented below the number column, and the copy loses the line feeds but keeps the blanks:
//
//   44819 … net_failove      r failover …        (6 blanks in mid-word, the width of `44819 `)
//
// Invariant: blanks are removed only where the window's width explains their place, and then exactly as
// many as the indent; a blank that was trimmed at the end of a row is put back.

export interface TerminalWrap {
  /** The line as it was before the window broke it. */
  mend(line: string): string;
}

interface Grid {
  readonly width: number;
  readonly indent: number;
}

/** No window is narrower. */
const MIN_WIDTH = 40;
const MAX_RUNS = 64;

export function openTerminalWrap(): TerminalWrap {
  let grid: Grid | undefined;
  return {
    mend(line) {
      if (line.length <= MIN_WIDTH || !line.includes("    ")) return line;
      if (grid !== undefined) {
        const rows = toRows(line, grid);
        if (rows.length > 1) return rows.join("");
      }
      const found = findGrid(line);
      if (found === undefined) return line;
      grid = found;
      return toRows(line, found).join("");
    },
  };
}

/**
 * The grid this line shows by itself: a list of names or bytes, which holds single blanks only. Its breaks
 * must follow from one width, and there must be two of them, or one whose blanks are exactly as wide as the
 * line's own number column.
 */
function findGrid(line: string): Grid | undefined {
  if (!line.includes("Modules linked in:") && !line.includes("Code:")) return undefined;
  const column = /^\s{0,8}\d{1,9} /.exec(line)?.[0].length;
  for (const run of runsOf(line)) {
    const length = run.end - run.start;
    // The blank at which the row ended is kept behind the break, kept before it, or was trimmed.
    const candidates: Grid[] = [
      { width: run.start, indent: length },
      { width: run.start, indent: length - 1 },
      { width: run.start + 1, indent: length },
    ];
    for (const grid of candidates) {
      if (grid.indent < 2 || grid.indent * 2 > grid.width) continue;
      const rows = toRows(line, grid);
      if (rows.length >= 3 || (rows.length === 2 && grid.indent === column)) return grid;
    }
  }
  return undefined;
}

function runsOf(line: string): { start: number; end: number }[] {
  const runs: { start: number; end: number }[] = [];
  for (const match of line.matchAll(/(?<=\S) {2,}(?=\S)/g)) {
    if (match.index < MIN_WIDTH) continue;
    runs.push({ start: match.index, end: match.index + match[0].length });
    if (runs.length === MAX_RUNS) break;
  }
  return runs;
}

/** The window's rows; a single one when the line does not break at every place where it would have to. */
function toRows(line: string, grid: Grid): string[] {
  const rows: string[] = [];
  let from = 0;
  // The first row is as wide as the window, the others lose the indent.
  for (let room = grid.width; line.length - from > room; room = grid.width - grid.indent) {
    const at = from + room;
    const blanks = runAt(line, at);
    if (blanks.end - at >= grid.indent && blanks.end - blanks.start <= grid.indent + 1) {
      rows.push(line.slice(from, at));
      from = at + grid.indent;
    } else if (blanks.start === at - 1 && blanks.end === at - 1 + grid.indent) {
      rows.push(`${line.slice(from, at - 1)} `);
      from = blanks.end;
    } else {
      return [line];
    }
  }
  rows.push(line.slice(from));
  return rows;
}

/** The blanks around `at`, none if there is something else. */
function runAt(line: string, at: number): { start: number; end: number } {
  let start = at;
  let end = at;
  while (line.charCodeAt(start - 1) === 32) start -= 1;
  while (line.charCodeAt(end) === 32) end += 1;
  return { start, end };
}
