// What debug information adds to the events of a trace: source lines and inlined calls of every frame,
// local variables at the trap, the source around it. The log stays the evidence; a vmlinux of another
// build is found out and adds nothing.

import { checkImage, type ImageCheck } from "#evidence/symbols/check-image.ts";
import { findSymbol } from "#evidence/symbols/find-symbol.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import { type Local, type LocalsReader, localsReader } from "#evidence/symbols/locals.ts";
import type { ReadSource } from "#evidence/symbols/source-listing.ts";
import { type SourceLevel, symbolizeAddress } from "#evidence/symbols/symbolize-address.ts";
import type { Frame } from "#model/frame.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import { annotatedListing, type Listing } from "./annotated-listing.ts";
import type { DebugImages } from "./debug-image.ts";

export interface DebugInput {
  readonly images: DebugImages;
  /** Name and size of the vmlinux, for the report's list of sources. */
  readonly name: string;
  readonly bytes: number;
  readonly readSource?: ReadSource;
}

export interface DebugReading {
  /** Levels at RIP, innermost first. */
  readonly rip: readonly SourceLevel[];
  readonly frames: ReadonlyMap<Frame, readonly SourceLevel[]>;
  readonly locals: readonly Local[];
  /** The function RIP is in, from the user's own source, with our notes on its steps. */
  readonly listing?: Listing;
}

export interface DebugReadings {
  readonly check: ImageCheck;
  readonly byEvent: ReadonlyMap<string, DebugReading>;
}

/** Annotates events; all empty where the image belongs to another build. */
export function readDebugInfo(events: readonly KernelEvent[], input: DebugInput): DebugReadings {
  const kernel = input.images.kernel;
  const check: ImageCheck = kernel
    ? checkImage(kernel, printedSizes(events))
    : { verdict: "unknown", agreeing: 0, differing: [], missing: [] };
  const byEvent = new Map<string, DebugReading>();
  if (check.verdict === "different") return { check, byEvent };
  const readers = new Map<KernelImage, LocalsReader>();
  for (const event of events) byEvent.set(event.id, readEvent(event, input, readers));
  return { check, byEvent };
}

function printedSizes(events: readonly KernelEvent[]) {
  return events.flatMap((event) =>
    [...(event.rip ? [event.rip] : []), ...(event.trace ?? [])].flatMap((place) =>
      place.module === undefined && place.size !== undefined
        ? [{ symbol: place.symbol, size: place.size }]
        : [],
    ),
  );
}

function readEvent(
  event: KernelEvent,
  input: DebugInput,
  readers: Map<KernelImage, LocalsReader>,
): DebugReading {
  const frames = new Map<Frame, readonly SourceLevel[]>();
  for (const frame of event.trace ?? []) {
    const place = findPlace(frame, input.images);
    if (place) frames.set(frame, symbolizeAddress(place.image, place.address, "return").levels);
  }
  const trap = event.rip && findPlace(event.rip, input.images);
  if (!trap) return { rip: [], frames, locals: [] };
  const listing = input.readSource && annotatedListing(trap.image, trap.address, input.readSource);
  return {
    rip: symbolizeAddress(trap.image, trap.address, "exact").levels,
    frames,
    locals: event.registers ? localsOf(trap, event.registers, readers) : [],
    ...(listing ? { listing } : {}),
  };
}

interface Place {
  readonly image: KernelImage;
  readonly address: bigint;
}

/** Only a reference whose name and size fit exactly one symbol has a place. */
function findPlace(
  reference: { symbol: string; offset?: number; size?: number; module?: string; buildId?: string },
  images: DebugImages,
): Place | undefined {
  const { symbol, offset, size, module } = reference;
  if (offset === undefined || size === undefined) return undefined;
  const image = module === undefined ? images.kernel : images.module(module, reference.buildId);
  const found = image && findSymbol(image, { symbol, offset, size });
  return image && found?.kind === "found" ? { image, address: found.match.address } : undefined;
}

function localsOf(
  trap: Place,
  registers: Readonly<Record<string, bigint>>,
  readers: Map<KernelImage, LocalsReader>,
): readonly Local[] {
  const reader = readers.get(trap.image) ?? localsReader(trap.image);
  readers.set(trap.image, reader);
  return reader.at(trap.address, registers);
}
