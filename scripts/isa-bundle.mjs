// Bundles the isa room with its decoder binding for a script, so that scripts measure what ships.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** @param {string} contents TypeScript that exports what the script needs. */
export async function importFromSource(contents) {
  const root = new URL("..", import.meta.url).pathname;
  const directory = await mkdtemp(join(tmpdir(), "stallscope-isa-"));
  const outfile = join(directory, "bundle.mjs");
  try {
    await build({
      stdin: { contents, resolveDir: root, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      conditions: ["stallscope-source"],
      external: ["*/iced_x86.js"],
      alias: { "iced-x86": join(root, "node_modules/iced-x86/iced_x86.js") },
      outfile,
      logLevel: "error",
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
