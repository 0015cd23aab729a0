// ELF headers: what a file is and where its sections and segments lie. Nothing else is read here; a
// vmlinux of 630 MB costs its header and section table.

import type { ByteSource } from "#base/byte-source.ts";
import {
  type Cursor,
  cursorOver,
  readAddress,
  readSize64,
  readU16,
  readU32,
  readU64,
  skip,
} from "#base/cursor.ts";
import { err, ok, type Result } from "#base/result.ts";

export const ELF_RELOCATABLE = 1;

export const SECTION_FLAG = { write: 1, alloc: 2, execute: 4, compressed: 0x800 } as const;
export const SECTION_TYPE = {
  symbols: 2,
  strings: 3,
  rela: 4,
  note: 7,
  nobits: 8,
  rel: 9,
} as const;

export interface ElfSection {
  readonly index: number;
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  /** As `readAddress` gives it; in a relocatable file the place `placeSections` chose. */
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly entrySize: number;
  readonly align: number;
}

export interface ElfSegment {
  readonly type: number;
  readonly flags: number;
  readonly offset: number;
  readonly address: number;
  readonly physical: bigint;
  readonly fileSize: number;
  readonly memorySize: number;
}

export interface ElfFile {
  readonly source: ByteSource;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  readonly type: number;
  readonly machine: number;
  /** Upper half of the file's own addresses where they are too far from zero for a number. */
  readonly highBase: number;
  readonly sections: readonly ElfSection[];
  readonly segments: readonly ElfSegment[];
}

export interface ElfError {
  readonly code: "elf/not-elf" | "elf/bad-header" | "elf/truncated";
  readonly message: string;
}

/** Section and segment tables larger than this are damage, not data. */
const MAX_TABLE_ENTRIES = 1 << 20;

/** Reads the header, section table and program headers. Never throws on content. */
export function readElf(source: ByteSource): Result<ElfFile, ElfError> {
  const ident = source.read(0, 64);
  if (
    ident.length < 20 ||
    ident[0] !== 0x7f ||
    ident[1] !== 0x45 ||
    ident[2] !== 0x4c ||
    ident[3] !== 0x46
  ) {
    return err({ code: "elf/not-elf", message: "no ELF magic" });
  }
  const is64 = ident[4] === 2;
  const littleEndian = ident[5] === 1;
  if ((ident[4] !== 1 && !is64) || (ident[5] !== 2 && !littleEndian)) {
    return err({ code: "elf/bad-header", message: "neither 32 nor 64 bit, or no byte order" });
  }
  const header = readHeader(cursorOver(ident, littleEndian, 16), is64);
  if (header === undefined) return err({ code: "elf/truncated", message: "header is cut off" });
  const shape: Shape = { source, is64, littleEndian, highBase: 0 };
  const raw = readSectionTable(shape, header);
  shape.highBase = highBaseOf(raw, is64);
  const named = nameSections(shape, raw, header.namesIndex);
  const sections = header.type === ELF_RELOCATABLE ? placeSections(named) : named;
  return ok({
    ...shape,
    type: header.type,
    machine: header.machine,
    sections,
    segments: readSegments(shape, header),
  });
}

interface Shape {
  readonly source: ByteSource;
  readonly is64: boolean;
  readonly littleEndian: boolean;
  highBase: number;
}

interface Header {
  readonly type: number;
  readonly machine: number;
  readonly segmentsAt: number;
  readonly sectionsAt: number;
  readonly segmentCount: number;
  readonly segmentSize: number;
  readonly sectionCount: number;
  readonly sectionSize: number;
  readonly namesIndex: number;
}

function readWord(cursor: Cursor, is64: boolean): number {
  return is64 ? readSize64(cursor) : readU32(cursor);
}

function readHeader(cursor: Cursor, is64: boolean): Header | undefined {
  const type = readU16(cursor);
  const machine = readU16(cursor);
  readU32(cursor);
  readWord(cursor, is64);
  const segmentsAt = readWord(cursor, is64);
  const sectionsAt = readWord(cursor, is64);
  skip(cursor, 6);
  const segmentSize = readU16(cursor);
  const segmentCount = readU16(cursor);
  const sectionSize = readU16(cursor);
  const sectionCount = readU16(cursor);
  const namesIndex = readU16(cursor);
  if (cursor.overrun) return undefined;
  return {
    type,
    machine,
    segmentsAt,
    sectionsAt,
    segmentSize,
    segmentCount,
    sectionSize,
    sectionCount,
    namesIndex,
  };
}

interface RawSection extends Omit<ElfSection, "name" | "address"> {
  readonly nameAt: number;
  readonly high: number;
  readonly low: number;
}

/** A table of `count` entries, as far as the file reaches. */
function tableBytes(source: ByteSource, at: number, count: number, size: number): Uint8Array {
  if (at <= 0 || at >= source.size || size <= 0) return new Uint8Array(0);
  return source.read(at, Math.min(count * size, source.size - at));
}

