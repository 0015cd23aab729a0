// The kinds of the contract's schema, read from the schema itself: a kind added there must be explained.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { explain } from "#app/explain/explain.ts";

const schema = readFileSync(new URL("../schema/report-1.json", import.meta.url), "utf8");
const kinds: readonly string[] = JSON.parse(schema).$defs.EventKind.enum;

test.each(kinds)("event kind %s", (kind) => {
  expect(explain(kind, "0").topics.map(({ id }) => id)).toContain(kind);
});
