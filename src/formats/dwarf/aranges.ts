// .debug_aranges: which unit an address belongs to, without opening any unit.

import {
  type Cursor,
  cursorOver,
  readAddress,
  readSize64,
  readU8,
  readU16,
  readU32,
} from "#base/cursor.ts";
import type { DwarfFile } from "./unit.ts";

/**
 * Triples of low, one-past-high and target (the offset in .debug_info of a unit or entry), sorted by
 * low. One array: there is one index per unit, and a kernel has thousands.
 */
export type AddressIndex = Float64Array;

/** A section of more than this is damage; 6.1 amd64 has 179 kB. */
const MAX_SIZE = 1 << 27;

export function readAddressRanges(file: DwarfFile): AddressIndex {
  const section = file.sections.open("aranges");
  const cursor = cursorOver(section.read(0, Math.min(section.size, MAX_SIZE)), file.littleEndian);
  const ranges: number[] = [];
  while (cursor.at < cursor.bytes.length && !cursor.overrun) {
    const next = readSet(cursor, file.highBase, ranges);
    if (next === undefined) break;
    cursor.at = next;
  }
  return indexRanges(ranges);
}

/** One unit's set; returns where the next one starts. */
function readSet(cursor: Cursor, highBase: number, ranges: number[]): number | undefined {
  const start = cursor.at;
  const length32 = readU32(cursor);
  const wide = length32 === 0xffffffff;
  const length = wide ? readSize64(cursor) : length32;
  const end = cursor.at + length;
  const version = readU16(cursor);
  const unit = wide ? readSize64(cursor) : readU32(cursor);
  const addressSize = readU8(cursor);
  const segmentSize = readU8(cursor);
  if (cursor.overrun || length < 8) return undefined;
  if (version !== 2 || segmentSize !== 0 || (addressSize !== 8 && addressSize !== 4)) return end;
  const tuple = 2 * addressSize;
  // Tuples start at a multiple of their own size from the beginning of the set.
  cursor.at = start + Math.ceil((cursor.at - start) / tuple) * tuple;
  while (cursor.at + tuple <= Math.min(end, cursor.bytes.length)) {
    const low = readAddress(cursor, addressSize, highBase);
    const size = readAddress(cursor, addressSize, 0);
    // A tuple of zeros ends the set; code that was dropped at link time has address or size zero.
    if (size > 0) ranges.push(low, low + size, unit);
  }
  return end;
}

/** Makes an index of triples of low, high and target. */
export function indexRanges(triples: readonly number[]): AddressIndex {
  const index = new Float64Array(triples.length);
  for (let at = 0; at < triples.length; at += 1) index[at] = triples[at] ?? 0;
  if (isSorted(index)) return index;
  const order = Array.from({ length: Math.floor(index.length / 3) }, (_, at) => at);
  order.sort((a, b) => (index[3 * a] ?? 0) - (index[3 * b] ?? 0));
  return Float64Array.from(order.flatMap((at) => [...index.subarray(3 * at, 3 * at + 3)]));
}

function isSorted(index: AddressIndex): boolean {
  for (let at = 3; at < index.length; at += 3) {
    if ((index[at] ?? 0) < (index[at - 3] ?? 0)) return false;
  }
  return true;
}

/** The target of the range around `address`. */
export function findTarget(index: AddressIndex, address: number): number | undefined {
  let low = 0;
  let high = index.length / 3;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index[3 * middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  // Ranges that overlap (identical code folding) make the nearest few worth a look.
  for (let step = low - 1; step >= 0 && step >= low - 4; step -= 1) {
    if (address < (index[3 * step + 1] ?? 0)) return index[3 * step + 2];
  }
  return undefined;
}

/** All targets of an index, each as often as it has ranges. */
export function targetsOf(index: AddressIndex): number[] {
  const targets: number[] = [];
  for (let at = 2; at < index.length; at += 3) targets.push(index[at] ?? 0);
  return targets;
}