function readSectionTable(shape: Shape, header: Header): RawSection[] {
  const minimum = shape.is64 ? 64 : 40;
  if (header.sectionsAt === 0 || header.sectionSize < minimum) return [];
  const first = readSectionAt(
    shape,
    tableBytes(shape.source, header.sectionsAt, 1, header.sectionSize),
    0,
    0,
  );
  // Counts that do not fit the header's 16 bits stand in section 0 (System V ABI, section header table).
  const count = header.sectionCount === 0 ? (first?.size ?? 0) : header.sectionCount;
  const bytes = tableBytes(
    shape.source,
    header.sectionsAt,
    Math.min(count, MAX_TABLE_ENTRIES),
    header.sectionSize,
  );
  const sections: RawSection[] = [];
  for (let index = 0; index < Math.min(count, MAX_TABLE_ENTRIES); index += 1) {
    const section = readSectionAt(shape, bytes, index * header.sectionSize, index);
    if (section === undefined) break;
    sections.push(section);
  }
  return sections;
}

function readSectionAt(
  shape: Shape,
  bytes: Uint8Array,
  at: number,
  index: number,
): RawSection | undefined {
  const cursor = cursorOver(bytes, shape.littleEndian, at);
  const nameAt = readU32(cursor);
  const type = readU32(cursor);
  const flags = readWord(cursor, shape.is64);
  const low = readU32(cursor);
  const second = shape.is64 ? readU32(cursor) : 0;
  const offset = readWord(cursor, shape.is64);
  const size = readWord(cursor, shape.is64);
  const link = readU32(cursor);
  const info = readU32(cursor);
  const align = readWord(cursor, shape.is64);
  const entrySize = readWord(cursor, shape.is64);
  if (cursor.overrun) return undefined;
  const [lowHalf, highHalf] = shape.littleEndian || !shape.is64 ? [low, second] : [second, low];
  return {
    index,
    nameAt,
    type,
    flags,
    low: lowHalf,
    high: highHalf,
    offset,
    size,
    link,
    info,
    align,
    entrySize,
  };
}

/** Zero unless the code's addresses, taken as signed, do not fit a number exactly. */
function highBaseOf(sections: readonly RawSection[], is64: boolean): number {
  if (!is64) return 0;
  const code = sections.find((section) => (section.flags & SECTION_FLAG.execute) !== 0);
  if (code === undefined) return 0;
  return Math.abs(code.high | 0) < 1 << 20 ? 0 : code.high;
}

function nameSections(shape: Shape, raw: readonly RawSection[], namesIndex: number): ElfSection[] {
  const index = namesIndex === 0xffff ? (raw[0]?.link ?? 0) : namesIndex;
  const table = raw[index];
  const bytes =
    table === undefined || table.type === SECTION_TYPE.nobits
      ? new Uint8Array(0)
      : shape.source.read(table.offset, Math.min(table.size, 1 << 24));
  const names = bytes.slice();
  return raw.map(({ nameAt, low, high, ...section }) => ({
    ...section,
    name: stringAt(names, nameAt),
    address: shape.is64 ? ((high - shape.highBase) | 0) * 4294967296 + low : low,
  }));
}

/** The NUL-terminated string at `at`; empty when there is none. */
export function stringAt(bytes: Uint8Array, at: number): string {
  const end = bytes.indexOf(0, at);
  return end < at ? "" : new TextDecoder().decode(bytes.subarray(at, end));
}

/**
 * A relocatable file has every section at zero. Each gets a place of its own, so that an address names
 * one byte of one section, as the module loader would make it.
 */
function placeSections(sections: readonly ElfSection[]): ElfSection[] {
  let next = 0x10000;
  return sections.map((section) => {
    if ((section.flags & SECTION_FLAG.alloc) === 0) return section;
    const align = Math.max(16, Math.min(section.align, 1 << 16));
    const address = Math.ceil(next / align) * align;
    next = address + Math.min(section.size, 2 ** 40) + 16;
    return { ...section, address };
  });
}

function readSegments(shape: Shape, header: Header): ElfSegment[] {
  const minimum = shape.is64 ? 56 : 32;
  if (header.segmentsAt === 0 || header.segmentSize < minimum) return [];
  const bytes = tableBytes(
    shape.source,
    header.segmentsAt,
    header.segmentCount,
    header.segmentSize,
  );
  const segments: ElfSegment[] = [];
  for (let index = 0; index < header.segmentCount; index += 1) {
    const cursor = cursorOver(bytes, shape.littleEndian, index * header.segmentSize);
    const segment = shape.is64 ? readSegment64(cursor, shape.highBase) : readSegment32(cursor);
    if (cursor.overrun) break;
    segments.push(segment);
  }
  return segments;
}

function readSegment64(cursor: Cursor, highBase: number): ElfSegment {
  const type = readU32(cursor);
  const flags = readU32(cursor);
  const offset = readSize64(cursor);
  const address = readAddress(cursor, 8, highBase);
  const physical = readU64(cursor);
  const fileSize = readSize64(cursor);
  return { type, flags, offset, address, physical, fileSize, memorySize: readSize64(cursor) };
}

function readSegment32(cursor: Cursor): ElfSegment {
  const type = readU32(cursor);
  const offset = readU32(cursor);
  const address = readU32(cursor);
  const physical = BigInt(readU32(cursor));
  const fileSize = readU32(cursor);
  const memorySize = readU32(cursor);
  return { type, flags: readU32(cursor), offset, address, physical, fileSize, memorySize };
}

export function findSection(elf: ElfFile, name: string): ElfSection | undefined {
  return elf.sections.find((section) => section.name === name);
}
