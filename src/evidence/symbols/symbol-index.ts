// Code symbols in address order with a name look-up, built from an ELF symbol table or a symbol list.
// Names of an ELF file stay bytes until one is asked for.

import { type ElfFile, SECTION_FLAG, SECTION_TYPE } from "#formats/elf/elf-file.ts";
import {
  type ElfSymbols,
  readSymbols,
  SYMBOL_TYPE,
  symbolName,
} from "#formats/elf/symbol-table.ts";
import type { MapSymbols } from "#formats/kallsyms/symbol-map.ts";

export interface SymbolIndex {
  readonly count: number;
  /** Ascending; equal addresses keep the file's order. */
  readonly address: Float64Array;
  /** What the file says the symbol's size is; 0 where it says nothing. */
  readonly size: Float64Array;
  /** One past the last address of the section the symbol is in; Infinity where unknown. */
  readonly limit: Float64Array;
  nameAt(index: number): string;
  /** All code symbols of that name, in address order. */
  indexesOf(name: string): readonly number[];
  /** Address of the first symbol of that name, data included; for linker-made marks. */
  dataSymbol(name: string): { readonly address: number; readonly size: number } | undefined;
}

/** Symbols kallsyms leaves out (scripts/kallsyms.c: is_ignored_symbol): compiler and mapping labels. */
function isIgnored(names: Uint8Array, at: number): boolean {
  const first = names[at];
  return first === undefined || first === 0 || first === 0x2e || first === 0x24;
}

export function symbolIndexOfElf(elf: ElfFile): SymbolIndex {
  const symbols = readSymbols(elf);
  const chosen: number[] = [];
  for (let index = 0; index < symbols.count; index += 1) {
    if (isCode(elf, symbols, index) && !isIgnored(symbols.names, symbols.nameAt[index] ?? 0)) {
      chosen.push(index);
    }
  }
  const order = sortedByAddress(chosen, symbols.address);
  const sectionEnd = (index: number): number => {
    const section = elf.sections[symbols.section[index] ?? 0];
    return section === undefined ? Number.POSITIVE_INFINITY : section.address + section.size;
  };
  const names = nameTable(symbols, order);
  return {
    count: order.length,
    address: Float64Array.from(order, (index) => symbols.address[index] ?? 0),
    size: Float64Array.from(order, (index) => symbols.size[index] ?? 0),
    limit: Float64Array.from(order, sectionEnd),
    nameAt: (index) => symbolName(symbols, order[index] ?? 0),
    indexesOf: names,
    dataSymbol: (name) => findAnySymbol(symbols, name),
  };
}

function isCode(elf: ElfFile, symbols: ElfSymbols, index: number): boolean {
  const type = symbols.type[index];
  if (type === SYMBOL_TYPE.section || type === SYMBOL_TYPE.file) return false;
  const section = elf.sections[symbols.section[index] ?? 0];
  // A debug-only copy keeps its code sections as NOBITS, still marked executable.
  return (
    section !== undefined &&
    section.type !== SECTION_TYPE.symbols &&
    (section.flags & SECTION_FLAG.execute) !== 0
  );
}

function sortedByAddress(chosen: readonly number[], address: Float64Array): Uint32Array {
  const order = Uint32Array.from(chosen);
  return order.sort((a, b) => (address[a] ?? 0) - (address[b] ?? 0) || a - b);
}

/** Names are hashed as bytes, once; a look-up compares bytes and decodes nothing. */
function nameTable(symbols: ElfSymbols, order: Uint32Array): (name: string) => readonly number[] {
  const slots = 1 << Math.max(4, Math.ceil(Math.log2(order.length + 1)) + 1);
  const heads = new Int32Array(slots).fill(-1);
  const next = new Int32Array(order.length);
  // Filled backwards, so that a chain runs in address order.
  for (let index = order.length - 1; index >= 0; index -= 1) {
    const at = symbols.nameAt[order[index] ?? 0] ?? 0;
    const slot = hashAt(symbols.names, at) & (slots - 1);
    next[index] = heads[slot] ?? -1;
    heads[slot] = index;
  }
  return (name) => {
    const wanted = new TextEncoder().encode(`${name}\0`);
    const found: number[] = [];
    const slot = hashAt(wanted, 0) & (slots - 1);
    for (let index = heads[slot] ?? -1; index >= 0; index = next[index] ?? -1) {
      if (equalsAt(symbols.names, symbols.nameAt[order[index] ?? 0] ?? 0, wanted))
        found.push(index);
    }
    return found;
  };
}

