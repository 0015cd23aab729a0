// The lab's logs with the very kernel they come from: every frame gets its line, and the variables at the
// trap name the CPU that was waited for.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkImage, readBanner } from "#evidence/symbols/check-image.ts";
import { findSymbol } from "#evidence/symbols/find-symbol.ts";
import { siteAt, staticKeySites } from "#evidence/symbols/jump-table.ts";
import { type KernelImage, openImage } from "#evidence/symbols/kernel-image.ts";
import { localsAt } from "#evidence/symbols/locals.ts";
import { findReferences, type PrintedReference } from "#evidence/symbols/printed-reference.ts";
import { textSymbolizer } from "#evidence/symbols/symbolize-text.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";

const VMLINUX = "/usr/lib/debug/boot/vmlinux-6.1.0-56-amd64";
const LAB = "../shared/lab/";
const present = existsSync(VMLINUX) && existsSync(LAB);
if (!present) console.log(`skipped: needs ${LAB} and Debian's linux-image-6.1.0-56-amd64-dbg`);
const logs = present ? readdirSync(LAB).filter((name) => /^v6\.1-.*\.log$/.test(name)) : [];

describe.skipIf(!present)("logs of a 6.1 kernel and its vmlinux", () => {
  test.each(logs)(
    "%s: every frame of the kernel is given its place, nothing else changes",
    (name) => {
      const image = open();
      const text = new Uint8Array(readFileSync(`${LAB}${name}`));
      const filter = textSymbolizer((module) => (module === undefined ? image : undefined));
      const out = Buffer.concat([
        filter.push(text.subarray(0, 999)),
        filter.push(text.subarray(999)),
        filter.end(),
      ]);
      expect(filter.counts.sizeDiffers).toBe(0);
      expect(filter.counts.ambiguous).toBe(0);
      const plain = out.toString("latin1").replace(/ \([^()]*?:\d+[^()]*?\)/g, "");
      expect(plain).toBe(
        Buffer.from(text)
          .toString("latin1")
          .replace(/ \([^()]*?:\d+[^()]*?\)/g, ""),
      );
      expect(unplaced(out.toString("latin1"))).toEqual([]);
    },
  );

  test("the image is recognized as this kernel's, and a log of another kernel is not", () => {
    const image = open();
    const own = references(readFileSync(`${LAB}v6.1-netstamp.log`, "latin1"));
    const other = references(readFileSync(`${LAB}v5.10-netstamp.log`, "latin1"));
    expect(checkImage(image, own).verdict).toBe("same");
    expect(checkImage(image, other).verdict).toBe("different");
  });

  test("the image's banner is the line the log begins with", () => {
    const log = readFileSync(`${LAB}v6.1-netstamp.log`, "latin1");
    const line = /Linux version [^\r\n]*/.exec(log)?.[0];
    expect(readBanner(open())).toBe(line);
  });

  test("the netstamp key has its sites, and an address inside one is told to be one", () => {
    const image = open();
    const sites = staticKeySites(image, "netstamp_needed_key");
    expect(sites.length).toBe(11);
    const [first] = sites;
    const site = siteAt(image, (first?.address ?? 0n) + 1n);
    expect(site).toMatchObject({
      address: first?.address,
      length: 2,
      symbol: { name: "dev_queue_xmit_nit" },
    });
    expect(siteAt(image, (first?.address ?? 0n) + 2n)).toBeUndefined();
  });

  test("cpu in smp_call_function_many_cond is the CPU that does not answer", () => {
    const image = open();
    const traps = readFileSync(`${LAB}v6.1-netstamp.log`, "latin1").split("RIP: 0010:").slice(1);
    const waiting = traps.filter((trap) => trap.startsWith("smp_call_function_many_cond"));
    expect(waiting.length).toBeGreaterThan(0);
    for (const trap of waiting) {
      const [reference] = references(trap);
      const found = reference === undefined ? undefined : findSymbol(image, reference);
      if (found?.kind !== "found") throw new Error("symbol not found");
      const locals = localsAt(image, found.match.address, registersOf(trap));
      const cpu = locals.find((local) => local.name === "cpu" && !local.inlined);
      expect(cpu).toMatchObject({
        value: "3",
        where: "rax",
        state: "known",
        type: "int",
        bits: 3n,
      });
    }
  });
});

function open(): KernelImage {
  const image = openImage(openFileSource(VMLINUX), nodeDecompressor());
  if (!image.ok) throw new Error(image.error.message);
  return image.value;
}

/** References of the kernel itself. */
function references(text: string): PrintedReference[] {
  return text
    .split("\n")
    .flatMap((line) => findReferences(Buffer.from(line, "latin1")))
    .filter(({ module }) => module === undefined);
}

/** Frames of the kernel without a place; the two hypercall stubs of the log have no line to give. */
function unplaced(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) =>
      findReferences(Buffer.from(line, "latin1")).map((found) => ({ line, found })),
    )
    .filter(
      ({ line, found }) =>
        found.module === undefined && line.slice(found.end, found.end + 2) !== " (",
    )
    .map(({ found }) => `${found.symbol}+${found.offset}`);
}

function registersOf(trap: string): Record<string, bigint> {
  const registers: Record<string, bigint> = {};
  const body = trap.slice(0, trap.indexOf("FS:"));
  for (const [, name = "", value = ""] of body.matchAll(
    /\b(R[A-Z0-9]{2}): (?:0018:)?([0-9a-f]{16})/g,
  )) {
    registers[name.toLowerCase().replace(/^r0/, "r")] = BigInt(`0x${value}`);
  }
  return registers;
}
