// The header of a line number program, DWARF 2 to 5: directories, files and how to run the program.

import { readScratch } from "#base/byte-source.ts";
import {
  type Cursor,
  cursorOver,
  readBytes,
  readI8,
  readSize64,
  readU8,
  readU16,
  readU32,
  readUleb,
  readUnsigned,
  skip,
  skipLeb,
} from "#base/cursor.ts";
import type { FormSizes } from "./abbreviations.ts";
import { stringOf } from "./attributes.ts";
import { FORM } from "./constants.ts";
import { readForm, skipForm } from "./forms.ts";
import type { Unit } from "./unit.ts";

/** Where the directory and file entries stand in .debug_line; read one by one when a path is asked for. */
export interface LineFiles {
  readonly version: number;
  readonly offsetSize: number;
  readonly directoryAt: Uint32Array;
  readonly fileAt: Uint32Array;
  /** What the offsets count from. */
  readonly base: number;
  readonly directoryFormat: EntryFormat;
  readonly fileFormat: EntryFormat;
}

export interface LineHeader {
  readonly addressSize: number;
  readonly minimumLength: number;
  readonly maximumOperations: number;
  readonly lineBase: number;
  readonly lineRange: number;
  readonly opcodeBase: number;
  readonly operandCounts: Uint8Array;
  readonly files: LineFiles;
  /** The program's instructions. */
  readonly program: Cursor;
}

/** DWARF 5: which fields, in which forms, each entry has. */
type EntryFormat = readonly { readonly content: number; readonly form: number }[];

const CONTENT = { path: 1, directoryIndex: 2 } as const;
/** More files or directories than any unit has. */
const MAX_ENTRIES = 1 << 17;

/** Reads the header of the unit's line program; `undefined` where it has none that can be run. */
export function readLineHeader(unit: Unit): LineHeader | undefined {
  const at = unit.root.lineTable;
  const section = unit.file.sections.open("line");
  if (at === undefined || at >= section.size) return undefined;
  const head = cursorOver(section.read(at, 12), unit.file.littleEndian);
  const length32 = readU32(head);
  const offsetSize = length32 === 0xffffffff ? 8 : 4;
  const length = offsetSize === 8 ? readSize64(head) : length32;
  // The program is run once and dropped, so it is read into memory that is used again.
  const bytes = readScratch(section, at + head.at, length, unit.file.scratch);
  return parseHeader(unit, cursorOver(bytes, unit.file.littleEndian), offsetSize, at + head.at);
}

function parseHeader(
  unit: Unit,
  cursor: Cursor,
  offsetSize: number,
  base: number,
): LineHeader | undefined {
  const version = readU16(cursor);
  if (cursor.overrun || version < 2 || version > 5) return undefined;
  const addressSize = version >= 5 ? readU8(cursor) : unit.addressSize;
  if (version >= 5) skip(cursor, 1);
  const headerLength = readUnsigned(cursor, offsetSize);
  const programAt = cursor.at + headerLength;
  const minimumLength = readU8(cursor);
  const maximumOperations = version >= 4 ? Math.max(1, readU8(cursor)) : 1;
  skip(cursor, 1);
  const lineBase = readI8(cursor);
  const lineRange = readU8(cursor);
  const opcodeBase = readU8(cursor);
  const operandCounts = readBytes(cursor, Math.max(0, opcodeBase - 1));
  if (cursor.overrun || lineRange === 0 || programAt > cursor.bytes.length) return undefined;
  const tables =
    version >= 5 ? findEntries(cursor, { ...unit, offsetSize }) : findOldEntries(cursor);
  const program = cursorOver(cursor.bytes, cursor.littleEndian, programAt);
  return {
    addressSize,
    minimumLength,
    maximumOperations,
    lineBase,
    lineRange,
    opcodeBase,
    operandCounts: operandCounts.slice(),
    files: { version, offsetSize, base, ...tables },
    program,
  };
}

type Tables = Omit<LineFiles, "version" | "offsetSize" | "base">;

