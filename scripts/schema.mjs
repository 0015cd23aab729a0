// Writes schema/*.json from the contract's types; with --check, fails when a committed file is not what the
// types say. The types are the source, so a field cannot be promised in one place only.
import { readFileSync, writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const DOCUMENTS = [
  {
    name: "report-1",
    path: "src/contract/report.ts",
    type: "ReportV1",
    id: "stallscope.report/1",
    title: "What stallscope analyze --format json prints",
  },
  {
    name: "simulation-1",
    path: "src/contract/simulation.ts",
    type: "SimulationV1",
    id: "stallscope.simulation/1",
    title: "What stallscope simulate --format json prints",
  },
];

const fileOf = ({ name }) => new URL(`../schema/${name}.json`, import.meta.url);

/** The generator speaks draft-07; three spellings differ in 2020-12: `$defs`, their references, tuples. */
function toDraft2020(node) {
  if (Array.isArray(node)) return node.map(toDraft2020);
  if (typeof node !== "object" || node === null) return node;
  const out = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "definitions") out.$defs = toDraft2020(value);
    else if (key === "$ref") out.$ref = value.replace("#/definitions/", "#/$defs/");
    else if (key === "items" && Array.isArray(value)) out.prefixItems = toDraft2020(value);
    else out[key] = toDraft2020(value);
  }
  if (out.prefixItems !== undefined) out.items = false;
  return out;
}

function generate({ path, type, id, title }) {
  const generated = createGenerator({
    path,
    tsconfig: "tsconfig.json",
    type,
    // More fields may be added within one version, so a reader of version 1 must let them pass.
    additionalProperties: true,
    sortProps: false,
    skipTypeCheck: true,
    expose: "export",
    jsDoc: "extended",
    topRef: true,
  }).createSchema(type);
  const { $schema: _, ...rest } = toDraft2020(generated);
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: id,
    title,
  };
  return `${JSON.stringify({ ...head, ...rest }, undefined, 1)}\n`;
}

function committed(document) {
  try {
    return readFileSync(fileOf(document), "utf8");
  } catch {
    return "";
  }
}

for (const document of DOCUMENTS) {
  const wanted = generate(document);
  if (!process.argv.includes("--check")) writeFileSync(fileOf(document), wanted);
  else if (committed(document) !== wanted) {
    console.error(
      `schema/${document.name}.json does not match ${document.path}; run \`npm run schema\``,
    );
    process.exitCode = 1;
  }
}
