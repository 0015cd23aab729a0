// The questions asked of debug information: where does the code at this address come from, and through
// which inlined calls. Answers are cached compactly per unit; unit contents are read again when needed.

import {
  type AddressIndex,
  findTarget,
  indexRanges,
  readAddressRanges,
  targetsOf,
} from "./aranges.ts";
import { numberOf } from "./attributes.ts";
import { AT, TAG } from "./constants.ts";
import { holdsCode, unitAt, unitDirectory } from "./dwarf-file.ts";
import { type Entry, knownEnd, nameOf, readEntry } from "./entry.ts";
import { readFunctions } from "./functions.ts";
import { type LineFiles, linePath, readLineHeader } from "./line-header.ts";
import {
  findRow,
  type LineTable,
  type RowScratch,
  readLineTable,
  rowScratch,
} from "./line-table.ts";
import { readRanges } from "./ranges.ts";
import { type RecentlyUsed, recentlyUsed } from "./recently-used.ts";
import { findScopes, type Scope } from "./scopes.ts";
import type { DwarfFile, Unit } from "./unit.ts";

export interface UnitLines {
  readonly files: LineFiles;
  readonly table: LineTable;
  readonly paths: Map<number, string | undefined>;
}

export interface DebugInfo {
  readonly file: DwarfFile;
  ranges: AddressIndex | undefined;
  /** Ranges of the units .debug_aranges does not name; read when an address is not found there. */
  otherRanges: AddressIndex | undefined;
  readonly functions: Map<number, AddressIndex>;
  readonly lines: RecentlyUsed<number, UnitLines>;
  readonly scratch: RowScratch;
}

/** Bytes of decoded line tables held at a time. */
const LINE_BUDGET = 56 << 20;

export function openDebugInfo(file: DwarfFile): DebugInfo {
  return {
    file,
    ranges: undefined,
    otherRanges: undefined,
    functions: new Map(),
    scratch: rowScratch(),
    lines: recentlyUsed(LINE_BUDGET, (lines) => lines.table.rows.byteLength),
  };
}

/** The compile unit whose code covers `address`. */
export function unitOfAddress(info: DebugInfo, address: number): Unit | undefined {
  info.ranges ??= readAddressRanges(info.file);
  const offset = findTarget(info.ranges, address) ?? findTarget(otherRanges(info), address);
  return offset === undefined ? undefined : unitAt(info.file, offset);
}

function otherRanges(info: DebugInfo): AddressIndex {
  if (info.otherRanges !== undefined) return info.otherRanges;
  const named = new Set(info.ranges === undefined ? [] : targetsOf(info.ranges));
  const directory = unitDirectory(info.file);
  const triples: number[] = [];
  for (let at = 0; at < directory.length; at += 2) {
    const offset = directory[at] ?? 0;
    const unit = named.has(offset) ? undefined : unitAt(info.file, offset);
    if (unit === undefined || !holdsCode(unit)) continue;
    const ranges = unitRanges(info, unit);
    for (let pair = 0; pair + 1 < ranges.length; pair += 2) {
      triples.push(ranges[pair] ?? 0, ranges[pair + 1] ?? 0, offset);
    }
  }
  info.otherRanges = indexRanges(triples);
  return info.otherRanges;
}

function unitRanges(info: DebugInfo, unit: Unit): readonly number[] {
  const { ranges, lowPc, highPc } = unit.root;
  if (ranges !== undefined) return readRanges(unit, ranges);
  if (lowPc !== undefined && highPc !== undefined) return [lowPc, highPc];
  // Lows and highs of the functions: every third number of the index is a target and is left out.
  return [...functionsOf(info, unit)].filter((_, at) => at % 3 !== 2);
}

export function functionsOf(info: DebugInfo, unit: Unit): AddressIndex {
  const known = info.functions.get(unit.offset);
  if (known !== undefined) return known;
  const functions = readFunctions(unit);
  info.functions.set(unit.offset, functions);
  return functions;
}

