// Every window of the lab's and the public logs: what is claimed about kernels stalled in known ways is
// right, and nothing claimed about the others is more than their bytes show.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import { compareReports } from "#isa/compare-reports.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type { CodeReading, MachineFact } from "#model/machine-fact.ts";
import { type CodeReport, readCodeReports } from "./code-reports.ts";

const SHARED = join(import.meta.dirname, "../../../shared");
const LAB = join(SHARED, "lab");
const CORPUS = join(SHARED, "corpus");
const SEED = join(SHARED, "seeds/netstamp-clear-soft-lockup.md");

let decoder: InstructionDecoder;
beforeAll(async () => {
  decoder = await loadIcedDecoder();
});

for (const folder of [LAB, CORPUS])
  if (!existsSync(folder)) console.log(`skipped: no ${folder.split("/").slice(-2).join("/")} here`);

describe.skipIf(!existsSync(LAB))("lab logs", () => {
  test.each([
    ["v5.10-netstamp.log", "many", 2, 2],
    ["v6.1-netstamp.log", "many", 3, 2],
    ["v6.1-ipi.log", "single", undefined, 2],
  ] as const)("%s: every report of the waiter says %s, CPU %s", (file, form, awaitedCpu, count) => {
    const waits = factsIn(join(LAB, file), "polls-csd");
    expect(waits.map((wait) => [wait.form, wait.awaitedCpu, wait.certain])).toEqual(
      Array.from({ length: count }, () => [form, awaitedCpu, true]),
    );
  });

  test("v6.1-rwlock.log: a reader waits for a writer that holds the lock at a known address", () => {
    const spins = factsIn(join(LAB, "v6.1-rwlock.log"), "spins-on-lock");
    expect(spins).toHaveLength(2);
    for (const spin of spins)
      expect(spin).toMatchObject({
        lock: "rwlock-read",
        address: 0xffffffffc02a24a8n,
        qrwlock: { writer: true, readers: 1 },
        certain: true,
      });
  });

  test("the CPUs that were stalled on purpose delay, and wait for nobody", () => {
    for (const file of ["v6.1-netstamp-irqoff.log", "v6.1-tlb-irqoff.log", "v6.1-work.log"]) {
      const kinds = new Set(allFacts(join(LAB, file)).map((fact) => fact.kind));
      expect([...kinds]).toEqual(["delay-loop"]);
    }
  });

  test("a waiter's two reports are identical, two functions are moving", () => {
    const [first, second] = reports(join(LAB, "v5.10-netstamp.log"));
    const [other] = reports(join(LAB, "v6.1-ipi.log"));
    if (first === undefined || second === undefined || other === undefined)
      throw new Error("no reports");
    expect(compareReports(decoder, first, second)).toBe("identical");
    expect(compareReports(decoder, first, other)).toBe("moving");
  });
});

describe.skipIf(!existsSync(SEED))("the founding incident as pasted into its ticket", () => {
  test("gives the position, not a wait", () => {
    expect(allFacts(SEED).map((fact) => [fact.kind, fact.certain])).toEqual([
      ["text-poke-position", true],
      ["after-call", true],
    ]);
    expect(factsIn(SEED, "text-poke-position")[0]).toMatchObject({ step: 2, entry: 0, entries: 5 });
  });
});

describe.skipIf(!existsSync(CORPUS))("public logs", () => {
  let all: { readonly report: CodeReport; readonly reading: CodeReading }[] = [];
  beforeAll(() => {
    all = logsUnder(CORPUS)
      .flatMap((file) => reports(file))
      .map((report) => ({ report, reading: analyzeCode(decoder, report) }));
  });

  test("every x86 Code: line with a trap mark decodes", () => {
    const marked = all.filter(({ report }) => report.trapIndex >= 0);
    expect(marked.length).toBeGreaterThan(500);
    const broken = marked.filter(({ reading }) => reading.gaps.includes("undecodable"));
    expect(broken.map(({ report }) => report.line)).toEqual([]);
  });

  test("claims about interrupts never contradict EFLAGS, waits never name the reporting CPU", () => {
    for (const { report, reading } of all)
      for (const fact of reading.facts) {
        if (fact.kind === "after-interrupts-opened") expect(report.interrupts).toBe("on");
        if (fact.kind === "polls-csd") expect(fact.awaitedCpu).not.toBe(report.reportingCpu);
      }
  });

  test("the one wait for an IPI with machine code in these logs is the known one", () => {
    const facts = all.flatMap(({ reading }) => [...reading.facts]);
    const waits = facts.filter((fact) => fact.kind === "polls-csd");
    expect(waits.map((wait) => [wait.form, wait.awaitedCpu, wait.certain])).toEqual([
      ["many", 1, true],
    ]);
  });
});

function reports(file: string): CodeReport[] {
  return readCodeReports(readFileSync(file, "latin1"));
}

function allFacts(file: string): MachineFact[] {
  return reports(file).flatMap((report) => [...analyzeCode(decoder, report).facts]);
}

function factsIn<K extends MachineFact["kind"]>(
  file: string,
  kind: K,
): Extract<MachineFact, { kind: K }>[] {
  const isKind = (one: MachineFact): one is Extract<MachineFact, { kind: K }> => one.kind === kind;
  return allFacts(file).filter(isKind);
}

function logsUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .map((name) => join(folder, name));
}
