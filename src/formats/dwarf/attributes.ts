// Attribute values that take the unit's bases to understand: strings, addresses, list offsets.

import { cursorOver, readAddress, readUleb, readUnsigned } from "#base/cursor.ts";
import { type Abbreviation, abbreviationOf } from "./abbreviations.ts";
import { AT, FORM } from "./constants.ts";
import { type FormValue, readForm, skipForm } from "./forms.ts";
import { readStringAt } from "./sections.ts";
import {
  abbreviationTable,
  type DwarfFile,
  type Unit,
  type UnitHeader,
  type UnitRoot,
} from "./unit.ts";

export type Attributes = ReadonlyMap<number, FormValue>;

const FIRST_WINDOW = 512;

/** Reads the unit's first entry; `undefined` where it has none. */
export function readUnitRoot(file: DwarfFile, header: UnitHeader): UnitRoot | undefined {
  const info = file.sections.open("info");
  const left = header.end - header.firstEntry;
  for (let length = FIRST_WINDOW; ; length *= 16) {
    const bytes = info.read(header.firstEntry, Math.min(length, left));
    const cursor = cursorOver(bytes, file.littleEndian);
    const code = readUleb(cursor);
    const abbreviation = abbreviationOf(abbreviationTable(file, header), code);
    if (abbreviation === undefined) return undefined;
    const attributes = readAttributes(cursor, abbreviation, header, file.highBase);
    if (!cursor.overrun || length >= left) {
      return rootOf(file, header, abbreviation.tag, attributes);
    }
  }
}

export function readAttributes(
  cursor: ReturnType<typeof cursorOver>,
  abbreviation: Abbreviation,
  header: UnitHeader,
  highBase: number,
  wanted?: ReadonlySet<number>,
): Map<number, FormValue> {
  const values = new Map<number, FormValue>();
  for (let index = 0; index < abbreviation.forms.length; index += 1) {
    const form = abbreviation.forms[index] ?? FORM.flagPresent;
    const attribute = abbreviation.attributes[index] ?? 0;
    if (wanted !== undefined && !wanted.has(attribute)) {
      skipForm(cursor, form, header);
      continue;
    }
    const value = readForm(cursor, form, header, highBase, abbreviation.constants?.get(index));
    if (cursor.overrun) break;
    values.set(attribute, value);
  }
  return values;
}

function rootOf(
  file: DwarfFile,
  header: UnitHeader,
  tag: number,
  attributes: Attributes,
): UnitRoot {
  const bases = {
    strOffsetsBase: offsetOf(attributes.get(AT.strOffsetsBase)) ?? defaultBase(header, 8, 16),
    addrBase:
      offsetOf(attributes.get(AT.addrBase)) ??
      offsetOf(attributes.get(AT.gnuAddrBase)) ??
      defaultBase(header, 8, 16),
    rnglistsBase: offsetOf(attributes.get(AT.rnglistsBase)) ?? defaultBase(header, 12, 20),
    loclistsBase: offsetOf(attributes.get(AT.loclistsBase)) ?? defaultBase(header, 12, 20),
  };
  const half: Unit = { ...header, file, root: { tag, ...bases } };
  const lowPc = addressOf(half, attributes.get(AT.lowPc));
  const highPc = highPcOf(half, lowPc, attributes.get(AT.highPc));
  const ranges = rangesOffsetOf(half, attributes.get(AT.ranges));
  const lineTable = offsetOf(attributes.get(AT.stmtList));
  const name = stringOf(half, attributes.get(AT.name));
  const compDir = stringOf(half, attributes.get(AT.compDir));
  const language = numberOf(attributes.get(AT.language));
  return {
    tag,
    ...bases,
    ...(name === undefined ? {} : { name }),
    ...(compDir === undefined ? {} : { compDir }),
    ...(language === undefined ? {} : { language }),
    ...(lowPc === undefined ? {} : { lowPc }),
    ...(highPc === undefined ? {} : { highPc }),
    ...(ranges === undefined ? {} : { ranges }),
    ...(lineTable === undefined ? {} : { lineTable }),
  };
}

/** Where a base that should be given is missing: just behind the section's only header. */
function defaultBase(header: UnitHeader, size32: number, size64: number): number {
  return header.offsetSize === 8 ? size64 : size32;
}

/** A section offset; DWARF 3 and older used plain data forms for them. */
export function offsetOf(value: FormValue | undefined): number | undefined {
  if (value?.kind === "section-offset") return value.value;
  if (value?.kind === "constant") return Number(value.value);
  return undefined;
}

/** A small unsigned number (line, file, size); `undefined` for other classes. */
export function numberOf(value: FormValue | undefined): number | undefined {
  if (value?.kind !== "constant") return undefined;
  return Number(value.value);
}

export function addressOf(unit: Unit, value: FormValue | undefined): number | undefined {
  if (value?.kind === "address") return value.value;
  if (value?.kind !== "address-index") return undefined;
  return indexedAddress(unit, value.value);
}

/** Entry `index` of the unit's part of .debug_addr. */
export function indexedAddress(unit: Unit, index: number): number | undefined {
  const at = unit.root.addrBase + index * unit.addressSize;
  const section = unit.file.sections.open("addr");
  const cursor = cursorOver(section.read(at, unit.addressSize), unit.file.littleEndian);
  const address = readAddress(cursor, unit.addressSize, unit.file.highBase);
  return cursor.overrun ? undefined : address;
}

/** DW_AT_high_pc is an address, or since DWARF 4 a size. */
export function highPcOf(
  unit: Unit,
  lowPc: number | undefined,
  value: FormValue | undefined,
): number | undefined {
  if (value?.kind === "constant") return (lowPc ?? 0) + Number(value.value);
  return addressOf(unit, value);
}

/** Where the range list of DW_AT_ranges stands in its section. */
export function rangesOffsetOf(unit: Unit, value: FormValue | undefined): number | undefined {
  if (value?.kind !== "list-index") return offsetOf(value);
  return listOffset(unit, "rnglists", unit.root.rnglistsBase, value.value);
}

/** Where the location list `index` stands. */
export function locationListOffset(unit: Unit, index: number): number | undefined {
  return listOffset(unit, "loclists", unit.root.loclistsBase, index);
}

function listOffset(
  unit: Unit,
  name: "rnglists" | "loclists",
  base: number,
  index: number,
): number | undefined {
  const section = unit.file.sections.open(name);
  const bytes = section.read(base + index * unit.offsetSize, unit.offsetSize);
  const cursor = cursorOver(bytes, unit.file.littleEndian);
  const offset = readUnsigned(cursor, unit.offsetSize);
  return cursor.overrun ? undefined : base + offset;
}

export function stringOf(unit: Unit, value: FormValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "string") return value.value;
  if (value.kind === "string-index") return indexedString(unit, value.value);
  if (value.kind !== "string-at") return undefined;
  if (value.section === "alt") {
    return unit.file.alt === undefined
      ? undefined
      : readStringAt(unit.file.alt.sections.open("str"), value.value);
  }
  return readStringAt(unit.file.sections.open(value.section), value.value);
}

function indexedString(unit: Unit, index: number): string | undefined {
  const section = unit.file.sections.open("str_offsets");
  const at = unit.root.strOffsetsBase + index * unit.offsetSize;
  const cursor = cursorOver(section.read(at, unit.offsetSize), unit.file.littleEndian);
  const offset = readUnsigned(cursor, unit.offsetSize);
  return cursor.overrun ? undefined : readStringAt(unit.file.sections.open("str"), offset);
}
