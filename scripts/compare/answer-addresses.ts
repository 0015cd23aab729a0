// Addresses on standard input, one per line, to one JSON line each: our side of the comparison with
// addr2line, eu-addr2line and llvm-symbolizer, run as a process of its own so that time and memory compare.

import { readFileSync } from "node:fs";
import { openImage } from "#evidence/symbols/kernel-image.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";
import { askOurs } from "../../test/debug-info/references.ts";

const image = openImage(openFileSource(process.argv[2] ?? ""), nodeDecompressor());
if (!image.ok) throw new Error(image.error.message);
const lines: string[] = [];
for (const text of readFileSync(0, "latin1").split("\n")) {
  if (text !== "") lines.push(JSON.stringify(askOurs(image.value, BigInt(text))));
}
process.stdout.write(`${lines.join("\n")}\n`);
