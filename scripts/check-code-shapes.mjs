// Holds every code shape against whole kernels: in which functions does the pattern alone match, and are
// they the ones it names? By hand: node scripts/check-code-shapes.mjs VMLINUX... (with symbols).
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { importFromSource } from "./isa-bundle.mjs";

const BEFORE = 42;
const WINDOW = 64;

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("usage: node scripts/check-code-shapes.mjs VMLINUX...");
  process.exit(2);
}
const isa = await importFromSource(`
  export { loadIcedDecoder } from "./src/host/decoder/iced-decoder.ts";
  export { analyzeCode } from "./src/isa/analyze-code.ts";
  export { CSD_WAITS } from "./src/isa/shapes/csd-wait.ts";
  export { SPIN_LOCKS } from "./src/isa/shapes/spin-locks.ts";
  export { TEXT_POKES } from "./src/isa/shapes/text-poke.ts";
  export { openWindow } from "./src/isa/window.ts";
  export { fitsLoopShape } from "./src/isa/facts/loop-shape.ts";
  export { matchTextPoke } from "./src/isa/facts/text-poke.ts";
`);
const decoder = await isa.loadIcedDecoder();
const LOOP_SHAPES = [...isa.CSD_WAITS, ...isa.SPIN_LOCKS];
for (const file of files) check(file);

function check(file) {
  const { text, base } = textSection(file);
  const functions = functionsOf(file, base, text.length);
  const matches = new Map();
  const read = new Map();
  let loops = 0;
  let calls = 0;
  for (const run of runsOf(text)) {
    for (const [i, instruction] of run.entries()) {
      if (instruction.mnemonic === "pause") {
        loops += 1;
        checkLoop(run, i, functions, matches);
        readAsReported(text, run[i].at + 2, functions, read);
      }
      if (instruction.flow === "call") {
        calls += 1;
        checkCall(run, i, functions, matches);
      }
    }
  }
  report(file, functions, matches, { loops, calls });
  for (const [claim, count] of [...read].sort())
    console.log(`  as a report would show it: ${claim} ×${count}`);
}

/** The whole way a report goes: 64 bytes around RIP behind the pause, function and offset, no registers. */
function readAsReported(text, trap, functions, read) {
  if (trap < BEFORE) return;
  const names = functionAt(functions, trap).split("|");
  const start = startAt(functions, trap);
  const reading = isa.analyzeCode(decoder, {
    bytes: text.subarray(trap - BEFORE, trap - BEFORE + WINDOW),
    trapIndex: BEFORE,
    symbol: names[0],
    offset: trap - start,
  });
  for (const fact of reading.facts) {
    if (fact.kind !== "polls-csd" && fact.kind !== "spins-on-lock") continue;
    const what =
      fact.kind === "polls-csd"
        ? `csd ${fact.form} in ${fact.awaitedRegister ?? "–"}`
        : `${fact.lock} ${fact.phase ?? ""}`;
    const claim = `${names[0]}: ${what}, ${fact.certain ? "certain" : "guess"}`;
    read.set(claim, (read.get(claim) ?? 0) + 1);
  }
}

/** Instructions that a window around `run[i]` would show, numbered from the window's first byte. */
function windowAround(run, i) {
  const trap = run[i].at;
  const shown = [];
  for (let k = i; k >= 0 && run[k].at >= trap - BEFORE; k--) shown.unshift(run[k]);
  for (let k = i + 1; k < run.length && run[k].at + run[k].length <= trap - BEFORE + WINDOW; k++)
    shown.push(run[k]);
  return shown;
}

function checkLoop(run, i, functions, matches) {
  const window = isa.openWindow(
    { bytes: new Uint8Array(0), trapIndex: run[i].at },
    windowAround(run, i),
  );
  for (const shape of LOOP_SHAPES) {
    if (shape.gives.kind === "csd" && !window.polls.some((poll) => poll.pause)) continue;
    if (window.polls.some((poll) => isa.fitsLoopShape(window, poll, shape)))
      note(matches, shape.id, functionAt(functions, run[i].at));
  }
}

