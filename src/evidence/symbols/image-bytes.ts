// Bytes of the image by address: code to decode, tables the kernel reads itself.

import type { ByteSource } from "#base/byte-source.ts";
import { type ElfSection, SECTION_FLAG, SECTION_TYPE } from "#formats/elf/elf-file.ts";
import { openSection } from "#formats/elf/section-bytes.ts";
import type { KernelImage } from "./kernel-image.ts";

/** Up to `length` bytes at `address` (the image's number); fewer at a section's end, none outside. */
export function readImageBytes(image: KernelImage, address: number, length: number): Uint8Array {
  const section = sectionAround(image, address);
  const source = section === undefined ? undefined : sectionSource(image, section);
  if (section === undefined || source === undefined) return new Uint8Array(0);
  return source.read(address - section.address, length);
}

function sectionAround(image: KernelImage, address: number): ElfSection | undefined {
  return image.elf?.sections.find(
    (section) =>
      (section.flags & SECTION_FLAG.alloc) !== 0 &&
      section.type !== SECTION_TYPE.nobits &&
      address >= section.address &&
      address < section.address + section.size,
  );
}

/** The section's contents, relocated in a module. */
export function sectionSource(image: KernelImage, section: ElfSection): ByteSource | undefined {
  if (image.elf === undefined || image.decompressor === undefined) return undefined;
  const opened = openSection(image.elf, section, image.decompressor);
  return opened.ok ? opened.value : undefined;
}
