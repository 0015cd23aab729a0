// Time to read one event's machine code after warm-up, beside decoding it alone and beside an objdump
// process on the same bytes. Run: node bench/isa.bench.mjs
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importFromSource } from "../scripts/isa-bundle.mjs";

const ROUNDS = 300;

/** Milliseconds: medians over ROUNDS, and their ratios within this run. */
export async function benchIsa() {
  const isa = await importFromSource(`
    export { loadIcedDecoder } from "./src/host/decoder/iced-decoder.ts";
    export { analyzeCode } from "./src/isa/analyze-code.ts";
    export { CSD_VECTORS, INCIDENT } from "./test/isa/vectors.ts";
  `);
  const started = performance.now();
  const decoder = await isa.loadIcedDecoder();
  const load = performance.now() - started;
  const windows = [isa.INCIDENT, ...isa.CSD_VECTORS.map(({ input }) => input)];
  const analyze = median(windows, (input) => isa.analyzeCode(decoder, input));
  const decodeOnly = median(windows, (input) => {
    const run = decoder.decodeRun(input.bytes, 0);
    decoder.texts(
      input.bytes,
      run.map((one) => one.at),
    );
  });
  const objdump = objdumpOnce(isa.INCIDENT.bytes);
  return { load, analyze, decodeOnly, objdump };
}

function median(windows, work) {
  for (let i = 0; i < ROUNDS; i++) work(windows[i % windows.length]);
  const times = [];
  for (let i = 0; i < ROUNDS; i++) {
    const started = performance.now();
    work(windows[i % windows.length]);
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1];
}

/** What scripts/decodecode does per oops, without its assembler step; undefined without binutils. */
function objdumpOnce(bytes) {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-bench-"));
  try {
    const file = join(directory, "code.bin");
    writeFileSync(file, bytes);
    const args = ["-D", "-b", "binary", "-m", "i386:x86-64", file];
    const times = [];
    for (let i = 0; i < 9; i++) {
      const started = performance.now();
      if (spawnSync("objdump", args).status !== 0) return undefined;
      times.push(performance.now() - started);
    }
    return times.sort((a, b) => a - b)[4];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const { load, analyze, decodeOnly, objdump } = await benchIsa();
  console.log(`load decoder (wasm), once      ${load.toFixed(1)} ms`);
  console.log(`one event: boundaries + facts  ${analyze.toFixed(3)} ms`);
  console.log(
    `one event: decode + text only  ${decodeOnly.toFixed(3)} ms (facts cost ×${(analyze / decodeOnly).toFixed(1)})`,
  );
  if (objdump !== undefined)
    console.log(
      `one event: objdump process     ${objdump.toFixed(1)} ms (×${(objdump / analyze).toFixed(1)} of ours)`,
    );
}
