// Is this the vmlinux of the kernel that printed the log? Symbol sizes tell: a different build has
// other sizes nearly everywhere, so a handful of printed references decides.

import { findSymbol } from "./find-symbol.ts";
import { readImageBytes } from "./image-bytes.ts";
import type { KernelImage } from "./kernel-image.ts";

export interface PrintedSize {
  readonly symbol: string;
  readonly size: number;
}

export interface ImageCheck {
  /** `unknown`: too few references of the kernel proper to tell. */
  readonly verdict: "same" | "different" | "unknown";
  readonly agreeing: number;
  readonly differing: readonly PrintedSize[];
  readonly missing: readonly PrintedSize[];
}

/** A build is called different when more than one in five distinct references does not fit. */
const TOLERATED = 0.2;
const ENOUGH = 3;

/** Compares references printed without `[module]` with the image. */
export function checkImage(image: KernelImage, printed: readonly PrintedSize[]): ImageCheck {
  const distinct = new Map(
    printed.map((reference) => [`${reference.symbol}/${reference.size}`, reference]),
  );
  let agreeing = 0;
  const differing: PrintedSize[] = [];
  const missing: PrintedSize[] = [];
  for (const reference of distinct.values()) {
    const lookup = findSymbol(image, { symbol: reference.symbol, size: reference.size });
    if (lookup.kind === "unknown") missing.push(reference);
    else if (lookup.kind === "size-differs") differing.push(reference);
    else agreeing += 1;
  }
  const wrong = differing.length + missing.length;
  const total = agreeing + wrong;
  const verdict = total < ENOUGH ? "unknown" : wrong > TOLERATED * total ? "different" : "same";
  return { verdict, agreeing, differing, missing };
}

/** The `Linux version …` line compiled into the image; the log's own one must equal it. */
export function readBanner(image: KernelImage): string | undefined {
  const banner = image.symbols().dataSymbol("linux_banner");
  if (banner === undefined) return undefined;
  const bytes = readImageBytes(image, banner.address, 1024);
  const end = bytes.indexOf(0);
  const text = new TextDecoder().decode(bytes.subarray(0, end < 0 ? bytes.length : end)).trim();
  return text.startsWith("Linux version ") ? text : undefined;
}
