// Two functions of one name and one size: the calls around them tell which is meant.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findSymbol, type SymbolLookup } from "#evidence/symbols/find-symbol.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import { resolveByCalls } from "#evidence/symbols/resolve-calls.ts";
import { openDebugFile } from "#host/debug-files.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";

const twin = (name: string) => `
static __attribute__((noinline, noclone)) int twin(int x) { __asm__ volatile(""); return 3 * x; }
__attribute__((noinline)) int ${name}(int x) { return twin(x) + 1; }
`;

describe.skipIf(!haveTools("gcc"))("namesakes", () => {
  let workshop: Workshop;
  let image: KernelImage;
  beforeAll(() => {
    workshop = openWorkshop();
    const write = (name: string, text: string) =>
      writeFileSync(join(workshop.directory, name), text);
    write("a.c", twin("first"));
    write("b.c", twin("second"));
    write(
      "m.c",
      "int first(int); int second(int); int main(int c, char **v) { return first(c) + second(c); }",
    );
    workshop.run("gcc", [
      "-O2",
      "-m64",
      "-fno-pie",
      "-no-pie",
      "-g",
      "a.c",
      "b.c",
      "m.c",
      "-o",
      "twins",
    ]);
    image = openDebugFile(join(workshop.directory, "twins"));
  });
  afterAll(() => workshop.remove());

  test("name and size leave both, the caller's call leaves one", () => {
    const [first, second] = [afterCall("first"), afterCall("second")];
    const ambiguous = findSymbol(image, { symbol: "twin", offset: 2 });
    expect(ambiguous.kind).toBe("ambiguous");
    const a = resolveByCalls(image, [ambiguous, first])[0];
    const b = resolveByCalls(image, [ambiguous, second])[0];
    expect(a).toMatchObject({ kind: "found", namesakes: 2 });
    expect(b).toMatchObject({ kind: "found", namesakes: 2 });
    expect(a).not.toEqual(b);
  });

  test("a caller that did not call either decides nothing", () => {
    const ambiguous = findSymbol(image, { symbol: "twin", offset: 2 });
    const main = findSymbol(image, { symbol: "main", offset: 1 });
    expect(resolveByCalls(image, [ambiguous, main])[0]?.kind).toBe("ambiguous");
  });

  /** The function's return address behind its one call, a five-byte instruction. */
  function afterCall(symbol: string): SymbolLookup {
    const ambiguous = findSymbol(image, { symbol: "twin", offset: 2 });
    for (let offset = 5; offset < 32; offset += 1) {
      const caller = findSymbol(image, { symbol, offset });
      if (resolveByCalls(image, [ambiguous, caller])[0]?.kind === "found") return caller;
    }
    throw new Error(`${symbol} has no call`);
  }
});
