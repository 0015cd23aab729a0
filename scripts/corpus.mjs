// npm run corpus: the scorer's figures on the corpus of real logs, held against corpus/ratchet.json.
// A figure that fell fails; one that rose asks for the ratchet to be tightened. Any option of score.mjs
// may follow (--class lockup, --failures FILE, --only REGEX); with those the ratchet is not looked at.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = new URL("../../shared/corpus/", import.meta.url).pathname;
if (!existsSync(`${folder}score.mjs`)) {
  console.log("corpus: skipped, ../shared/corpus is not beside this checkout");
  process.exit(0);
}
const work = mkdtempSync(join(tmpdir(), "stallscope-corpus-"));
const figuresFile = join(work, "figures.json");
const options = process.argv.slice(2);
const batch = new URL("corpus-batch.mjs", import.meta.url).pathname;
const run = spawnSync(
  process.execPath,
  [
    `${folder}score.mjs`,
    ...["--index", `${folder}index.json`, "--events-path", "events", "--json", figuresFile],
    ...["--cmd", `'${process.execPath}' '${batch}' {list}`],
    ...options,
  ],
  { encoding: "utf8", maxBuffer: 1 << 28 },
);
const figures = existsSync(figuresFile) ? JSON.parse(readFileSync(figuresFile, "utf8")) : undefined;
rmSync(work, { recursive: true, force: true });
if (!figures) {
  console.error(`corpus: the scorer failed: ${run.stderr.trim().split("\n").at(-1)}`);
  process.exit(1);
}
console.log(run.stdout);
if (options.length > 0) process.exit(0);

const ratchet = JSON.parse(
  readFileSync(new URL("../corpus/ratchet.json", import.meta.url), "utf8"),
);
let failed = false;
for (const [name, least] of Object.entries(ratchet.least)) {
  const got = figures.figures.all[name]?.ok ?? 0;
  if (got < least) {
    console.error(`corpus: ${name} fell to ${got}, the ratchet is at ${least}`);
    failed = true;
  } else if (got > least) {
    console.log(`corpus: ${name} rose to ${got} from ${least}: raise it in corpus/ratchet.json`);
  }
}
if (figures.fpEvents > ratchet.mostFalseEvents) {
  console.error(
    `corpus: ${figures.fpEvents} events on clean logs, the ratchet allows ${ratchet.mostFalseEvents}`,
  );
  failed = true;
}
process.exit(failed ? 1 : 0);
