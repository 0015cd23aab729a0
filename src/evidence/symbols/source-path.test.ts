import { describe, expect, test } from "vitest";
import { treePath } from "./source-path.ts";

describe("paths in the kernel tree", () => {
  test.each([
    ["debian/build/build_amd64/kernel/smp.c", "debian/build/build_amd64", "kernel/smp.c"],
    ["/usr/src/linux/mm/x.c", "/usr/src/linux", "mm/x.c"],
    ["/build/linux-6.1/arch/x86/a.S", "/build/linux-6.1/debian/build/b", "arch/x86/a.S"],
    ["/build/linux-6.1/./include/../mm/x.c", "/build/linux-6.1", "mm/x.c"],
    ["/home/me/stall/stall.c", "/usr/src/linux-headers-6.1", "/home/me/stall/stall.c"],
    ["/usr/include/x.h", "/usr/src/linux", "/usr/include/x.h"],
    ["stall.c", "", "stall.c"],
  ])("%s built in %s is %s", (file, compDir, expected) => {
    expect(treePath(file, compDir)).toBe(expected);
  });
});
