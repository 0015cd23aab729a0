// Running a line number program into rows: which source line the code at an address comes from.

import {
  type Cursor,
  readAddress,
  readSleb,
  readU8,
  readU16,
  readUleb,
  skip,
  skipLeb,
} from "#base/cursor.ts";
import type { LineHeader } from "./line-header.ts";

/** Rows as the program made them, in stretches of ascending addresses (sequences). */
export interface LineTable {
  /**
   * Three words a row: distance from the first address of its sequence, line, file << 16 | column.
   * One array and not four: a kernel has thousands of these tables.
   */
  readonly rows: Uint32Array;
  /** Sorted by `low`. */
  readonly sequences: readonly LineSequence[];
}

const ROW_WORDS = 3;

export interface LineRow {
  readonly file: number;
  readonly line: number;
  /** 0 where the compiler gave none. */
  readonly column: number;
}

export interface LineSequence {
  readonly low: number;
  /** One past the last address. */
  readonly high: number;
  readonly firstRow: number;
  readonly endRow: number;
}

interface Machine {
  address: number;
  operation: number;
  file: number;
  line: number;
  column: number;
}

/** Room for the rows of any program run so far; what was found is copied out of it. */
export interface RowScratch {
  words: Uint32Array;
}

interface Rows {
  readonly words: Uint32Array;
  readonly sequences: LineSequence[];
  count: number;
  /** First row and first address of the sequence being made. */
  firstRow: number;
  low: number;
}

/** Runs the program to its end or to damage; every byte is consumed at most once. */
export function readLineTable(
  header: LineHeader,
  highBase: number,
  scratch: RowScratch,
): LineTable {
  const cursor = header.program;
  const end = cursor.bytes.length;
  // A row takes at least one byte of program, which bounds the columns before anything is known.
  const capacity = ROW_WORDS * (end - cursor.at);
  if (capacity > scratch.words.length) scratch.words = new Uint32Array(capacity);
  const rows: Rows = { words: scratch.words, sequences: [], count: 0, firstRow: 0, low: 0 };
  let machine = start();
  while (cursor.at < end) {
    const opcode = readU8(cursor);
    if (opcode >= header.opcodeBase) {
      special(machine, header, opcode - header.opcodeBase);
      emit(rows, machine);
    } else if (opcode === 0) {
      if (extended(cursor, machine, header, highBase)) {
        closeSequence(rows, machine.address);
        machine = start();
      }
    } else standard(cursor, machine, header, opcode, rows);
  }
  return tableOf(rows);
}

export function rowScratch(): RowScratch {
  return { words: new Uint32Array(ROW_WORDS << 14) };
}

function start(): Machine {
  return { address: 0, operation: 0, file: 1, line: 1, column: 0 };
}

function emit(rows: Rows, machine: Machine): void {
  const row = rows.count;
  if (row === rows.firstRow) rows.low = machine.address;
  const at = ROW_WORDS * row;
  rows.words[at] = machine.address - rows.low;
  rows.words[at + 1] = machine.line;
  rows.words[at + 2] = ((machine.file & 0xffff) << 16) | (machine.column & 0xffff);
  rows.count = row + 1;
}

/** Rows of a sequence without an end belong to code that was cut off; they are kept out. */
function closeSequence(rows: Rows, high: number): void {
  if (rows.count > rows.firstRow && high > rows.low && high - rows.low < 2 ** 32) {
    const { low, firstRow, count } = rows;
    rows.sequences.push({ low, high, firstRow, endRow: count });
  }
  rows.firstRow = rows.count;
}

function advance(machine: Machine, header: LineHeader, operations: number): void {
  if (header.maximumOperations === 1) {
    machine.address += header.minimumLength * operations;
    return;
  }
  const index = machine.operation + operations;
  machine.address += header.minimumLength * Math.floor(index / header.maximumOperations);
  machine.operation = index % header.maximumOperations;
}

