import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as api from "../src/index.ts";
import * as node from "../src/node.ts";

test("the library exports these names and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "REPORT_SCHEMA",
    "analyze",
    "renderHtml",
    "renderJson",
    "renderMarkdown",
    "renderTerminal",
  ]);
  expect(Object.keys(node)).toEqual(["loadIcedDecoder"]);
});

test("package.json points only at what the build makes and the schema", () => {
  const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(Object.keys(exports)).toEqual([
    ".",
    "./node",
    "./contract",
    "./schema/report-1.json",
    "./schema/simulation-1.json",
  ]);
});
