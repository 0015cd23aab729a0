// Damaged files: whatever is cut off, flipped or absurd, the reader answers, soon, in bounded memory.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { toAddress } from "#base/cursor.ts";
import { jumpSites } from "#evidence/symbols/jump-table.ts";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { symbolizeAddress } from "#evidence/symbols/symbolize-address.ts";
import { findSection, readElf } from "#formats/elf/elf-file.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";

const ready = haveTools("gcc");
const LONGEST_MS = 2_000;
const RUNS = 60;

describe.skipIf(!ready)("damaged debug information", () => {
  let workshop: Workshop;
  const whole = new Map<string, Uint8Array>();
  const kinds = ["-gdwarf-4", "-gdwarf-5", "-gz=zlib", "-c"];
  beforeAll(() => {
    workshop = openWorkshop();
    for (const kind of kinds) whole.set(kind, new Uint8Array(readFileSync(build(workshop, kind))));
  });
  afterAll(() => workshop.remove());

  test.each(kinds)("%s: cut off anywhere", (kind) => {
    const bytes = whole.get(kind) ?? new Uint8Array(0);
    fc.assert(
      fc.property(fc.nat(bytes.length), (length) => survives(bytes.slice(0, length))),
      { numRuns: RUNS },
    );
  });

  test.each(kinds)(
    "%s: bytes changed in the headers, the sections and the section table",
    (kind) => {
      const bytes = whole.get(kind) ?? new Uint8Array(0);
      const change = fc.record({
        at: fc.nat(bytes.length - 1),
        to: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
      });
      fc.assert(
        fc.property(fc.array(change, { minLength: 1, maxLength: 40 }), (changes) => {
          const copy = bytes.slice();
          for (const { at, to } of changes) copy[at] = to;
          survives(copy);
        }),
        { numRuns: RUNS },
      );
    },
  );

  test.each(["-gdwarf-4", "-gdwarf-5"])("%s: changes inside one debug section", (kind) => {
    const bytes = whole.get(kind) ?? new Uint8Array(0);
    const elf = readElf(bytesSource(bytes));
    if (!elf.ok) throw new Error(elf.error.message);
    const sections = elf.value.sections.filter(
      ({ name, size }) => name.startsWith(".debug_") && size > 0,
    );
    const change = fc.record({
      section: fc.constantFrom(...sections),
      at: fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      to: fc.nat(255),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 20 }), (changes) => {
        const copy = bytes.slice();
        for (const { section, at, to } of changes)
          copy[section.offset + Math.floor(at * section.size)] = to;
        survives(copy);
      }),
      { numRuns: 2 * RUNS },
    );
  });

  test("an entry that is its own origin and sibling ends", () => {
    const copy = (whole.get("-gdwarf-5") ?? new Uint8Array(0)).slice();
    const elf = readElf(bytesSource(copy));
    const info = elf.ok ? findSection(elf.value, ".debug_info") : undefined;
    if (info === undefined) throw new Error("no .debug_info");
    // Every reference of the first unit becomes zero or its own neighborhood.
    for (let value = 0; value < 64; value += 1) {
      copy.fill(value, info.offset + 40, info.offset + Math.min(info.size, 400));
      survives(copy);
    }
  });

  test("a compressed section that claims a terabyte is refused", () => {
    const copy = (whole.get("-gz=zlib") ?? new Uint8Array(0)).slice();
    const elf = readElf(bytesSource(copy));
    const info = elf.ok ? findSection(elf.value, ".debug_info") : undefined;
    if (info === undefined) throw new Error("no .debug_info");
    new DataView(copy.buffer).setBigUint64(info.offset + 8, 1n << 40n, true);
    const image = openImage(bytesSource(copy), nodeDecompressor());
    if (!image.ok) throw new Error(image.error.message);
    const debug = image.value.debug();
    debug?.file.sections.open("info");
    expect(debug?.file.sections.problems.map(({ code }) => code)).toEqual(["elf/section-size"]);
  });
});

function build(workshop: Workshop, kind: string): string {
  if (kind !== "-c") return workshop.compile(`damage${kind}`, ["-gdwarf-5", kind]);
  workshop.run("gcc", ["-O2", "-g", "-c", "main.c", "-o", "damage.o"]);
  return `${workshop.directory}/damage.o`;
}

/** Asks everything there is to ask of an image. */
function survives(bytes: Uint8Array): void {
  const started = performance.now();
  const image = openImage(bytesSource(bytes), nodeDecompressor());
  if (image.ok) {
    const index = image.value.symbols();
    jumpSites(image.value);
    const places = [0, 0x10000, 0x401000, ...index.address.subarray(0, 12)];
    for (const place of places) {
      const address = toAddress(Number.isFinite(place) ? place : 0, image.value.highBase);
      for (const step of [0n, 1n, 9n, 40n]) symbolizeAddress(image.value, address + step, "exact");
    }
  }
  expect(performance.now() - started).toBeLessThan(LONGEST_MS);
}
