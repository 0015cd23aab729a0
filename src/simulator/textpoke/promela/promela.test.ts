// The second opinion: the same questions put to Debian's spin, over a model written with processes.

import { execFile, execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FetchModel } from "../configuration.ts";
import type { InvariantId } from "../effect.ts";
import { MUTANTS } from "../mutants.ts";

const MODEL = "src/simulator/textpoke/promela/textpoke.pml";
const CHECKS: Readonly<Partial<Record<InvariantId, number>>> = {
  I1: 1,
  I2: 2,
  I4: 4,
  I5: 5,
  I6: 6,
  T: 7,
  D: 8,
};
const missing = ["spin", "gcc"].filter((tool) => spawnSync("which", [tool]).status !== 0);
if (missing.length > 0) {
  console.log(
    `skipped: the model in Promela: ${missing.join(", ")} missing (Debian packages of that name)`,
  );
}

const folder = mkdtempSync(join(tmpdir(), "stallscope-spin-"));
const run = promisify(execFile);

describe.skipIf(missing.length > 0)("spin reaches the explorer's verdicts", () => {
  beforeAll(() => {
    build(1);
    build(2);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(["coherent", "stale"] as const)(
    "the whole protocol, fetch %s: nothing breaks",
    async (fetch) => {
      expect(await ask(0, fetch, 1)).toEqual([]);
      expect(await ask(0, fetch, 2)).toEqual([]);
    },
  );

  test.each(MUTANTS)("$id", async (mutant) => {
    const sites = mutant.needs?.minimumSites ?? 1;
    const number = numberOf(mutant.id);
    expect(await ask(number, "coherent", sites)).toEqual([...mutant.breaks.coherent].sort());
    expect(await ask(number, "stale", sites)).toEqual([...mutant.breaks.stale].sort());
  });
});

/** One verifier for a number of sites; what is missing and what is asked comes from the environment. */
function build(sites: number): void {
  const cwd = mkdtempSync(join(folder, "build-"));
  copyFileSync(MODEL, join(cwd, "textpoke.pml"));
  execFileSync("spin", ["-a", "-DCPUS=2", `-DSITES=${sites}`, "textpoke.pml"], { cwd });
  execFileSync("gcc", ["-O0", "-w", "-DSAFETY", "-o", join(folder, `pan${sites}`), "pan.c"], {
    cwd,
  });
}

/** The invariants the verifier finds broken. */
async function ask(mutant: number, fetch: FetchModel, sites: number): Promise<string[]> {
  const broken: string[] = [];
  for (const [invariant, check] of Object.entries(CHECKS)) {
    // Termination is an invalid end state, which -E would hide. A small hash table: states are few.
    const args = [...(invariant === "T" ? [] : ["-E"]), "-w18", "-m20000"];
    const env = {
      MUTANT: String(mutant),
      FETCH: fetch === "stale" ? "1" : "0",
      CHECK: String(check),
    };
    const { stdout } = await run(join(folder, `pan${sites}`), args, { cwd: folder, env });
    const errors = /errors: (\d+)/.exec(stdout)?.[1];
    expect(errors).toBeDefined();
    expect(stdout).not.toContain("max search depth too small");
    if (errors !== "0") broken.push(invariant);
  }
  return broken.sort();
}

/** `#define M_NO_SYNC_1 1`: the model's own number for a mutant. */
function numberOf(id: string): number {
  const name = `M_${id.toUpperCase().replaceAll("-", "_")}`;
  const found = new RegExp(`#define ${name} (\\d+)`).exec(readFileSync(MODEL, "utf8"));
  if (found === null) throw new Error(`${MODEL} has no ${name}`);
  return Number(found[1]);
}
