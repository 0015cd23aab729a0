// Attribute values: reading one, and passing one over.

import {
  type Cursor,
  readAddress,
  readBytes,
  readCString,
  readSlebBig,
  readU8,
  readU16,
  readU32,
  readU64,
  readUleb,
  readUlebBig,
  readUnsigned,
  skip,
  skipLeb,
} from "#base/cursor.ts";
import { type FormSizes, fixedFormSize } from "./abbreviations.ts";
import { FORM } from "./constants.ts";

/**
 * A value as its form stores it. Indices and section offsets are not followed here: that takes the
 * unit's bases, which `attributes.ts` knows.
 */
export type FormValue =
  | { readonly kind: "address"; readonly value: number }
  | { readonly kind: "address-index"; readonly value: number }
  /** `bits` is the width the form gives, absent for LEB forms. */
  | { readonly kind: "constant"; readonly value: bigint; readonly bits?: number }
  | { readonly kind: "flag"; readonly value: boolean }
  | { readonly kind: "block"; readonly value: Uint8Array }
  | { readonly kind: "expression"; readonly value: Uint8Array }
  | { readonly kind: "string"; readonly value: string }
  | {
      readonly kind: "string-at";
      readonly section: "str" | "line_str" | "alt";
      readonly value: number;
    }
  | { readonly kind: "string-index"; readonly value: number }
  | { readonly kind: "unit-reference"; readonly value: number }
  | { readonly kind: "reference"; readonly value: number }
  | { readonly kind: "alt-reference"; readonly value: number }
  | { readonly kind: "signature"; readonly value: bigint }
  | { readonly kind: "section-offset"; readonly value: number }
  | { readonly kind: "list-index"; readonly value: number }
  | { readonly kind: "unknown" };

/** Reads the value of one form. An unknown form cannot be passed over, so it ends the entry (`overrun`). */
export function readForm(
  cursor: Cursor,
  form: number,
  sizes: FormSizes,
  highBase: number,
  implicit: number | undefined,
): FormValue {
  switch (form) {
    case FORM.addr:
      return { kind: "address", value: readAddress(cursor, sizes.addressSize, highBase) };
    case FORM.data1:
      return { kind: "constant", value: BigInt(readU8(cursor)), bits: 8 };
    case FORM.data2:
      return { kind: "constant", value: BigInt(readU16(cursor)), bits: 16 };
    case FORM.data4:
      return { kind: "constant", value: BigInt(readU32(cursor)), bits: 32 };
    case FORM.data8:
      return { kind: "constant", value: readU64(cursor), bits: 64 };
    case FORM.sdata:
      return { kind: "constant", value: readSlebBig(cursor) };
    case FORM.udata:
      return { kind: "constant", value: readUlebBig(cursor) };
    case FORM.implicitConst:
      return { kind: "constant", value: BigInt(implicit ?? 0) };
    case FORM.flag:
      return { kind: "flag", value: readU8(cursor) !== 0 };
    case FORM.flagPresent:
      return { kind: "flag", value: true };
    case FORM.secOffset:
      return { kind: "section-offset", value: readUnsigned(cursor, sizes.offsetSize) };
    case FORM.loclistx:
    case FORM.rnglistx:
      return { kind: "list-index", value: readUleb(cursor) };
    case FORM.indirect:
      return readIndirect(cursor, sizes, highBase);
    default:
      return readBlockForm(cursor, form) ?? readReferenceForm(cursor, form, sizes);
  }
}

function readIndirect(cursor: Cursor, sizes: FormSizes, highBase: number): FormValue {
  const form = readUleb(cursor);
  // An indirect form naming itself would never end.
  if (form === FORM.indirect || form === FORM.implicitConst) return unreadable(cursor);
  return readForm(cursor, form, sizes, highBase, undefined);
}

function unreadable(cursor: Cursor): FormValue {
  cursor.overrun = true;
  cursor.at = cursor.bytes.length;
  return { kind: "unknown" };
}

