// npm run diagnosis: the diagnosis held against the judged cases of corpus/diagnosis-cases.json. Counts
// right, honest unknown, wrong, and wrong proven (which fails). `--verbose` prints every case that is not right.
import { existsSync, readFileSync } from "node:fs";
import { analyze } from "../dist/index.js";
import { loadIcedDecoder } from "../dist/node.js";

const folder = new URL("../../shared/corpus/", import.meta.url).pathname;
if (!existsSync(`${folder}diagnosis.json`)) {
  console.log("diagnosis: skipped, ../shared/corpus is not beside this checkout");
  process.exit(0);
}
const files = new Map(
  JSON.parse(readFileSync(`${folder}diagnosis.json`, "utf8")).map((c) => [c.id, c.file]),
);
const cases = JSON.parse(
  readFileSync(new URL("../corpus/diagnosis-cases.json", import.meta.url), "utf8"),
);
const SAID = new Set(["proven", "likely"]);
const verbose = process.argv.includes("--verbose");

/** Compiler suffixes and the dot of old ppc symbols carry no meaning here. */
function plain(name) {
  return name?.replace(/\.(isra|constprop|part|cold).*$/, "").replace(/^\./, "");
}

const counts = { right: 0, unknown: 0, wrong: 0 };
let carried = 0;
let carriedRight = 0;
const provenWrong = [];
for (const one of cases) {
  const path = folder + files.get(one.id);
  const report = await analyze([{ name: path, chunks: [readFileSync(path)] }], {
    version: "diagnosis",
    loadDecoder: loadIcedDecoder,
  });
  const result = judge(one, report);
  counts[result.outcome] += 1;
  if (one.carries !== "no") {
    carried += 1;
    if (result.outcome === "right") carriedRight += 1;
  }
  for (const claim of forbiddenProven(one, report)) provenWrong.push(`${one.id}: ${claim}`);
  if (verbose && result.outcome !== "right")
    console.log(
      `${result.outcome.padEnd(8)} ${one.carries.padEnd(9)} ${one.id}: ${result.notes.join("; ")}`,
    );
}
console.log(
  `diagnosis: ${cases.length} cases: ${counts.right} right, ${counts.unknown} honest unknown, ${counts.wrong} wrong`,
);
console.log(
  `diagnosis: of ${carried} whose text carries something ${carriedRight} right (${((100 * carriedRight) / carried).toFixed(1)} %)`,
);
for (const claim of provenWrong) console.error(`diagnosis: wrong proven: ${claim}`);
process.exit(provenWrong.length > 0 ? 1 : 0);

function judge({ expect, carries }, report) {
  const notes = [];
  const outcomes = [];
  const note = (outcome, text) => {
    outcomes.push(outcome);
    if (outcome !== "right") notes.push(text);
  };
  if (expect.incidents !== undefined)
    note(
      report.incidents.length === expect.incidents ? "right" : "wrong",
      `${report.incidents.length} incidents`,
    );
  const mechanisms = [expect.mechanism, ...(expect.alsoRight ?? [])].filter(Boolean);
  if (mechanisms.length > 0) judgeMechanism(mechanisms, expect.mechanism, report, note);
  for (const wait of expect.waits ?? []) judgeWait(wait, report, note);
  if (expect.culprit) judgeCulprit(expect, report, note);
  if (outcomes.length === 0) return { outcome: "right", notes };
  if (outcomes.includes("wrong")) return { outcome: "wrong", notes };
  if (carries === "no") return { outcome: "right", notes };
  return { outcome: outcomes.every((o) => o === "right") ? "right" : "unknown", notes };
}

function judgeMechanism(accepted, wanted, report, note) {
  const said = report.incidents
    .map((i) => i.mechanism)
    .filter((m) => m && SAID.has(m.verdict))
    .map((m) => m.id);
  if (said.some((id) => accepted.includes(id))) note("right");
  else if (wanted !== undefined)
    note(
      said.length > 0 ? "wrong" : "unknown",
      `mechanism ${said.join(",") || "none"}, wanted ${accepted.join("|")}`,
    );
}

function judgeWait(wanted, report, note) {
  const waits = report.incidents.flatMap((i) => i.waits).filter((w) => SAID.has(w.verdict));
  const kind = (w) => wanted.for === "timer" || w.for === wanted.for;
  const waiter = (w) =>
    (wanted.waiterCpu === undefined || w.waiter.cpu === wanted.waiterCpu) &&
    (wanted.waiterTask === undefined || w.waiter.task?.pid === wanted.waiterTask);
  const target = (w) =>
    (wanted.waitsForCpu === undefined || w.waitsFor.cpu === wanted.waitsForCpu) &&
    (wanted.waitsForTask === undefined || w.waitsFor.task?.pid === wanted.waitsForTask);
  if (waits.some((w) => kind(w) && waiter(w) && target(w))) return note("right");
  // Where nothing tells what is waited for, saying so is the answer.
  const open = report.incidents
    .flatMap((i) => i.waits)
    .filter((w) => w.for === "unknown" && waiter(w));
  if (wanted.for === "unknown" && open.length > 0) return note("right");
  const contrary = waits.find(
    (w) =>
      kind(w) &&
      waiter(w) &&
      w.waitsFor !== "unknown" &&
      (wanted.waitsForCpu ?? wanted.waitsForTask) !== undefined,
  );
  note(
    contrary ? "wrong" : "unknown",
    `wait ${JSON.stringify(wanted)} ${contrary ? "contradicted" : "not said"}`,
  );
}

function judgeCulprit(expect, report, note) {
  const said = report.incidents.map((i) => i.culprit).filter((c) => c && SAID.has(c.verdict));
  if (said.length === 0)
    return note("unknown", `no culprit, wanted ${JSON.stringify(expect.culprit)}`);
  const names = [expect.culprit.function, ...(expect.functionsAlsoRight ?? [])].filter(Boolean);
  const fits = said.some(
    (c) =>
      (names.length === 0 || names.includes(plain(c.function))) &&
      (expect.culprit.cpu === undefined || c.cpu === expect.culprit.cpu) &&
      (expect.culprit.task === undefined || c.task?.pid === expect.culprit.task) &&
      (expect.culprit.why === undefined || c.why === expect.culprit.why),
  );
  note(
    fits ? "right" : "wrong",
    `culprit ${said.map((c) => `${c.cpu} ${c.function} ${c.why}`).join(" | ")}, wanted ${JSON.stringify(expect.culprit)}`,
  );
}

function* forbiddenProven({ expect }, report) {
  const forbidden = expect.mustNotBeProven ?? [];
  for (const incident of report.incidents) {
    const { culprit, mechanism } = incident;
    if (mechanism?.verdict === "proven" && forbidden.includes(mechanism.id))
      yield `mechanism ${mechanism.id}`;
    if (culprit?.verdict !== "proven") continue;
    const said = [
      `cpu:${culprit.cpu}`,
      `task:${culprit.task?.pid}`,
      `function:${plain(culprit.function)}`,
      `why:${culprit.why}`,
      "any-culprit",
    ];
    for (const claim of said) if (forbidden.includes(claim)) yield `culprit ${claim}`;
  }
}
