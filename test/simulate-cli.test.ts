// stallscope simulate as its user meets it.

import { describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";

const SCENARIO = "examples/scenarios/netstamp-enable.scenario";
const RECORDED = "corpus/textpoke/6.1.0-56-amd64-4cpu.perf.data";

describe("stallscope simulate", () => {
  test("shows a run as a timeline, the same for the same seed", async () => {
    const first = await cli(["simulate", SCENARIO, "--seed", "9"]);
    expect(first).toMatchObject({ code: 0, err: "" });
    expect(first.out).toContain("int3: INT3 written on every site");
    expect(await cli(["simulate", SCENARIO, "--seed", "9"])).toEqual(first);
  });

  test("--format json is one document with its schema named", async () => {
    const { out } = await cli(["simulate", SCENARIO, "--format", "json"]);
    expect(JSON.parse(out)).toMatchObject({ schema: "stallscope.simulation/1" });
  });

  test("--format trace is a Trace Event document", async () => {
    const { out } = await cli(["simulate", SCENARIO, "--format", "trace"]);
    expect(JSON.parse(out).traceEvents.length).toBeGreaterThan(100);
  });

  test("--explore --exit-code tells a script whether an invariant can break", async () => {
    const explore = ["simulate", "--explore", "--exit-code", SCENARIO];
    expect((await cli(explore)).code).toBe(0);
    expect((await cli([...explore, "--mutant", "no-sync-2"])).code).toBe(1);
    expect((await cli([...explore, "--mutant", "no-sync-2", "--fetch", "coherent"])).code).toBe(0);
  });

  test("--perf-data prints the code at an address at a time", async () => {
    const at = ["--at", "ffffffff817d97dd"];
    const { code, out } = await cli(["simulate", "--perf-data", RECORDED, ...at, "--time", "0.5"]);
    expect(code).toBe(0);
    expect(out).toContain("ffffffff817d97dd at 0.500000000: 0f 1f 44 00 00  5-byte nop");
  });

  test.each([
    [[], /one scenario is needed/],
    [[SCENARIO, "--cpus", "two"], /--cpus two is no number/],
    [[SCENARIO, "--cpus", "1"], /--cpus is out of range/],
    [[SCENARIO, "--mutant", "x"], /--mutant x is not known.*no-sync-1/],
    [[SCENARIO, "--explore", "--format", "trace"], /nothing breaks/],
    [["--perf-data", RECORDED, "--at", "here"], /--at here is no address/],
  ])("%j is refused in one line", async (args, message) => {
    const { code, err, out } = await cli(["simulate", ...args]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err.trimEnd().split("\n")).toHaveLength(1);
  });

  test.each([
    [["no-such.scenario"], /no-such\.scenario/],
    [["--perf-data", "package.json"], /not a perf\.data/],
    [["--perf-data", "no-such.data"], /no-such\.data/],
  ])("%j cannot be read", async (args, message) => {
    const { code, err } = await cli(["simulate", ...args]);
    expect(code).toBe(3);
    expect(err).toMatch(message);
  });
});

async function cli(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await main(args, {
    out: async (text) => {
      out += typeof text === "string" ? text : Buffer.from(text).toString();
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 100,
  });
  return { code, out, err };
}
