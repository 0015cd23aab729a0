#!/usr/bin/env node
// Starts the built command line; says what to do when it has not been built.
import { existsSync } from "node:fs";

const main = new URL("../dist/cli/main.js", import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write(
    "stallscope: not built yet: run `npm ci` (or `npm run build`) in the checkout\n",
  );
  process.exitCode = 4;
}
