// Reads a file of paths, analyzes each log with the built library, prints one JSON line a log: the batch
// form score.mjs takes ({list} in its command). Started by scripts/corpus.mjs.
import { readFileSync } from "node:fs";
import { analyze } from "../dist/index.js";

const paths = readFileSync(process.argv[2], "utf8").split("\n").filter(Boolean);
for (const path of paths) {
  const report = await analyze([{ name: path, chunks: [readFileSync(path)] }], {
    version: "corpus",
  });
  process.stdout.write(`${JSON.stringify({ path, events: report.events.map(slim) })}\n`);
}

/** What the scorer reads; whole events of a thousand logs would only cost memory. */
function slim({ kind, title, function: name, cpu, task, rip, complete }) {
  return { kind, title, function: name, cpu, task, rip, complete };
}
