// npm run mechanisms: what each mechanism knows, the logs it explains and refuses
// (corpus/mechanism-cases.json), and how often it is named on the lab's logs and the corpus' stall logs.
// Exits 1 when a case is not explained or a near miss is not refused. --list prints the counted logs.
import { existsSync, readFileSync } from "node:fs";
import { importFromSource } from "./isa-bundle.mjs";

const root = new URL("..", import.meta.url).pathname;
const { analyze, loadIcedDecoder, mechanisms } = await importFromSource(`
  export { analyze } from "#app/analyze.ts";
  export { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
  export { mechanisms } from "#mechanisms/mechanisms.ts";
`);
const cases = JSON.parse(readFileSync(`${root}corpus/mechanism-cases.json`, "utf8"));
const counted = await countNamed();
let failed = 0;
const rows = [];
for (const mechanism of mechanisms) rows.push(await toRow(mechanism));
printTable(rows);
if (process.argv.includes("--list")) printLogs();
if (failed > 0) console.error(`${failed} case(s) not as expected`);
process.exit(failed > 0 ? 1 : 0);

async function toRow({ id, signs, refusedBy, hypotheses, remedies, missing }) {
  const own = cases.find((c) => c.mechanism === id) ?? { explains: [], refuses: [] };
  const tiers = ["now", "collect", "fix"].map((t) => remedies.filter((r) => r.when === t).length);
  const named = counted.get(id) ?? { logs: [] };
  return {
    mechanism: id,
    "signs/refusals": `${signs.length}/${refusedBy.length}`,
    rivals: hypotheses.length,
    "now/collect/fix": tiers.join("/"),
    missing: missing.length,
    explains: await outcome(own.explains, id, true),
    refuses: await outcome(own.refuses, id, false),
    proven: named.proven ?? 0,
    likely: named.likely ?? 0,
    possible: named.possible ?? 0,
  };
}

/** `2 of 2`, and `(1 absent)` for logs that lie beside the checkout and do not here. */
async function outcome(logs, id, wanted) {
  const present = logs.filter((log) => existsSync(`${root}${log}`));
  let right = 0;
  for (const log of present) {
    const named = (await incidentsOf(`${root}${log}`)).some((i) => i.mechanism?.id === id);
    if (named === wanted) right += 1;
    else {
      failed += 1;
      console.error(`${id} ${wanted ? "does not explain" : "does not refuse"} ${log}`);
    }
  }
  const absent = logs.length - present.length;
  return `${right} of ${present.length}${absent > 0 ? ` (${absent} absent)` : ""}`;
}

async function countNamed() {
  const totals = new Map();
  for (const path of stallLogs()) {
    for (const { mechanism } of await incidentsOf(path)) {
      if (!mechanism) continue;
      const entry = totals.get(mechanism.id) ?? { logs: [] };
      entry[mechanism.verdict] = (entry[mechanism.verdict] ?? 0) + 1;
      entry.logs.push(`${path.slice(root.length)} ${mechanism.verdict}`);
      totals.set(mechanism.id, entry);
    }
  }
  return totals;
}

function stallLogs() {
  const shared = `${root}../shared/`;
  const lab = `${shared}lab/index.json`;
  const corpus = `${shared}corpus/index.json`;
  const labLogs = existsSync(lab) ? JSON.parse(readFileSync(lab, "utf8")).cases : [];
  const all = existsSync(corpus) ? JSON.parse(readFileSync(corpus, "utf8")) : [];
  const entries = Array.isArray(all) ? all : all.entries;
  if (labLogs.length === 0) console.log("mechanisms: ../shared is not beside this checkout");
  return [
    ...labLogs.map((entry) => `${shared}lab/${entry.file}`),
    ...entries.filter((e) => e.class === "lockup").map((e) => `${shared}corpus/${e.file}`),
  ];
}

async function incidentsOf(path) {
  const input = { name: path, chunks: [readFileSync(path)] };
  const report = await analyze([input], { version: "mechanisms", loadDecoder: loadIcedDecoder });
  return report.incidents;
}

function printTable(table) {
  const names = Object.keys(table[0]);
  const widths = names.map((name) =>
    Math.max(name.length, ...table.map((r) => `${r[name]}`.length)),
  );
  const line = (cells) =>
    cells
      .map((cell, i) => `${cell}`.padEnd(widths[i]))
      .join("  ")
      .trimEnd();
  console.log(line(names));
  for (const row of table) console.log(line(names.map((name) => row[name])));
}

function printLogs() {
  for (const [id, { logs }] of counted) {
    console.log(`\n${id}`);
    for (const log of logs) console.log(`  ${log}`);
  }
}
