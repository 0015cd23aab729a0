// Values as C shows them: bits of a known type to text.

import { numberOf, stringOf } from "./attributes.ts";
import { AT, TAG } from "./constants.ts";
import { childrenOf, type Entry, nameOf, numberAttribute } from "./entry.ts";
import { ENCODING, fromBytes } from "./integer-type.ts";
import { arrayCounts, typeOf, underlying } from "./type-name.ts";

/** A value larger than this (bytes) is not shown. */
const MAX_BYTES = 4096;
const MAX_ELEMENTS = 200;
const MAX_DEPTH = 8;

/** Bytes of a type; `undefined` where it has no fixed size. */
export function typeSize(type: Entry | undefined, depth = 0): number | undefined {
  const bare = underlying(type);
  if (bare === undefined || depth > MAX_DEPTH) return undefined;
  const size = numberOf(bare.attributes.get(AT.byteSize));
  if (size !== undefined) return size;
  if (bare.tag === TAG.pointerType) return bare.unit.addressSize;
  if (bare.tag !== TAG.arrayType) return undefined;
  const element = typeSize(typeOf(bare), depth + 1);
  return arrayCounts(bare).reduce<number | undefined>(
    (product, count) =>
      product === undefined || count === undefined ? undefined : product * count,
    element,
  );
}

/** Whether a value of the type is one number: an integer, a pointer or an enumerator. */
export function isScalar(type: Entry | undefined): boolean {
  const tag = underlying(type)?.tag;
  return tag === TAG.baseType || tag === TAG.pointerType || tag === TAG.enumerationType;
}

/** The value as C-like text; `undefined` for types that have none (functions, floating point). */
export function formatValue(
  type: Entry | undefined,
  bytes: Uint8Array,
  littleEndian: boolean,
  depth = 0,
): string | undefined {
  const bare = underlying(type);
  if (bare === undefined || depth > MAX_DEPTH || bytes.length > MAX_BYTES) return undefined;
  switch (bare.tag) {
    case TAG.baseType:
      return formatInteger(bare, fromBytes(bytes, littleEndian), 8 * bytes.length);
    case TAG.pointerType:
    case TAG.referenceType:
      return `0x${fromBytes(bytes, littleEndian).toString(16)}`;
    case TAG.enumerationType:
      return formatEnum(bare, fromBytes(bytes, littleEndian), 8 * bytes.length);
    case TAG.structureType:
    case TAG.unionType:
    case TAG.classType:
      return formatMembers(bare, bytes, littleEndian, depth);
    case TAG.arrayType:
      return formatArray(bare, bytes, littleEndian, depth);
    default:
      return undefined;
  }
}

function formatInteger(type: Entry, raw: bigint, bits: number): string | undefined {
  switch (numberOf(type.attributes.get(AT.encoding))) {
    case ENCODING.boolean:
      return raw === 0n ? "false" : raw === 1n ? "true" : raw.toString();
    case ENCODING.signed:
      return BigInt.asIntN(bits, raw).toString();
    case ENCODING.signedChar:
      return withCharacter(BigInt.asIntN(bits, raw), raw);
    case ENCODING.unsigned:
    case ENCODING.utf:
      return raw.toString();
    case ENCODING.unsignedChar:
      return withCharacter(raw, raw);
    default:
      return undefined;
  }
}

function withCharacter(value: bigint, raw: bigint): string {
  const code = Number(raw & 0xffn);
  return code >= 0x20 && code < 0x7f ? `${value} '${String.fromCharCode(code)}'` : value.toString();
}

