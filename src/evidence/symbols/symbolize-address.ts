// From an address to the source: function, line, and the inlined calls between them.

import { findCode } from "#formats/dwarf/debug-info.ts";
import { imageNumber, type KernelImage } from "./kernel-image.ts";
import { treePath } from "./source-path.ts";
import { printedSize, symbolAt } from "./symbol-index.ts";

/**
 * `exact`: the instruction at the address (a trap, a sample). `return`: an address found on a stack,
 * which is the instruction after the call; the call itself lies before it.
 */
export type AddressMeaning = "exact" | "return";

export interface SourceLevel {
  readonly function?: string;
  /** Relative to the kernel tree where that can be told. */
  readonly file?: string;
  readonly line?: number;
  /** Counted from 1. */
  readonly column?: number;
}

export interface AddressLocation {
  readonly address: bigint;
  readonly symbol?: { readonly name: string; readonly offset: number; readonly size: number };
  /** Innermost first; the last level is the function whose machine code this is. */
  readonly levels: readonly SourceLevel[];
}

/** Looks an address up. Levels are empty where the image has no line for it. */
export function symbolizeAddress(
  image: KernelImage,
  address: bigint,
  meaning: AddressMeaning,
): AddressLocation {
  const number = imageNumber(image, address);
  const symbol = symbolOf(image, number);
  // A call can be a function's last instruction, so its return address may belong to the next one.
  const lookedUp = meaning === "return" ? number - 1 : number;
  return {
    address,
    ...(symbol === undefined ? {} : { symbol }),
    levels: levelsAt(image, lookedUp),
  };
}

/** The levels at an address taken as it is. */
export function levelsAt(image: KernelImage, number: number): readonly SourceLevel[] {
  const debug = image.debug();
  const code = debug === undefined ? undefined : findCode(debug, number);
  if (code === undefined) return [];
  return code.levels.map((level) => ({
    ...(level.function === undefined ? {} : { function: level.function }),
    ...(level.place === undefined
      ? {}
      : {
          file: treePath(level.place.file, code.compDir),
          ...(level.place.line > 0 ? { line: level.place.line } : {}),
          ...(level.place.column === undefined ? {} : { column: level.place.column }),
        }),
  }));
}

function symbolOf(image: KernelImage, number: number): AddressLocation["symbol"] {
  const index = image.symbols();
  const at = symbolAt(index, number);
  if (at === undefined) return undefined;
  const start = index.address[at] ?? 0;
  return { name: index.nameAt(at), offset: number - start, size: printedSize(index, at) };
}

/** The symbol an address lies in, without looking at debug information. */
export function symbolOfAddress(image: KernelImage, address: bigint): AddressLocation["symbol"] {
  return symbolOf(image, imageNumber(image, address));
}
