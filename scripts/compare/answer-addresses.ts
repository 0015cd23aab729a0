// Addresses on standard input, one per line, to one JSON line each: our side of the comparison with
// addr2line, eu-addr2line and llvm-symbolizer, run as a process of its own so that time and memory compare.

import { readFileSync } from "node:fs";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";
import { askOurs } from "../../test/debug-info/references.ts";

const image = openImage(openFileSource(process.argv[2] ?? ""), nodeDecompressor());
if (!image.ok) throw new Error(image.error.message);
const texts = readFileSync(0, "latin1")
  .split("\n")
  .filter((text) => text !== "");
const addresses = texts.map(BigInt);
// Answered in address order, so that each unit is read once, and printed in the order asked.
const order = [...addresses.keys()].sort((a, b) => compare(addresses[a] ?? 0n, addresses[b] ?? 0n));
const lines: string[] = new Array(addresses.length).fill("");
for (const at of order) lines[at] = JSON.stringify(askOurs(image.value, addresses[at] ?? 0n));
process.stdout.write(`${lines.join("\n")}\n`);

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
