// npm run bench: every bench/*.bench.mjs, one after the other. Prints figures and never judges them: wall
// times on a shared machine are no test.
//
//   npm run bench [-- --large] [-- NAME...]     --large: the runs on 2 GB as well (minutes)
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";

const root = new URL("..", import.meta.url).pathname;
const args = process.argv.slice(2);
const flags = args.filter((arg) => arg.startsWith("--"));
const names = args.filter((arg) => !arg.startsWith("--"));

if (!existsSync(`${root}dist/cli/main.js`)) {
  console.error("bench: dist/ is missing: npm run build");
  process.exit(2);
}
const model = cpus()[0]?.model ?? "unknown CPU";
console.log(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} x ${model}, Node ${process.version}`,
);
const files = readdirSync(`${root}bench`).filter((name) => name.endsWith(".bench.mjs"));
let failed = 0;
for (const file of files.sort()) {
  if (names.length > 0 && !names.some((name) => file.startsWith(name))) continue;
  console.log(`\n== ${file}`);
  const run = spawnSync(process.execPath, [`${root}bench/${file}`, ...flags], { stdio: "inherit" });
  if (run.status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
