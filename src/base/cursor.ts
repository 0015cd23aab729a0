// A position in bytes of known byte order. Reading past the end never throws: it yields zero, sets
// `overrun` and leaves the position at the end, so a loop that checks `overrun` always terminates.

export interface Cursor {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly littleEndian: boolean;
  at: number;
  overrun: boolean;
}

export function cursorOver(bytes: Uint8Array, littleEndian: boolean, at = 0): Cursor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return { bytes, view, littleEndian, at, overrun: at > bytes.length };
}

function fail(cursor: Cursor): 0 {
  cursor.overrun = true;
  cursor.at = cursor.bytes.length;
  return 0;
}

export function skip(cursor: Cursor, count: number): void {
  const next = cursor.at + count;
  if (count >= 0 && next <= cursor.bytes.length) cursor.at = next;
  else fail(cursor);
}

export function readU8(cursor: Cursor): number {
  const value = cursor.bytes[cursor.at];
  if (value === undefined) return fail(cursor);
  cursor.at += 1;
  return value;
}

export function readI8(cursor: Cursor): number {
  return (readU8(cursor) << 24) >> 24;
}

export function readU16(cursor: Cursor): number {
  if (cursor.at + 2 > cursor.bytes.length) return fail(cursor);
  const value = cursor.view.getUint16(cursor.at, cursor.littleEndian);
  cursor.at += 2;
  return value;
}

export function readU32(cursor: Cursor): number {
  if (cursor.at + 4 > cursor.bytes.length) return fail(cursor);
  const value = cursor.view.getUint32(cursor.at, cursor.littleEndian);
  cursor.at += 4;
  return value;
}

export function readI32(cursor: Cursor): number {
  return readU32(cursor) | 0;
}

export function readU64(cursor: Cursor): bigint {
  if (cursor.at + 8 > cursor.bytes.length) return BigInt(fail(cursor));
  const value = cursor.view.getBigUint64(cursor.at, cursor.littleEndian);
  cursor.at += 8;
  return value;
}

/** A 64-bit size or file offset as a number; exact below 2^53, larger ones are absurd and rounded. */
export function readSize64(cursor: Cursor): number {
  if (cursor.at + 8 > cursor.bytes.length) return fail(cursor);
  const first = cursor.view.getUint32(cursor.at, cursor.littleEndian);
  const second = cursor.view.getUint32(cursor.at + 4, cursor.littleEndian);
  cursor.at += 8;
  return cursor.littleEndian ? second * 4294967296 + first : first * 4294967296 + second;
}

/** An unsigned integer of 1, 2, 3, 4 or 8 bytes. */
export function readUnsigned(cursor: Cursor, size: number): number {
  switch (size) {
    case 1:
      return readU8(cursor);
    case 2:
      return readU16(cursor);
    case 3:
      return readU24(cursor);
    case 4:
      return readU32(cursor);
    default:
      return readSize64(cursor);
  }
}

function readU24(cursor: Cursor): number {
  const a = readU8(cursor);
  const b = readU8(cursor);
  const c = readU8(cursor);
  return cursor.littleEndian ? a | (b << 8) | (c << 16) : (a << 16) | (b << 8) | c;
}

/** Unsigned LEB128; exact below 2^53. */
export function readUleb(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) return fail(cursor);
    cursor.at += 1;
    if (byte < 0x80) return value + byte * scale;
    value += (byte & 0x7f) * scale;
    scale *= 128;
  }
}

/** Signed LEB128; exact within ±2^53. */
export function readSleb(cursor: Cursor): number {
  let value = 0;
  let scale = 1;
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) return fail(cursor);
    cursor.at += 1;
    value += (byte & 0x7f) * scale;
    scale *= 128;
    if (byte < 0x80) return (byte & 0x40) !== 0 ? value - scale : value;
  }
}

/** Unsigned LEB128 as 64 bits, for constants whose every bit counts. */
export function readUlebBig(cursor: Cursor): bigint {
  return BigInt.asUintN(64, readLebBits(cursor).value);
}

/** Signed LEB128 as 64 bits. */
export function readSlebBig(cursor: Cursor): bigint {
  const { value, shift, negative } = readLebBits(cursor);
  return BigInt.asIntN(64, negative ? value - (1n << shift) : value);
}

function readLebBits(cursor: Cursor): { value: bigint; shift: bigint; negative: boolean } {
  let value = 0n;
  let shift = 0n;
  for (;;) {
    const byte = readU8(cursor);
    // Bits past the 64th are padding of an over-long encoding; they are read and dropped.
    if (shift < 70n) {
      value |= BigInt(byte & 0x7f) << shift;
      shift += 7n;
    }
    if (byte < 0x80) return { value, shift, negative: (byte & 0x40) !== 0 };
  }
}

/** Skips one LEB128 of either sign. */
export function skipLeb(cursor: Cursor): void {
  for (;;) {
    const byte = cursor.bytes[cursor.at];
    if (byte === undefined) {
      fail(cursor);
      return;
    }
    cursor.at += 1;
    if (byte < 0x80) return;
  }
}

/** Bytes up to a NUL (which is consumed); to the end with `overrun` when there is none. */
export function readCString(cursor: Cursor): string {
  const end = cursor.bytes.indexOf(0, cursor.at);
  if (end < 0) {
    fail(cursor);
    return "";
  }
  const text = new TextDecoder().decode(cursor.bytes.subarray(cursor.at, end));
  cursor.at = end + 1;
  return text;
}

/** `length` bytes, shared with the cursor; fewer, with `overrun`, at the end. */
export function readBytes(cursor: Cursor, length: number): Uint8Array {
  const start = cursor.at;
  skip(cursor, length);
  return cursor.bytes.subarray(start, cursor.overrun ? start : start + length);
}

/**
 * An address of the image as a number: the distance from `highBase * 2^32`, taken as signed. Kernel
 * text lies within 2^53 of zero in two's complement on most architectures, so this is exact where a
 * plain double is not, and much cheaper than a bigint. `highBase` is the upper half of the image's own
 * addresses where that does not hold (ppc64: 0xc0000000).
 */
export function readAddress(cursor: Cursor, size: number, highBase: number): number {
  if (size !== 8) return readUnsigned(cursor, size);
  if (cursor.at + 8 > cursor.bytes.length) return fail(cursor);
  const first = cursor.view.getUint32(cursor.at, cursor.littleEndian);
  const second = cursor.view.getUint32(cursor.at + 4, cursor.littleEndian);
  cursor.at += 8;
  return cursor.littleEndian
    ? ((second - highBase) | 0) * 4294967296 + first
    : ((first - highBase) | 0) * 4294967296 + second;
}

/** `readAddress`'s number as the 64-bit address it stands for. */
export function toAddress(value: number, highBase: number): bigint {
  return BigInt.asUintN(64, BigInt(Math.trunc(value)) + (BigInt(highBase) << 32n));
}

/** The inverse of `toAddress`. */
export function fromAddress(address: bigint, highBase: number): number {
  return Number(BigInt.asIntN(64, address - (BigInt(highBase) << 32n)));
}
