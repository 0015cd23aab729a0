import { describe, expect, test } from "vitest";
import { perform } from "./action.ts";
import { toConfiguration } from "./default-configuration.ts";
import { exampleSites } from "./example-sites.ts";
import { createMachine, startStates } from "./machine.ts";
import { ipisPerToggle, toBatches } from "./program.ts";
import type { State } from "./state.ts";
import { findVariant, TP_VEC_MAX } from "./variants.ts";

describe("batching", () => {
  test("keeps ascending sites together up to TP_VEC_MAX", () => {
    const configuration = toConfiguration({ sites: TP_VEC_MAX + 44 });
    const sites = configuration.sites.map((_, site) => site);
    expect(toBatches(configuration, sites).map((batch) => batch.length)).toEqual([256, 44]);
  });

  test("ends a vector at a lower address (tp_order_fail)", () => {
    const [a, b, c] = exampleSites(3);
    if (!a || !b || !c) throw new Error("three sites");
    const configuration = toConfiguration({ sites: [b, c, a] });
    expect(toBatches(configuration, [0, 1, 2])).toEqual([[0, 1], [2]]);
  });

  test("had one vector for each site before c0213b0ac03c", () => {
    const variant = findVariant("per-site")?.variant;
    const configuration = toConfiguration({ sites: 3, ...(variant && { changes: { variant } }) });
    expect(toBatches(configuration, [0, 1, 2])).toEqual([[0], [1], [2]]);
  });
});

describe("what a flip costs", () => {
  test.each([
    { cpus: 2, variant: "concurrent", ipis: 3 },
    { cpus: 4, variant: "concurrent", ipis: 9 },
    { cpus: 4, variant: "per-site", ipis: 45 },
    { cpus: 4096, variant: "concurrent", ipis: 12_285 },
  ])("$cpus CPUs, five sites, $variant: $ipis IPIs", ({ cpus, variant, ipis }) => {
    const found = findVariant(variant)?.variant;
    const wish = { cpus, sites: 5, ...(found && { changes: { variant: found } }) };
    expect(ipisPerToggle(toConfiguration(wish))).toBe(ipis);
  });

  test("the machine sends what the program says, also on 64 CPUs", () => {
    const configuration = toConfiguration({ cpus: 64, sites: 5 });
    expect(countSent(configuration)).toBe(ipisPerToggle(configuration));
  });
});

/** Runs the patcher alone, every CPU answering at once. */
function countSent(configuration: ReturnType<typeof toConfiguration>): number {
  const machine = createMachine(configuration);
  const [start] = startStates(machine, false);
  if (start === undefined) throw new Error("no start");
  let state: State = start;
  let sent = 0;
  const length = machine.actors[0]?.operations.length ?? 0;
  while ((state.actors[0]?.at ?? length) < length) {
    const step = perform(machine, state, { kind: "operate", actor: 0 });
    state = step.state;
    for (const effect of step.effects) {
      if (effect.kind !== "sent") continue;
      sent += effect.to.length;
      for (const cpu of effect.to) state = perform(machine, state, { kind: "take-ipi", cpu }).state;
    }
  }
  return sent;
}
