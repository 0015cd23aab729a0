// What the graph's edges may state as proven, and what they may not.

import { describe, expect, test } from "vitest";
import type { KernelEvent, RcuCpuLine } from "#model/kernel-event.ts";
import { diagnose } from "./diagnose.ts";
import { event, frames, traceOf } from "./events.fixture.ts";

describe("waits", () => {
  test("a grace period waits for a busy CPU that its report names: proven", () => {
    expect(waitsOf(stall("08b4/1/0x4000000000000000"))).toMatchObject([
      { waitsFor: { cpu: 4 }, for: "rcu-gp", verdict: "proven" },
    ]);
  });

  test("a CPU that the report itself shows idle owes nothing that is proven", () => {
    expect(waitsOf(stall("c48/0/0x0"))).toMatchObject([{ for: "rcu-gp", verdict: "possible" }]);
  });

  test("one sample of a CPU nobody complains about proves no wait for a lock", () => {
    const rcu = stall("08b4/1/0x4000000000000000");
    const bystander = event({
      kind: "nmi-backtrace",
      cpu: 3,
      at: 121,
      askedBy: rcu.id,
      rip: { symbol: "native_queued_spin_lock_slowpath", at: quote(2) },
      trace: frames("_raw_spin_lock_irqsave", "rcu_core"),
    });
    expect(waitsOf(rcu, bystander)).toMatchObject([
      { waiter: { cpu: 3 }, for: "spinlock", verdict: "likely" },
      { for: "rcu-gp" },
    ]);
  });
});

function waitsOf(...events: readonly KernelEvent[]) {
  return diagnose(traceOf(...events), { mechanisms: [] }).incidents[0]?.waits;
}

function quote(line: number) {
  return { range: { source: "s1", firstLine: line, lastLine: line }, text: `line ${line}` };
}

function stall(idle: string): KernelEvent {
  const line: RcuCpuLine = { cpu: 4, idle, at: quote(3) };
  return event({
    kind: "rcu-stall",
    at: 120,
    rcu: {
      flavour: "rcu_preempt",
      expedited: false,
      selfDetected: false,
      jiffies: 14522,
      stalled: [line],
      stalledTasks: [],
    },
  });
}
