// Writes src/isa/instruction-frequency.ts from one kernel's text: how many bits of surprise each kind of
// instruction carries there, and which mnemonics of a list of suspects occur in none of the kernels.
// Usage: node scripts/count-instructions.mjs TRAIN-VMLINUX [OTHER-VMLINUX]...
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importFromSource } from "./isa-bundle.mjs";

const [train, ...others] = process.argv.slice(2);
if (train === undefined) {
  console.error("usage: node scripts/count-instructions.mjs TRAIN-VMLINUX [OTHER-VMLINUX]...");
  process.exit(2);
}

const { loadIcedDecoder, instructionKey, isImpossibleInKernels } = await importFromSource(`
  export { loadIcedDecoder } from "./src/host/decoder/iced-decoder.ts";
  export { instructionKey } from "./src/isa/instruction-cost.ts";
  export { isImpossibleInKernels } from "./src/isa/impossible-instruction.ts";
`);
const iced = (await import("iced-x86")).default;
const decoder = await loadIcedDecoder();
const known = Object.keys(iced.Mnemonic)
  .filter((name) => Number.isNaN(Number(name)))
  .map((name) => name.toLowerCase());

const counts = new Map();
const seen = new Map();
let impossible = 0;
for (const file of [train, ...others]) {
  const text = textSection(file);
  const jumps = countJumps(text.length);
  let longest = 0;
  for (const [at, instruction] of instructionsOf(text)) {
    jumps.add(at, instruction);
    if (instruction.mnemonic !== "nop") longest = Math.max(longest, instruction.length);
    if (isImpossibleInKernels(instruction)) impossible += 1;
    seen.set(instruction.mnemonic, (seen.get(instruction.mnemonic) ?? 0) + 1);
    // Padding fills megabytes of some kernels' text and would make int3 the most common instruction.
    if (file !== train || instruction.mnemonic === "int3") continue;
    const key = instructionKey(instruction);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  console.log(`${file}: ${jumps.summary()}; longest instruction but nop ${longest} bytes`);
}
const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
const kept = [...counts]
  .filter(([, count]) => count >= total / 1_000_000)
  .sort((a, b) => b[1] - a[1]);
const foreign = known.filter((name) => isSuspect(name) && !seen.has(name));
writeFileSync(
  new URL("../src/isa/instruction-frequency.ts", import.meta.url),
  render(kept, total, foreign),
);
console.log(
  `${total} instructions, ${kept.length} kinds kept, ${foreign.length} foreign mnemonics`,
);
console.log(`${impossible} instructions of these kernels are called impossible`);

/**
 * Legacy instructions that neither compilers nor today's assembly sources use in 64-bit kernels. Newer
 * instruction sets are not suspects: the next kernel may use them.
 */
function isSuspect(name) {
  return /^(f(add|sub|mul|div|com|ucom|iadd|isub|imul|idiv|icom|cmov|bld|bst|sin|cos|tan|ptan|patan|yl2x|2xm1|prem|scale|sqrt|rndint|abs|chs|tst|free|ist).*|xlatb|enter|loop(e|ne)?|jrcxz|jecxz|cmc|salc|into|aa[adms]|da[as]|bound|arpl|les|lds|lahf|sahf|smsw|lmsw|int1)$/.test(
    name,
  );
}

/** Do jumps within the text ever end inside an instruction? */
function countJumps(size) {
  const boundaries = new Uint8Array(size);
  const jumps = [];
  return {
    add(at, instruction) {
      boundaries[at] = 1;
      const [operand] = instruction.operands;
      if (instruction.flow !== "branch" && instruction.flow !== "jump") return;
      if (operand?.kind !== "branch") return;
      const target = at + operand.target - instruction.at;
      if (target >= 0 && target < size) jumps.push([at, target]);
    },
    summary() {
      const inside = jumps.filter(([, target]) => boundaries[target] === 0);
      const where = inside.map(([at]) => ` from +0x${at.toString(16)}`).join("");
      return `${jumps.length} jumps, ${inside.length} into an instruction${where}`;
    },
  };
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

function* instructionsOf(text) {
  const CHUNK = 1 << 16;
  let at = 0;
  while (at < text.length) {
    const run = decoder.decodeRun(text.subarray(at, at + CHUNK), 0);
    for (const instruction of run) yield [at + instruction.at, instruction];
    const last = run.at(-1);
    at += last === undefined ? 1 : last.at + last.length;
  }
}

function render(kept, total, foreign) {
  const bits = kept
    .map(([key, count]) => `  ${JSON.stringify(key)}: ${Math.log2(total / count).toFixed(1)},`)
    .join("\n");
  return `// Written by scripts/count-instructions.mjs; do not edit. Data from ${total} instructions of one kernel's
// .text (Debian 6.1.0-56-amd64); other kernels were only asked for the foreign mnemonics.

/** Bits of surprise by instructionKey(). */
export const INSTRUCTION_BITS: Readonly<Record<string, number>> = {
${bits}
};

/** What a kind of instruction costs that the table does not have. */
export const RARE_INSTRUCTION_BITS = 24;

/** Mnemonics that occur in none of the kernels counted. */
export const FOREIGN_MNEMONICS: ReadonlySet<string> = new Set(${JSON.stringify(foreign)});
`;
}
