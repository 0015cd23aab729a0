// The reference from one debug file to another that dwz moved shared entries to (.gnu_debugaltlink).

import { cursorOver, readCString } from "#base/cursor.ts";
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
