// Writes schema/report-1.json from the contract's types; with --check, fails when the committed file
// is not what the types say. The types are the source, so a field cannot be promised in one place only.
import { readFileSync, writeFileSync } from "node:fs";
import { createGenerator } from "ts-json-schema-generator";

const FILE = new URL("../schema/report-1.json", import.meta.url);

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

function generate() {
  const generated = createGenerator({
    path: "src/contract/report.ts",
    tsconfig: "tsconfig.json",
    type: "ReportV1",
    // More fields may be added within one version, so a reader of version 1 must let them pass.
    additionalProperties: true,
    sortProps: false,
    skipTypeCheck: true,
    expose: "export",
    jsDoc: "extended",
    topRef: true,
  }).createSchema("ReportV1");
  const { $schema: _, ...rest } = toDraft2020(generated);
  const head = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "stallscope.report/1",
    title: "What stallscope analyze --format json prints",
  };
  return `${JSON.stringify({ ...head, ...rest }, undefined, 1)}\n`;
}

function committed() {
  try {
    return readFileSync(FILE, "utf8");
  } catch {
    return "";
  }
}

const wanted = generate();
if (!process.argv.includes("--check")) writeFileSync(FILE, wanted);
else if (committed() !== wanted) {
  console.error("schema/report-1.json does not match src/contract/report.ts; run `npm run schema`");
  process.exit(1);
}