export function linesOf(info: DebugInfo, unit: Unit): UnitLines | undefined {
  const known = info.lines.get(unit.offset);
  if (known !== undefined) return known;
  const header = readLineHeader(unit);
  if (header === undefined) return undefined;
  const table = readLineTable(header, info.file.highBase, info.scratch);
  const lines = { files: header.files, table, paths: new Map() };
  info.lines.set(unit.offset, lines);
  return lines;
}

export function pathOf(unit: Unit, lines: UnitLines, file: number): string | undefined {
  if (lines.paths.has(file)) return lines.paths.get(file);
  const path = linePath(unit, lines.files, file);
  lines.paths.set(file, path);
  return path;
}

/** A place in the source; `file` as the compiler recorded it, joined with the compilation directory. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  /** Counted from 1; absent where the compiler gave none. */
  readonly column?: number;
}

/** One level of the chain at an address: a function, and where in it the code stands. */
export interface CodeLevel {
  readonly function?: string;
  readonly place?: SourcePlace;
}

export interface CodePlace {
  readonly unit: Unit;
  readonly compDir: string;
  /** Innermost first; the last one is the function the machine code belongs to. */
  readonly levels: readonly CodeLevel[];
  readonly scopes: readonly Scope[];
}

const CALL_ATTRIBUTES: ReadonlySet<number> = new Set([
  AT.name,
  AT.abstractOrigin,
  AT.specification,
  AT.callFile,
  AT.callLine,
  AT.callColumn,
]);
const SIBLING: ReadonlySet<number> = new Set([AT.sibling]);

/** Looks an address up; `undefined` where no unit covers it. */
export function findCode(info: DebugInfo, address: number): CodePlace | undefined {
  const unit = unitOfAddress(info, address);
  if (unit === undefined) return undefined;
  const lines = linesOf(info, unit);
  const functionAt = findTarget(functionsOf(info, unit), address);
  const scopes = functionAt === undefined ? [] : scopesAround(unit, functionAt, address);
  const calls = scopes.filter((scope) => scope.tag !== TAG.lexicalBlock).reverse();
  let place = lines === undefined ? undefined : placeOfAddress(unit, lines, address);
  const levels: CodeLevel[] = [];
  for (const scope of calls) {
    const entry = readEntry(unit, scope.offset, CALL_ATTRIBUTES);
    const name = entry === undefined ? undefined : nameOf(entry);
    levels.push(levelOf(name, place));
    place = entry === undefined || lines === undefined ? undefined : callPlace(entry, lines);
  }
  if (levels.length === 0) levels.push(levelOf(undefined, place));
  return { unit, compDir: unit.root.compDir ?? "", levels, scopes };
}

function scopesAround(unit: Unit, functionAt: number, address: number): Scope[] {
  const entry = readEntry(unit, functionAt, SIBLING);
  return entry === undefined ? [] : findScopes(unit, functionAt, knownEnd(entry), address);
}

function levelOf(name: string | undefined, place: SourcePlace | undefined): CodeLevel {
  return {
    ...(name === undefined ? {} : { function: name }),
    ...(place === undefined ? {} : { place }),
  };
}

function placeOfAddress(unit: Unit, lines: UnitLines, address: number): SourcePlace | undefined {
  const row = findRow(lines.table, address);
  return row === undefined ? undefined : sourcePlace(unit, lines, row.file, row.line, row.column);
}

function callPlace(entry: Entry, lines: UnitLines): SourcePlace | undefined {
  const file = numberOf(entry.attributes.get(AT.callFile));
  const line = numberOf(entry.attributes.get(AT.callLine)) ?? 0;
  const column = numberOf(entry.attributes.get(AT.callColumn)) ?? 0;
  return file === undefined ? undefined : sourcePlace(entry.unit, lines, file, line, column);
}

function sourcePlace(
  unit: Unit,
  lines: UnitLines,
  fileNumber: number,
  line: number,
  column: number,
): SourcePlace | undefined {
  const file = pathOf(unit, lines, fileNumber);
  if (file === undefined) return undefined;
  return { file, line, ...(column > 0 ? { column } : {}) };
}
