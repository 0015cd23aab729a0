import { describe, expect, test } from "vitest";
import { code, pieces, plain, prose, strong, verdictPiece } from "./rich.ts";

const codes = (rich: string): string[] =>
  pieces(rich).flatMap((piece) => (piece.kind === "code" ? [piece.text] : []));

describe("prose", () => {
  test.each([
    ["ends in a tail call to static_key_enable.", ["static_key_enable"]],
    ["at text_poke_bp_batch+0xed/0x290 in it", ["text_poke_bp_batch+0xed/0x290"]],
    ["calls __text_poke() twice", ["__text_poke()"]],
    ["run `dmesg -n 1` first", ["dmesg -n 1"]],
    ["执行 netstamp_clear 时", ["netstamp_clear"]],
    ["at schedule+0x10/0x20", ["schedule+0x10/0x20"]],
    ["a plain sentence, 0.106 ms", []],
    ["an unpaired ` tick", []],
  ])("finds the code in %j", (sentence, found) => {
    expect(codes(prose(sentence))).toEqual(found);
  });

  test("looks at a long word once", () => {
    const started = performance.now();
    prose("a".repeat(200_000) + "_.".repeat(100_000));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe("pieces", () => {
  test("a mark cannot come from a value", () => {
    expect(pieces(code("a\u0004b\u0001"))).toEqual([{ kind: "code", text: "a\\x04b\\x01" }]);
  });

  test("keep their kind and order", () => {
    const line = `${strong("Risk")}: ${verdictPiece("ruled out", "已排除")} ${code("x")}.`;
    expect(pieces(line).map((piece) => [piece.kind, piece.text])).toEqual([
      ["strong", "Risk"],
      ["plain", ": "],
      ["verdict", "已排除"],
      ["plain", " "],
      ["code", "x"],
      ["plain", "."],
    ]);
    expect(plain(line)).toBe("Risk: 已排除 x.");
  });
});