function readBlockForm(cursor: Cursor, form: number): FormValue | undefined {
  switch (form) {
    case FORM.exprloc:
      return { kind: "expression", value: readBytes(cursor, readUleb(cursor)) };
    case FORM.block:
      return { kind: "block", value: readBytes(cursor, readUleb(cursor)) };
    case FORM.block1:
      return { kind: "block", value: readBytes(cursor, readU8(cursor)) };
    case FORM.block2:
      return { kind: "block", value: readBytes(cursor, readU16(cursor)) };
    case FORM.block4:
      return { kind: "block", value: readBytes(cursor, readU32(cursor)) };
    case FORM.data16:
      return { kind: "block", value: readBytes(cursor, 16) };
    default:
      return undefined;
  }
}

function readReferenceForm(cursor: Cursor, form: number, sizes: FormSizes): FormValue {
  const size = fixedFormSize(form, sizes);
  switch (form) {
    case FORM.ref1:
    case FORM.ref2:
    case FORM.ref4:
    case FORM.ref8:
      return { kind: "unit-reference", value: readUnsigned(cursor, size) };
    case FORM.refUdata:
      return { kind: "unit-reference", value: readUleb(cursor) };
    case FORM.refAddr:
      return { kind: "reference", value: readUnsigned(cursor, size) };
    case FORM.gnuRefAlt:
    case FORM.refSup4:
    case FORM.refSup8:
      return { kind: "alt-reference", value: readUnsigned(cursor, size) };
    case FORM.refSig8:
      return { kind: "signature", value: readU64(cursor) };
    default:
      return readStringOrIndex(cursor, form, size);
  }
}

function readStringOrIndex(cursor: Cursor, form: number, size: number): FormValue {
  switch (form) {
    case FORM.string:
      return { kind: "string", value: readCString(cursor) };
    case FORM.strp:
      return { kind: "string-at", section: "str", value: readUnsigned(cursor, size) };
    case FORM.lineStrp:
      return { kind: "string-at", section: "line_str", value: readUnsigned(cursor, size) };
    case FORM.gnuStrpAlt:
    case FORM.strpSup:
      return { kind: "string-at", section: "alt", value: readUnsigned(cursor, size) };
    case FORM.strx1:
    case FORM.strx2:
    case FORM.strx3:
    case FORM.strx4:
      return { kind: "string-index", value: readUnsigned(cursor, size) };
    case FORM.strx:
    case FORM.gnuStrIndex:
      return { kind: "string-index", value: readUleb(cursor) };
    case FORM.addrx1:
    case FORM.addrx2:
    case FORM.addrx3:
    case FORM.addrx4:
      return { kind: "address-index", value: readUnsigned(cursor, size) };
    case FORM.addrx:
    case FORM.gnuAddrIndex:
      return { kind: "address-index", value: readUleb(cursor) };
    default:
      return unreadable(cursor);
  }
}

/** Passes over one value. */
export function skipForm(cursor: Cursor, form: number, sizes: FormSizes): void {
  const size = fixedFormSize(form, sizes);
  if (size >= 0) {
    skip(cursor, size);
    return;
  }
  switch (form) {
    case FORM.exprloc:
    case FORM.block:
      skip(cursor, readUleb(cursor));
      return;
    case FORM.block1:
      skip(cursor, readU8(cursor));
      return;
    case FORM.block2:
      skip(cursor, readU16(cursor));
      return;
    case FORM.block4:
      skip(cursor, readU32(cursor));
      return;
    case FORM.string: {
      const end = cursor.bytes.indexOf(0, cursor.at);
      skip(cursor, end < 0 ? Number.MAX_SAFE_INTEGER : end + 1 - cursor.at);
      return;
    }
    case FORM.indirect: {
      const actual = readUleb(cursor);
      if (actual === FORM.indirect) unreadable(cursor);
      else skipForm(cursor, actual, sizes);
      return;
    }
    case FORM.sdata:
    case FORM.udata:
    case FORM.refUdata:
    case FORM.strx:
    case FORM.addrx:
    case FORM.loclistx:
    case FORM.rnglistx:
    case FORM.gnuAddrIndex:
    case FORM.gnuStrIndex:
      skipLeb(cursor);
      return;
    default:
      unreadable(cursor);
  }
}
