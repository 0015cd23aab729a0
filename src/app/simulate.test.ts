import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { findCode, toInstruction } from "./code-at.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

const SCENARIO = readFileSync("examples/scenarios/netstamp-enable.scenario", "utf8");
const RECORDED = "corpus/textpoke/6.1.0-56-amd64-4cpu.perf.data";

describe("simulate", () => {
  test("the same seed gives the same document, another seed another run", () => {
    expect(asked({ seed: 7 })).toEqual(asked({ seed: 7 }));
    expect(asked({ seed: 7 }).run?.steps).not.toEqual(asked({ seed: 8 }).run?.steps);
  });

  test("the patching CPU waits until the CPU with interrupts off opens them", () => {
    const steps = asked({}).run?.steps ?? [];
    const opened = steps.find((step) => step.cpu === 2 && step.kind === "irqs" && opens(step));
    const done = steps.find((step) => step.what.en.includes("sync 1 done"));
    expect(done?.number).toBeGreaterThan(opened?.number ?? Number.POSITIVE_INFINITY);
  });

  test("five sites on four CPUs cost nine interrupts and five records, all decoded", () => {
    const { run } = asked({});
    expect(run).toMatchObject({ finished: true, ipis: 9, broadcasts: 3, imagesAgree: true });
    expect(run?.records).toHaveLength(5);
    expect(run?.trace.every((trace) => trace.decoded)).toBe(true);
  });

  test("explores a part of a large scenario and says of what", () => {
    const { scenario, exploration } = asked({ explore: true });
    expect(scenario).toMatchObject({ cpus: 3, whole: { cpus: 4, sites: 5 } });
    expect(exploration).toMatchObject({ verdict: "safe", expected: { breaks: [], met: true } });
  });

  test("says undecided, not safe, when it had to stop", () => {
    expect(asked({ explore: true, maxStates: 100 }).exploration?.verdict).toBe("undecided");
  });

  test.each([
    ["a run", {}],
    ["a search", { explore: true }],
    ["a search that finds something", { explore: true, mutant: "no-sync-1" }],
  ] satisfies [string, Partial<SimulateOptions>][])(
    "%s is what the schema promises",
    (_, options) => {
      const schema = JSON.parse(readFileSync("schema/simulation-1.json", "utf8"));
      const validate = new Ajv2020({ strict: false }).compile(schema);
      const document = JSON.parse(JSON.stringify(asked(options)));
      expect([validate(document), validate.errors]).toEqual([true, null]);
    },
  );

  test.each([
    [{ cpus: 1 }, "--cpus is out of range"],
    [{ cpus: 9, explore: true }, "9 CPUs and 2 sites are too many to explore"],
    [{ mutant: "none" }, "--mutant none is not known"],
    [{ kernel: "2.4" }, "--kernel 2.4 is not known"],
  ] satisfies [Partial<SimulateOptions>, string][])("%o: %s", (options, message) => {
    expect(() => asked(options)).toThrow(message);
  });

  test("names file and line of a scenario it cannot read", () => {
    expect(() => simulate("cpus 4\nsites two", "a.scenario", { version: "0" })).toThrow(
      "a.scenario:2: sites is no word of a scenario",
    );
  });
});

describe("findCode", () => {
  test("answers what stood at an address at a time, and from when to when", () => {
    const { records, at } = findCode(recorded(), "perf.data", {
      address: 0xffffffff817d97ddn,
      time: (recordTimes()[0] ?? 0n) + 1n,
    });
    expect(records).toHaveLength(4);
    expect(at).toMatchObject({ text: "jmp 0xffffffff817d98c3", since: recordTimes()[0] });
    expect(at?.until).toBe(recordTimes()[1]);
  });

  test("does not guess where no record reaches", () => {
    expect(findCode(recorded(), "perf.data", { address: 16n }).at?.text).toBe(
      "not known from the records",
    );
  });

  test.each([
    [[0xcc], "int3"],
    [[0xeb, 0x7e], "jmp 0x1080"],
    [[0xe8, 0xfb, 0xff, 0xff, 0xff], "call 0x1000"],
    [[0x66, 0x90], "2-byte nop"],
    [[0x55], ""],
  ])("%o reads as %s", (bytes, text) => {
    expect(toInstruction(bytes, 0x1000n)).toBe(text);
  });
});

function asked(options: Partial<SimulateOptions>) {
  return simulate(SCENARIO, "test", { version: "0", ...options });
}

function opens(step: { readonly what: { readonly en: string } }): boolean {
  return step.what.en === "opens interrupts";
}

function recorded() {
  return bytesSource(readFileSync(RECORDED));
}

function recordTimes(): (bigint | undefined)[] {
  const { records } = findCode(recorded(), "perf.data", { address: 0xffffffff817d97ddn });
  return records.map((record) => record.time);
}
