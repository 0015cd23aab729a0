import { describe, expect, test } from "vitest";
import type { FetchModel, MutantId } from "./configuration.ts";
import { toConfiguration, type Wish } from "./default-configuration.ts";
import { explore } from "./explorer.ts";
import { createFlowCheck, type FlowCounts } from "./flow-check.ts";
import type { PatchSite } from "./instruction.ts";
import { createMachine } from "./machine.ts";
import { checkRunFlow, run } from "./run.ts";

const FETCH: readonly FetchModel[] = ["coherent", "stale"];

describe("a trace decoder with the kernel's records", () => {
  test.each(FETCH)("finds the flow of every visit in every interleaving (fetch %s)", (fetch) => {
    const counts = decodeAll({ cpus: 3, sites: 2, fetch });
    expect(counts.visits).toBeGreaterThan(500);
    expect(counts).toMatchObject({ wrong: 0, different: 0, images: 3 });
  });

  test.each([
    ["no record", "no-record"],
    ["the record before sync 1", "record-before-sync-1"],
    ["the record after step 3", "record-after-step-3"],
  ] satisfies [string, MutantId][])("loses its way with %s", (_, mutant) => {
    for (const fetch of FETCH) {
      expect(decodeAll({ cpus: 2, sites: 1, fetch, mutant }).wrong).toBeGreaterThan(0);
    }
  });

  test.each(FETCH)("goes wrong exactly where the invariant D says so (fetch %s)", (fetch) => {
    for (const mutant of ["no-sync-1", "no-sync-2", "no-sync-3", "first-before-tail"] as const) {
      const { wrong, claimed } = compareWithInvariant({ cpus: 2, sites: 1, fetch, mutant });
      expect(wrong).toBe(claimed);
    }
  });

  test("follows whole runs of NOPs, jumps of both lengths, calls and conditional jumps", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const done = run(mixedSites(), { seed });
      expect(done.finished).toBe(true);
      const verdict = checkRunFlow(done);
      expect(verdict.imagesAgree).toBe(true);
      expect(verdict.decoded).not.toContain(false);
    }
  });

  test("needs the records: without them some run is not decoded", () => {
    const undecoded = Array.from({ length: 20 }, (_, seed) => {
      const done = run(mixedSites(), { seed: seed + 1 });
      return checkRunFlow(done, []).decoded.includes(false);
    });
    expect(undecoded).toContain(true);
  });
});

function decodeAll(wish: Wish): FlowCounts {
  const configuration = toConfiguration(wish);
  const check = createFlowCheck(createMachine(configuration));
  explore(configuration, { watch: (before, effects) => check.see(before, effects) });
  return check.counts;
}

/** Visits the decoder got wrong, and visits the model's own rule calls wrong. */
function compareWithInvariant(wish: Wish): { wrong: number; claimed: number } {
  const configuration = toConfiguration(wish);
  const check = createFlowCheck(createMachine(configuration));
  let claimed = 0;
  explore(configuration, {
    watch: (before, effects, violations) => {
      check.see(before, effects);
      if (violations.some((violation) => violation.invariant === "D")) claimed++;
    },
  });
  return { wrong: check.counts.wrong, claimed };
}

function mixedSites() {
  const at = (index: number) => 0xffffffff81500000n + BigInt(index) * 0x80n;
  const sites: PatchSite[] = [
    site(0, { kind: "nop", length: 2 }, { kind: "jump", length: 2, target: at(0) + 0x20n }),
    site(1, { kind: "nop", length: 5 }, { kind: "jump", length: 5, target: at(1) + 0x40n }),
    site(2, { kind: "nop", length: 5 }, { kind: "call", target: 0xffffffff81600000n }),
    site(
      3,
      { kind: "conditional", condition: 4, target: 0xffffffff81610000n },
      { kind: "conditional", condition: 4, target: 0xffffffff81620000n },
    ),
  ];
  return toConfiguration({ cpus: 3, sites, changes: { toggles: 4 } });
  function site(
    index: number,
    disabled: PatchSite["disabled"],
    enabled: PatchSite["enabled"],
  ): PatchSite {
    return { name: `site ${index}`, address: at(index), disabled, enabled };
  }
}
