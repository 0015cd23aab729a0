// Questions asked of a vmlinux without a log. Opening files is the platform's business; sources of bytes
// come in, and what goes out is for the command line to lay out.

import type { ByteSource } from "#base/byte-source.ts";
import type { BlockDecompressor } from "#base/decompress.ts";
import type { Result } from "#base/result.ts";
import { type Disassembly, disassembleFunction } from "#evidence/symbols/disassembly.ts";
import {
  describeSite,
  type SiteDescription,
  staticKeySites,
} from "#evidence/symbols/jump-table.ts";
import { type KernelImage, openImage, openSymbolList } from "#evidence/symbols/kernel-image.ts";
import {
  type ReadSource,
  type SourceListing,
  sourceListing,
} from "#evidence/symbols/source-listing.ts";
import { type TextSymbolizer, textSymbolizer } from "#evidence/symbols/symbolize-text.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";

export type { Disassembly, KernelImage, ReadSource, SourceListing, TextSymbolizer };

/** A vmlinux or module; what is no ELF file is taken for a list of symbols (System.map, kallsyms). */
export function openDebugImage(
  source: ByteSource,
  decompressor: BlockDecompressor,
  alt?: ByteSource,
): Result<KernelImage, { readonly message: string }> {
  const image = openImage(source, decompressor, alt === undefined ? {} : { alt });
  if (image.ok || image.error.code !== "elf/not-elf") return image;
  const list = openSymbolList(source);
  return list.symbols().count > 0 ? { ok: true, value: list } : image;
}

/** The kernel and, by name, the modules whose debug files are at hand. */
export interface DebugImages {
  readonly kernel: KernelImage | undefined;
  module(name: string, buildId: string | undefined): KernelImage | undefined;
}

/** A filter that adds source lines to text. */
export function symbolizer(images: DebugImages): TextSymbolizer {
  return textSymbolizer((module, buildId) =>
    module === undefined ? images.kernel : images.module(module, buildId),
  );
}

export function listSource(
  image: KernelImage,
  address: bigint,
  readSource: ReadSource,
): SourceListing | undefined {
  return sourceListing(image, address, readSource);
}

export function disassemble(
  image: KernelImage,
  address: bigint,
  decoder: InstructionDecoder,
): Disassembly | undefined {
  return disassembleFunction(image, decoder, address);
}

/** The places a static key patches, in the order they are patched, each with its source. */
export function sitesOfKey(image: KernelImage, key: string): readonly SiteDescription[] {
  return staticKeySites(image, key).map((site) => describeSite(image, site));
}
