// Type checks: the whole tree with Node's types, then the portable rooms with neither Node nor DOM.
import { spawnSync } from "node:child_process";

for (const project of ["tsconfig.json", "tsconfig.core.json"]) {
  const run = spawnSync("node_modules/.bin/tsc", ["-p", project], { stdio: "inherit" });
  if (run.status !== 0) {
    console.error(`types: ${project} failed`);
    process.exit(1);
  }
}
console.log("types: the whole tree and the portable core compile");
