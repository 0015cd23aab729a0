// Compares the local variables of many places of a real kernel with gdb's.

import { readFileSync } from "node:fs";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { localsReader } from "#evidence/symbols/locals.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";
import {
  askGdb,
  askOurLocals,
  isVariable,
  variableDifferences,
} from "../../test/debug-info/variables.ts";

const [vmlinux = "", list = ""] = process.argv.slice(2);
const addresses = readFileSync(list, "latin1").trimEnd().split("\n").map(BigInt);
const image = openImage(openFileSource(vmlinux), nodeDecompressor());
if (!image.ok) throw new Error(image.error.message);
const reader = localsReader(image.value);
const different: string[] = [];
let [asked, variables] = [0, 0];
for (const [address, theirs] of askGdb(vmlinux, addresses)) {
  if (theirs === undefined) continue;
  asked += 1;
  variables += theirs.filter(isVariable).length;
  const found = variableDifferences(theirs, askOurLocals(reader, address));
  if (found.length > 0) different.push(`0x${address.toString(16)}\n  ${found.join("\n  ")}`);
}
console.log(
  `${addresses.length} places, gdb answers ${asked}, ${variables} variables in its count`,
);
console.log(`everything equal at ${asked - different.length} places`);
for (const one of different.slice(0, 40)) console.log(one);
