import { describe, expect, test } from "vitest";
import { simulate } from "#app/simulate.ts";
import type { SimulationV1 } from "#contract/simulation.ts";
import { renderTrace } from "../trace/simulation-trace.ts";
import { displayWidth } from "../width.ts";
import { renderSimulation, type TimelineOptions } from "./timeline.ts";

const SCENARIO = `
  title One site is enabled
  title-zh 启用一个修补点
  cpus 3
  kernel no-rerun
  site netif_rx ffffffff81000100 nop5 jump ffffffff81000300
  hold 2 sync 1 for 12
  seed 4`;

describe("the timeline of a run", () => {
  test("names the phases in their order", () => {
    const phases = [...show(ran()).matchAll(/-- (\S+):/g)].map((match) => match[1]);
    expect(phases).toEqual(["int3", "sync-1", "tails", "sync-2", "first-bytes", "sync-3"]);
  });

  test("shows where the INT3 is and what each CPU would execute", () => {
    const line = find(show(ran()), "writes INT3 on netif_rx");
    expect(line).toMatch(/^ +\d+ {2}i {4}> i {6}~ {6}~ {4}CPU 0 writes INT3/);
  });

  test("brackets the CPU that keeps interrupts off, and stars the interrupt that waits", () => {
    expect(find(show(ran()), "CPU 2 closes interrupts")).toMatch(/>\[~\]\*/);
  });

  test("ends with the cost and with what a trace decoder makes of it", () => {
    const text = show(ran());
    expect(text).toContain("6 function-call interrupts in 3 broadcasts");
    expect(text).toContain("1 trace records (PERF_RECORD_TEXT_POKE)");
    expect(text).toContain("finds on every CPU exactly the instructions it executed");
  });

  test("folds passes that change nothing; --verbose shows every step", () => {
    const simulation = ran();
    const steps = (text: string) =>
      text.split("\n").filter((line) => /^ +\d+ {2}[oiIn]/.test(line));
    const all = steps(show(simulation, { verbose: true }));
    expect(all.length).toBe(simulation.run?.steps.length);
    expect(steps(show(simulation)).length).toBeLessThan(all.length);
  });

  test.each(["en", "zh"] as const)("keeps to the width in %s", (lang) => {
    const lines = show(ran(), { lang, width: 80 }).split("\n");
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(80);
  });

  test("says the same in Chinese, without English sentences", () => {
    const text = show(ran(), { lang: "zh" });
    expect(text).toContain("在 netif_rx 写入 INT3");
    expect(text).not.toMatch(/\b(the|and|of|writes|takes)\b/);
  });

  test("colors only where asked to", () => {
    expect(show(ran())).not.toContain("\u001b");
    expect(show(ran(), { color: true })).toContain("\u001b[1m");
  });
});

describe("the timeline of an exploration", () => {
  test("calls the protocol safe, with how much was searched", () => {
    const text = show(explored());
    expect(text).toContain("Safe: no interleaving breaks an invariant");
    expect(text).toMatch(/202 states, \d+ steps/);
  });

  test("shows the shortest way to a torn instruction and marks it", () => {
    const text = show(explored("no-sync-2"));
    expect(text).toContain("Changed on purpose: no synchronization after the tails");
    expect(find(text, "decodes torn bytes")).toMatch(/> X/);
    expect(text).toContain("** I2: a CPU decodes a mix of old and new bytes");
    expect(text).toContain("I2 was expected to break: met");
  });
});

describe("the trace", () => {
  test("is a Trace Event document with one track per CPU and the phases as slices", () => {
    const events = trace(ran());
    expect(names(events, 1)).toEqual(["CPU 0", "CPU 1", "CPU 2"]);
    const phases = events.filter((event) => event.pid === 2 && event.ph === "X");
    expect(phases.map((event) => event.name)).toHaveLength(6);
    expect(phases.every((event, i) => i === 0 || event.ts >= (phases[i - 1]?.ts ?? 0))).toBe(true);
  });

  test("draws an arrow from every interrupt to its answer, never backwards", () => {
    const events = trace(ran());
    const starts = events.filter((event) => event.ph === "s");
    const ends = events.filter((event) => event.ph === "f");
    expect(starts).toHaveLength(6);
    for (const start of starts) {
      const end = ends.find((event) => event.id === start.id);
      expect(end?.ts).toBeGreaterThan(start.ts);
    }
  });

  test("gives each counterexample tracks of its own", () => {
    const pids = new Set(trace(explored("no-sync-1")).map((event) => Math.floor(event.pid / 10)));
    expect(pids.size).toBe(3);
  });
});

interface Event {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly id?: number;
  readonly args?: { readonly name?: string };
}

function ran(): SimulationV1 {
  return simulate(SCENARIO, "test", { version: "0" });
}

function explored(mutant?: string): SimulationV1 {
  const asked = mutant === undefined ? {} : { mutant };
  return simulate(SCENARIO, "test", { version: "0", explore: true, ...asked });
}

function show(simulation: SimulationV1, options: Partial<TimelineOptions> = {}): string {
  const plain = { lang: "en", color: false, width: 100, verbose: false } as const;
  return renderSimulation(simulation, { ...plain, ...options });
}

function find(text: string, words: string): string {
  return text.split("\n").find((line) => line.includes(words)) ?? "";
}

function trace(simulation: SimulationV1): Event[] {
  return JSON.parse(renderTrace(simulation, "en")).traceEvents;
}

function names(events: readonly Event[], pid: number): (string | undefined)[] {
  return events
    .filter((event) => event.name === "thread_name" && event.pid === pid)
    .map((event) => event.args?.name);
}
