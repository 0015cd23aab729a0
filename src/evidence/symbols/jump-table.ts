// The kernel's jump table: where the code of each static key is patched (include/linux/jump_label.h).
// It answers which site of which key an address is, for instance the one a patching CPU was at.

import { cursorOver, readAddress, readI32 } from "#base/cursor.ts";
import { ELF_RELOCATABLE, findSection } from "#formats/elf/elf-file.ts";
import { readImageBytes } from "./image-bytes.ts";
import { imageAddress, imageNumber, type KernelImage } from "./kernel-image.ts";
import { levelsAt, type SourceLevel, symbolOfAddress } from "./symbolize-address.ts";

export interface JumpSite {
  /** First byte of the patched instruction, as an address of the image. */
  readonly address: bigint;
  /** Where the site jumps when the branch is taken. */
  readonly target: bigint;
  /** Address of the `struct static_key`. */
  readonly key: bigint;
  /** Whether the branch is compiled to be taken while the key is false (`static_branch_likely`). */
  readonly likely: boolean;
}

const MAX_TABLE = 1 << 24;
/** Bytes of the longest instruction that is patched. */
const LONGEST = 5n;

/**
 * All sites, in the table's order. Empty where the image has no table. Both layouts are read: entries of
 * relative 32-bit words (50ff18ab497a, v4.19) and the older absolute ones.
 */
export function jumpSites(image: KernelImage): readonly JumpSite[] {
  const table = tablePlace(image);
  if (table === undefined) return [];
  const bytes = readImageBytes(image, table.start, Math.min(table.size, MAX_TABLE)).slice();
  const relative = relativeSites(image, bytes, table.start);
  // Read in the wrong layout, a table gives addresses all over; a few entries are enough to see that.
  return relative.slice(0, 64).every((site) => isCode(image, site))
    ? relative
    : absoluteSites(image, bytes);
}

/** Sites of the key of that name (`netstamp_needed_key`), in address order: the order they are patched in. */
export function staticKeySites(image: KernelImage, keyName: string): readonly JumpSite[] {
  const symbol = image.symbols().dataSymbol(keyName);
  if (symbol === undefined) return [];
  const key = imageAddress(image, symbol.address);
  return jumpSites(image)
    .filter((site) => site.key === key)
    .sort((a, b) => (a.address < b.address ? -1 : a.address > b.address ? 1 : 0));
}

export interface SiteDescription extends JumpSite {
  /** Length of the instruction in the image: 2 or 5 on x86; absent where its bytes are not known ones. */
  readonly length?: number;
  readonly symbol?: { readonly name: string; readonly offset: number; readonly size: number };
  readonly levels: readonly SourceLevel[];
}

/** The site whose instruction covers `address`, with its place in the source. */
export function siteAt(image: KernelImage, address: bigint): SiteDescription | undefined {
  for (const site of jumpSites(image)) {
    const distance = address - site.address;
    if (distance < 0n || distance >= LONGEST) continue;
    const description = describeSite(image, site);
    if (distance < BigInt(description.length ?? 1)) return description;
  }
  return undefined;
}

export function describeSite(image: KernelImage, site: JumpSite): SiteDescription {
  const symbol = symbolOfAddress(image, site.address);
  const number = imageNumber(image, site.address);
  const levels = levelsAt(image, number);
  const length = patchedLength(readImageBytes(image, number, Number(LONGEST)));
  return {
    ...site,
    levels,
    ...(length === undefined ? {} : { length }),
    ...(symbol === undefined ? {} : { symbol }),
  };
}

function tablePlace(image: KernelImage): { start: number; size: number } | undefined {
  const { elf } = image;
  if (elf === undefined) return undefined;
  if (elf.type === ELF_RELOCATABLE) {
    const section = findSection(elf, "__jump_table");
    return section === undefined ? undefined : { start: section.address, size: section.size };
  }
  const start = image.symbols().dataSymbol("__start___jump_table");
  const stop = image.symbols().dataSymbol("__stop___jump_table");
  if (start === undefined || stop === undefined) return undefined;
  return { start: start.address, size: stop.address - start.address };
}

//   0      4        8            16
//   | code | target | key+flags  |     words relative to their own places
function relativeSites(image: KernelImage, bytes: Uint8Array, start: number): JumpSite[] {
  const cursor = cursorOver(bytes, image.elf?.littleEndian ?? true);
  const keySize = image.elf?.is64 === false ? 4 : 8;
  const sites: JumpSite[] = [];
  while (cursor.at + 8 + keySize <= bytes.length) {
    const at = start + cursor.at;
    const code = at + readI32(cursor);
    const target = at + 4 + readI32(cursor);
    const key = at + 8 + (keySize === 8 ? readAddress(cursor, 8, 0) : readI32(cursor));
    sites.push(siteOf(image, code, target, key));
  }
  return sites;
}

function absoluteSites(image: KernelImage, bytes: Uint8Array): JumpSite[] {
  const cursor = cursorOver(bytes, image.elf?.littleEndian ?? true);
  const size = image.elf?.is64 === false ? 4 : 8;
  const sites: JumpSite[] = [];
  while (cursor.at + 3 * size <= bytes.length) {
    const code = readAddress(cursor, size, image.highBase);
    const target = readAddress(cursor, size, image.highBase);
    const key = readAddress(cursor, size, image.highBase);
    sites.push(siteOf(image, code, target, key));
  }
  return sites;
}

/** The low bits of the key are flags: bit 0 the branch's default, bit 1 code freed after boot. */
function siteOf(image: KernelImage, code: number, target: number, key: number): JumpSite {
  const flags = ((key % 4) + 4) % 4;
  return {
    address: imageAddress(image, code),
    target: imageAddress(image, target),
    key: imageAddress(image, key - flags),
    likely: (flags & 1) === 1,
  };
}

/** A jump or a NOP of two or five bytes (arch/x86/kernel/jump_label.c: arch_jump_entry_size). */
function patchedLength(bytes: Uint8Array): number | undefined {
  const [first, second] = bytes;
  if (first === 0xe9 || (first === 0x0f && second === 0x1f)) return 5;
  if (first === 0xeb || (first === 0x66 && second === 0x90)) return 2;
  return undefined;
}

function isCode(image: KernelImage, site: JumpSite): boolean {
  const number = imageNumber(image, site.address);
  return readImageBytes(image, number, 1).length === 1;
}
