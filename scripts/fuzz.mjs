// npm run fuzz -- --count N [--seed S] [--show]: the mutation suite's inputs without end, by hand.
// Figures of long runs are kept in docs/fuzz.md.
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { importFromSource } from "./isa-bundle.mjs";

const { values } = parseArgs({
  options: {
    count: { type: "string", default: "100000" },
    seed: { type: "string", default: "1000000" },
    show: { type: "boolean", default: false },
  },
});
const shared = new URL("../../shared/", import.meta.url).pathname;
const folders = [`${shared}lab`, `${shared}corpus`].filter((folder) => existsSync(folder));
if (folders.length === 0) {
  console.log("fuzz: skipped, neither ../shared/lab nor ../shared/corpus is beside this checkout");
  process.exit(0);
}
const { runMutations, readWindows } = await importFromSource(`
  export { runMutations } from "./test/mutation/run.ts";
  export { readWindows } from "./test/mutation/windows.ts";
`);
const pool = folders.flatMap((folder) => readWindows(folder, 2000));
const count = Number(values.count);
const started = performance.now();
const { findings, slowest, slowestSeed } = runMutations(pool, Number(values.seed), count);
const seconds = (performance.now() - started) / 1000;
for (const { seed, fault, input } of findings) {
  console.log(`seed ${seed}: ${fault}`);
  if (values.show) console.log(input.toString("latin1").replace(/^/gm, "    "));
}
console.log(
  `${count} inputs from ${pool.length} windows in ${seconds.toFixed(1)} s, ` +
    `${findings.length} findings, slowest ${slowest.toFixed(0)} ms (seed ${slowestSeed})`,
);
process.exit(findings.length > 0 ? 1 : 0);
