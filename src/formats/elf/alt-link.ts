// References from one file to another: .gnu_debugaltlink (dwz) and .gnu_debuglink (split debug files).

import { cursorOver, readCString, readU32 } from "#base/cursor.ts";
import { type ElfFile, findSection } from "./elf-file.ts";

export interface AltLink {
  readonly path: string;
  /** Build id of the file meant, lower-case hex. */
  readonly buildId: string;
}

export function readAltLink(elf: ElfFile): AltLink | undefined {
  const section = findSection(elf, ".gnu_debugaltlink");
  if (section === undefined) return undefined;
  const cursor = cursorOver(elf.source.read(section.offset, Math.min(section.size, 1 << 16)), true);
  const path = readCString(cursor);
  if (cursor.overrun) return undefined;
  const id = [...cursor.bytes.subarray(cursor.at)];
  return { path, buildId: id.map((byte) => byte.toString(16).padStart(2, "0")).join("") };
}

export interface DebugLink {
  readonly file: string;
  readonly crc32: number;
}

/** The name and checksum of the file the debug information was moved to. */
export function readDebugLink(elf: ElfFile): DebugLink | undefined {
  const section = findSection(elf, ".gnu_debuglink");
  if (section === undefined) return undefined;
  const bytes = elf.source.read(section.offset, Math.min(section.size, 1 << 16));
  const cursor = cursorOver(bytes, elf.littleEndian);
  const file = readCString(cursor);
  // The checksum stands at the next multiple of four.
  cursor.at = Math.ceil(cursor.at / 4) * 4;
  const crc32 = readU32(cursor);
  return cursor.overrun ? undefined : { file, crc32 };
}
