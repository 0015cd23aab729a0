// The source around a trap with notes on what its steps are for: the user's own source, our words.

import type { ReportEvent } from "#contract/report.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import {
  type ReadSource,
  type SourceListing,
  sourceListing,
} from "#evidence/symbols/source-listing.ts";
import { notesForFunction } from "#mechanisms/source-notes.ts";

export type Listing = NonNullable<ReportEvent["listing"]>;

/**
 * Lists the function around `address` in its own file (an inlined callee's file would hide the step the
 * function is at), with `*` at the line and notes where they are known. `undefined` without source.
 */
export function annotatedListing(
  image: KernelImage,
  address: bigint,
  readSource: ReadSource,
): Listing | undefined {
  const innermost = sourceListing(image, address, readSource);
  const outer = (innermost?.levels.length ?? 1) - 1;
  const listing = outer === 0 ? innermost : sourceListing(image, address, readSource, outer);
  if (listing === undefined || listing.lines.length === 0) return undefined;
  const notes = notesOf(listing, outer, readSource);
  return {
    file: listing.file,
    lines: listing.lines.map(({ n, text, mark }) => {
      const note = notes.get(n);
      return {
        n,
        text,
        ...(mark === undefined ? {} : { mark }),
        ...(note === undefined ? {} : { note }),
      };
    }),
  };
}

/** Anchors are counted from the function's beginning, which the listing may not reach back to. */
function notesOf(
  listing: SourceListing,
  outer: number,
  readSource: ReadSource,
): ReturnType<typeof notesForFunction> {
  const name = listing.levels[outer]?.function;
  const text = readSource(listing.file);
  if (name === undefined || text === undefined || listing.span === undefined) return new Map();
  const { first, last } = listing.span;
  const lines = text
    .split("\n")
    .slice(first - 1, last)
    .map((line, at) => ({ n: first + at, text: line }));
  return notesForFunction(name, lines);
}
