import { describe, expect, test } from "vitest";
import { shellQuote } from "./shell-quote.ts";

describe("shellQuote", () => {
  test.each([
    ["kworker/4:1", "kworker/4:1"],
    ["", "''"],
    ["a b", "'a b'"],
    ["$(reboot)", "'$(reboot)'"],
    ["`reboot`", "'`reboot`'"],
    ["it's", "'it'\\''s'"],
    ["a\nreboot\n", "'a?reboot?'"],
    ["a\u202eb\u001b[2Jc", "'a?b?[2Jc'"],
    ["~root", "'~root'"],
  ])("%j becomes the word %s", (value, word) => {
    expect(shellQuote(value)).toBe(word);
  });
});
