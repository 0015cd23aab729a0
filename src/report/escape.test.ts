import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanLine, cleanLines } from "./escape.ts";

describe("cleanLine", () => {
  test.each([
    ["kworker/4:1", "kworker/4:1"],
    ["软锁死", "软锁死"],
    ["a\tb", "a b"],
    ["\u001b[2J", "\\x1b[2J"],
    ["\u009b31m", "\\x9b31m"],
    ["a\nb", "a\\x0ab"],
    ["\u202egnp.exe", "\\u202egnp.exe"],
    ["a\u200bb\ufeff", "a\\u200bb\\ufeff"],
    ["\u{e0041}", "\\u{e0041}"],
    ["\ud800", "\\ud800"],
  ])("shows %j as %s", (value, shown) => {
    expect(cleanLine(value)).toBe(shown);
  });

  test("leaves nothing that is not shown, whatever comes in", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        expect(cleanLine(value)).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }),
    );
  });
});

describe("cleanLines", () => {
  test("keeps line ends and nothing else", () => {
    expect(cleanLines("a\r\nb\u0007")).toEqual(["a", "b\\x07"]);
  });
});
