// Relocations of a relocatable file (a kernel module), as far as data needs them: absolute and
// PC-relative words. Code relocations (calls, page offsets) are left alone.

import { type Cursor, cursorOver, readI32, readSize64, readU32, readU64 } from "#base/cursor.ts";
import { type ElfFile, type ElfSection, SECTION_TYPE } from "./elf-file.ts";

export const MACHINE = {
  i386: 3,
  ppc64: 21,
  s390: 22,
  arm: 40,
  x86_64: 62,
  aarch64: 183,
  riscv: 243,
  loongarch: 258,
} as const;

type Change = "set" | "add" | "subtract";

interface Kind {
  readonly size: 1 | 2 | 4 | 8;
  readonly relative?: boolean;
  readonly change?: Change;
}

const W8: Kind = { size: 8 };
const W4: Kind = { size: 4 };
const PC4: Kind = { size: 4, relative: true };
const PC8: Kind = { size: 8, relative: true };

/** Relocation number → what it does, per machine (each processor's ELF supplement). */
const KINDS: Readonly<Record<number, Readonly<Record<number, Kind>>>> = {
  [MACHINE.x86_64]: { 1: W8, 2: PC4, 4: PC4, 10: W4, 11: W4, 24: PC8 },
  [MACHINE.i386]: { 1: W4, 2: PC4 },
  [MACHINE.aarch64]: { 257: W8, 258: W4, 260: PC8, 261: PC4 },
  [MACHINE.arm]: { 2: W4, 3: PC4 },
  [MACHINE.ppc64]: { 1: W4, 26: PC4, 38: W8, 44: PC8 },
  [MACHINE.s390]: { 4: W4, 5: PC4, 22: W8, 23: PC8 },
  [MACHINE.riscv]: {
    1: W4,
    2: W8,
    33: { size: 1, change: "add" },
    34: { size: 2, change: "add" },
    35: { size: 4, change: "add" },
    36: { size: 8, change: "add" },
    37: { size: 1, change: "subtract" },
    38: { size: 2, change: "subtract" },
    39: { size: 4, change: "subtract" },
    40: { size: 8, change: "subtract" },
    57: PC4,
  },
  [MACHINE.loongarch]: {
    1: W4,
    2: W8,
    50: { size: 4, change: "add" },
    51: { size: 8, change: "add" },
    55: { size: 4, change: "subtract" },
    56: { size: 8, change: "subtract" },
    99: PC4,
  },
};

/** Applies one SHT_REL or SHT_RELA section to `bytes`, the contents of a section placed at `base`. */
export function applyRelocations(
  elf: ElfFile,
  table: ElfSection,
  bytes: Uint8Array,
  base: number,
): void {
  const kinds = KINDS[elf.machine];
  const symbols = elf.sections[table.link];
  if (kinds === undefined || symbols?.type !== SECTION_TYPE.symbols) return;
  const hasAddend = table.type === SECTION_TYPE.rela;
  const entrySize = (elf.is64 ? 16 : 8) + (hasAddend ? (elf.is64 ? 8 : 4) : 0);
  const entries = cursorOver(elf.source.read(table.offset, table.size).slice(), elf.littleEndian);
  const values = symbolValues(elf, symbols);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = Math.floor(entries.bytes.length / entrySize);
  for (let index = 0; index < count; index += 1) {
    entries.at = index * entrySize;
    const entry = readEntry(entries, elf.is64, hasAddend);
    const kind = kinds[entry.type];
    const value = values[entry.symbol];
    if (kind === undefined || value === undefined || entry.at + kind.size > bytes.length) continue;
    const addend = hasAddend
      ? entry.addend
      : readInPlace(view, entry.at, kind.size, elf.littleEndian);
    const place = kind.relative === true ? BigInt(base + entry.at) : 0n;
    change(view, entry.at, kind, value + addend - place, elf.littleEndian);
  }
}

interface Entry {
  readonly at: number;
  readonly symbol: number;
  readonly type: number;
  readonly addend: bigint;
}

function readEntry(cursor: Cursor, is64: boolean, hasAddend: boolean): Entry {
  if (!is64) {
    const at = readU32(cursor);
    const info = readU32(cursor);
    const addend = hasAddend ? BigInt(readI32(cursor)) : 0n;
    return { at, symbol: info >>> 8, type: info & 0xff, addend };
  }
  const at = readSize64(cursor);
  const low = readU32(cursor);
  const high = readU32(cursor);
  const [type, symbol] = cursor.littleEndian ? [low, high] : [high, low];
  const addend = hasAddend ? BigInt.asIntN(64, readU64(cursor)) : 0n;
  return { at, symbol, type, addend };
}

/** Values of all symbols of a relocatable file, section placement included. */
function symbolValues(elf: ElfFile, table: ElfSection): BigInt64Array {
  const size = elf.is64 ? 24 : 16;
  const cursor = cursorOver(elf.source.read(table.offset, table.size).slice(), elf.littleEndian);
  const values = new BigInt64Array(Math.floor(cursor.bytes.length / size));
  for (let index = 0; index < values.length; index += 1) {
    const at = index * size;
    cursor.at = at + (elf.is64 ? 8 : 4);
    const value = elf.is64 ? BigInt.asIntN(64, readU64(cursor)) : BigInt(readU32(cursor));
    const section = cursor.view.getUint16(at + (elf.is64 ? 6 : 14), elf.littleEndian);
    const placed = section === 0 || section >= 0xff00 ? 0 : (elf.sections[section]?.address ?? 0);
    values[index] = value + BigInt(placed);
  }
  return values;
}

function readInPlace(view: DataView, at: number, size: number, littleEndian: boolean): bigint {
  switch (size) {
    case 8:
      return view.getBigInt64(at, littleEndian);
    case 4:
      return BigInt(view.getInt32(at, littleEndian));
    case 2:
      return BigInt(view.getInt16(at, littleEndian));
    default:
      return BigInt(view.getInt8(at));
  }
}

function change(
  view: DataView,
  at: number,
  kind: Kind,
  value: bigint,
  littleEndian: boolean,
): void {
  const before = kind.change === undefined ? 0n : readInPlace(view, at, kind.size, littleEndian);
  const after = kind.change === "subtract" ? before - value : before + value;
  switch (kind.size) {
    case 8:
      view.setBigInt64(at, BigInt.asIntN(64, after), littleEndian);
      return;
    case 4:
      view.setInt32(at, Number(BigInt.asIntN(32, after)), littleEndian);
      return;
    case 2:
      view.setInt16(at, Number(BigInt.asIntN(16, after)), littleEndian);
      return;
    case 1:
      view.setInt8(at, Number(BigInt.asIntN(8, after)));
  }
}
