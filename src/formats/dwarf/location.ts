// Where a variable lives at an address: picking the expression that holds there.

import { type Cursor, readAddress, readBytes, readU8, readU16, readUleb } from "#base/cursor.ts";
import { indexedAddress, locationListOffset, offsetOf } from "./attributes.ts";
import type { FormValue } from "./forms.ts";
import { readList, readPair } from "./ranges.ts";
import type { Unit } from "./unit.ts";

/** More entries than the location list of any variable has. */
const MAX_ENTRIES = 1 << 14;

/**
 * The expression of DW_AT_location that holds at `address`; `undefined` where the list has none, which
 * means that the compiler kept no value there.
 */
export function expressionAt(
  unit: Unit,
  location: FormValue,
  address: number,
): Uint8Array | undefined {
  if (location.kind === "expression" || location.kind === "block") return location.value;
  const offset =
    location.kind === "list-index" ? locationListOffset(unit, location.value) : offsetOf(location);
  if (offset === undefined) return undefined;
  const section = unit.file.sections.open(unit.version >= 5 ? "loclists" : "loc");
  return readList(section, offset, unit.file.littleEndian, (cursor) =>
    unit.version >= 5 ? findInLoclist(unit, cursor, address) : findInLoc(unit, cursor, address),
  );
}

function findInLoc(unit: Unit, cursor: Cursor, address: number): Uint8Array | undefined {
  let base = unit.root.lowPc ?? 0;
  for (let count = 0; count < MAX_ENTRIES; count += 1) {
    const pair = readPair(unit, cursor, base);
    if (pair === undefined) return undefined;
    if (pair.newBase !== undefined) {
      base = pair.newBase;
      continue;
    }
    const expression = readBytes(cursor, readU16(cursor));
    if (address >= pair.low && address < pair.high && !cursor.overrun) return expression;
  }
  return undefined;
}

const LLE = {
  endOfList: 0,
  baseAddressx: 1,
  startxEndx: 2,
  startxLength: 3,
  offsetPair: 4,
  defaultLocation: 5,
  baseAddress: 6,
  startEnd: 7,
  startLength: 8,
  gnuViewPair: 9,
} as const;

function findInLoclist(unit: Unit, cursor: Cursor, address: number): Uint8Array | undefined {
  let base = unit.root.lowPc ?? 0;
  let fallback: Uint8Array | undefined;
  for (let count = 0; count < MAX_ENTRIES && !cursor.overrun; count += 1) {
    const kind = readU8(cursor);
    if (kind === LLE.baseAddress) {
      base = readAddress(cursor, unit.addressSize, unit.file.highBase);
    } else if (kind === LLE.baseAddressx) {
      base = indexedAddress(unit, readUleb(cursor)) ?? 0;
    } else if (kind === LLE.gnuViewPair) {
      readUleb(cursor);
      readUleb(cursor);
    } else if (kind === LLE.defaultLocation) {
      fallback = readBytes(cursor, readUleb(cursor));
    } else {
      const bounds = readBounds(unit, cursor, kind, base);
      if (bounds === undefined) return fallback;
      const expression = readBytes(cursor, readUleb(cursor));
      if (address >= bounds.low && address < bounds.high && !cursor.overrun) return expression;
    }
  }
  return fallback;
}

function readBounds(
  unit: Unit,
  cursor: Cursor,
  kind: number,
  base: number,
): { low: number; high: number } | undefined {
  const address = (): number => readAddress(cursor, unit.addressSize, unit.file.highBase);
  const indexed = (): number => indexedAddress(unit, readUleb(cursor)) ?? 0;
  switch (kind) {
    case LLE.offsetPair: {
      const low = base + readUleb(cursor);
      return { low, high: base + readUleb(cursor) };
    }
    case LLE.startEnd: {
      const low = address();
      return { low, high: address() };
    }
    case LLE.startLength: {
      const low = address();
      return { low, high: low + readUleb(cursor) };
    }
    case LLE.startxEndx: {
      const low = indexed();
      return { low, high: indexed() };
    }
    case LLE.startxLength: {
      const low = indexed();
      return { low, high: low + readUleb(cursor) };
    }
    default:
      return undefined;
  }
}
