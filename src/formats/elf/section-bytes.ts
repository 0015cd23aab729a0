// The contents of a section as a ByteSource: a window on the file, or, where it is compressed or has to
// be relocated, its bytes in memory.

import type { ByteSource } from "#base/byte-source.ts";
import { bytesSource } from "#base/byte-source.ts";
import { cursorOver, readSize64, readU32 } from "#base/cursor.ts";
import type { BlockCodec, BlockDecompressor } from "#base/decompress.ts";
import { err, ok, type Result } from "#base/result.ts";
import {
  ELF_RELOCATABLE,
  type ElfFile,
  type ElfSection,
  SECTION_FLAG,
  SECTION_TYPE,
} from "./elf-file.ts";
import { applyRelocations } from "./relocations.ts";

export interface SectionError {
  readonly code: "elf/compressed" | "elf/section-range" | "elf/section-size";
  readonly message: string;
}

/** Sections that have to be held in memory whole may claim at most this much. */
const MAX_IN_MEMORY = 1 << 30;
/** Debug information shrinks to a third or a fifth; a header that claims far more would only cost memory. */
const MAX_RATIO = 256;

export const EMPTY_SOURCE: ByteSource = bytesSource(new Uint8Array(0));

/** Opens one section. `SHT_NOBITS` (a stripped or debug-only file's code) is an empty source. */
export function openSection(
  elf: ElfFile,
  section: ElfSection,
  decompressor: BlockDecompressor,
): Result<ByteSource, SectionError> {
  if (section.type === SECTION_TYPE.nobits || section.size === 0) return ok(EMPTY_SOURCE);
  if (section.offset >= elf.source.size) {
    return err({ code: "elf/section-range", message: `${section.name} lies outside the file` });
  }
  const window = windowOn(elf.source, section.offset, section.size);
  const plain = decompressed(elf, section, window, decompressor);
  if (!plain.ok || elf.type !== ELF_RELOCATABLE) return plain;
  return relocated(elf, section, plain.value);
}

/** Bytes `offset .. offset+size` of a source as a source of its own. */
export function windowOn(source: ByteSource, offset: number, size: number): ByteSource {
  const length = Math.max(0, Math.min(size, source.size - offset));
  const clamp = (at: number): number => Math.min(Math.max(0, at), length);
  const readInto = source.readInto?.bind(source);
  return {
    size: length,
    read: (at, count) => {
      const start = clamp(at);
      return source.read(offset + start, Math.min(Math.max(0, count), length - start));
    },
    ...(readInto === undefined
      ? {}
      : {
          readInto: (at: number, target: Uint8Array) => {
            const start = clamp(at);
            return readInto(offset + start, target.subarray(0, length - start));
          },
        }),
  };
}

function decompressed(
  elf: ElfFile,
  section: ElfSection,
  window: ByteSource,
  decompressor: BlockDecompressor,
): Result<ByteSource, SectionError> {
  const header = compressionOf(elf, section, window);
  if (header === undefined) return ok(window);
  const { codec, size, at } = header;
  const plausible = Math.min(MAX_IN_MEMORY, Math.max(1 << 20, MAX_RATIO * window.size));
  if (codec === undefined || size > plausible || window.size > MAX_IN_MEMORY) {
    return err({
      code: codec === undefined ? "elf/compressed" : "elf/section-size",
      message: `${section.name}: unknown compression or ${size} bytes`,
    });
  }
  const bytes = decompressor.decompress(codec, window.read(at, window.size - at), size);
  if (bytes === undefined) {
    return err({
      code: "elf/compressed",
      message: `${section.name}: ${codec} data cannot be read`,
    });
  }
  return ok(bytesSource(bytes));
}

interface Compression {
  readonly codec: BlockCodec | undefined;
  readonly size: number;
  readonly at: number;
}

/** `Elf_Chdr` (SHF_COMPRESSED), or the older `.zdebug_*` convention: "ZLIB" and a big-endian size. */
function compressionOf(
  elf: ElfFile,
  section: ElfSection,
  window: ByteSource,
): Compression | undefined {
  if ((section.flags & SECTION_FLAG.compressed) !== 0) {
    const cursor = cursorOver(window.read(0, 24), elf.littleEndian);
    const type = readU32(cursor);
    if (elf.is64) readU32(cursor);
    const size = elf.is64 ? readSize64(cursor) : readU32(cursor);
    const codec = type === 1 ? "zlib" : type === 2 ? "zstd" : undefined;
    return { codec, size, at: elf.is64 ? 24 : 12 };
  }
  if (!section.name.startsWith(".zdebug_")) return undefined;
  const head = cursorOver(window.read(0, 12), false);
  if (readU32(head) !== 0x5a4c4942) return undefined;
  return { codec: "zlib", size: readSize64(head), at: 12 };
}

function relocated(
  elf: ElfFile,
  section: ElfSection,
  plain: ByteSource,
): Result<ByteSource, SectionError> {
  const tables = elf.sections.filter(
    (other) =>
      (other.type === SECTION_TYPE.rela || other.type === SECTION_TYPE.rel) &&
      other.info === section.index,
  );
  if (tables.length === 0) return ok(plain);
  if (plain.size > MAX_IN_MEMORY) {
    return err({ code: "elf/section-size", message: `${section.name} is too large to relocate` });
  }
  const bytes = plain.read(0, plain.size).slice();
  for (const table of tables) applyRelocations(elf, table, bytes, section.address);
  return ok(bytesSource(bytes));
}
