// A function as a stretch of source: where it is declared and which lines are its own.

import { addressOf, highPcOf, rangesOffsetOf } from "./attributes.ts";
import { AT, TAG } from "./constants.ts";
import { type DebugInfo, linesOf, pathOf } from "./debug-info.ts";
import { childrenOf, numberAttribute, readEntry } from "./entry.ts";
import { readLinesBetween } from "./line-table.ts";
import { readRanges } from "./ranges.ts";
import type { Unit } from "./unit.ts";

export interface FunctionSource {
  /** As the compiler recorded it, joined with the compilation directory. */
  readonly file: string;
  readonly declaredAt: number;
  /** The last line that code of the function itself comes from; inlined calls do not count. */
  readonly lastLine: number;
}

/** Where the function whose entry stands at `offset` is written; `undefined` where that is not recorded. */
export function functionSource(
  info: DebugInfo,
  unit: Unit,
  offset: number,
): FunctionSource | undefined {
  const entry = readEntry(unit, offset);
  const lines = linesOf(info, unit);
  if (entry === undefined || lines === undefined) return undefined;
  const fileNumber = numberAttribute(entry, AT.declFile);
  const declaredAt = numberAttribute(entry, AT.declLine);
  const file = fileNumber === undefined ? undefined : pathOf(unit, lines, fileNumber);
  if (file === undefined || declaredAt === undefined) return undefined;
  const before = nextDeclaration(unit, fileNumber, declaredAt);
  let lastLine = declaredAt;
  for (const [low, high] of pairsOf(unit, offset)) {
    for (const row of readLinesBetween(lines.table, low, high)) {
      // A file can have two numbers in one table, so paths are compared.
      const own = row.file === fileNumber || pathOf(unit, lines, row.file) === file;
      if (own && row.line < before && row.line > lastLine) lastLine = row.line;
    }
  }
  return { file, declaredAt, lastLine };
}

const DECLARATION: ReadonlySet<number> = new Set([
  AT.declFile,
  AT.declLine,
  AT.sibling,
  AT.declaration,
]);

/** The line the next function of the same file begins at; inlined ones are written among the others. */
function nextDeclaration(unit: Unit, file: number | undefined, line: number): number {
  let next = Number.POSITIVE_INFINITY;
  const root = readEntry(unit, unit.firstEntry);
  if (root === undefined) return next;
  for (const child of childrenOf(root, DECLARATION)) {
    if (child.tag !== TAG.subprogram || child.attributes.has(AT.declaration)) continue;
    const at = numberAttribute(child, AT.declLine) ?? 0;
    if (numberAttribute(child, AT.declFile) === file && at > line && at < next) next = at;
  }
  return next;
}

function pairsOf(unit: Unit, offset: number): [number, number][] {
  const entry = readEntry(unit, offset);
  if (entry === undefined) return [];
  const list = rangesOffsetOf(unit, entry.attributes.get(AT.ranges));
  if (list !== undefined) {
    const ranges = readRanges(unit, list);
    return Array.from({ length: ranges.length / 2 }, (_, at) => [
      ranges[2 * at] ?? 0,
      ranges[2 * at + 1] ?? 0,
    ]);
  }
  const low = addressOf(unit, entry.attributes.get(AT.lowPc));
  const high = highPcOf(unit, low, entry.attributes.get(AT.highPc));
  return low === undefined || high === undefined ? [] : [[low, high]];
}
