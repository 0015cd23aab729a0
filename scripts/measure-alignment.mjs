// Measures how well window alignment finds instruction boundaries in front of RIP, on windows cut from
// kernels' .text with objdump's listing as truth. By hand: node scripts/measure-alignment.mjs VMLINUX...
// Options: --windows N per kernel (default 1000), --seed N, --with-symbol-start.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { importFromSource } from "./isa-bundle.mjs";

/** The kernel dumps 64 bytes, two thirds of them before RIP (arch/x86/kernel/dumpstack.c). */
const WINDOW = 64;
const BEFORE = 42;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    windows: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    "with-symbol-start": { type: "boolean", default: false },
  },
});
if (positionals.length === 0) {
  console.error("usage: node scripts/measure-alignment.mjs [--windows N] [--seed N] VMLINUX...");
  process.exit(2);
}

const { loadIcedDecoder, alignWindow } = await importFromSource(`
  export { loadIcedDecoder } from "./src/host/decoder/iced-decoder.ts";
  export { alignWindow } from "./src/isa/alignment.ts";
`);
const decoder = await loadIcedDecoder();
for (const file of positionals) {
  const windows = await cutWindows(file, Number(values.windows), Number(values.seed));
  report(basename(file), windows.map(measure));
}

async function cutWindows(file, count, seed) {
  const text = textSection(file);
  const { boundaries, starts } = await listing(file);
  const first = boundaries[0];
  const random = mulberry32(seed);
  const windows = [];
  while (windows.length < count) {
    const pick = Math.floor(random() * boundaries.length);
    const from = boundaries[pick] - first - BEFORE;
    if (from < 0 || from + WINDOW > text.length) continue;
    if (text[from + BEFORE] === 0xcc) continue;
    windows.push({
      bytes: text.subarray(from, from + WINDOW),
      truth: new Set(near(boundaries, pick).map((at) => at - first - from)),
      functionStart: lastStart(starts, boundaries[pick]) - first - from,
    });
  }
  return windows;
}

function near(boundaries, pick) {
  return boundaries.slice(Math.max(0, pick - BEFORE), pick + 1);
}

/** Binary search: the last function start at or below an address. */
function lastStart(starts, address) {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (starts[middle] <= address) low = middle;
    else high = middle;
  }
  return starts[low];
}

function measure({ bytes, truth, functionStart }) {
  const decoded = decoder.decodeEverywhere(bytes);
  const hints = { kernelCode: true, ...(values["with-symbol-start"] ? { functionStart } : {}) };
  const found = alignWindow(decoded, BEFORE, hints);
  const true_ = [...truth].filter((at) => at >= 0 && at <= BEFORE);
  return {
    certainLength: BEFORE - found.certainFrom,
    certain: score(
      found.boundaries.filter((at) => at >= found.certainFrom),
      true_,
      found.certainFrom,
      BEFORE,
    ),
    guessed: score(
      found.boundaries.filter((at) => at < found.certainFrom),
      true_,
      0,
      found.certainFrom - 1,
    ),
    objdump: score(chainFrom(decoded, 0), true_, 0, BEFORE),
    firstClean: score(firstCleanCut(decoded), true_, 0, BEFORE),
    whole: score(found.boundaries, true_, 0, BEFORE),
    wrongAt: [...found.boundaries].find((at) => at >= found.certainFrom && !truth.has(at)),
    bytes,
  };
}

function score(found, truth, from, to) {
  const relevant = truth.filter((at) => at >= from && at <= to);
  const ours = found.filter((at) => at >= from && at <= to);
  const right = ours.filter((at) => relevant.includes(at)).length;
  return {
    right,
    ours: ours.length,
    truth: relevant.length,
    exact: right === ours.length && right === relevant.length,
  };
}

/** What `objdump -D` of the bytes shows: begin at byte 0, one bad byte where nothing decodes. */
function chainFrom(decoded, start) {
  const chain = [];
  for (let at = start; at <= BEFORE; ) {
    chain.push(at);
    const instruction = decoded[at];
    at += typeof instruction === "object" ? instruction.length : 1;
  }
  return chain;
}

/** What scripts/decodecode-like tools settle for: the first start whose chain ends at RIP. */
function firstCleanCut(decoded) {
  for (let start = 0; start <= BEFORE; start++) {
    const chain = [];
    let at = start;
    while (at < BEFORE && typeof decoded[at] === "object") {
      chain.push(at);
      at += decoded[at].length;
    }
    if (at === BEFORE) return [...chain, BEFORE];
  }
  return [BEFORE];
}

function report(name, results) {
  const lengths = results.map((result) => result.certainLength).sort((a, b) => a - b);
  const at = (share) => lengths[Math.floor((lengths.length - 1) * share)];
  console.log(`${name}: ${results.length} windows`);
  console.log(
    `  certain length before RIP: median ${at(0.5)}, 10% ${at(0.1)}, 90% ${at(0.9)} bytes`,
  );
  for (const kind of ["certain", "guessed", "whole", "objdump", "firstClean"]) {
    const sum = (field) => results.reduce((total, result) => total + result[kind][field], 0);
    const exact = results.filter((result) => result[kind].exact).length;
    console.log(
      `  ${kind.padEnd(10)} precision ${percent(sum("right"), sum("ours"))} recall ${percent(sum("right"), sum("truth"))}` +
        ` (${sum("right")} right of ${sum("ours")} named, ${sum("truth")} true); windows wholly right ${percent(exact, results.length)}`,
    );
  }
  for (const result of results.filter((one) => one.wrongAt !== undefined).slice(0, 5))
    console.log(
      `  WRONG certain boundary at ${result.wrongAt}: ${Buffer.from(result.bytes).toString("hex")}`,
    );
}

function percent(part, whole) {
  return whole === 0 ? "–" : `${((100 * part) / whole).toFixed(2)}%`;
}

function textSection(file) {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-text-"));
  try {
    const out = join(directory, "text");
    execFileSync("objcopy", ["-O", "binary", "-j", ".text", file, out]);
    return readFileSync(out);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Offsets of all instructions, as numbers relative to the section (addresses exceed 2^53). */
async function listing(file) {
  const child = spawn("objdump", ["-d", "-j", ".text", "--no-show-raw-insn", file]);
  const boundaries = [];
  const starts = [];
  let base;
  const offset = (hex) => Number(BigInt(`0x${hex}`) - base);
  for await (const line of createInterface({ input: child.stdout })) {
    const head = /^([0-9a-f]+) <[^>]*>:$/.exec(line);
    const body = head === null ? /^ *([0-9a-f]+):\t/.exec(line) : null;
    const hex = head?.[1] ?? body?.[1];
    if (hex === undefined) continue;
    base ??= BigInt(`0x${hex}`);
    if (head !== null) starts.push(offset(hex));
    else boundaries.push(offset(hex));
  }
  return { boundaries, starts };
}

function mulberry32(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
