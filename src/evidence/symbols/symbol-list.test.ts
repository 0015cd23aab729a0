import { describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { readSymbolMap } from "#formats/kallsyms/symbol-map.ts";
import { findSymbol } from "./find-symbol.ts";
import { openSymbolList } from "./kernel-image.ts";

const source = (text: string) => bytesSource(new TextEncoder().encode(text));
const MAP = `ffffffff81000000 T _text
ffffffff81000100 t helper
ffffffff81000140 T other
ffffffff81000200 t helper
ffffffff81000230 T last
ffffffff82000000 D data
`;

describe("System.map and kallsyms", () => {
  test("lines that are none are passed over", () => {
    const { symbols, hidden } = readSymbolMap(
      source(`junk\n${MAP}\nffffffffc0000000 t f\t[veth]\n`),
    );
    expect(symbols.length).toBe(7);
    expect(symbols[6]).toMatchObject({ name: "f", module: "veth" });
    expect(hidden).toBe(false);
  });

  test("kallsyms without privilege has names and no places", () => {
    expect(readSymbolMap(source("0000000000000000 T _text\n")).hidden).toBe(true);
  });

  test("the printed size decides between namesakes", () => {
    const image = openSymbolList(source(MAP));
    const lookUp = (size: number) => findSymbol(image, { symbol: "helper", offset: 4, size });
    expect(lookUp(0x40)).toMatchObject({
      kind: "found",
      namesakes: 2,
      match: { address: 0xffffffff81000104n },
    });
    expect(lookUp(0x30)).toMatchObject({ kind: "found", match: { address: 0xffffffff81000204n } });
    expect(lookUp(0x50)).toMatchObject({ kind: "size-differs" });
    expect(findSymbol(image, { symbol: "helper", offset: 4 }).kind).toBe("ambiguous");
    expect(findSymbol(image, { symbol: "data" }).kind).toBe("unknown");
  });
});
