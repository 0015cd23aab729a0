// Bundles the TypeScript parts of the comparisons into a folder of their own and runs what needs them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

/** Calls `use` with the folder and a function that bundles scripts/compare/NAME.ts; cleans up behind it. */
export async function withBundles(use) {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-compare-"));
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
  try {
    await use(directory, bundle);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
