// npm run cases: the diagnosis held against corpus/diagnosis-cases.json, which was written before it.
// A case is right (all that it expects is said at likely or proven), partly right, unknown, or wrong (another
// answer at likely or proven). Nothing may be proven that the case forbids. --all prints every case.
import { existsSync, readFileSync } from "node:fs";
import { importFromSource } from "./isa-bundle.mjs";

const root = new URL("..", import.meta.url).pathname;
const shared = `${root}../shared/corpus/`;
if (!existsSync(shared)) {
  console.log("cases: skipped, ../shared/corpus is not beside this checkout");
  process.exit(0);
}
const { analyze, loadIcedDecoder } = await importFromSource(`
  export { analyze } from "#app/analyze.ts";
  export { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
`);
const cases = JSON.parse(readFileSync(`${root}corpus/diagnosis-cases.json`, "utf8"));
/** Grades by what the text carries, stalls and faults apart: naming a fault's function is the easier part. */
const tally = { stall: {}, fault: {}, no: {} };
let wrongProven = 0;
for (const entry of cases) {
  const path = `${shared}${entry.id}.log`;
  const report = await analyze([{ name: path, chunks: [readFileSync(path)] }], {
    version: "cases",
    loadDecoder: loadIcedDecoder,
  });
  const proven = forbiddenProofs(entry, report);
  wrongProven += proven.length;
  const { grade, notes } = entry.carries === "no" ? gradeUnknown(report) : gradeCase(entry, report);
  const group = tally[entry.carries === "no" ? "no" : isFault(entry) ? "fault" : "stall"];
  group[grade] = (group[grade] ?? 0) + 1;
  if (grade !== "right" || proven.length > 0 || process.argv.includes("--all")) {
    console.log(
      [grade.padEnd(8), entry.carries.padEnd(9), entry.id, ...notes, ...proven].join(" | "),
    );
  }
}
for (const name of ["stall", "fault"]) {
  const total = Object.values(tally[name]).reduce((a, b) => a + b, 0);
  console.log(`carried by the text, ${name}s: ${words(tally[name])} of ${total}`);
}
console.log(`not carried: ${words(tally.no)}`);
console.log(`wrongly proven: ${wrongProven}`);
process.exit(wrongProven > 0 ? 1 : 0);

function gradeCase({ expect }, report) {
  const checks = [
    ...checkMechanism(expect, report),
    ...checkCulprit(expect, report),
    ...(expect.waits ?? []).map((wait) => checkWait(wait, report)),
    ...(expect.incidents === undefined
      ? []
      : [{ ok: report.incidents.length === expect.incidents, what: "incidents" }]),
  ];
  const failed = checks.filter((check) => !check.ok);
  const notes = failed.map((check) => check.what);
  if (checks.length === 0) return { grade: "unknown", notes: ["nothing to check it by"] };
  if (failed.length === 0) return { grade: "right", notes };
  if (failed.some((check) => check.contradicts)) return { grade: "wrong", notes };
  return { grade: failed.length < checks.length ? "partly" : "unknown", notes };
}

/** Nothing to decide: right is to claim nothing beyond what is always so. */
function gradeUnknown(report) {
  const claims = report.incidents.flatMap(({ mechanism, culprit }) => [
    ...(mechanism && strong(mechanism) ? [`${mechanism.id} ${mechanism.verdict}`] : []),
    ...(culprit && strong(culprit) ? [`cpu ${culprit.cpu} ${culprit.why} ${culprit.verdict}`] : []),
  ]);
  return { grade: claims.length === 0 ? "right" : "claims", notes: claims };
}

function checkMechanism({ mechanism, alsoRight = [] }, report) {
  const accepted = [mechanism, ...alsoRight].filter(Boolean);
  if (accepted.length === 0) return [];
  const named = report.incidents.flatMap((i) => i.mechanism ?? []);
  const ok = named.some((m) => accepted.includes(m.id));
  const other = named.find((m) => strong(m) && !accepted.includes(m.id));
  const what = `mechanism ${named.map((m) => m.id).join(",") || "none"}, not ${accepted.join("/")}`;
  return [{ ok, what, contradicts: !ok && other !== undefined }];
}

function checkCulprit({ culprit, functionsAlsoRight = [] }, report) {
  if (!culprit) return [];
  const named = report.incidents.flatMap((i) => i.culprit ?? []);
  const functions = [culprit.function, ...functionsAlsoRight].filter(Boolean);
  const places = report.events.map((event) => plain(event.function));
  const checks = [];
  if (culprit.cpu !== undefined) {
    const ok = named.some((c) => c.cpu === culprit.cpu);
    const other = named.find((c) => c.cpu !== undefined && strong(c));
    checks.push({
      ok,
      what: `culprit cpu ${other?.cpu ?? "none"}, not ${culprit.cpu}`,
      contradicts: !ok && other,
    });
  }
  if (culprit.task !== undefined) {
    const ok = named.some((c) => c.task?.pid === culprit.task);
    checks.push({ ok, what: `culprit task not ${culprit.task}` });
  }
  if (functions.length > 0) {
    const said = [...named.map((c) => plain(c.function)), ...places];
    checks.push({
      ok: said.some((name) => functions.includes(name)),
      what: `function ${places.join(",")}, not ${functions.join("/")}`,
    });
  }
  return checks;
}

function checkWait(wanted, report) {
  const ok = report.incidents
    .flatMap((i) => i.waits)
    .some(
      ({ waiter, waitsFor, for: kind }) =>
        (kind === wanted.for || wanted.for === "unknown") &&
        (wanted.waiterCpu === undefined || waiter.cpu === wanted.waiterCpu) &&
        (wanted.waiterTask === undefined || waiter.task?.pid === wanted.waiterTask) &&
        (wanted.waitsForCpu === undefined || waitsFor.cpu === wanted.waitsForCpu) &&
        (wanted.waitsForTask === undefined || waitsFor.task?.pid === wanted.waitsForTask),
    );
  return { ok, what: `no wait ${JSON.stringify(wanted)}` };
}

function forbiddenProofs({ expect }, report) {
  const proven = report.incidents.flatMap(({ mechanism, culprit }) => [
    ...(mechanism?.verdict === "proven" ? [mechanism.id, "any-stall"] : []),
    ...(culprit?.verdict === "proven"
      ? [
          `cpu:${culprit.cpu}`,
          `task:${culprit.task?.pid}`,
          `function:${plain(culprit.function)}`,
          `why:${culprit.why}`,
          "any-culprit",
        ]
      : []),
  ]);
  return (expect.mustNotBeProven ?? [])
    .filter((id) => proven.includes(id))
    .map((id) => `PROVEN ${id}`);
}

function strong({ verdict }) {
  return verdict === "proven" || verdict === "likely";
}

function plain(symbol) {
  return symbol?.replace(/\.(isra|constprop|part|cold)\b.*$/, "");
}

/** A fault case expects no more than the function to name. */
function isFault({ expect }) {
  const keys = Object.keys(expect).filter((key) => key !== "mustNotBeProven");
  return (
    keys.length > 0 &&
    keys.every((key) => key === "culprit" || key === "functionsAlsoRight") &&
    Object.keys(expect.culprit ?? {}).every((key) => key === "function")
  );
}

function words(counts) {
  return Object.entries(counts)
    .sort()
    .map(([grade, n]) => `${n} ${grade}`)
    .join(", ");
}
