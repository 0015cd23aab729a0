// Notes: the build id that names a file's exact build.

import { cursorOver, readBytes, readU32, skip } from "#base/cursor.ts";
import { type ElfFile, SECTION_TYPE } from "./elf-file.ts";

const NT_GNU_BUILD_ID = 3;
const SEGMENT_NOTE = 4;

/** The GNU build id in lower-case hex, from the note sections or, in a stripped file, the segments. */
export function readBuildId(elf: ElfFile): string | undefined {
  const places = [
    ...elf.sections.filter((section) => section.type === SECTION_TYPE.note),
    ...elf.segments
      .filter((segment) => segment.type === SEGMENT_NOTE)
      .map((segment) => ({ offset: segment.offset, size: segment.fileSize })),
  ];
  for (const place of places) {
    const id = buildIdIn(
      elf.source.read(place.offset, Math.min(place.size, 1 << 16)),
      elf.littleEndian,
    );
    if (id !== undefined) return id;
  }
  return undefined;
}

/** Looks for the build id in the bytes of a note section (also those in /sys/kernel/notes). */
export function buildIdIn(bytes: Uint8Array, littleEndian: boolean): string | undefined {
  const cursor = cursorOver(bytes, littleEndian);
  while (cursor.at + 12 <= bytes.length) {
    const nameSize = readU32(cursor);
    const descriptionSize = readU32(cursor);
    const type = readU32(cursor);
    const name = readBytes(cursor, nameSize);
    skip(cursor, padding(nameSize));
    const description = readBytes(cursor, descriptionSize);
    if (cursor.overrun) return undefined;
    const isGnu = name[0] === 0x47 && name[1] === 0x4e && name[2] === 0x55;
    if (type === NT_GNU_BUILD_ID && isGnu && descriptionSize > 0) return toHex(description);
    skip(cursor, padding(descriptionSize));
  }
  return undefined;
}

function padding(size: number): number {
  return (4 - (size % 4)) % 4;
}

function toHex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
