import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { displayWidth, pad, truncate, wrap } from "./width.ts";

describe("displayWidth", () => {
  test.each([
    ["abc", 3],
    ["软锁死", 6],
    ["（IPI）", 7],
    ["e\u0301", 1],
    ["", 0],
  ])("%j takes %d columns", (line, columns) => {
    expect(displayWidth(line)).toBe(columns);
  });
});

describe("wrap", () => {
  test("breaks at blanks and between Chinese characters", () => {
    expect(wrap("CPU 4 waits for CPU 2", 12)).toEqual(["CPU 4 waits", "for CPU 2"]);
    expect(wrap("处理器间中断应答", 8)).toEqual(["处理器间", "中断应答"]);
  });

  test("keeps closing punctuation with what it closes", () => {
    expect(wrap("中断已关闭，等待", 10)).toEqual(["中断已关", "闭，等待"]);
  });

  test("no line is wider than allowed and no visible character is lost", () => {
    const unit = fc.constantFrom("a", "b ", " ", "软", "锁", "，", "（", "）", "_x+0x1");
    fc.assert(
      fc.property(fc.string({ unit }), fc.integer({ min: 8, max: 40 }), (sentence, columns) => {
        const lines = wrap(sentence, columns);
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        expect(lines.join("").replaceAll(" ", "")).toBe(sentence.replaceAll(" ", ""));
      }),
    );
  });
});

describe("truncate and pad", () => {
  test("count columns, not characters", () => {
    expect(truncate("软锁死软锁死", 7)).toBe("软锁死…");
    expect(pad("软", 4)).toBe("软  ");
  });
});
