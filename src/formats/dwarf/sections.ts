// The DWARF sections of one file, opened when first asked for and kept.

import type { ByteSource } from "#base/byte-source.ts";
import type { BlockDecompressor } from "#base/decompress.ts";
import { type ElfFile, findSection } from "../elf/elf-file.ts";
import { EMPTY_SOURCE, openSection, type SectionError } from "../elf/section-bytes.ts";

export type DwarfSectionName =
  | "info"
  | "abbrev"
  | "line"
  | "str"
  | "line_str"
  | "str_offsets"
  | "addr"
  | "ranges"
  | "rnglists"
  | "loc"
  | "loclists"
  | "aranges"
  | "frame";

export interface DwarfSections {
  readonly elf: ElfFile;
  /** The section's contents; empty where it is absent or unreadable (then `problems` says why). */
  open(name: DwarfSectionName): ByteSource;
  readonly problems: SectionError[];
}

export function dwarfSections(elf: ElfFile, decompressor: BlockDecompressor): DwarfSections {
  const opened = new Map<DwarfSectionName, ByteSource>();
  const problems: SectionError[] = [];
  const openNow = (name: DwarfSectionName): ByteSource => {
    const section = findSection(elf, `.debug_${name}`) ?? findSection(elf, `.zdebug_${name}`);
    if (section === undefined) return EMPTY_SOURCE;
    const bytes = openSection(elf, section, decompressor);
    if (bytes.ok) return bytes.value;
    problems.push(bytes.error);
    return EMPTY_SOURCE;
  };
  return {
    elf,
    problems,
    open: (name) => {
      const known = opened.get(name);
      if (known !== undefined) return known;
      const source = openNow(name);
      opened.set(name, source);
      return source;
    },
  };
}

/** The NUL-terminated string at `at`; empty outside the section. */
export function readStringAt(section: ByteSource, at: number): string {
  for (let length = 128; ; length *= 8) {
    const bytes = section.read(at, length);
    const end = bytes.indexOf(0);
    if (end >= 0) return new TextDecoder().decode(bytes.subarray(0, end));
    if (bytes.length < length || length > 1 << 20) return "";
  }
}
