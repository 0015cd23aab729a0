// Listings: crash's layout, the function's lines, machine code with its places, from a program built here.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { annotatedListing } from "#app/annotated-listing.ts";
import { locatePlace, parsePlace } from "#app/place.ts";
import { disassembleFunction } from "#evidence/symbols/disassembly.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import { sourceListing } from "#evidence/symbols/source-listing.ts";
import { openDebugFile, sourceTree } from "#host/debug-files.ts";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";

describe.skipIf(!haveTools("gcc"))("listings", () => {
  let workshop: Workshop;
  let path = "";
  beforeAll(() => {
    workshop = openWorkshop();
    path = workshop.compile("listing", ["-gdwarf-5"]);
  });
  afterAll(() => workshop.remove());

  test("five lines before the line, then the rest of the function", () => {
    const image = openDebugFile(path);
    const listing = sourceListing(image, addressOf(image, "other"), sourceTree(workshop.directory));
    const source = readFileSync(join(workshop.directory, "other.c"), "utf8").split("\n");
    expect(listing?.file).toBe("other.c");
    expect(listing?.line).toBe(source.findIndex((line) => line.startsWith("  for (")) + 1);
    expect(listing?.span).toEqual({ first: 3, last: 13 });
    expect(listing?.lines[0]).toEqual({ n: 1, text: source[0] });
    expect(listing?.lines.filter(({ mark }) => mark === "*").map(({ n }) => n)).toEqual([
      listing?.line,
    ]);
  });

  test("without the source there are no lines, but file and line", () => {
    const image = openDebugFile(path);
    const listing = sourceListing(image, addressOf(image, "other"), () => undefined);
    expect(listing).toMatchObject({ file: "other.c", lines: [] });
    expect(annotatedListing(image, addressOf(image, "other"), () => undefined)).toBeUndefined();
  });

  test("machine code covers the function, names its calls and its lines", async () => {
    const image = openDebugFile(path);
    const code = disassembleFunction(image, await loadIcedDecoder(), addressOf(image, "main"));
    const last = code?.instructions[code.instructions.length - 1];
    expect(code?.instructions[0]).toMatchObject({ offset: 0, place: { file: "main.c" } });
    expect((last?.offset ?? 0) + (last?.bytes.length ?? 0)).toBeGreaterThanOrEqual(80);
    expect(code?.instructions.some(({ text }) => /call .*<work\.constprop\.0>$/.test(text))).toBe(
      true,
    );
  });

  test("places are names, offsets in either base, addresses less the kernel offset", () => {
    expect(parsePlace("a_b.isra.0+0x1f/0x40")).toEqual({
      kind: "symbol",
      symbol: "a_b.isra.0",
      offset: 31,
      size: 64,
    });
    expect(parsePlace("f+12")).toEqual({ kind: "symbol", symbol: "f", offset: 12 });
    expect(parsePlace("ffffffffa18c388d", 0x20000000n)).toEqual({
      kind: "address",
      address: 0xffffffff818c388dn,
    });
    expect(parsePlace("f + 12")).toBeUndefined();
  });

  test("a size that is another one says that this is another build", () => {
    const image = openDebugFile(path);
    const place = parsePlace("main+0x1/0xffff");
    const found = place === undefined ? undefined : locatePlace(image, place);
    expect(found).toMatchObject({
      ok: false,
      error: { advice: "this is the vmlinux of another build" },
    });
  });
});

function addressOf(image: KernelImage, symbol: string): bigint {
  const found = locatePlace(image, { kind: "symbol", symbol, offset: 0 });
  if (!found.ok) throw new Error(found.error.message);
  return found.value;
}
