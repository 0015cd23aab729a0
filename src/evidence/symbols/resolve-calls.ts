// Namesakes of one size told apart by their neighbors in the trace: the call before a return address leads
// to exactly one of them. Only a direct call that fits decides; a tail call or a pointer decides nothing.

import { cursorOver, readI32 } from "#base/cursor.ts";
import { MACHINE } from "#formats/elf/relocations.ts";
import type { SymbolLookup, SymbolMatch } from "./find-symbol.ts";
import { readImageBytes } from "./image-bytes.ts";
import { imageAddress, imageNumber, type KernelImage } from "./kernel-image.ts";

/**
 * Resolves ambiguous look-ups of one trace, given innermost first (each frame was called by the next one).
 * What the calls do not decide stays ambiguous.
 */
export function resolveByCalls(
  image: KernelImage,
  lookups: readonly SymbolLookup[],
): readonly SymbolLookup[] {
  const resolved = [...lookups];
  for (let at = 0; at + 1 < resolved.length; at += 1) {
    const [callee, caller] = [resolved[at], resolved[at + 1]];
    if (callee?.kind !== "ambiguous" && caller?.kind !== "ambiguous") continue;
    const pairs = fittingPairs(image, matchesOf(callee), matchesOf(caller));
    resolved[at] =
      narrowed(
        callee,
        pairs.map(([one]) => one),
      ) ??
      resolved[at] ??
      UNKNOWN;
    resolved[at + 1] =
      narrowed(
        caller,
        pairs.map(([, one]) => one),
      ) ??
      resolved[at + 1] ??
      UNKNOWN;
  }
  return resolved;
}

const UNKNOWN: SymbolLookup = { kind: "unknown" };

function matchesOf(lookup: SymbolLookup | undefined): readonly SymbolMatch[] {
  if (lookup?.kind === "found") return [lookup.match];
  return lookup?.kind === "ambiguous" ? lookup.matches : [];
}

function fittingPairs(
  image: KernelImage,
  callees: readonly SymbolMatch[],
  callers: readonly SymbolMatch[],
): [SymbolMatch, SymbolMatch][] {
  return callers.flatMap((caller) => {
    const target = callTarget(image, caller.address);
    return callees
      .filter((callee) => callee.symbolAddress === target)
      .map((callee): [SymbolMatch, SymbolMatch] => [callee, caller]);
  });
}

function narrowed(
  lookup: SymbolLookup | undefined,
  fitting: readonly SymbolMatch[],
): SymbolLookup | undefined {
  const [first] = fitting;
  if (lookup?.kind !== "ambiguous" || first === undefined) return undefined;
  if (fitting.some(({ address }) => address !== first.address)) return undefined;
  return { kind: "found", match: first, namesakes: lookup.matches.length };
}

/** Where the call before a return address leads: `e8` and a distance from the return address (x86-64). */
function callTarget(image: KernelImage, returnAddress: bigint): bigint | undefined {
  if (image.elf?.machine !== MACHINE.x86_64) return undefined;
  const number = imageNumber(image, returnAddress);
  const bytes = readImageBytes(image, number - 5, 5);
  if (bytes.length < 5 || bytes[0] !== 0xe8) return undefined;
  return imageAddress(image, number + readI32(cursorOver(bytes, true, 1)));
}
