// The jump entries of a static key, read from a vmlinux: what the kernel will patch, known before it runs.
// Layout of an entry: `s32 code; s32 target; s64 key`, each relative to its own address
// (include/linux/jump_label.h); the key's low two bits are flags.

import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync } from "node:fs";

const START = "__start___jump_table";
const STOP = "__stop___jump_table";

/** @returns {{ address: bigint, target: bigint, length: 2 | 5, symbol: string }[]} in order of address */
export function readJumpEntries(vmlinux, key) {
  const symbols = readSymbols(vmlinux);
  const address = (name) => {
    const found = symbols.find((symbol) => symbol.name === name);
    if (!found) throw new Error(`${vmlinux} has no symbol ${name}`);
    return found.address;
  };
  const sections = readSections(vmlinux);
  const file = openSync(vmlinux, "r");
  const bytesAt = (at, length) => {
    const section = sections.find((each) => at >= each.address && at < each.address + each.size);
    if (!section) throw new Error(`nothing at 0x${at.toString(16)}`);
    const bytes = Buffer.alloc(length);
    readSync(file, bytes, 0, length, Number(section.offset + (at - section.address)));
    return bytes;
  };
  const begin = address(START);
  const table = bytesAt(begin, Number(address(STOP) - begin));
  const wanted = address(key);
  const entries = [];
  for (let at = 0; at < table.length; at += 16) {
    const here = begin + BigInt(at);
    const points = BigInt.asUintN(64, here + 8n + table.readBigInt64LE(at + 8));
    if ((points & ~3n) !== wanted) continue;
    const code = BigInt.asUintN(64, here + BigInt(table.readInt32LE(at)));
    const target = BigInt.asUintN(64, here + 4n + BigInt(table.readInt32LE(at + 4)));
    entries.push({
      address: code,
      target,
      length: lengthOf(bytesAt(code, 2)),
      symbol: nameOf(symbols, code),
    });
  }
  closeSync(file);
  return entries.sort((a, b) => (a.address < b.address ? -1 : 1));
}

/** arch/x86/kernel/jump_label.c: arch_jump_entry_size decodes the instruction at the site. */
function lengthOf(bytes) {
  return bytes[0] === 0xeb || (bytes[0] === 0x66 && bytes[1] === 0x90) ? 2 : 5;
}

function readSymbols(vmlinux) {
  return run("nm", ["-n", vmlinux])
    .split("\n")
    .map((line) => line.split(" "))
    .filter((words) => words.length === 3)
    .map(([address, , name]) => ({ address: BigInt(`0x${address}`), name }));
}

/** The last symbol at or before `address`. */
function nameOf(symbols, address) {
  let low = 0;
  let high = symbols.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (symbols[middle].address <= address) low = middle + 1;
    else high = middle;
  }
  return symbols[low - 1]?.name ?? "unknown";
}

function readSections(vmlinux) {
  return run("readelf", ["-SW", vmlinux])
    .split("\n")
    .filter((line) => line.includes("PROGBITS"))
    .map((line) =>
      line
        .slice(line.indexOf("]") + 1)
        .trim()
        .split(/\s+/),
    )
    .map(([, , address, offset, size]) => ({
      address: BigInt(`0x${address}`),
      offset: BigInt(`0x${offset}`),
      size: BigInt(`0x${size}`),
    }));
}

function run(tool, args) {
  return execFileSync(tool, args, { encoding: "utf8", maxBuffer: 1 << 28 });
}
