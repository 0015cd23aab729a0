import { describe, expect, test } from "vitest";
import { findReferences } from "./printed-reference.ts";

const found = (line: string) => findReferences(new TextEncoder().encode(line));

describe("references in printed lines", () => {
  test.each([
    [" kthread+0xda/0x100", { symbol: "kthread", offset: 0xda, size: 0x100 }],
    ["RIP: 0010:delay_tsc+0x33/0xa0", { symbol: "delay_tsc", offset: 0x33, size: 0xa0 }],
    [" t_irqoff+0x45/0x70 [stall]", { symbol: "t_irqoff", module: "stall" }],
    [
      " f.isra.0+0x1/0x2 [nf_tables 0123456789abcdef]",
      { module: "nf_tables", buildId: "0123456789abcdef" },
    ],
    ["? __pfx_f+0x10/0x10", { symbol: "__pfx_f", offset: 16, size: 16 }],
  ])("%s", (line, expected) => {
    expect(found(line)).toMatchObject([expected]);
  });

  test.each(["a + b", "+0x1/0x2", "f+0x1", "f+0x/0x2", "f+12/34", "x+0x1/0xzz", "f+0x1/", "+"])(
    "%s is none",
    (line) => expect(found(line)).toEqual([]),
  );

  test("several in one line do not share bytes, and words in brackets need not be modules", () => {
    const line = "a+0x1/0x2->b+0x3/0x4 [not a module]";
    expect(found(line).map(({ symbol, start, end }) => [symbol, start, end])).toEqual([
      ["a", 0, 9],
      ["b", 11, 20],
    ]);
  });

  test("a megabyte of plus signs takes no time", () => {
    const started = performance.now();
    expect(found("x+".repeat(1 << 19))).toEqual([]);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});
