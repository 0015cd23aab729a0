// Everything a commit must pass, in order of what fails fastest. One command here and in CI.
import { spawnSync } from "node:child_process";

const STEPS = [
  ["format and lint", "npx biome ci ."],
  ["types", "node scripts/types.mjs"],
  ["rooms", "node scripts/check-rooms.mjs"],
  ["schema", "node scripts/schema.mjs --check"],
  ["dead code", "npx knip"],
  ["build", "node scripts/build.mjs"],
  ["package", "npx publint --strict"],
  ["tests", "npx vitest run"],
];

for (const [name, command] of STEPS) {
  console.log(`\n== ${name}: ${command}`);
  const started = performance.now();
  const run = spawnSync(command, { shell: true, stdio: "inherit" });
  if (run.status !== 0) {
    console.error(`check: ${name} failed (${command})`);
    process.exit(1);
  }
  console.log(`== ${name} ok, ${((performance.now() - started) / 1000).toFixed(1)} s`);
}
