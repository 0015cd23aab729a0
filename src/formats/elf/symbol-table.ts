// The symbol table as columns: 130,000 symbols of a vmlinux cost a few megabytes and no string until
// one is asked for.

import type { ByteSource } from "#base/byte-source.ts";
import { cursorOver, readAddress, readSize64, readU8, readU16, readU32 } from "#base/cursor.ts";
import {
  ELF_RELOCATABLE,
  type ElfFile,
  type ElfSection,
  SECTION_TYPE,
  stringAt,
} from "./elf-file.ts";

export interface ElfSymbols {
  readonly count: number;
  /** As `readAddress` gives it, section placement of a relocatable file included. */
  readonly address: Float64Array;
  readonly size: Float64Array;
  /** STT_*: 1 object, 2 function, 3 section, 4 file. */
  readonly type: Uint8Array;
  /** STB_*: 0 local, 1 global, 2 weak. */
  readonly binding: Uint8Array;
  /** Section index; 0 undefined, 0xfff1 absolute. */
  readonly section: Uint16Array;
  readonly nameAt: Uint32Array;
  readonly names: Uint8Array;
}

export const SYMBOL_TYPE = { none: 0, object: 1, function: 2, section: 3, file: 4 } as const;

/** A string table larger than this is damage. */
const MAX_NAMES = 1 << 28;
const MAX_SYMBOLS = 1 << 23;

/** Reads `.symtab` (or `.dynsym` when there is no other); empty where the file has none. */
export function readSymbols(elf: ElfFile): ElfSymbols {
  const table =
    elf.sections.find((section) => section.type === SECTION_TYPE.symbols) ??
    elf.sections.find((section) => section.name === ".dynsym");
  const strings = table === undefined ? undefined : elf.sections[table.link];
  if (table === undefined || strings?.type !== SECTION_TYPE.strings) return emptySymbols();
  return readColumns(elf, table, readWhole(elf.source, strings, MAX_NAMES));
}

function readWhole(source: ByteSource, section: ElfSection, limit: number): Uint8Array {
  return source.read(section.offset, Math.min(section.size, limit, source.size)).slice();
}

function emptySymbols(): ElfSymbols {
  return allocate(0, new Uint8Array(0));
}

function allocate(count: number, names: Uint8Array): ElfSymbols {
  return {
    count,
    address: new Float64Array(count),
    size: new Float64Array(count),
    type: new Uint8Array(count),
    binding: new Uint8Array(count),
    section: new Uint16Array(count),
    nameAt: new Uint32Array(count),
    names,
  };
}

function readColumns(elf: ElfFile, table: ElfSection, names: Uint8Array): ElfSymbols {
  const entrySize = elf.is64 ? 24 : 16;
  const bytes = readWhole(elf.source, table, MAX_SYMBOLS * entrySize);
  const cursor = cursorOver(bytes, elf.littleEndian);
  const symbols = allocate(Math.floor(bytes.length / entrySize), names);
  const relocatable = elf.type === ELF_RELOCATABLE;
  for (let index = 0; index < symbols.count; index += 1) {
    cursor.at = index * entrySize;
    symbols.nameAt[index] = readU32(cursor);
    if (!elf.is64) {
      symbols.address[index] = readU32(cursor);
      symbols.size[index] = readU32(cursor);
    }
    const info = readU8(cursor);
    symbols.type[index] = info & 15;
    symbols.binding[index] = info >> 4;
    readU8(cursor);
    const section = readU16(cursor);
    symbols.section[index] = section;
    if (elf.is64) {
      symbols.address[index] = readAddress(cursor, 8, elf.highBase);
      symbols.size[index] = readSize64(cursor);
    }
    if (relocatable && section > 0 && section < 0xff00) {
      symbols.address[index] =
        (symbols.address[index] ?? 0) + (elf.sections[section]?.address ?? 0);
    }
  }
  return symbols;
}

export function symbolName(symbols: ElfSymbols, index: number): string {
  return stringAt(symbols.names, symbols.nameAt[index] ?? 0);
}
