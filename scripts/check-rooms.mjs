// Fails when a room imports what it may not, when the check itself saw fewer files than are on disk
// (a silent parser failure), when `app` does not bundle for a browser, or when the graph in
// ARCHITECTURE.md is stale. `--write` renews the graph; `--root DIR` checks another tree (tests).
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";
import { build } from "esbuild";
import configuration from "../.dependency-cruiser.mjs";
import { ROOMS } from "./rooms.mjs";

const home = dirname(dirname(fileURLToPath(import.meta.url)));
const rootFlag = process.argv.indexOf("--root");
const root = rootFlag < 0 ? home : resolve(process.argv[rootFlag + 1]);
process.chdir(root);

const onDisk = sourceFiles("src");
const { output } = await cruise(
  ["src"],
  { ...configuration.options, ruleSet: { forbidden: configuration.forbidden }, validate: true },
  undefined,
  { tsConfig: extractTSConfig(join(root, "tsconfig.json")) },
);

const problems = [];
const seen = new Set(output.modules.map((module) => module.source));
const unseen = onDisk.filter((file) => !seen.has(file));
if (unseen.length > 0) {
  problems.push(
    `the room check saw ${onDisk.length - unseen.length} of ${onDisk.length} files; unseen: ${unseen.slice(0, 5).join(", ")}`,
  );
}
for (const file of onDisk) {
  const room = file.split("/")[1];
  if (!(room in ROOMS) && !["src/index.ts", "src/node.ts"].includes(file))
    problems.push(`${file} stands in no room of scripts/rooms.mjs`);
}
for (const violation of output.summary.violations) {
  if (violation.rule.severity === "error")
    problems.push(`${violation.rule.name}: ${violation.from} -> ${violation.to}`);
}
if (onDisk.includes("src/app/analyze.ts")) problems.push(...(await browserProblems()));
if (root === home) problems.push(...graphProblems());

for (const problem of problems) console.error(`rooms: ${problem}`);
if (problems.length > 0) process.exit(1);
console.log(
  `rooms: ${seen.size} modules seen, ${onDisk.length} files on disk, ${output.summary.totalDependenciesCruised} imports, no violations`,
);

function sourceFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(root, resolve(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

async function browserProblems() {
  try {
    await build({
      entryPoints: ["src/app/analyze.ts"],
      bundle: true,
      write: false,
      platform: "browser",
      format: "esm",
      conditions: ["stallscope-source"],
      logLevel: "silent",
    });
    return [];
  } catch (error) {
    return [
      `app does not bundle for the browser: ${error.message.split("\n").slice(0, 3).join(" ")}`,
    ];
  }
}

function graphProblems() {
  const path = "ARCHITECTURE.md";
  const page = readFileSync(path, "utf8");
  const start = page.indexOf("```mermaid");
  const end = page.indexOf("```", start + 3);
  if (start < 0 || end < 0) return [`${path} has no mermaid graph`];
  const renewed = `${page.slice(0, start)}${roomGraph()}${page.slice(end)}`;
  if (renewed === page) return [];
  if (process.argv.includes("--write")) {
    writeFileSync(path, renewed);
    return [];
  }
  return [`the graph in ${path} is stale: node scripts/check-rooms.mjs --write`];
}

/** The graph of rooms as they really import each other, not as they may. */
function roomGraph() {
  const edges = new Set();
  for (const module of output.modules) {
    if (/\.(test|fixture)\.ts$/.test(module.source)) continue;
    for (const dependency of module.dependencies) {
      const [from, to] = [module.source, dependency.resolved].map((path) => path.split("/"));
      if (to[0] !== "src" || from[0] !== "src") continue;
      const [a, b] = [from, to].map((path) => path[1].replace(/\.ts$/, ""));
      if (a !== b) edges.add(`  ${a} --> ${b}`);
    }
  }
  return `\`\`\`mermaid\ngraph LR\n${[...edges].sort().join("\n")}\n`;
}
