// Integers of a given width and sign inside DWARF expressions. Values are 64-bit patterns; a typed value is
// kept extended to 64 bits as its sign says, so that converting is cutting and extending again.

import { numberOf } from "./attributes.ts";
import { AT, TAG } from "./constants.ts";
import { readEntry } from "./entry.ts";
import { OP } from "./operations.ts";
import type { Unit } from "./unit.ts";

export interface IntegerType {
  readonly bits: number;
  readonly signed: boolean;
}

/** DW_ATE_*: the encodings whose values are integers. */
export const ENCODING = {
  boolean: 2,
  signed: 5,
  signedChar: 6,
  unsigned: 7,
  unsignedChar: 8,
  utf: 0x10,
} as const;

/** The base type at an offset of .debug_info; `undefined` unless it is an integer of at most 64 bits. */
export function integerTypeAt(unit: Unit, offset: number): IntegerType | undefined {
  const entry = readEntry(unit, offset);
  if (entry?.tag !== TAG.baseType) return undefined;
  const size = numberOf(entry.attributes.get(AT.byteSize)) ?? 0;
  const encoding = numberOf(entry.attributes.get(AT.encoding));
  const isSigned = encoding === ENCODING.signed || encoding === ENCODING.signedChar;
  const isUnsigned =
    encoding === ENCODING.unsigned ||
    encoding === ENCODING.unsignedChar ||
    encoding === ENCODING.boolean;
  if ((!isSigned && !isUnsigned) || size < 1 || size > 8) return undefined;
  return { bits: 8 * size, signed: isSigned };
}

export function extend(value: bigint, { bits, signed }: IntegerType): bigint {
  return signed ? BigInt.asUintN(64, BigInt.asIntN(bits, value)) : BigInt.asUintN(bits, value);
}

/** The integer that bytes of the file's order stand for. */
export function fromBytes(bytes: Uint8Array, littleEndian: boolean): bigint {
  const ordered = littleEndian ? [...bytes].reverse() : [...bytes];
  return ordered.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

type Binary = (a: bigint, b: bigint) => bigint | undefined;

const BINARY: Readonly<Record<number, Binary>> = {
  [OP.and]: (a, b) => a & b,
  [OP.or]: (a, b) => a | b,
  [OP.xor]: (a, b) => a ^ b,
  [OP.plus]: (a, b) => a + b,
  [OP.minus]: (a, b) => a - b,
  [OP.mul]: (a, b) => a * b,
  [OP.div]: (a, b) => (b === 0n ? undefined : a / b),
  [OP.mod]: (a, b) => (b === 0n ? undefined : a % b),
  [OP.shl]: (a, b) => (b < 0n || b > 63n ? 0n : a << b),
  [OP.shr]: (a, b) => (b < 0n || b > 63n ? 0n : a >> b),
  [OP.shra]: (a, b) => a >> (b < 0n || b > 63n ? 63n : b),
  [OP.eq]: (a, b) => (a === b ? 1n : 0n),
  [OP.ne]: (a, b) => (a === b ? 0n : 1n),
  [OP.lt]: (a, b) => (a < b ? 1n : 0n),
  [OP.le]: (a, b) => (a <= b ? 1n : 0n),
  [OP.gt]: (a, b) => (a > b ? 1n : 0n),
  [OP.ge]: (a, b) => (a >= b ? 1n : 0n),
};

export function isBinary(op: number): boolean {
  return BINARY[op] !== undefined;
}

export function isComparison(op: number): boolean {
  return op >= OP.eq && op <= OP.ne;
}

/** Without a type, operands count as signed, except for the remainder and the logical shift. */
export function applyBinary(
  op: number,
  a: bigint,
  b: bigint,
  type: IntegerType | undefined,
): bigint | undefined {
  const bits = type?.bits ?? 64;
  const asUnsigned =
    op === OP.shr || (type === undefined ? op === OP.mod : !type.signed && op !== OP.shra);
  const read = (value: bigint): bigint =>
    asUnsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value);
  return BINARY[op]?.(read(a), op === OP.shl || op === OP.shr || op === OP.shra ? b : read(b));
}
