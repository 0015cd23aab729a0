import { describe, expect, test } from "vitest";
import { isOnGrid } from "./duration.ts";

describe("the soft lockup detector's grid", () => {
  // KERNEL.md 3.2: checks every 4 s in units of 2^30 ns give these pairs.
  test.each([22, 23, 26, 27, 29, 30, 33, 34, 37, 38, 48, 52, 74, 78, 100, 104])(
    "%i s fits",
    (seconds) => {
      expect(isOnGrid(seconds)).toBe(true);
    },
  );

  test.each([20, 21, 24, 25, 28, 31, 32, 35, 36])("%i s does not", (seconds) => {
    expect(isOnGrid(seconds)).toBe(false);
  });
});
