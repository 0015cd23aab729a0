// Addresses of a kernel that lie in functions with debug information: for the comparison of variables.

import { writeFileSync } from "node:fs";
import { toAddress } from "#base/cursor.ts";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { symbolizeAddress } from "#evidence/symbols/symbolize-address.ts";
import { findSection } from "#formats/elf/elf-file.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";

const [vmlinux = "", output = "", count = "2000"] = process.argv.slice(2);
const image = openImage(openFileSource(vmlinux), nodeDecompressor());
if (!image.ok) throw new Error(image.error.message);
const text = image.value.elf === undefined ? undefined : findSection(image.value.elf, ".text");
if (text === undefined) throw new Error("no .text");
const chosen: string[] = [];
// A fixed seed: a run can be repeated exactly.
for (let state = 1; chosen.length < Number(count); ) {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  const at = text.address + Math.floor((state / 2 ** 32) * text.size);
  const address = toAddress(at, image.value.highBase);
  const { levels } = symbolizeAddress(image.value, address, "exact");
  if (levels[levels.length - 1]?.function !== undefined) chosen.push(`0x${address.toString(16)}`);
}
writeFileSync(output, `${chosen.join("\n")}\n`);
