import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { foundingReport } from "../founding.fixture.ts";
import { allReports, hostileReports } from "../reports.fixture.ts";
import { FIELD_ORDER } from "./field-order.ts";
import { renderJson } from "./json.ts";

const schema: unknown = JSON.parse(readFileSync("schema/report-1.json", "utf8"));

describe("renderJson", () => {
  test("is the report again when parsed", () => {
    for (const [, report] of allReports) expect(JSON.parse(renderJson(report))).toEqual(report);
  });

  test("does not depend on the order objects were built in", () => {
    const backwards = reversed(foundingReport) as typeof foundingReport;
    expect(renderJson(backwards)).toBe(renderJson(foundingReport));
    expect(renderJson(foundingReport).startsWith('{\n  "schema": "stallscope.report/1"')).toBe(
      true,
    );
    expect(renderJson(foundingReport).endsWith("}\n")).toBe(true);
  });

  test("prints nothing that could act on a terminal, and loses nothing", () => {
    for (const report of hostileReports) {
      const json = renderJson(report);
      expect(json.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(json)).toEqual(report);
    }
  });

  test("knows the place of every field of the contract", () => {
    const missing = propertyNames(schema).filter((name) => !FIELD_ORDER.includes(name));
    expect(missing).toEqual([]);
  });
});

describe("schema/report-1.json", () => {
  test("accepts every report, even when it lets no unknown field pass", () => {
    const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
      closed(schema) as object,
    );
    for (const report of [...allReports.map(([, one]) => one), ...hostileReports]) {
      validate(JSON.parse(renderJson(report)));
      expect(validate.errors ?? []).toEqual([]);
    }
  });

  test("refuses a wrong word and a missing field", () => {
    const validate = new Ajv2020().compile(schema as object);
    expect(validate({ ...foundingReport, schema: "stallscope.report/2" })).toBe(false);
    const { incidents: _, ...rest } = foundingReport;
    expect(validate(rest)).toBe(false);
  });

  test("lets a field of a later version pass", () => {
    expect(new Ajv2020().compile(schema as object)({ ...foundingReport, later: 1 })).toBe(true);
  });
});

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The schema with every object closed, so that a misspelled field of ours is caught. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (!isObject(node)) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, closed(value)]));
  const open = isObject(copy.properties) && copy.additionalProperties === undefined;
  return open ? { ...copy, additionalProperties: false } : copy;
}

function propertyNames(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(propertyNames);
  if (!isObject(node)) return [];
  const own = isObject(node.properties) ? Object.keys(node.properties) : [];
  return [...own, ...Object.values(node).flatMap(propertyNames)];
}

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === "registers" ? inner : reversed(inner)]),
  );
}
