import { describe, expect, test } from "vitest";
import { text } from "#base/text.ts";
import type { HypothesisRule, Mechanism, Observation } from "#mechanisms/mechanism.ts";
import type { FactView } from "#model/fact.ts";
import { matchMechanisms, weighHypothesis } from "./weigh.ts";

const shown = { range: { source: "s1", firstLine: 1, lastLine: 1 }, how: text("seen", "见") };
const none: FactView = { all: () => [] };
/** Something made no progress; without that no stall mechanism is asked at all. */
const stalled = {
  all: (kind: string) =>
    kind === "no-progress"
      ? [{ kind, detector: "soft-lockup", events: ["e1"], evidence: [shown] }]
      : [],
} as FactView;
const saw: Observation = { observed: "yes", evidence: [shown] };
const sawNot: Observation = { observed: "no", evidence: [shown] };
const cannotSee: Observation = { observed: "not-observable", evidence: [] };

describe("the verdict of a hypothesis", () => {
  test.each<[string, HypothesisRule["predictions"], string]>([
    ["nothing observable", [say(cannotSee, { ifYes: "proven", ifNo: "ruled out" })], "possible"],
    ["the strongest yes", [say(saw, { ifYes: "likely" }), say(saw, { ifYes: "proven" })], "proven"],
    [
      "a failed prediction outweighs a met one",
      [say(saw, { ifYes: "proven" }), say(sawNot, { ifNo: "unlikely" })],
      "unlikely",
    ],
    [
      "the gravest no",
      [say(sawNot, { ifNo: "unlikely" }), say(sawNot, { ifNo: "ruled out" })],
      "ruled out",
    ],
    ["a no that means nothing", [say(sawNot, {})], "possible"],
  ])("%s", (_, predictions, verdict) => {
    expect(weighHypothesis({ id: "h", title: text("h", "h"), predictions }, none).verdict).toBe(
      verdict,
    );
  });

  test("never above what the rule allows a log to carry", () => {
    const rule: HypothesisRule = {
      id: "h",
      title: text("h", "h"),
      predictions: [say(saw, { ifYes: "proven" })],
      atMost: "possible",
    };
    expect(weighHypothesis(rule, none).verdict).toBe("possible");
  });

  test("no next step for what is ruled out", () => {
    const rule: HypothesisRule = {
      id: "h",
      title: text("h", "h"),
      predictions: [say(sawNot, { ifNo: "ruled out" })],
      nextStep: { text: text("measure", "测量") },
    };
    expect(weighHypothesis(rule, none)).not.toHaveProperty("nextStep");
  });
});

describe("matching mechanisms", () => {
  test("a mechanism that throws becomes a failure, the others match", () => {
    const failures: string[] = [];
    const broken: Mechanism = {
      ...mechanism("timer"),
      signs: [
        {
          ...sign(),
          find: () => {
            throw new Error("broken");
          },
        },
      ],
    };
    const matches = matchMechanisms([broken, mechanism("softirq")], stalled, (part) =>
      failures.push(part),
    );
    expect(matches.map((m) => m.mechanism.id)).toEqual(["softirq"]);
    expect(failures).toEqual(["mechanism timer"]);
  });

  test("what explains another one further stands before it", () => {
    const special: Mechanism = { ...mechanism("text-poke"), refines: ["ipi-wait"] };
    const matches = matchMechanisms([mechanism("ipi-wait"), special], stalled, () => undefined);
    expect(matches.map((m) => m.mechanism.id)).toEqual(["text-poke", "ipi-wait"]);
  });

  test("one refusal found refuses", () => {
    const refused: Mechanism = {
      ...mechanism("timer"),
      refusedBy: [{ id: "r", what: text("r", "r"), find: () => [shown] }],
    };
    expect(matchMechanisms([refused], stalled, () => undefined)).toEqual([]);
  });
});

test("without a stall no mechanism is asked", () => {
  expect(matchMechanisms([mechanism("softirq")], none, () => undefined)).toEqual([]);
});

function say(
  seen: Observation,
  rule: { ifYes?: "likely" | "proven"; ifNo?: "unlikely" | "ruled out" },
) {
  return { what: text("p", "p"), look: () => seen, ...rule };
}

function sign() {
  return { id: "s", what: text("s", "s"), carries: "likely", find: () => [shown] } as const;
}

function mechanism(id: Mechanism["id"]): Mechanism {
  const words = text(id, id);
  return {
    id,
    title: words,
    description: words,
    waitsFor: words,
    signs: [sign()],
    refusedBy: [],
    refines: [],
    phases: [],
    hypotheses: [],
    remedies: [],
    missing: [],
    confirm: [],
    references: [],
  };
}