function special(machine: Machine, header: LineHeader, adjusted: number): void {
  advance(machine, header, Math.floor(adjusted / header.lineRange));
  machine.line += header.lineBase + (adjusted % header.lineRange);
}

const LNS = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;

function standard(
  cursor: Cursor,
  machine: Machine,
  header: LineHeader,
  opcode: number,
  rows: Rows,
): void {
  switch (opcode) {
    case LNS.copy:
      emit(rows, machine);
      return;
    case LNS.advancePc:
      advance(machine, header, readUleb(cursor));
      return;
    case LNS.advanceLine:
      machine.line += readSleb(cursor);
      return;
    case LNS.setFile:
      machine.file = readUleb(cursor);
      return;
    case LNS.setColumn:
      machine.column = readUleb(cursor);
      return;
    case LNS.constAddPc:
      advance(machine, header, Math.floor((255 - header.opcodeBase) / header.lineRange));
      return;
    case LNS.fixedAdvancePc:
      machine.address += readU16(cursor);
      machine.operation = 0;
      return;
    default:
      // Whether a row is a good place for a breakpoint, and the like: of no use here.
      for (let left = header.operandCounts[opcode - 1] ?? 0; left > 0; left -= 1) skipLeb(cursor);
  }
}

/** Returns true at the end of a sequence. */
function extended(cursor: Cursor, machine: Machine, header: LineHeader, highBase: number): boolean {
  const length = readUleb(cursor);
  const next = cursor.at + length;
  if (length === 0) return false;
  const opcode = readU8(cursor);
  if (opcode === 2) {
    machine.address = readAddress(cursor, length === 5 ? 4 : header.addressSize, highBase);
    machine.operation = 0;
  }
  if (cursor.overrun) return false;
  cursor.at = Math.min(cursor.at, next);
  skip(cursor, next - cursor.at);
  return opcode === 1;
}

function tableOf(rows: Rows): LineTable {
  return {
    rows: rows.words.slice(0, ROW_WORDS * rows.count),
    sequences: rows.sequences.sort((a, b) => a.low - b.low),
  };
}

/** The row that covers `address`: the last one at or before it in the sequence around it. */
export function findRow(table: LineTable, address: number): LineRow | undefined {
  const sequence = sequenceAround(table.sequences, address);
  if (sequence === undefined) return undefined;
  const distance = address - sequence.low;
  let low = sequence.firstRow;
  let high = sequence.endRow;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((table.rows[ROW_WORDS * middle] ?? 0) <= distance) low = middle + 1;
    else high = middle;
  }
  return low === sequence.firstRow ? undefined : rowAt(table, low - 1);
}

export function rowAt(table: LineTable, row: number): LineRow {
  const at = ROW_WORDS * row;
  const place = table.rows[at + 2] ?? 0;
  return { line: table.rows[at + 1] ?? 0, file: place >>> 16, column: place & 0xffff };
}

function sequenceAround(
  sequences: readonly LineSequence[],
  address: number,
): LineSequence | undefined {
  let low = 0;
  let high = sequences.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sequences[middle]?.low ?? 0) <= address) low = middle + 1;
    else high = middle;
  }
  // Sequences of code dropped at link time start at zero and may overlap; the nearest that fits wins.
  for (let step = low - 1; step >= Math.max(0, low - 4); step -= 1) {
    const sequence = sequences[step];
    if (sequence !== undefined && address < sequence.high) return sequence;
  }
  return undefined;
}

/** Every row of code between two addresses. */
export function* readLinesBetween(table: LineTable, low: number, high: number): Generator<LineRow> {
  for (const sequence of table.sequences) {
    if (sequence.high <= low || sequence.low >= high) continue;
    for (let row = sequence.firstRow; row < sequence.endRow; row += 1) {
      const address = sequence.low + (table.rows[ROW_WORDS * row] ?? 0);
      if (address >= low && address < high) yield rowAt(table, row);
    }
  }
}