/** FNV-1a over the bytes up to the NUL. */
function hashAt(bytes: Uint8Array, at: number): number {
  let hash = 0x811c9dc5;
  for (let index = at; ; index += 1) {
    const byte = bytes[index];
    if (byte === undefined || byte === 0) return hash >>> 0;
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
}

function equalsAt(bytes: Uint8Array, at: number, wanted: Uint8Array): boolean {
  for (let index = 0; index < wanted.length; index += 1) {
    if (bytes[at + index] !== wanted[index]) return false;
  }
  return true;
}

function findAnySymbol(
  symbols: ElfSymbols,
  name: string,
): { address: number; size: number } | undefined {
  const wanted = new TextEncoder().encode(`${name}\0`);
  for (let index = 0; index < symbols.count; index += 1) {
    const defined = symbols.section[index] !== 0;
    if (defined && equalsAt(symbols.names, symbols.nameAt[index] ?? 0, wanted)) {
      return { address: symbols.address[index] ?? 0, size: symbols.size[index] ?? 0 };
    }
  }
  return undefined;
}

export function symbolIndexOfMap(map: MapSymbols): SymbolIndex {
  const numbers = map.symbols.map(({ address }) => Number(BigInt.asIntN(64, address)));
  const chosen = map.symbols.flatMap(({ type, module }, index) =>
    /[tTwW]/.test(type) && module === undefined ? [index] : [],
  );
  const order = [...sortedByAddress(chosen, Float64Array.from(numbers))];
  const byName = new Map<string, number[]>();
  for (const [position, index] of order.entries()) {
    const name = map.symbols[index]?.name ?? "";
    byName.set(name, [...(byName.get(name) ?? []), position]);
  }
  return {
    count: order.length,
    address: Float64Array.from(order, (index) => numbers[index] ?? 0),
    size: new Float64Array(order.length),
    limit: new Float64Array(order.length).fill(Number.POSITIVE_INFINITY),
    nameAt: (index) => map.symbols[order[index] ?? -1]?.name ?? "",
    indexesOf: (name) => byName.get(name) ?? [],
    dataSymbol: (name) => {
      const index = map.symbols.findIndex((symbol) => symbol.name === name);
      return index < 0 ? undefined : { address: numbers[index] ?? 0, size: 0 };
    },
  };
}

/** Position of the last symbol at or before `address`. */
export function symbolAt(index: SymbolIndex, address: number): number | undefined {
  let low = 0;
  let high = index.count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((index.address[middle] ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || address >= (index.limit[low - 1] ?? 0)) return undefined;
  let first = low - 1;
  while (first > 0 && index.address[first - 1] === index.address[first]) first -= 1;
  return preferred(index, first, low - 1);
}

/** Of several names for one place, the one that has a size: a function rather than a label. */
function preferred(index: SymbolIndex, first: number, last: number): number {
  for (let at = first; at <= last; at += 1) if ((index.size[at] ?? 0) > 0) return at;
  return last;
}

/**
 * The size the kernel prints behind a symbol: the distance to the next symbol at another address
 * (kernel/kallsyms.c: get_symbol_pos), padding included; not what the ELF file says.
 */
export function printedSize(index: SymbolIndex, at: number): number {
  const address = index.address[at] ?? 0;
  const limit = index.limit[at] ?? Number.POSITIVE_INFINITY;
  for (let next = at + 1; next < index.count; next += 1) {
    const other = index.address[next] ?? 0;
    if (other > address) return Math.min(other, limit) - address;
  }
  return limit === Number.POSITIVE_INFINITY ? 0 : limit - address;
}
