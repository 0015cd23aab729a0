// A place in a kernel as a person names it on a command line, and the address it means in an image.

import { err, ok, type Result } from "#base/result.ts";
import { findSymbol, type SymbolMatch } from "#evidence/symbols/find-symbol.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import { unslide } from "#evidence/symbols/kernel-offset.ts";
import { findReferences } from "#evidence/symbols/printed-reference.ts";

/** `symbol`, `symbol+0x1f`, `symbol+31`, `symbol+0x1f/0x40` or an address of the image. */
export type NamedPlace =
  | { readonly kind: "address"; readonly address: bigint }
  | {
      readonly kind: "symbol";
      readonly symbol: string;
      readonly offset: number;
      readonly size?: number;
    };

//                symbol               +0x1f | +31
const PLACE = /^([A-Za-z_.$][\w.$]{0,511})(?:\+(0x[0-9a-fA-F]{1,8}|\d{1,10}))?$/;

/**
 * Understands a place; `undefined` where the words are none. `kernelOffset` is what KASLR added to the
 * addresses the kernel printed.
 */
export function parsePlace(words: string, kernelOffset = 0n): NamedPlace | undefined {
  const [reference] = findReferences(new TextEncoder().encode(words));
  if (reference?.start === 0) {
    const { symbol, offset, size } = reference;
    return { kind: "symbol", symbol, offset, size };
  }
  if (/^(?:0x)?[0-9a-fA-F]{9,16}$/.test(words)) {
    const printed = BigInt(words.startsWith("0x") ? words : `0x${words}`);
    return { kind: "address", address: unslide(printed, kernelOffset) };
  }
  const match = PLACE.exec(words);
  if (match?.[1] === undefined) return undefined;
  return { kind: "symbol", symbol: match[1], offset: Number(match[2] ?? 0) };
}

export interface PlaceError {
  readonly message: string;
  readonly advice: string;
}

/** The address a place means; namesakes and other builds are an error that says so. */
export function locatePlace(image: KernelImage, place: NamedPlace): Result<bigint, PlaceError> {
  if (place.kind === "address") return ok(place.address);
  const lookup = findSymbol(image, place);
  switch (lookup.kind) {
    case "found":
      return ok(lookup.match.address);
    case "unknown":
      return err({ message: `${place.symbol} is not in this image`, advice: "is it in a module?" });
    case "size-differs":
      return err({
        message: `${place.symbol} has not this size here (${sizes(lookup.matches)})`,
        advice: "this is the vmlinux of another build",
      });
    case "ambiguous":
      return err({
        message: `${place.symbol} is the name of ${lookup.matches.length} functions`,
        advice: `give an address: ${lookup.matches.map(({ address }) => hex(address)).join(", ")}`,
      });
  }
}

function sizes(matches: readonly SymbolMatch[]): string {
  return matches.map(({ size }) => `0x${size.toString(16)}`).join(", ");
}

function hex(address: bigint): string {
  return `0x${address.toString(16)}`;
}
