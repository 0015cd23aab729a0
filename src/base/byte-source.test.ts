import { describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";

describe("bytesSource", () => {
  test("hands out fewer bytes at the end and none beyond it", () => {
    const source = bytesSource(Uint8Array.of(1, 2, 3));
    expect([...source.read(2, 5)]).toEqual([3]);
    expect([...source.read(9, 5)]).toEqual([]);
    expect([...source.read(-4, 2)]).toEqual([1, 2]);
  });
});