/** The enumerator of that value; else the flags it is made of; else the number. */
function formatEnum(type: Entry, raw: bigint, bits: number): string {
  const named: { name: string; value: bigint }[] = [];
  for (const child of childrenOf(type)) {
    const constant = child.attributes.get(AT.constValue);
    const name = nameOf(child);
    if (child.tag === TAG.enumerator && constant?.kind === "constant" && name !== undefined) {
      named.push({ name, value: BigInt.asUintN(bits, constant.value) });
    }
  }
  const exact = named.find(({ value }) => value === raw);
  if (exact !== undefined) return exact.name;
  const flags = named.filter(({ value }) => value !== 0n && (value & (value - 1n)) === 0n);
  const present = flags.filter(({ value }) => (raw & value) === value);
  const rest = present.reduce((left, { value }) => left & ~value, raw);
  if (present.length === 0 || flags.length !== named.filter(({ value }) => value !== 0n).length) {
    return raw.toString();
  }
  const words = present.map(({ name }) => name);
  return `(${(rest === 0n ? words : [...words, `unknown: 0x${rest.toString(16)}`]).join(" | ")})`;
}

function formatMembers(
  type: Entry,
  bytes: Uint8Array,
  littleEndian: boolean,
  depth: number,
): string {
  const words: string[] = [];
  for (const member of childrenOf(type)) {
    if (member.tag !== TAG.member || words.length > MAX_ELEMENTS) continue;
    const value = formatMember(member, bytes, littleEndian, depth) ?? "?";
    const name = stringOf(member.unit, member.attributes.get(AT.name));
    words.push(name === undefined ? value : `${name} = ${value}`);
  }
  return `{${words.join(", ")}}`;
}

function formatMember(
  member: Entry,
  bytes: Uint8Array,
  littleEndian: boolean,
  depth: number,
): string | undefined {
  const type = typeOf(member);
  const at = numberAttribute(member, AT.dataMemberLocation) ?? 0;
  const bitSize = numberAttribute(member, AT.bitSize);
  const size = typeSize(type);
  if (size === undefined) return undefined;
  if (bitSize === undefined) {
    return at + size > bytes.length
      ? undefined
      : formatValue(type, bytes.subarray(at, at + size), littleEndian, depth + 1);
  }
  const shift = bitShift(member, at, size, bitSize, littleEndian, 8 * bytes.length);
  const raw = BigInt.asUintN(bitSize, fromBytes(bytes, littleEndian) >> BigInt(shift));
  const bare = underlying(type);
  if (bare?.tag === TAG.enumerationType) return formatEnum(bare, raw, bitSize);
  return bare === undefined ? undefined : formatInteger(bare, raw, bitSize);
}

/** How far the field lies above the lowest bit of the whole structure taken as one integer. */
function bitShift(
  member: Entry,
  at: number,
  size: number,
  bitSize: number,
  littleEndian: boolean,
  totalBits: number,
): number {
  const dataBit = numberAttribute(member, AT.dataBitOffset);
  if (dataBit !== undefined) {
    return littleEndian ? dataBit : totalBits - dataBit - bitSize;
  }
  // DWARF 3: counted from the most significant bit of the storage unit.
  const storage = numberAttribute(member, AT.byteSize) ?? size;
  const fromTop = numberAttribute(member, AT.bitOffset) ?? 0;
  return littleEndian
    ? 8 * at + 8 * storage - fromTop - bitSize
    : totalBits - 8 * at - fromTop - bitSize;
}

function formatArray(
  type: Entry,
  bytes: Uint8Array,
  littleEndian: boolean,
  depth: number,
): string | undefined {
  const element = typeOf(type);
  const size = typeSize(element);
  const [count, ...more] = arrayCounts(type);
  // Arrays of arrays do not fit into registers.
  if (size === undefined || size === 0 || count === undefined || more.length > 0) return undefined;
  const words: string[] = [];
  for (let at = 0; at < Math.min(count, MAX_ELEMENTS); at += 1) {
    const part = bytes.subarray(at * size, (at + 1) * size);
    words.push(formatValue(element, part, littleEndian, depth + 1) ?? "?");
  }
  return `{${words.join(", ")}${count > MAX_ELEMENTS ? ", …" : ""}}`;
}
