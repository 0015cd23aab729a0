// npm run compare:symbols -- VMLINUX [COUNT]: our symbolizer against eu-addr2line and llvm-symbolizer on
// a real kernel with debug information. Run by hand: it takes a minute and needs a 600 MB file.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

const [vmlinux, count = "20000"] = process.argv.slice(2);
if (vmlinux === undefined) {
  console.error("usage: npm run compare:symbols -- VMLINUX [COUNT]");
  process.exit(2);
}
const directory = mkdtempSync(join(tmpdir(), "stallscope-compare-"));
try {
  const bundle = async (name) => {
    const outfile = join(directory, `${name}.mjs`);
    await build({
      entryPoints: [`scripts/compare/${name}.ts`],
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      conditions: ["stallscope-source"],
      outfile,
    });
    return outfile;
  };
  const entry = await bundle("answer-addresses");
  const compare = await bundle("compare-symbols");
  const run = spawnSync(process.execPath, [compare, entry, vmlinux, count], { stdio: "inherit" });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
