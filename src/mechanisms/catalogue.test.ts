// What holds for every mechanism of the catalogue, whatever it is about.

import { describe, expect, test } from "vitest";
import type { FactView } from "#model/fact.ts";
import type { Mechanism } from "./mechanism.ts";
import { mechanisms } from "./mechanisms.ts";

const NOTHING: FactView = { all: () => [] };
const CHINESE = /[\u4e00-\u9fff]/;
/** Words a Chinese kernel engineer does not use for these things. */
const UNIDIOMATIC =
  /软件锁定|软死锁|核间中断|静态密钥|看门犬|恩典期|宽容期|自旋琐|工作者池|写回首字节|是无辜的/;

describe("the catalogue", () => {
  test("has each id once", () => {
    expect(new Set(mechanisms.map((m) => m.id)).size).toBe(mechanisms.length);
  });

  test("goes in no circle about which mechanism stands before which", () => {
    for (const mechanism of mechanisms) expect(reached(mechanism)).not.toContain(mechanism.id);
  });
});

describe.each(mechanisms.map((m) => [m.id, m] as const))("%s", (_, mechanism) => {
  test("is not found where there are no facts", () => {
    const found = [...mechanism.signs, ...mechanism.refusedBy].map((sign) => sign.find(NOTHING));
    expect(found.flatMap((evidence) => evidence ?? [])).toEqual([]);
  });

  test("decides nothing and knows no phase where there are no facts", () => {
    const looks = mechanism.hypotheses.flatMap((h) => h.predictions.map((p) => p.look(NOTHING)));
    expect(looks.filter((look) => look.observed !== "not-observable")).toEqual([]);
    const states = mechanism.phases.map((phase) => phase.state(NOTHING).state);
    expect(states.filter((state) => state === "done" || state === "here")).toEqual([]);
  });

  test("names rivals, what is missing, how to confirm, and its sources", () => {
    expect(mechanism.hypotheses.length).toBeGreaterThan(1);
    expect(mechanism.missing.length).toBeGreaterThan(0);
    expect(mechanism.confirm.length).toBeGreaterThan(0);
    expect(mechanism.references.length).toBeGreaterThan(1);
  });

  test("has something to do now, to collect and to fix, each with its risk and source", () => {
    expect(new Set(mechanism.remedies.map((r) => r.when))).toEqual(
      new Set(["now", "collect", "fix"]),
    );
    for (const remedy of mechanism.remedies) {
      expect([remedy.steps.length > 0, remedy.references.length > 0]).toEqual([true, true]);
    }
  });

  test("repeats no id among its signs, rivals and remedies", () => {
    for (const list of [mechanism.signs, mechanism.hypotheses, mechanism.remedies]) {
      const ids = list.map((entry) => entry.id);
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  test("says everything in both languages", () => {
    for (const { en, zh } of textsOf(mechanism)) {
      expect(en).not.toMatch(CHINESE);
      expect(zh).toMatch(CHINESE);
      expect(zh).not.toMatch(UNIDIOMATIC);
      expect(en.trim().length * zh.trim().length).toBeGreaterThan(0);
    }
  });
});

/** Every `{en, zh}` anywhere in the mechanism's data. */
function textsOf(value: unknown): readonly { readonly en: string; readonly zh: string }[] {
  if (typeof value !== "object" || value === null) return [];
  if ("en" in value && "zh" in value) return [{ en: String(value.en), zh: String(value.zh) }];
  return Object.values(value).flatMap(textsOf);
}

/** Ids of mechanisms this one stands before, directly or by way of others. */
function reached(from: Mechanism): readonly string[] {
  const seen = new Set<string>();
  const open = [...from.refines, ...(from.outranks ?? [])];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    const next = mechanisms.find((m) => m.id === id);
    open.push(...(next?.refines ?? []), ...(next?.outranks ?? []));
  }
  return [...seen];
}
