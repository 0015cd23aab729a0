import { describe, expect, test } from "vitest";
import { code, prose } from "../rich.ts";
import { blockFence, markdownCell, markdownLine } from "./escape.ts";

describe("markdownLine", () => {
  test.each([
    ["a*b*c", "a\\*b\\*c"],
    ["<b>", "\\<b\\>"],
    ["# no heading", "\\# no heading"],
    ["1. no item", "1\\. no item"],
    ["- no item", "\\- no item"],
    ["[x](y)", "\\[x\\](y)"],
    ["https://x.example", "https\\://x.example"],
    ["root@x.example", "root\\@x.example"],
    ["www.x.example", "www\\.x.example"],
    ["&lt; A & B", "\\&lt; A & B"],
    ["snake_case stays code", "`snake_case` stays code"],
  ])("%j becomes %j", (sentence, markdown) => {
    expect(markdownLine(prose(sentence))).toBe(markdown);
  });

  test("an address behind an underscore or a Chinese character is not linked either", () => {
    expect(markdownLine("_www.")).toBe("\\_www\\.");
    expect(markdownLine("软www.")).toBe("软www\\.");
  });

  test("a value with backticks gets longer delimiters", () => {
    expect(markdownLine(code("a`b"))).toBe("``a`b``");
    expect(markdownLine(code("`a``"))).toBe("``` `a`` ```");
  });
});

describe("markdownCell", () => {
  test("a pipe stays inside its cell, in text and in code", () => {
    expect(markdownCell(prose("a|b"))).toBe("a\\|b");
    expect(markdownCell(code("a|b"))).toBe("`a\\|b`");
    expect(markdownCell(code("a\\|b"))).toBe("a\\\\\\|b");
  });
});

describe("blockFence", () => {
  test("is longer than any run of backticks in the block", () => {
    expect(blockFence(["a", "````"])).toBe("`````");
  });
});
