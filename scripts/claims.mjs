// npm run claims: every claim the built library states as `proven` over the real logs beside this checkout,
// with the log, the lines and the quotes it rests on, to be read by a person: a wrong "proven" is the worst
// thing this product can print. Ends with counts per kind. docs/claims.md records what a reading found.
//   --verdict V   claims of another verdict (likely, …)
//   --kind K      only waits, culprit, mechanism or hypothesis
//   --counts      only the counts
//   --only TEXT   only logs whose id contains TEXT
import { existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";

const { values: wanted } = parseArgs({
  options: {
    verdict: { type: "string", default: "proven" },
    kind: { type: "string" },
    only: { type: "string", default: "" },
    counts: { type: "boolean", default: false },
  },
});
const shared = new URL("../../shared/", import.meta.url).pathname;
if (!existsSync(`${shared}corpus/index.json`)) {
  console.log("claims: skipped, ../shared is not beside this checkout");
  process.exit(0);
}
const { analyze } = await import("../dist/index.js");
const { loadIcedDecoder } = await import("../dist/node.js");
const counts = new Map();
const logs = listLogs().filter((log) => log.id.includes(wanted.only));
for (const log of logs) {
  const input = { name: log.id, chunks: [readFileSync(log.path)] };
  const report = await analyze([input], { version: "claims", loadDecoder: loadIcedDecoder });
  for (const incident of report.incidents) listIncident(log.id, incident);
}
console.log(`${logs.length} logs`);
for (const [kind, { claims, logs: from }] of [...counts].sort())
  console.log(`${kind}: ${claims} claims in ${from.size} logs`);

function listLogs() {
  const corpus = JSON.parse(readFileSync(`${shared}corpus/index.json`, "utf8"));
  const lab = JSON.parse(readFileSync(`${shared}lab/index.json`, "utf8")).cases;
  return [
    ...lab.map(({ file }) => ({ id: `lab/${file}`, path: `${shared}lab/${file}` })),
    ...(Array.isArray(corpus) ? corpus : corpus.entries).map(({ id, file }) => ({
      id,
      path: `${shared}corpus/${file}`,
    })),
  ];
}

function listIncident(log, incident) {
  for (const claim of claimsOf(incident)) {
    if (claim.verdict !== wanted.verdict) continue;
    if (wanted.kind && !claim.kind.startsWith(wanted.kind)) continue;
    const entry = counts.get(claim.kind) ?? { claims: 0, logs: new Set() };
    entry.claims += 1;
    entry.logs.add(log);
    counts.set(claim.kind, entry);
    if (!wanted.counts) printClaim(log, incident, claim);
  }
}

function claimsOf({ waits, culprit, mechanism, hypotheses, claims }) {
  return [
    ...waits.map((w) => ({ ...w, kind: `waits ${w.for}`, says: w.text?.en })),
    ...(culprit ? [{ ...culprit, kind: `culprit ${culprit.why}`, says: culprit.whyText.en }] : []),
    ...(mechanism
      ? [{ ...mechanism, kind: `mechanism ${mechanism.id}`, says: mechanism.title.en }]
      : []),
    ...hypotheses.map((h) => ({
      verdict: h.verdict,
      kind: `hypothesis ${h.id}`,
      says: `${h.title.en} (${h.reason?.en})`,
      evidence: h.for,
    })),
    ...(claims ?? []).map((c) => ({ ...c, kind: "ticket", says: `${c.text} (${c.reason?.en})` })),
  ];
}

function printClaim(log, incident, { kind, says, evidence }) {
  console.log(`${log} [${incident.id}: ${incident.title.en}]\n  ${kind}: ${says}`);
  for (const { firstLine, lastLine, quote, how } of evidence ?? []) {
    const lines = firstLine === lastLine ? firstLine : `${firstLine}-${lastLine}`;
    console.log(`    ${lines} ${(quote ?? "").slice(0, 160)}  <- ${how.en}`);
  }
}
