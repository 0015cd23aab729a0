// Opening a file's debug information and finding its units one by one. Units are read when an address or a reference leads to them, never all.

import type { BlockDecompressor } from "#base/decompress.ts";
import type { ElfFile } from "../elf/elf-file.ts";
import { readUnitRoot } from "./attributes.ts";
import { UNIT_TYPE } from "./constants.ts";
import { recentlyUsed } from "./recently-used.ts";
import { dwarfSections } from "./sections.ts";
import { type DwarfFile, readUnitHeader, type Unit, type UnitHeader } from "./unit.ts";

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
    tableScratch: { bytes: new Uint8Array(0) },
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