function checkCall(run, i, functions, matches) {
  if (run[i + 1] === undefined) return;
  const match = isa.matchTextPoke(windowAround(run, i + 1), run[i + 1].at);
  if (match !== undefined) note(matches, match.shape.id, functionAt(functions, run[i].at));
}

function note(matches, id, name) {
  const counts = matches.get(id) ?? new Map();
  counts.set(name, (counts.get(name) ?? 0) + 1);
  matches.set(id, counts);
}

function report(file, functions, matches, { loops, calls }) {
  const present = new Set(functions.flatMap((one) => one.names));
  console.log(`\n${basename(file)}: ${loops} pause instructions, ${calls} calls looked at`);
  for (const shape of [...LOOP_SHAPES, ...isa.TEXT_POKES]) {
    const counts = [...(matches.get(shape.id) ?? [])];
    const named = ([names]) => names.split("|").some((one) => shape.functions.includes(bare(one)));
    const own = counts.filter(named);
    const other = counts.filter((one) => !named(one));
    const expected = shape.functions.filter((one) => present.has(one));
    console.log(
      `  ${shape.id.padEnd(26)} in named functions: ${list(own) || "–"} (present: ${expected.join(", ") || "none"})`,
    );
    console.log(
      `  ${"".padEnd(26)} pattern alone elsewhere: ${other.length} functions${other.length ? `: ${list(other.slice(0, 12))}` : ""}`,
    );
  }
}

function list(counts) {
  return counts.map(([name, count]) => `${name.split("|")[0]} ×${count}`).join(", ");
}

function bare(name) {
  return name.split(".", 1)[0];
}

function* runsOf(text) {
  // Runs overlap by nothing: a loop cut by the end of a run of 4 MiB is lost, three at most.
  const CHUNK = 1 << 22;
  let at = 0;
  while (at < text.length) {
    const run = decoder.decodeRun(text.subarray(at, at + CHUNK), 0);
    yield run.map((one) => shifted(one, at));
    const last = run.at(-1);
    at += last === undefined ? 1 : last.at + last.length;
  }
}

function shifted(instruction, by) {
  const operands = instruction.operands.map((operand) =>
    operand.kind === "branch" ? { ...operand, target: operand.target + by } : operand,
  );
  return { ...instruction, at: instruction.at + by, operands };
}

function functionsOf(file, base, size) {
  const byStart = new Map();
  const out = execFileSync("nm", ["-n", file], { maxBuffer: 1 << 28 }).toString("latin1");
  for (const line of out.split("\n")) {
    const match = /^([0-9a-f]{16}) [tT] (\S+)$/.exec(line);
    if (match === null) continue;
    const start = Number(BigInt(`0x${match[1]}`) - base);
    if (start < 0 || start >= size) continue;
    byStart.set(start, [...(byStart.get(start) ?? []), match[2]]);
  }
  return [...byStart].map(([start, names]) => ({ start, names })).sort((a, b) => a.start - b.start);
}

function functionAt(functions, at) {
  return functions[indexAt(functions, at)]?.names.join("|") ?? "?";
}

function startAt(functions, at) {
  return functions[indexAt(functions, at)]?.start ?? 0;
}

function indexAt(functions, at) {
  let low = 0;
  let high = functions.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (functions[middle].start <= at) low = middle;
    else high = middle;
  }
  return low;
}

function textSection(file) {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-text-"));
  try {
    const out = join(directory, "text");
    execFileSync("objcopy", ["-O", "binary", "-j", ".text", file, out]);
    const headers = execFileSync("objdump", ["-h", "-j", ".text", file]).toString("latin1");
    const base = BigInt(`0x${/\.text\s+[0-9a-f]+\s+([0-9a-f]+)/.exec(headers)?.[1]}`);
    return { text: readFileSync(out), base };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
