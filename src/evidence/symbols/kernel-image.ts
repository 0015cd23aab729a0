// A kernel image (vmlinux, a module, or only its symbol list) as the source of names and lines.
// Opening one reads its headers; symbols and debug information are read when first asked for.

import type { ByteSource } from "#base/byte-source.ts";
import { fromAddress, toAddress } from "#base/cursor.ts";
import type { BlockDecompressor } from "#base/decompress.ts";
import { ok, type Result } from "#base/result.ts";
import { type DebugInfo, openDebugInfo } from "#formats/dwarf/debug-info.ts";
import { openDwarf } from "#formats/dwarf/dwarf-file.ts";
import { type AltLink, readAltLink } from "#formats/elf/alt-link.ts";
import { ELF_RELOCATABLE, type ElfError, type ElfFile, readElf } from "#formats/elf/elf-file.ts";
import { readBuildId } from "#formats/elf/notes.ts";
import { type MapSymbols, readSymbolMap } from "#formats/kallsyms/symbol-map.ts";
import { type SymbolIndex, symbolIndexOfElf, symbolIndexOfMap } from "./symbol-index.ts";

export interface KernelImage {
  /** `module`: addresses are places this program chose; only symbol + offset means anything. */
  readonly kind: "kernel" | "module" | "symbol-list";
  readonly highBase: number;
  readonly elf?: ElfFile;
  readonly decompressor?: BlockDecompressor;
  /** GNU build id, lower-case hex. */
  readonly buildId?: string;
  /** The supplementary debug file this one refers to (dwz). */
  readonly altLink?: AltLink;
  symbols(): SymbolIndex;
  /** `undefined` where the file has no debug information. */
  debug(): DebugInfo | undefined;
}

export interface OpenOptions {
  /** The file `.gnu_debugaltlink` names, once found. */
  readonly alt?: ByteSource;
}

/** Opens a vmlinux or a module with or without debug information. Never throws on content. */
export function openImage(
  source: ByteSource,
  decompressor: BlockDecompressor,
  options: OpenOptions = {},
): Result<KernelImage, ElfError> {
  const read = readElf(source);
  if (!read.ok) return read;
  const elf = read.value;
  const buildId = readBuildId(elf);
  const altLink = readAltLink(elf);
  return ok({
    kind: elf.type === ELF_RELOCATABLE ? "module" : "kernel",
    highBase: elf.highBase,
    elf,
    decompressor,
    ...(buildId === undefined ? {} : { buildId }),
    ...(altLink === undefined ? {} : { altLink }),
    symbols: once(() => symbolIndexOfElf(elf)),
    debug: once(() => openDebug(elf, decompressor, options.alt)),
  });
}

function openDebug(
  elf: ElfFile,
  decompressor: BlockDecompressor,
  alt: ByteSource | undefined,
): DebugInfo | undefined {
  const hasInfo = elf.sections.some(({ name, size }) => size > 0 && /^\.z?debug_info$/.test(name));
  if (!hasInfo) return undefined;
  const altElf = alt === undefined ? undefined : readElf(alt);
  const altFile =
    altElf?.ok === true ? openDwarf(altElf.value, decompressor, undefined) : undefined;
  return openDebugInfo(openDwarf(elf, decompressor, altFile));
}

/** System.map or /proc/kallsyms: names and addresses alone. */
export function openSymbolList(source: ByteSource): KernelImage {
  const list = once((): MapSymbols => readSymbolMap(source));
  return {
    kind: "symbol-list",
    highBase: 0,
    symbols: once(() => symbolIndexOfMap(list())),
    debug: () => undefined,
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** The image's own number for an address, and back. */
export function imageNumber(image: KernelImage, address: bigint): number {
  return fromAddress(address, image.highBase);
}

export function imageAddress(image: KernelImage, value: number): bigint {
  return toAddress(value, image.highBase);
}
