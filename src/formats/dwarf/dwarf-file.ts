// A file's debug information as a whole: its sections, its units found one by one, and the memory that
// work on them may hold. Units are read when an address or a reference leads to them, never all.

import { readScratch } from "#base/byte-source.ts";
import type { BlockDecompressor } from "#base/decompress.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { type AbbreviationTable, type FormSizes, readAbbreviations } from "./abbreviations.ts";
import { readUnitRoot } from "./attributes.ts";
import { UNIT_TYPE } from "./constants.ts";
import { type RecentlyUsed, recentlyUsed } from "./recently-used.ts";
import { type DwarfSections, dwarfSections } from "./sections.ts";
import { readUnitHeader, type Unit, type UnitBody, type UnitHeader } from "./unit.ts";

export interface DwarfFile {
  readonly sections: DwarfSections;
  readonly littleEndian: boolean;
  readonly highBase: number;
  /** The supplementary file dwz moved shared entries to (.gnu_debugaltlink), when it was found. */
  readonly alt?: DwarfFile;
  readonly units: Map<number, Unit>;
  readonly abbreviations: RecentlyUsed<string, AbbreviationTable>;
  lastTable: { readonly at: number; readonly table: AbbreviationTable } | undefined;
  readonly scratch: { bytes: Uint8Array };
  /** Offsets and ends of all units, in order, once something needed them all. */
  directory: Float64Array | undefined;
}

const ABBREVIATION_TABLES = 256;

export function openDwarf(
  elf: ElfFile,
  decompressor: BlockDecompressor,
  alt: DwarfFile | undefined,
): DwarfFile {
  return {
    sections: dwarfSections(elf, decompressor),
    littleEndian: elf.littleEndian,
    highBase: elf.highBase,
    ...(alt === undefined ? {} : { alt }),
    units: new Map(),
    abbreviations: recentlyUsed(ABBREVIATION_TABLES, () => 1),
    lastTable: undefined,
    scratch: { bytes: new Uint8Array(0) },
    directory: undefined,
  };
}

/** The unit whose header stands at `offset` of .debug_info. */
export function unitAt(file: DwarfFile, offset: number): Unit | undefined {
  const known = file.units.get(offset);
  if (known !== undefined) return known;
  const header = readUnitHeader(file, offset);
  if (header === undefined) return undefined;
  const root = readUnitRoot(file, header);
  if (root === undefined) return undefined;
  const unit: Unit = { ...header, file, root };
  file.units.set(offset, unit);
  return unit;
}

/** The unit an entry at `offset` belongs to. Walks all unit headers the first time. */
export function unitContaining(file: DwarfFile, offset: number): Unit | undefined {
  const directory = unitDirectory(file);
  let low = 0;
  let high = directory.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((directory[2 * middle + 1] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const start = directory[2 * low];
  return start === undefined || start > offset ? undefined : unitAt(file, start);
}

/** Start and end of every unit, in order. Costs one small read per unit; bounded by the section. */
export function unitDirectory(file: DwarfFile): Float64Array {
  if (file.directory !== undefined) return file.directory;
  const places: number[] = [];
  const size = file.sections.open("info").size;
  for (let offset = 0; offset < size; ) {
    const header = readUnitHeader(file, offset);
    // Skeleton and unknown units still have a length; a header without one ends the walk.
    if (header === undefined || header.end <= offset) break;
    places.push(offset, header.end);
    offset = header.end;
  }
  file.directory = Float64Array.from(places);
  return file.directory;
}

/** Units that hold functions, not only types or shared entries. */
export function holdsCode(unit: UnitHeader): boolean {
  return unit.unitType === UNIT_TYPE.compile;
}

/** The bytes of the unit from `offset` (into .debug_info) on, at most `length` of them. */
export function unitBody(unit: Unit, offset: number, length: number): UnitBody {
  const start = Math.max(offset, unit.offset);
  const info = unit.file.sections.open("info");
  return {
    bytes: info.read(start, Math.max(0, Math.min(length, unit.end - start))),
    base: start,
    abbreviations: abbreviationTable(unit.file, unit),
  };
}

/** All bytes of the unit, in memory that the next call for any unit uses again. */
export function wholeUnit(unit: Unit): UnitBody {
  const { file, offset, end } = unit;
  return {
    bytes: readScratch(file.sections.open("info"), offset, end - offset, file.scratch),
    base: offset,
    abbreviations: abbreviationTable(file, unit),
  };
}

export function abbreviationTable(file: DwarfFile, unit: UnitHeader): AbbreviationTable {
  // Work goes from entry to entry of one unit, so the table asked for last is nearly always the one.
  const last = file.lastTable;
  if (last !== undefined && last.at === unit.abbreviationsAt && sameSizes(last.table.sizes, unit)) {
    return last.table;
  }
  const table = cachedTable(file, unit);
  file.lastTable = { at: unit.abbreviationsAt, table };
  return table;
}

function sameSizes(a: FormSizes, b: FormSizes): boolean {
  return (
    a.version === b.version && a.addressSize === b.addressSize && a.offsetSize === b.offsetSize
  );
}

function cachedTable(file: DwarfFile, unit: UnitHeader): AbbreviationTable {
  const key = `${unit.abbreviationsAt}/${unit.version}/${unit.addressSize}/${unit.offsetSize}`;
  const known = file.abbreviations.get(key);
  if (known !== undefined) return known;
  const table = readAbbreviations(file.sections.open("abbrev"), unit.abbreviationsAt, {
    version: unit.version,
    addressSize: unit.addressSize,
    offsetSize: unit.offsetSize,
  });
  file.abbreviations.set(key, table);
  return table;
}