function findOldEntries(cursor: Cursor): Tables {
  const directoryAt: number[] = [];
  const fileAt: number[] = [];
  while (!cursor.overrun && directoryAt.length < MAX_ENTRIES && peek(cursor) !== 0) {
    directoryAt.push(cursor.at);
    skipForm(cursor, FORM.string, NO_SIZES);
  }
  readU8(cursor);
  while (!cursor.overrun && fileAt.length < MAX_ENTRIES && peek(cursor) !== 0) {
    fileAt.push(cursor.at);
    skipForm(cursor, FORM.string, NO_SIZES);
    skipLeb(cursor);
    skipLeb(cursor);
    skipLeb(cursor);
  }
  return {
    directoryAt: Uint32Array.from(directoryAt),
    fileAt: Uint32Array.from(fileAt),
    directoryFormat: OLD_DIRECTORY,
    fileFormat: OLD_FILE,
  };
}

/** Form sizes do not matter to strings and LEBs. */
const NO_SIZES: FormSizes = { version: 4, addressSize: 8, offsetSize: 4 };
const OLD_DIRECTORY: EntryFormat = [{ content: CONTENT.path, form: FORM.string }];
const OLD_FILE: EntryFormat = [
  { content: CONTENT.path, form: FORM.string },
  { content: CONTENT.directoryIndex, form: FORM.udata },
];

function peek(cursor: Cursor): number {
  return cursor.bytes[cursor.at] ?? 0;
}

function findEntries(cursor: Cursor, sizes: FormSizes): Tables {
  const directoryFormat = readFormat(cursor);
  const directoryAt = findTable(cursor, directoryFormat, sizes);
  const fileFormat = readFormat(cursor);
  return { directoryFormat, directoryAt, fileFormat, fileAt: findTable(cursor, fileFormat, sizes) };
}

function readFormat(cursor: Cursor): EntryFormat {
  const count = readU8(cursor);
  const format: { content: number; form: number }[] = [];
  for (let index = 0; index < count; index += 1) {
    format.push({ content: readUleb(cursor), form: readUleb(cursor) });
  }
  return format;
}

function findTable(cursor: Cursor, format: EntryFormat, sizes: FormSizes): Uint32Array {
  const count = Math.min(readUleb(cursor), MAX_ENTRIES);
  const places: number[] = [];
  while (places.length < count && !cursor.overrun && format.length > 0) {
    const before = cursor.at;
    for (const { form } of format) skipForm(cursor, form, sizes);
    // Entries without bytes would make the claimed count the only limit.
    if (cursor.at === before) break;
    places.push(before);
  }
  return Uint32Array.from(places);
}

/** The path of file number `index`, joined with its directory and the compilation directory. */
export function linePath(unit: Unit, files: LineFiles, index: number): string | undefined {
  // Before DWARF 5 files and directories count from 1, and directory 0 is the compilation directory.
  const shift = files.version >= 5 ? 0 : 1;
  const file = readEntryAt(unit, files, files.fileAt[index - shift], files.fileFormat);
  if (file?.name === undefined || file.name === "") return undefined;
  if (file.name.startsWith("/")) return file.name;
  const directoryAt = files.directoryAt[file.directory - shift];
  const directory = readEntryAt(unit, files, directoryAt, files.directoryFormat)?.name;
  const root = unit.root.compDir ?? "";
  if (directory === undefined || directory === root || file.directory === 0) {
    return join(root, file.name);
  }
  return join(directory.startsWith("/") ? directory : join(root, directory), file.name);
}

function readEntryAt(
  unit: Unit,
  files: LineFiles,
  at: number | undefined,
  format: EntryFormat,
): { name: string | undefined; directory: number } | undefined {
  if (at === undefined) return undefined;
  const section = unit.file.sections.open("line");
  const cursor = cursorOver(section.read(files.base + at, ENTRY_MAX), unit.file.littleEndian);
  const sizes = { ...NO_SIZES, offsetSize: files.offsetSize, version: files.version };
  let name: string | undefined;
  let directory = 0;
  for (const { content, form } of format) {
    const value = readForm(cursor, form, sizes, unit.file.highBase, undefined);
    if (content === CONTENT.path) name = stringOf(unit, value);
    if (content === CONTENT.directoryIndex && value.kind === "constant") {
      directory = Number(value.value);
    }
  }
  return { name, directory };
}

/** Longer than any path. */
const ENTRY_MAX = 1 << 12;

function join(directory: string, name: string): string {
  if (directory === "") return name;
  return directory.endsWith("/") ? directory + name : `${directory}/${name}`;
}
