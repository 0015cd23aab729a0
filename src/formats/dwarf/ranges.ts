// Range lists: .debug_ranges (DWARF 2-4) and .debug_rnglists (5).

import type { ByteSource } from "#base/byte-source.ts";
import { type Cursor, cursorOver, readAddress, readU8, readUleb } from "#base/cursor.ts";
import { indexedAddress } from "./attributes.ts";
import type { Unit } from "./unit.ts";

/** Pairs of first and one-past-last address, as numbers of `readAddress`. */
export type RangeList = readonly number[];

/** More ranges than any function or unit has. */
const MAX_RANGES = 1 << 16;

/** Reads the range list at `offset`; what precedes damage is kept. */
export function readRanges(unit: Unit, offset: number): RangeList {
  const section = unit.file.sections.open(unit.version >= 5 ? "rnglists" : "ranges");
  return readList(section, offset, unit.file.littleEndian, (cursor) =>
    unit.version >= 5 ? parseRnglist(unit, cursor) : parseRanges(unit, cursor),
  );
}

/** Lists carry no length, so a piece is read and, where it proves too short, a larger one. */
export function readList<T>(
  section: ByteSource,
  offset: number,
  littleEndian: boolean,
  parse: (cursor: Cursor) => T,
): T {
  for (let length = 192; ; length *= 8) {
    const cursor = cursorOver(section.read(offset, length), littleEndian);
    const value = parse(cursor);
    if (!cursor.overrun || offset + length >= section.size || length > 1 << 24) return value;
  }
}

/** What address zero is as a number of this file. */
function zero(unit: Unit): number {
  return ((0 - unit.file.highBase) | 0) * 4294967296;
}

function parseRanges(unit: Unit, cursor: Cursor): RangeList {
  const list: number[] = [];
  let base = unit.root.lowPc ?? zero(unit);
  while (list.length < 2 * MAX_RANGES) {
    const pair = readPair(unit, cursor, base);
    if (cursor.overrun || pair === undefined) break;
    if (pair.newBase !== undefined) base = pair.newBase;
    else if (pair.high > pair.low) list.push(pair.low, pair.high);
  }
  return list;
}

export interface AddressPair {
  readonly low: number;
  readonly high: number;
  readonly newBase?: number;
}

/** One pair of .debug_ranges or .debug_loc; `undefined` at the end of the list. */
export function readPair(unit: Unit, cursor: Cursor, base: number): AddressPair | undefined {
  const { addressSize, file } = unit;
  const start = cursor.at;
  // Read as signed: an offset is small, all ones is the mark of a new base.
  const first = readAddress(cursor, addressSize, 0);
  const second = readAddress(cursor, addressSize, 0);
  if (cursor.overrun || (first === 0 && second === 0)) return undefined;
  const marksBase = addressSize === 8 ? first === -1 : first === 0xffffffff;
  if (file.highBase !== 0 && (marksBase || Math.abs(first) > 2 ** 53)) {
    cursor.at = start;
    const exactFirst = readAddress(cursor, addressSize, file.highBase);
    const exactSecond = readAddress(cursor, addressSize, file.highBase);
    return marksBase
      ? { low: 0, high: 0, newBase: exactSecond }
      : { low: exactFirst, high: exactSecond };
  }
  return marksBase
    ? { low: 0, high: 0, newBase: second }
    : { low: first + base, high: second + base };
}

const RLE = {
  endOfList: 0,
  baseAddressx: 1,
  startxEndx: 2,
  startxLength: 3,
  offsetPair: 4,
  baseAddress: 5,
  startEnd: 6,
  startLength: 7,
} as const;

function parseRnglist(unit: Unit, cursor: Cursor): RangeList {
  const list: number[] = [];
  const { addressSize, file } = unit;
  const address = (): number => readAddress(cursor, addressSize, file.highBase);
  const indexed = (): number => indexedAddress(unit, readUleb(cursor)) ?? 0;
  const add = (low: number, high: number): void => {
    if (high > low && !cursor.overrun) list.push(low, high);
  };
  let base = unit.root.lowPc ?? zero(unit);
  while (list.length < 2 * MAX_RANGES && !cursor.overrun) {
    const kind = readU8(cursor);
    if (kind === RLE.offsetPair) {
      const low = base + readUleb(cursor);
      add(low, base + readUleb(cursor));
    } else if (kind === RLE.startLength) {
      const low = address();
      add(low, low + readUleb(cursor));
    } else if (kind === RLE.startEnd) {
      const low = address();
      add(low, address());
    } else if (kind === RLE.startxLength) {
      const low = indexed();
      add(low, low + readUleb(cursor));
    } else if (kind === RLE.startxEndx) {
      const low = indexed();
      add(low, indexed());
    } else if (kind === RLE.baseAddress) base = address();
    else if (kind === RLE.baseAddressx) base = indexed();
    else break;
  }
  return list;
}
