// Every mechanism against logs it explains and near misses it must refuse (corpus/mechanism-cases.json).
// Two logs are derived from lab logs, as their first line says; the others are real.

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Incident } from "#contract/report.ts";
import { mechanisms } from "#mechanisms/mechanisms.ts";
import { analyzeFile } from "./analyze-log.ts";

interface MechanismCase {
  readonly mechanism: string;
  readonly explains: readonly string[];
  readonly refuses: readonly string[];
  readonly because: string;
}

const ROOT = new URL("../", import.meta.url).pathname;
const cases: readonly MechanismCase[] = JSON.parse(
  readFileSync(`${ROOT}corpus/mechanism-cases.json`, "utf8"),
);
const explained = cases.flatMap((c) => c.explains.map((log) => ({ ...c, log }))).filter(isThere);
const refused = cases.flatMap((c) => c.refuses.map((log) => ({ ...c, log }))).filter(isThere);

describe("mechanisms on real logs", () => {
  test("every mechanism has a case and a near miss", () => {
    expect(cases.map((c) => c.mechanism).sort()).toEqual(mechanisms.map((m) => m.id).sort());
    for (const c of cases)
      expect([c.explains.length > 0, c.refuses.length > 0]).toEqual([true, true]);
  });

  test.each(explained)("$mechanism explains $log", async ({ mechanism, log }) => {
    const found = (await incidentsOf(log)).find((i) => i.mechanism?.id === mechanism);
    expect(found?.mechanism?.verdict).toMatch(/^(?:proven|likely|possible)$/);
    expect(found?.remedies.length).toBeGreaterThan(0);
  });

  test.each(refused)("$mechanism refuses $log: $because", async ({ mechanism, log }) => {
    const named = (await incidentsOf(log)).map((incident) => incident.mechanism?.id);
    expect(named).not.toContain(mechanism);
  });
});

function isThere({ log }: { readonly log: string }): boolean {
  const present = existsSync(`${ROOT}${log}`);
  if (!present) console.log(`skipped: ${log} is not beside this checkout`);
  return present;
}

async function incidentsOf(log: string): Promise<readonly Incident[]> {
  return (await analyzeFile(`${ROOT}${log}`)).incidents;
}
