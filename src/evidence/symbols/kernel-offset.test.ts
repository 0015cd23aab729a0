import { describe, expect, test } from "vitest";
import { offsetImpliedBy, parseKernelOffset, unslide } from "./kernel-offset.ts";

describe("kernel offset", () => {
  test("the panic line gives it", () => {
    const line =
      "[ 9.1] Kernel Offset: 0x2c000000 from 0xffffffff81000000 (relocation range: 0xffffffff80000000-0xffffffffbfffffff)";
    expect(parseKernelOffset(line)).toBe(0x2c000000n);
    expect(parseKernelOffset("Kernel Offset: disabled")).toBe(0n);
    expect(parseKernelOffset("Kernel Offset: whatever")).toBeUndefined();
    expect(parseKernelOffset("nothing")).toBeUndefined();
  });

  test("a printed address is moved back, and a known place gives the offset away", () => {
    expect(unslide(0xffffffffa18c388dn, 0x20000000n)).toBe(0xffffffff818c388dn);
    expect(offsetImpliedBy(0xffffffffa18c388dn, 0xffffffff818c388dn)).toBe(0x20000000n);
    expect(offsetImpliedBy(0xffffffffa18c388en, 0xffffffff818c388dn)).toBeUndefined();
  });
});
