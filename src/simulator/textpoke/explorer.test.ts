import { describe, expect, test } from "vitest";
import { NO_REDUCTION, REDUCED } from "./action.ts";
import type { Configuration, FetchModel } from "./configuration.ts";
import { toConfiguration, type Wish } from "./default-configuration.ts";
import { exampleSites } from "./example-sites.ts";
import { type ExploreOptions, explore } from "./explorer.ts";
import { expectedBreaks, MUTANTS } from "./mutants.ts";
import { VARIANTS } from "./variants.ts";

const FETCH: readonly FetchModel[] = ["coherent", "stale"];
const ROWS = MUTANTS.flatMap((mutant) => FETCH.map((fetch) => ({ mutant, fetch, id: mutant.id })));

describe("the protocol as the kernel has it", () => {
  test.each([
    { fetch: "coherent", cpus: 2, sites: 1, states: 77 },
    { fetch: "coherent", cpus: 3, sites: 2, states: 1022 },
    { fetch: "coherent", cpus: 4, sites: 3, states: 16_773 },
    { fetch: "stale", cpus: 2, sites: 1, states: 63 },
    { fetch: "stale", cpus: 3, sites: 2, states: 891 },
    { fetch: "stale", cpus: 4, sites: 3, states: 15_391 },
  ] as const)("$cpus CPUs, $sites sites, fetch $fetch: nothing breaks in $states states", (row) => {
    const found = explore(toConfiguration(row));
    expect(broken(found)).toEqual([]);
    expect(found.complete).toBe(true);
    expect(found.states).toBe(row.states);
  });

  test.each(VARIANTS)("$id ($commit) is safe with stale fetches", ({ variant }) => {
    // Before e17d43b93e54 there is no record, so a decoder cannot follow: that is all that is missing.
    expect(verdict({ cpus: 3, sites: 2, fetch: "stale", changes: { variant } })).toEqual(
      variant.records ? [] : ["D"],
    );
  });

  test.each([
    ["interrupts closed and opened at any time", { irqToggles: true }],
    ["queueing, sending and answering in steps", { fineIpis: true }],
    ["another sender of function calls", { otherSender: true, fineIpis: true }],
    ["two patchers under text_mutex", { twoPatchers: true }],
    ["an enable and a disable", { toggles: 2 }],
    ["two vectors because the first one is full", { variant: withVectorMax(1) }],
  ] satisfies [string, Partial<Configuration>][])("stays safe with %s", (_, changes) => {
    for (const fetch of FETCH) {
      expect(verdict({ cpus: 2, sites: 2, fetch, changes })).toEqual([]);
    }
  });

  test("splits the vector at a lower address and stays safe", () => {
    const sites = exampleSites(2).toReversed();
    expect(verdict({ cpus: 3, sites, fetch: "stale" })).toEqual([]);
  });
});

describe("a part taken out", () => {
  test.each(ROWS)(
    "$id, fetch $fetch: breaks exactly what was written down",
    ({ mutant, fetch }) => {
      expect(verdict({ cpus: 2, sites: 1, fetch, mutant: mutant.id })).toEqual(
        [...mutant.breaks[fetch]].sort(),
      );
    },
  );

  test.each(ROWS)("$id, fetch $fetch: the same without reductions", ({ mutant, fetch }) => {
    const wish: Wish = { cpus: 2, sites: 1, fetch, mutant: mutant.id };
    expect(verdict(wish, { reductions: NO_REDUCTION })).toEqual(verdict(wish));
  });

  test.each(VARIANTS)("breaks what is expected on $id kernels too", ({ variant }) => {
    for (const { mutant, fetch } of ROWS.filter((row) => row.id !== "no-text-mutex")) {
      const wish: Wish = { cpus: 2, sites: 1, fetch, mutant: mutant.id, changes: { variant } };
      expect([mutant.id, fetch, ...verdict(wish)]).toEqual([
        mutant.id,
        fetch,
        ...expectedBreaks(mutant, fetch, variant).sort(),
      ]);
    }
  });

  test("the shortest torn instruction: INT3, tail, first byte, and a CPU with the old tail", () => {
    const found = explore(toConfiguration({ cpus: 2, fetch: "stale", mutant: "no-sync-2" }));
    const [example] = found.counterexamples;
    const stores = example?.steps.flatMap((step) =>
      step.effects.flatMap((effect) => (effect.kind === "store" ? [effect.part] : [])),
    );
    expect(stores).toEqual(["first", "tail", "first"]);
    expect(example?.steps.at(-1)?.effects).toEqual([{ kind: "torn", cpu: 1, site: 0 }]);
  });
});

describe("the explorer", () => {
  test.each(FETCH)(
    "reductions change the number of states, not the verdict (fetch %s)",
    (fetch) => {
      for (const [cpus, sites] of [
        [2, 2],
        [3, 1],
        [3, 2],
      ] as const) {
        const wish: Wish = { cpus, sites, fetch };
        const whole = explore(toConfiguration(wish), { reductions: NO_REDUCTION });
        const reduced = explore(toConfiguration(wish), { reductions: REDUCED });
        expect(broken(whole)).toEqual(broken(reduced));
        expect(whole.states).toBeGreaterThan(reduced.states);
      }
    },
  );

  test("says so when it stops early, and then calls nothing safe", () => {
    const found = explore(toConfiguration({ cpus: 3, sites: 2 }), { maxStates: 50 });
    expect(found.complete).toBe(false);
  });

  test("a counterexample is a path of the machine: every step follows from the one before", () => {
    const found = explore(toConfiguration({ cpus: 3, sites: 2, mutant: "no-sync-1" }));
    for (const example of found.counterexamples) {
      expect(example.steps.at(-1)?.violations).toContainEqual(example.violation);
      expect(example.steps.slice(0, -1).flatMap((step) => step.violations)).toEqual([]);
    }
  });
});

describe("netstamp's deferral", () => {
  test.each([
    [
      "one socket opened and closed",
      [
        ["open", 1],
        ["close", 1],
      ],
    ],
    [
      "two CPUs, one socket each",
      [
        ["open", 1],
        ["close", 1],
        ["open", 2],
        ["close", 2],
      ],
    ],
    [
      "opened twice, closed once",
      [
        ["open", 1],
        ["open", 1],
        ["close", 1],
      ],
    ],
  ] as const)("%s: at rest the key is right, whatever the order", (_, events) => {
    const sockets = events.map(([what, cpu]) => ({ what, cpu }));
    expect(verdict({ cpus: 3, sites: 1, fetch: "coherent", changes: { sockets } })).toEqual([]);
  });
});

function verdict(wish: Wish, options: ExploreOptions = {}): string[] {
  const found = explore(toConfiguration(wish), options);
  expect(found.complete).toBe(true);
  return broken(found);
}

function broken(found: ReturnType<typeof explore>): string[] {
  return found.counterexamples.map((example) => example.invariant).sort();
}

function withVectorMax(vectorMax: number): Configuration["variant"] {
  return { ...toConfiguration({}).variant, vectorMax };
}
