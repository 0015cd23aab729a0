import { describe, expect, test } from "vitest";
import { explainValue, isSameForm, isSameValue, type Value, withoutExtension } from "./value.ts";

const rax: Value = { kind: "initial", register: "rax", from: 0 };

describe("values", () => {
  test("two reads of one place are the same form, and the same number only if they are one read", () => {
    const early = load(4);
    const late = load(9);
    expect(isSameForm(early, late)).toBe(true);
    expect(isSameValue(early, late)).toBe(false);
    expect(isSameValue(early, load(4))).toBe(true);
  });

  test("a read at an unknown time is not even itself", () => {
    const some = load(undefined);
    expect(isSameValue(some, some)).toBe(false);
    expect(
      isSameValue({ kind: "and", of: some, mask: 1n }, { kind: "and", of: some, mask: 1n }),
    ).toBe(false);
  });

  test("a register before and after a jump from outside are two values", () => {
    expect(isSameValue(rax, { kind: "initial", register: "rax", from: 12 })).toBe(false);
  });

  test("extensions of 32 bits fall away, narrower ones do not", () => {
    const copy: Value = { kind: "low", of: rax, bytes: 4, signed: false };
    expect(withoutExtension({ kind: "low", of: copy, bytes: 4, signed: true })).toBe(rax);
    const byte: Value = { kind: "low", of: rax, bytes: 1, signed: false };
    expect(withoutExtension(byte)).toBe(byte);
  });

  test("are told as a person would write them", () => {
    const offset = load(4, { index: rax, scale: 8, displacement: -0x74c7a6c0n });
    expect(explainValue({ kind: "sum", left: load(1), right: offset })).toBe(
      "mem64[rax] + mem64[rax*8-0x74c7a6c0]",
    );
    expect(explainValue({ kind: "and", of: load(2), mask: 1n })).toBe("(mem64[rax] & 0x1)");
  });
});

function load(
  at: number | undefined,
  address: Extract<Value, { kind: "load" }>["address"] = { base: rax, scale: 1, displacement: 0n },
): Value {
  return { kind: "load", at, address, width: 8 };
}
