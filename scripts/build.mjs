// dist/: the command line and the library as bundles with splitting (a command loads only its own
// chunks), and the type declarations. Packages stay external: they are dependencies.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { build } from "esbuild";

const { version } = JSON.parse(readFileSync("package.json", "utf8"));
rmSync("dist", { recursive: true, force: true });
await build({
  entryPoints: {
    "cli/main": "src/cli/start.ts",
    index: "src/index.ts",
    node: "src/node.ts",
    "contract/report": "src/contract/report.ts",
  },
  outdir: "dist",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  // The decoder loads its wasm beside itself; the other packages are small, and one is CommonJS whose
  // names Node cannot import.
  external: ["iced-x86", "seek-bzip"],
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  conditions: ["stallscope-source"],
  define: { STALLSCOPE_VERSION: JSON.stringify(version) },
  logLevel: "warning",
});
const types = spawnSync("node_modules/.bin/tsc", ["-p", "tsconfig.types.json"], {
  stdio: "inherit",
});
if (types.status !== 0) process.exit(1);
