// The shapes everything in here works on, a file's debug information and one unit of it, and how to get
// at a unit's header and bytes.

import { readScratch } from "#base/byte-source.ts";
import {
  type Cursor,
  cursorOver,
  readSize64,
  readU8,
  readU16,
  readU32,
  skip,
} from "#base/cursor.ts";
import { type AbbreviationTable, type FormSizes, readAbbreviations } from "./abbreviations.ts";
import { UNIT_TYPE } from "./constants.ts";
import type { RecentlyUsed } from "./recently-used.ts";
import type { DwarfSections } from "./sections.ts";

/** A file's debug information as a whole, and the memory that work on it may hold. */
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
  /** Another one, because tables are read while a unit's bytes are in use. */
  readonly tableScratch: { bytes: Uint8Array };
  /** Offsets and ends of all units, in order, once something needed them all. */
  directory: Float64Array | undefined;
}

export interface UnitHeader extends FormSizes {
  /** Place of the header in .debug_info. */
  readonly offset: number;
  readonly end: number;
  readonly firstEntry: number;
  readonly unitType: number;
  readonly abbreviationsAt: number;
}

/** What the first entry of a unit tells about the others. Offsets are into their sections. */
export interface UnitRoot {
  readonly tag: number;
  readonly name?: string;
  readonly compDir?: string;
  readonly language?: number;
  readonly lowPc?: number;
  readonly highPc?: number;
  /** DW_AT_ranges as an offset into .debug_ranges or .debug_rnglists. */
  readonly ranges?: number;
  readonly lineTable?: number;
  readonly strOffsetsBase: number;
  readonly addrBase: number;
  readonly rnglistsBase: number;
  readonly loclistsBase: number;
}

export interface Unit extends UnitHeader {
  readonly file: DwarfFile;
  readonly root: UnitRoot;
}

/** Bytes of a unit while they are being worked on; `base` is the offset in .debug_info of the first. */
export interface UnitBody {
  readonly bytes: Uint8Array;
  readonly base: number;
  readonly abbreviations: AbbreviationTable;
}

const HEADER_MAX = 48;

/** Reads the header at `offset`; `undefined` where there is no usable unit. */
export function readUnitHeader(file: DwarfFile, offset: number): UnitHeader | undefined {
  const info = file.sections.open("info");
  const cursor = cursorOver(info.read(offset, HEADER_MAX), file.littleEndian);
  const length32 = readU32(cursor);
  const offsetSize = length32 === 0xffffffff ? 8 : 4;
  const length = offsetSize === 8 ? readSize64(cursor) : length32;
  const end = Math.min(offset + cursor.at + length, info.size);
  const version = readU16(cursor);
  if (cursor.overrun || length < 7 || version < 2 || version > 5) return undefined;
  const shape = readShape(cursor, version, offsetSize);
  if (cursor.overrun || (shape.addressSize !== 8 && shape.addressSize !== 4)) return undefined;
  return { offset, end, version, offsetSize, ...shape, firstEntry: offset + cursor.at };
}

function readOffset(cursor: Cursor, offsetSize: number): number {
  return offsetSize === 8 ? readSize64(cursor) : readU32(cursor);
}

function readShape(
  cursor: Cursor,
  version: number,
  offsetSize: number,
): { unitType: number; addressSize: number; abbreviationsAt: number } {
  if (version < 5) {
    const abbreviationsAt = readOffset(cursor, offsetSize);
    return { unitType: UNIT_TYPE.compile, addressSize: readU8(cursor), abbreviationsAt };
  }
  const unitType = readU8(cursor);
  const addressSize = readU8(cursor);
  const abbreviationsAt = readOffset(cursor, offsetSize);
  if (unitType === UNIT_TYPE.skeleton || unitType === UNIT_TYPE.splitCompile) skip(cursor, 8);
  if (unitType === UNIT_TYPE.type || unitType === UNIT_TYPE.splitType) skip(cursor, 8 + offsetSize);
  return { unitType, addressSize, abbreviationsAt };
}

/** A cursor on the unit's bytes at an offset into .debug_info. */
export function unitCursor(unit: Unit, body: UnitBody, offset: number): Cursor {
  return cursorOver(body.bytes, unit.file.littleEndian, Math.max(0, offset - body.base));
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
  const table = readAbbreviations(
    file.sections.open("abbrev"),
    unit.abbreviationsAt,
    {
      version: unit.version,
      addressSize: unit.addressSize,
      offsetSize: unit.offsetSize,
    },
    file.tableScratch,
  );
  file.abbreviations.set(key, table);
  return table;
}
