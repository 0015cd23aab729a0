// Local variables from registers: gdb is the reference, on programs built here.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toAddress } from "#base/cursor.ts";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { type Local, localsAt, localsReader } from "#evidence/symbols/locals.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";
import { askGdb, askOurLocals, stubRegisters, variableDifferences } from "./variables.ts";

const ready = haveTools("gcc", "gdb", "python3");

describe.skipIf(!ready)("local variables of built programs", () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = openWorkshop();
  });
  afterAll(() => workshop.remove());

  test.each(["-gdwarf-4", "-gdwarf-5"])(
    "%s: names, types, places and values as gdb has them",
    (version) => {
      const path = workshop.compile(`locals${version}`, [version]);
      const image = open(path);
      const reader = localsReader(image);
      const index = image.symbols();
      const addresses = ["main", "work.constprop.0", "other"].flatMap((name) => {
        const [at = -1] = index.indexesOf(name);
        const start = index.address[at] ?? 0;
        return Array.from({ length: index.size[at] ?? 0 }, (_, offset) =>
          toAddress(start + offset, 0),
        );
      });
      let compared = 0;
      for (const [address, theirs] of askGdb(path, addresses)) {
        if (theirs === undefined) continue;
        compared += theirs.length;
        const found = variableDifferences(theirs, askOurLocals(reader, address));
        expect(found, address.toString(16)).toEqual([]);
      }
      expect(compared).toBeGreaterThan(1000);
    },
  );

  test("what is in memory is named with its address, what is gone is said to be", () => {
    const image = open(workshop.compile("states", ["-gdwarf-5"]));
    const [at = -1] = image.symbols().indexesOf("main");
    const address = toAddress((image.symbols().address[at] ?? 0) + 40, 0);
    const locals = localsAt(image, address, stubRegisters(address));
    expect(stateOf(locals, "argv")).toBe("optimised-out");
    const inMemory = locals.find(({ state }) => state === "needs-memory");
    expect(inMemory?.where).toMatch(/^memory at 0xffffc9000012[0-9a-f]{4}$/);
  });

  test("without registers nothing is known", () => {
    const image = open(workshop.compile("bare", ["-gdwarf-5"]));
    const [at = -1] = image.symbols().indexesOf("other");
    const locals = localsAt(image, toAddress(image.symbols().address[at] ?? 0, 0), {});
    expect(locals.filter(({ parameter }) => parameter).map(({ state }) => state)).toEqual([
      "needs-memory",
      "needs-memory",
    ]);
  });
});

function stateOf(locals: readonly Local[], name: string): string | undefined {
  return locals.find((local) => local.name === name)?.state;
}

function open(path: string) {
  const image = openImage(openFileSource(path), nodeDecompressor());
  if (!image.ok) throw new Error(image.error.message);
  return image.value;
}
