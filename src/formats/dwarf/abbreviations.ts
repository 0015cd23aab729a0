// Abbreviation tables: the shape of each kind of entry of a unit, with the sizes worked out once so
// that entries nobody asks about are passed over without looking at their attributes.

import { type ByteSource, readScratch } from "#base/byte-source.ts";
import { type Cursor, cursorOver, readSleb, readU8, readUleb, skipLeb } from "#base/cursor.ts";
import { AT, FORM } from "./constants.ts";

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: readonly number[];
  readonly forms: readonly number[];
  /** DW_FORM_implicit_const values by attribute index; absent when the entry kind has none. */
  readonly constants: ReadonlyMap<number, number> | undefined;
  /** Bytes of all attributes together; -1 where they vary. */
  readonly fixedSize: number;
  /** Where a DW_AT_sibling of form ref4 stands relative to the first attribute; -1 unless fixed. */
  readonly siblingOffset: number;
  /** Whether the entry kind has addresses: DW_AT_low_pc or DW_AT_ranges. */
  readonly hasPc: boolean;
}

/** Where each entry of a table stands; entries are worked out when first used, and most never are. */
export interface AbbreviationTable {
  readonly bytes: Uint8Array;
  readonly sizes: FormSizes;
  /** Position behind the code, by code minus one, as long as codes count up from 1 (they do). */
  readonly dense: Uint32Array;
  readonly sparse: ReadonlyMap<number, number>;
  readonly known: (Abbreviation | undefined)[];
}

/** What the sizes of some forms depend on. */
export interface FormSizes {
  readonly version: number;
  readonly addressSize: number;
  /** 4, or 8 in 64-bit DWARF. */
  readonly offsetSize: number;
}

const FIRST_CHUNK = 1 << 12;
/** More kinds of entries than any unit has. */
const MAX_ENTRIES = 1 << 16;

/** Finds the entries of the table at `offset` of .debug_abbrev; damage ends the table. */
export function readAbbreviations(
  section: ByteSource,
  offset: number,
  sizes: FormSizes,
  scratch: { bytes: Uint8Array },
): AbbreviationTable {
  for (let length = FIRST_CHUNK; ; length *= 8) {
    const cursor = cursorOver(readScratch(section, offset, length, scratch), true);
    const places = findEntries(cursor);
    if (!cursor.overrun || offset + length >= section.size) {
      // Copied out of memory that the next table is read into.
      return { bytes: cursor.bytes.slice(0, cursor.at), sizes, ...places, known: [] };
    }
  }
}

function findEntries(cursor: Cursor): { dense: Uint32Array; sparse: Map<number, number> } {
  const dense: number[] = [];
  const sparse = new Map<number, number>();
  while (dense.length + sparse.size < MAX_ENTRIES) {
    const code = readUleb(cursor);
    if (code === 0 || cursor.overrun) break;
    const at = cursor.at;
    skipDeclaration(cursor);
    if (cursor.overrun) break;
    if (code === dense.length + 1) dense.push(at);
    else if (!sparse.has(code)) sparse.set(code, at);
  }
  return { dense: Uint32Array.from(dense), sparse };
}

function skipDeclaration(cursor: Cursor): void {
  skipLeb(cursor);
  readU8(cursor);
  for (;;) {
    const attribute = readUleb(cursor);
    const form = readUleb(cursor);
    if (form === FORM.implicitConst) skipLeb(cursor);
    if ((attribute === 0 && form === 0) || cursor.overrun) return;
  }
}

export function abbreviationOf(table: AbbreviationTable, code: number): Abbreviation | undefined {
  const known = table.known[code];
  if (known !== undefined) return known;
  const at = table.dense[code - 1] ?? table.sparse.get(code);
  if (at === undefined) return undefined;
  const abbreviation = parseEntry(cursorOver(table.bytes, true, at), table.sizes);
  if (code <= table.dense.length) table.known[code] = abbreviation;
  return abbreviation;
}

function parseEntry(cursor: Cursor, sizes: FormSizes): Abbreviation {
  const tag = readUleb(cursor);
  const hasChildren = readU8(cursor) !== 0;
  const attributes: number[] = [];
  const forms: number[] = [];
  let constants: Map<number, number> | undefined;
  for (;;) {
    const attribute = readUleb(cursor);
    const form = readUleb(cursor);
    if (form === FORM.implicitConst) {
      constants ??= new Map();
      constants.set(attributes.length, readSleb(cursor));
    }
    if ((attribute === 0 && form === 0) || cursor.overrun) break;
    attributes.push(attribute);
    forms.push(form);
  }
  const { fixedSize, siblingOffset } = layoutOf(attributes, forms, sizes);
  return {
    tag,
    hasChildren,
    attributes,
    forms,
    constants,
    fixedSize,
    siblingOffset,
    hasPc: attributes.includes(AT.lowPc) || attributes.includes(AT.ranges),
  };
}

function layoutOf(
  attributes: readonly number[],
  forms: readonly number[],
  sizes: FormSizes,
): { fixedSize: number; siblingOffset: number } {
  let size = 0;
  let siblingOffset = -1;
  for (let index = 0; index < forms.length; index += 1) {
    const form = forms[index] ?? 0;
    if (attributes[index] === AT.sibling && form === FORM.ref4) siblingOffset = size;
    const formSize = fixedFormSize(form, sizes);
    if (formSize < 0) return { fixedSize: -1, siblingOffset };
    size += formSize;
  }
  return { fixedSize: size, siblingOffset };
}

/** Bytes a form takes; -1 where that depends on the data, or the form is not known. */
export function fixedFormSize(form: number, sizes: FormSizes): number {
  switch (form) {
    case FORM.flagPresent:
    case FORM.implicitConst:
      return 0;
    case FORM.data1:
    case FORM.ref1:
    case FORM.flag:
    case FORM.strx1:
    case FORM.addrx1:
      return 1;
    case FORM.data2:
    case FORM.ref2:
    case FORM.strx2:
    case FORM.addrx2:
      return 2;
    case FORM.strx3:
    case FORM.addrx3:
      return 3;
    case FORM.data4:
    case FORM.ref4:
    case FORM.refSup4:
    case FORM.strx4:
    case FORM.addrx4:
      return 4;
    case FORM.data8:
    case FORM.ref8:
    case FORM.refSup8:
    case FORM.refSig8:
      return 8;
    case FORM.data16:
      return 16;
    case FORM.addr:
      return sizes.addressSize;
    case FORM.refAddr:
      // DWARF 2 gave references between units the size of an address.
      return sizes.version <= 2 ? sizes.addressSize : sizes.offsetSize;
    case FORM.strp:
    case FORM.lineStrp:
    case FORM.strpSup:
    case FORM.secOffset:
    case FORM.gnuRefAlt:
    case FORM.gnuStrpAlt:
      return sizes.offsetSize;
    default:
      return -1;
  }
}
