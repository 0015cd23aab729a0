// From what the kernel printed (`symbol+0xoffset/0xsize`) to an address of the image. Names are not
// unique in a kernel: the printed size decides, and what stays open is said, never guessed.

import { imageAddress, type KernelImage } from "./kernel-image.ts";
import { printedSize, type SymbolIndex } from "./symbol-index.ts";

export interface SymbolReference {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
}

export interface SymbolMatch {
  readonly name: string;
  readonly symbolAddress: bigint;
  /** `symbolAddress` plus the printed offset. */
  readonly address: bigint;
  /** Bytes to the next symbol, as the kernel would print it. */
  readonly size: number;
}

export type SymbolLookup =
  | {
      readonly kind: "found";
      readonly match: SymbolMatch;
      /** How many symbols have the name; more than one means the size decided. */
      readonly namesakes: number;
    }
  /** Several symbols of this name and size. */
  | { readonly kind: "ambiguous"; readonly matches: readonly SymbolMatch[] }
  /** The name exists, but not with the printed size: another build of the kernel. */
  | { readonly kind: "size-differs"; readonly matches: readonly SymbolMatch[] }
  | { readonly kind: "unknown" };

/** Looks up a printed reference. */
export function findSymbol(image: KernelImage, reference: SymbolReference): SymbolLookup {
  const index = image.symbols();
  const named = index.indexesOf(reference.symbol);
  if (named.length === 0) return { kind: "unknown" };
  const fitting = named.filter((at) => fits(index, at, reference));
  const toMatch = (at: number): SymbolMatch => matchOf(image, index, at, reference);
  if (fitting.length === 0) return { kind: "size-differs", matches: named.map(toMatch) };
  const matches = distinct(fitting.map(toMatch));
  const [only] = matches;
  if (matches.length === 1 && only !== undefined) {
    return { kind: "found", match: only, namesakes: named.length };
  }
  return { kind: "ambiguous", matches };
}

function matchOf(
  image: KernelImage,
  index: SymbolIndex,
  at: number,
  reference: SymbolReference,
): SymbolMatch {
  const symbolAddress = imageAddress(image, index.address[at] ?? 0);
  return {
    name: reference.symbol,
    symbolAddress,
    address: symbolAddress + BigInt(Math.trunc(reference.offset ?? 0)),
    size: printedSize(index, at),
  };
}

function fits(index: SymbolIndex, at: number, { offset, size }: SymbolReference): boolean {
  const own = printedSize(index, at);
  if (size === undefined) return offset === undefined || own === 0 || offset <= own;
  if (size === own || (size === index.size[at] && size > 0)) return true;
  // Behind the last symbol of a section comes whatever the loader put there.
  const isLast = own === (index.limit[at] ?? 0) - (index.address[at] ?? 0) || own === 0;
  return isLast && size >= (index.size[at] ?? 0);
}

function distinct(matches: readonly SymbolMatch[]): SymbolMatch[] {
  const seen = new Set<bigint>();
  return matches.filter(({ address }) => {
    if (seen.has(address)) return false;
    seen.add(address);
    return true;
  });
}
