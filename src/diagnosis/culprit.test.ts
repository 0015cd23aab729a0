// Whom everybody waits for: small graphs, each with the answer a person would give.

import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { diagnose } from "./diagnose.ts";
import { event, frames, traceOf } from "./events.fixture.ts";

describe("the culprit", () => {
  test("interrupts off by its own flags, and unanswered: proven", () => {
    const rcu = stallOf(2, { interrupts: "not-taken" });
    const backtrace = event({
      kind: "nmi-backtrace",
      cpu: 2,
      at: 121,
      askedBy: rcu.id,
      interrupts: "off",
      function: "spin_here",
      rip: { symbol: "spin_here", at: quote(7) },
      registersAt: { eflags: quote(8) },
    });
    expect(culpritOf(rcu, backtrace)).toMatchObject({
      cpu: 2,
      function: "spin_here",
      why: "irqs-off",
      verdict: "proven",
    });
  });

  test("flags of one sample and a late grace period prove nothing: code that opens interrupts now and then owes one too", () => {
    const rcu = stallOf(2, {});
    expect(culpritOf(rcu, maskedSample(rcu.id))).toMatchObject({
      cpu: 2,
      why: "irqs-off",
      verdict: "likely",
    });
  });

  test("a CPU whose own tick reports it takes interrupts, whatever the flags of one sample", () => {
    const lockup = event({
      kind: "soft-lockup",
      cpu: 2,
      at: 119,
      stuckSeconds: 134,
      function: "f",
      rip: { symbol: "f", at: quote(1) },
    });
    const rcu = stallOf(2, {});
    expect(culpritOf(lockup, rcu, maskedSample(rcu.id))).toMatchObject({
      cpu: 2,
      why: "spinning",
      verdict: "likely",
    });
  });

  test("a CPU that counted a tick per jiffy of the grace period takes interrupts", () => {
    const rcu = stallOf(2, { ticks: 5249 });
    expect(culpritOf(rcu, maskedSample(rcu.id))).toMatchObject({ cpu: 2, why: "spinning" });
  });

  test("a spinner that yields to the hypervisor waits for a lock: no culprit, hard lockup or not", () => {
    const waiter = event({
      kind: "hard-lockup",
      cpu: 216,
      at: 50,
      interrupts: "off",
      function: "plpar_hcall_norets_notrace",
      rip: { symbol: "plpar_hcall_norets_notrace", at: quote(1) },
      registersAt: { irqmask: quote(2) },
      trace: frames("_raw_spin_lock", "raw_spin_rq_lock_nested", "load_balance"),
    });
    expect(culpritOf(waiter)).toBeUndefined();
  });

  test("a CPU that noticed its own stall left a trace: it ticks, and is not silent", () => {
    const rcu = stallOf(124, { selfDetected: true });
    expect(culpritOf(rcu)).toMatchObject({ cpu: 124, why: "spinning", verdict: "likely" });
  });

  test("a primitive that cannot loop by itself lends its caller's name", () => {
    const stuck = event({
      kind: "soft-lockup",
      cpu: 1,
      at: 50,
      stuckSeconds: 22,
      function: "_raw_spin_unlock_irqrestore",
      rip: { symbol: "_raw_spin_unlock_irqrestore", at: quote(1) },
      trace: frames("poll_device", "driver_work"),
    });
    expect(culpritOf(stuck)).toMatchObject({ function: "poll_device", why: "spinning" });
  });

  test("who busy-waits for another CPU's irq_work is a victim", () => {
    const stuck = event({
      kind: "soft-lockup",
      cpu: 0,
      at: 50,
      stuckSeconds: 22,
      function: "irq_work_sync",
      rip: { symbol: "irq_work_sync", at: quote(1) },
      trace: frames("_free_event"),
    });
    expect(culpritOf(stuck)).toBeUndefined();
  });

  test("everybody waits for a CPU without a trace: silent, and only likely", () => {
    const csd = event({
      kind: "csd-stall",
      cpu: 1,
      at: 50,
      csd: { waiter: 1, target: 9, at: quote(1) },
    });
    expect(culpritOf(csd)).toMatchObject({ cpu: 9, why: "silent", verdict: "likely" });
  });

  test("a CPU that spins for a lock is a victim; the other stuck one is likely the holder", () => {
    const holder = event({
      kind: "soft-lockup",
      cpu: 1,
      at: 50,
      stuckSeconds: 22,
      function: "hold",
      rip: { symbol: "hold", at: quote(1) },
    });
    const waiter = event({
      kind: "soft-lockup",
      cpu: 2,
      at: 51,
      stuckSeconds: 22,
      rip: { symbol: "native_queued_spin_lock_slowpath", at: quote(2) },
      trace: frames("_raw_spin_lock", "want"),
    });
    expect(culpritOf(holder, waiter)).toMatchObject({
      cpu: 1,
      function: "hold",
      why: "holding-lock",
      verdict: "likely",
    });
  });

  test("a waiter whose lock holder is nowhere names no culprit", () => {
    const waiter = event({
      kind: "soft-lockup",
      cpu: 2,
      at: 51,
      stuckSeconds: 22,
      rip: { symbol: "native_queued_spin_lock_slowpath", at: quote(2) },
      trace: frames("_raw_spin_lock", "want"),
    });
    expect(culpritOf(waiter)).toBeUndefined();
  });

  test("a CPU that another one saw idle while others wait for it: not answering, at most possible", () => {
    const rcu = { ...stallOf(3, {}), cpu: 3, trace: frames("default_idle", "do_idle") };
    expect(culpritOf(rcu)).toMatchObject({ cpu: 3, why: "not-answering", verdict: "possible" });
  });

  test("a CPU that printed itself that it idles answers: a grace period blames it for nothing", () => {
    const rcu = stallOf(3, {});
    const idle = event({ kind: "nmi-backtrace", cpu: 3, at: 121, askedBy: rcu.id, idle: true });
    expect(culpritOf(rcu, idle)).toBeUndefined();
  });

  test("an IPI that a CPU owes which idles and answers did not reach it", () => {
    const csd = event({
      kind: "csd-stall",
      cpu: 1,
      at: 50,
      csd: { waiter: 1, target: 9, at: quote(1) },
    });
    const idle = event({ kind: "nmi-backtrace", cpu: 9, at: 51, askedBy: csd.id, idle: true });
    expect(culpritOf(csd, idle)).toMatchObject({ cpu: 9, why: "unknown", verdict: "possible" });
  });

  test("an idle CPU that RCU lists and itself shows idle is blamed for nothing", () => {
    const rcu = stallOf(4, { idle: "c48/0/0x0", ticks: 0 });
    const idle = event({ kind: "nmi-backtrace", cpu: 4, at: 121, askedBy: rcu.id, idle: true });
    expect(culpritOf(rcu, idle)).toBeUndefined();
  });

  test("an idle CPU in mwait has interrupts off and is no culprit for it", () => {
    const idle = event({
      kind: "nmi-backtrace",
      cpu: 5,
      at: 51,
      interrupts: "off",
      idle: true,
      rip: { symbol: "mwait_idle", at: quote(1) },
    });
    const stuck = event({
      kind: "soft-lockup",
      cpu: 1,
      at: 50,
      stuckSeconds: 22,
      function: "f",
      rip: { symbol: "f", at: quote(2) },
    });
    expect(culpritOf(stuck, idle)).toMatchObject({ cpu: 1 });
  });
});

function culpritOf(...events: readonly KernelEvent[]) {
  return diagnose(traceOf(...events), { mechanisms: [] }).incidents[0]?.culprit;
}

function quote(line: number) {
  return { range: { source: "s1", firstLine: line, lastLine: line }, text: `line ${line}` };
}

/** The backtrace RCU asked CPU 2 for, taken by NMI where interrupts were off. */
function maskedSample(askedBy: string): KernelEvent {
  return event({
    kind: "nmi-backtrace",
    cpu: 2,
    at: 121,
    askedBy,
    interrupts: "off",
    function: "spin_here",
    rip: { symbol: "spin_here", at: quote(7) },
    registersAt: { eflags: quote(8) },
  });
}

interface StallSketch {
  readonly interrupts?: "not-taken";
  readonly ticks?: number;
  readonly idle?: string;
  readonly selfDetected?: boolean;
}

function stallOf(cpu: number, { selfDetected = false, ...line }: StallSketch): KernelEvent {
  return event({
    kind: "rcu-stall",
    at: 120,
    rcu: {
      flavour: "rcu_sched",
      expedited: false,
      selfDetected,
      jiffies: 5250,
      stalled: [{ cpu, at: quote(3), ...line }],
      stalledTasks: [],
    },
  });
}
