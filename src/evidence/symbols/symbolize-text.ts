// A filter over any text: file, line and inlined calls are put behind what the kernel printed about
// code, every other byte passes unchanged.

import { findSymbol, type SymbolMatch } from "./find-symbol.ts";
import type { KernelImage } from "./kernel-image.ts";
import { findReferences, latin1, type PrintedReference } from "./printed-reference.ts";
import { type AddressMeaning, type SourceLevel, symbolizeAddress } from "./symbolize-address.ts";

export interface TextSymbolizer {
  /** Returns the bytes that are ready; a line not yet complete is kept. */
  push(chunk: Uint8Array): Uint8Array;
  /** The rest. */
  end(): Uint8Array;
  readonly counts: SymbolizedCounts;
}

/** Each distinct reference counts once, however often it is printed. */
export interface SymbolizedCounts {
  /** References that were given a place. */
  placed: number;
  /** Names the image does not have. */
  unknown: number;
  /** Names it has with another size: a sign of another build. */
  sizeDiffers: number;
  /** Names that stay ambiguous; all places are given. */
  ambiguous: number;
  /** Found, but the image has no line there. */
  withoutLine: number;
}

/** The image for a module, or (no name) the kernel itself; `undefined` where there is none. */
export type ImageFor = (module: string | undefined, buildId?: string) => KernelImage | undefined;

/** Lines longer than this pass in pieces: a file without line ends must not fill the memory. */
const MAX_LINE = 1 << 20;
const MAX_REMEMBERED = 1 << 14;
const NEWLINE = 0x0a;

export function textSymbolizer(imageFor: ImageFor): TextSymbolizer {
  const counts = { placed: 0, unknown: 0, sizeDiffers: 0, ambiguous: 0, withoutLine: 0 };
  const remembered = new Map<string, string>();
  let pending: Uint8Array = new Uint8Array(0);
  const annotate = (reference: PrintedReference, meaning: AddressMeaning): string => {
    const { symbol, offset, size, module, buildId } = reference;
    const key = `${symbol}+${offset}/${size}/${module ?? ""}/${buildId ?? ""}/${meaning}`;
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const text = annotationOf(imageFor(module, buildId), reference, meaning, counts);
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(key, text);
    return text;
  };
  const process = (bytes: Uint8Array): Uint8Array => annotateLines(bytes, annotate);
  return {
    counts,
    push: (chunk) => {
      const last = chunk.lastIndexOf(NEWLINE);
      if (last < 0 && pending.length + chunk.length < MAX_LINE) {
        pending = joined([pending, chunk]);
        return new Uint8Array(0);
      }
      const cut = last < 0 ? chunk.length : last + 1;
      const ready = process(joined([pending, chunk.subarray(0, cut)]));
      pending = chunk.slice(cut);
      return ready;
    },
    end: () => {
      const rest = process(pending);
      pending = new Uint8Array(0);
      return rest;
    },
  };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [first] = parts;
  if (parts.length === 1 && first !== undefined) return first;
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

type Annotate = (reference: PrintedReference, meaning: AddressMeaning) => string;

function annotateLines(bytes: Uint8Array, annotate: Annotate): Uint8Array {
  const parts: Uint8Array[] = [];
  let done = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline + 1;
    const line = bytes.subarray(start, end);
    for (const reference of findReferences(line)) {
      const text = isAnnotated(line, reference)
        ? ""
        : annotate(reference, meaningOf(line, reference));
      if (text === "") continue;
      parts.push(bytes.subarray(done, start + reference.end), new TextEncoder().encode(text));
      done = start + reference.end;
    }
    start = end;
  }
  if (parts.length === 0) return bytes;
  parts.push(bytes.subarray(done));
  return joined(parts);
}

/** A reference that already has its place behind it is left as it is. */
function isAnnotated(line: Uint8Array, { end }: PrintedReference): boolean {
  return line[end] === 0x20 && line[end + 1] === 0x28;
}

/**
 * The program counter of a register dump is the very instruction; every other printed reference is a
 * return address from a stack, unless it points at the first byte of a function.
 */
function meaningOf(line: Uint8Array, reference: PrintedReference): AddressMeaning {
  if (reference.offset === 0) return "exact";
  const before = latin1(line, Math.max(0, reference.start - 100), reference.start);
  return PROGRAM_COUNTER.test(before) ? "exact" : "return";
}

//                       RIP: 0010:[<ffffffff8106abcd>]  [<ffffffff8106abcd>] symbol
const PROGRAM_COUNTER = /\b(?:[RE]?IP|NIP|PC is at|e?pc)\b[ :]{0,3}[0-9a-f:<>[\] x]{0,70}$/;

function annotationOf(
  image: KernelImage | undefined,
  reference: PrintedReference,
  meaning: AddressMeaning,
  counts: SymbolizedCounts,
): string {
  if (image === undefined) {
    counts.unknown += 1;
    return "";
  }
  const lookup = findSymbol(image, reference);
  switch (lookup.kind) {
    case "unknown":
      counts.unknown += 1;
      return "";
    case "size-differs":
      counts.sizeDiffers += 1;
      return "";
    case "found":
      return placeText(image, [lookup.match], meaning, counts);
    case "ambiguous":
      counts.ambiguous += 1;
      return placeText(image, lookup.matches, meaning, counts);
  }
}

function placeText(
  image: KernelImage,
  matches: readonly SymbolMatch[],
  meaning: AddressMeaning,
  counts: SymbolizedCounts,
): string {
  const places = matches.map(({ address }) => placeOfAddress(image, address, meaning));
  const distinct = [...new Set(places.filter((place) => place !== ""))];
  if (distinct.length === 0) {
    counts.withoutLine += 1;
    return "";
  }
  counts.placed += 1;
  return ` (${distinct.join(" or ")})`;
}

/**
 * An address just behind a function's padding is no return address: it is a pointer to the next function
 * that lay on the stack, and the kernel named it after the function before.
 */
function placeOfAddress(image: KernelImage, address: bigint, meaning: AddressMeaning): string {
  const text = levelsText(symbolizeAddress(image, address, meaning).levels);
  if (text !== "" || meaning === "exact") return text;
  const { symbol, levels } = symbolizeAddress(image, address, "exact");
  const exact = levelsText(levels);
  return symbol?.offset === 0 && exact !== "" ? `points at ${symbol.name} ${exact}` : "";
}

/** `kernel/smp.c:453 [csd_lock_wait] kernel/smp.c:998`: innermost first, inlined functions named. */
export function levelsText(levels: readonly SourceLevel[]): string {
  const parts: string[] = [];
  for (const [index, level] of levels.entries()) {
    if (level.file === undefined) continue;
    parts.push(level.line === undefined ? `${level.file}:?` : `${level.file}:${level.line}`);
    const isInlined = index < levels.length - 1;
    if (isInlined && level.function !== undefined) parts.push(`[${level.function}]`);
  }
  return parts.join(" ");
}
