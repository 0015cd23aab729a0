// Alignment against objdump on whatever compiled code this machine has; the kernels' figures are in
// docs/alignment.md and measured by scripts/measure-alignment.mjs.

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { alignWindow } from "#isa/alignment.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";

const BEFORE = 42;
const WINDOW = 64;
const PROGRAM = ["/usr/bin/ls", "/bin/ls", "/bin/sh"].find((file) => existsSync(file));
const listing =
  PROGRAM === undefined
    ? undefined
    : spawnSync("objdump", ["-d", "-w", "-j", ".text", PROGRAM], { maxBuffer: 1 << 28 });
const usable = listing?.status === 0 && listing.stdout.includes("x86-64");
if (!usable) console.log("skipped: no objdump for x86-64 here (Debian package binutils)");

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

describe.skipIf(!usable)("alignment of windows cut from a program", () => {
  test("certain boundaries are always right, guesses nearly always", () => {
    const { bytes, boundaries } = parseListing(listing?.stdout.toString("latin1") ?? "");
    const truth = new Set(boundaries);
    let right = 0;
    let guessed = 0;
    let windows = 0;
    for (const trap of boundaries.filter((at, i) => i % 7 === 0 && at >= BEFORE)) {
      const from = trap - BEFORE;
      const decoded = decoder.decodeEverywhere(bytes.subarray(from, from + WINDOW));
      const found = alignWindow(decoded, BEFORE, { kernelCode: false });
      const wrong = found.boundaries.filter((at) => !truth.has(from + at));
      expect(wrong.filter((at) => at >= found.certainFrom)).toEqual([]);
      const guesses = found.boundaries.filter((at) => at < found.certainFrom);
      guessed += guesses.length;
      right += guesses.length - wrong.length;
      if (++windows === 1500) break;
    }
    expect(windows).toBeGreaterThan(500);
    expect(right / guessed).toBeGreaterThan(0.9);
  });
});

describe("alignment", () => {
  test("a function's own start in the window is a boundary", () => {
    // 2 bytes of another function, then push %rbp; mov %rsp,%rbp; the trap at ret.
    const bytes = Uint8Array.of(0x48, 0x8b, 0x55, 0x48, 0x89, 0xe5, 0xc3);
    const found = align(bytes, 6, { functionStart: 2 });
    expect(found.boundaries).toContain(2);
    expect(found.boundaries.slice(-3)).toEqual([2, 3, 6]);
  });

  test("a chain that a later jump would enter in the middle is no chain", () => {
    // test %eax,%eax; pause; <ret>; jmp to the test: byte 1 alone would be `add`-like rubbish.
    const bytes = Uint8Array.of(0x85, 0xc0, 0xf3, 0x90, 0xc3, 0xeb, 0xf9);
    const found = align(bytes, 4, {});
    expect(found.chains?.every((chain) => chain.includes(0) || chain[0] !== undefined)).toBe(true);
    expect(found.boundaries).toEqual([0, 2, 4]);
  });

  test("an int3 may be a site that is being patched: nothing behind its tail is taken for sure", () => {
    // int3 over a 5-byte nop's tail: cc 1f 44 00 00, then the trap.
    const bytes = Uint8Array.of(0x90, 0xcc, 0x1f, 0x44, 0x00, 0x00, 0xc3);
    expect(align(bytes, 6, {}).chains?.some((chain) => chain.join() === "0,1,6")).toBe(true);
  });

  test("bytes no chain gets through leave the trap alone", () => {
    const bytes = Uint8Array.of(0x06, 0x06, 0x06, 0x06, 0xc3);
    expect(align(bytes, 4, {})).toEqual({ boundaries: [4], certainFrom: 4 });
  });
});

function align(bytes: Uint8Array, trap: number, hints: { functionStart?: number }) {
  return alignWindow(decoder.decodeEverywhere(bytes), trap, { kernelCode: true, ...hints });
}

/** `  401000:\tf3 0f 1e fa          \tendbr64` */
function parseListing(text: string): { bytes: Uint8Array; boundaries: number[] } {
  const boundaries: number[] = [];
  const bytes: number[] = [];
  let first: number | undefined;
  for (const line of text.split("\n")) {
    const match = /^ *([0-9a-f]+):\t((?:[0-9a-f]{2} )+)/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const address = Number.parseInt(match[1], 16);
    first ??= address;
    boundaries.push(address - first);
    for (const byte of match[2].trim().split(" ")) bytes.push(Number.parseInt(byte, 16));
  }
  return { bytes: Uint8Array.from(bytes), boundaries };
}
