// Which function of a unit holds an address. Entries at the top of the unit are passed over by their
// fixed sizes and sibling references; only functions with code are kept, as numbers.

import { type Cursor, readAddress, readUleb, readUnsigned, skip } from "#base/cursor.ts";
import { type Abbreviation, abbreviationOf } from "./abbreviations.ts";
import { type AddressIndex, indexRanges } from "./aranges.ts";
import { indexedAddress, rangesOffsetOf } from "./attributes.ts";
import { AT, FORM, TAG } from "./constants.ts";
import { readForm, skipForm } from "./forms.ts";
import { readRanges } from "./ranges.ts";
import { type Unit, type UnitBody, unitCursor, wholeUnit } from "./unit.ts";

/** The address attributes of one entry; reused from entry to entry. */
export interface PcAttributes {
  low: number | undefined;
  high: number | undefined;
  ranges: number | undefined;
  /** Offset in .debug_info of the entry after this one's children; 0 where it is not given. */
  sibling: number;
}

export function pcAttributes(): PcAttributes {
  return { low: undefined, high: undefined, ranges: undefined, sibling: 0 };
}

/** Reads the address attributes of the entry at the cursor and passes over the rest. */
export function scanPc(
  unit: Unit,
  cursor: Cursor,
  abbreviation: Abbreviation,
  out: PcAttributes,
): void {
  out.low = undefined;
  out.high = undefined;
  out.ranges = undefined;
  out.sibling = 0;
  if (!abbreviation.hasPc) {
    skipEntry(unit, cursor, abbreviation, out);
    return;
  }
  let highIsSize = false;
  for (let index = 0; index < abbreviation.forms.length && !cursor.overrun; index += 1) {
    const form = abbreviation.forms[index] ?? FORM.flagPresent;
    const attribute = abbreviation.attributes[index];
    if (attribute === AT.lowPc) out.low = readAddressForm(unit, cursor, form);
    else if (attribute === AT.highPc) {
      highIsSize = form !== FORM.addr && !isAddressIndex(form);
      out.high = highIsSize
        ? readSizeForm(unit, cursor, form)
        : readAddressForm(unit, cursor, form);
    } else if (attribute === AT.ranges) {
      const value = readForm(cursor, form, unit, unit.file.highBase, undefined);
      out.ranges = rangesOffsetOf(unit, value);
    } else if (attribute === AT.sibling && form === FORM.ref4) {
      out.sibling = unit.offset + readUnsigned(cursor, 4);
    } else skipForm(cursor, form, unit);
  }
  if (highIsSize && out.low !== undefined && out.high !== undefined) out.high += out.low;
}

function skipEntry(
  unit: Unit,
  cursor: Cursor,
  abbreviation: Abbreviation,
  out: PcAttributes,
): void {
  const start = cursor.at;
  if (abbreviation.siblingOffset >= 0) {
    cursor.at = start + abbreviation.siblingOffset;
    out.sibling = unit.offset + readUnsigned(cursor, 4);
    cursor.at = Math.min(start, cursor.bytes.length);
  }
  if (abbreviation.fixedSize >= 0) {
    skip(cursor, abbreviation.fixedSize);
    return;
  }
  for (let index = 0; index < abbreviation.forms.length && !cursor.overrun; index += 1) {
    const form = abbreviation.forms[index] ?? FORM.flagPresent;
    if (abbreviation.attributes[index] === AT.sibling && form === FORM.ref4) {
      out.sibling = unit.offset + readUnsigned(cursor, 4);
    } else skipForm(cursor, form, unit);
  }
}

function isAddressIndex(form: number): boolean {
  return (
    form === FORM.addrx ||
    form === FORM.gnuAddrIndex ||
    (form >= FORM.addrx1 && form <= FORM.addrx4)
  );
}

function readAddressForm(unit: Unit, cursor: Cursor, form: number): number | undefined {
  if (form === FORM.addr) return readAddress(cursor, unit.addressSize, unit.file.highBase);
  const value = readForm(cursor, form, unit, unit.file.highBase, undefined);
  return value.kind === "address-index" ? indexedAddress(unit, value.value) : undefined;
}

function readSizeForm(unit: Unit, cursor: Cursor, form: number): number | undefined {
  if (form === FORM.data8) return readUnsigned(cursor, 8);
  if (form === FORM.udata) return readUleb(cursor);
  const value = readForm(cursor, form, unit, unit.file.highBase, undefined);
  return value.kind === "constant" ? Number(value.value) : undefined;
}

/** Low and one-past-high pairs an entry covers. */
export function rangesOf(unit: Unit, pc: PcAttributes): readonly number[] {
  if (pc.ranges !== undefined) return readRanges(unit, pc.ranges);
  if (pc.low === undefined || pc.high === undefined || pc.high <= pc.low) return [];
  return [pc.low, pc.high];
}

/**
 * Moves the cursor behind the children of the entry whose attributes were just passed over.
 * A sibling reference that does not lead forwards is damage and is not followed.
 */
export function skipChildren(unit: Unit, body: UnitBody, cursor: Cursor, sibling: number): void {
  if (sibling - body.base > cursor.at) {
    cursor.at = Math.min(sibling - body.base, cursor.bytes.length);
    return;
  }
  const scratch = pcAttributes();
  for (let depth = 1; depth > 0 && cursor.at < cursor.bytes.length; ) {
    const code = readUleb(cursor);
    if (code === 0) {
      depth -= 1;
      continue;
    }
    const abbreviation = abbreviationOf(body.abbreviations, code);
    if (abbreviation === undefined) {
      cursor.overrun = true;
      cursor.at = cursor.bytes.length;
      return;
    }
    scanPc(unit, cursor, abbreviation, scratch);
    if (!abbreviation.hasChildren) continue;
    if (scratch.sibling - body.base > cursor.at) cursor.at = scratch.sibling - body.base;
    else depth += 1;
  }
}

/** Entries whose children may be functions of their own. */
function mayHoldFunctions(tag: number): boolean {
  return (
    tag === TAG.namespace ||
    tag === TAG.module ||
    tag === TAG.compileUnit ||
    tag === TAG.partialUnit
  );
}

/** All functions of a unit that have code: address range → offset of the entry. */
export function readFunctions(unit: Unit): AddressIndex {
  const body = wholeUnit(unit);
  const cursor = unitCursor(unit, body, unit.firstEntry);
  const triples: number[] = [];
  const pc = pcAttributes();
  for (let depth = 0; cursor.at < cursor.bytes.length; ) {
    const offset = body.base + cursor.at;
    const code = readUleb(cursor);
    if (code === 0) {
      depth -= 1;
      if (depth <= 0) break;
      continue;
    }
    const abbreviation = abbreviationOf(body.abbreviations, code);
    if (abbreviation === undefined) break;
    scanPc(unit, cursor, abbreviation, pc);
    if (abbreviation.tag === TAG.subprogram && abbreviation.hasPc) {
      const ranges = rangesOf(unit, pc);
      for (let at = 0; at + 1 < ranges.length; at += 2) {
        triples.push(ranges[at] ?? 0, ranges[at + 1] ?? 0, offset);
      }
    }
    if (!abbreviation.hasChildren) continue;
    if (mayHoldFunctions(abbreviation.tag)) depth += 1;
    else skipChildren(unit, body, cursor, pc.sibling);
  }
  return indexRanges(triples);
}
