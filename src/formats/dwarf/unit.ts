// One unit of .debug_info: its header, what its first entry says of the rest, and its bytes.

import {
  type Cursor,
  cursorOver,
  readSize64,
  readU8,
  readU16,
  readU32,
  skip,
} from "#base/cursor.ts";
import type { AbbreviationTable, FormSizes } from "./abbreviations.ts";
import { UNIT_TYPE } from "./constants.ts";
import type { DwarfFile } from "./dwarf-file.ts";

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
