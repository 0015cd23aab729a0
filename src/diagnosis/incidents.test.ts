import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { diagnose } from "./diagnose.ts";
import { event, frames, traceOf } from "./events.fixture.ts";

describe("one incident per cause", () => {
  test("repeats of one CPU 28 s apart are one", () => {
    const incidents = incidentsOf(
      event({ kind: "soft-lockup", cpu: 4, at: 100, stuckSeconds: 22 }),
      event({ kind: "soft-lockup", cpu: 4, at: 128, stuckSeconds: 22 }),
      event({ kind: "soft-lockup", cpu: 4, at: 156, stuckSeconds: 23 }),
    );
    expect(incidents).toEqual([3]);
  });

  test("CPUs stuck in the same stretch of time are one, whatever detector spoke", () => {
    const incidents = incidentsOf(
      event({ kind: "rcu-stall", cpu: 0, at: 121, rcu: rcu(21 * 250) }),
      event({ kind: "soft-lockup", cpu: 3, at: 126, stuckSeconds: 26 }),
      event({ kind: "hung-task", task: { comm: "sh", pid: 9 }, at: 240, stuckSeconds: 120 }),
    );
    expect(incidents).toEqual([3]);
  });

  test("stalls that do not overlap and share no CPU or task are two", () => {
    const incidents = incidentsOf(
      event({ kind: "soft-lockup", cpu: 1, at: 100, stuckSeconds: 22 }),
      event({ kind: "soft-lockup", cpu: 7, at: 180, stuckSeconds: 22 }),
    );
    expect(incidents).toEqual([1, 1]);
  });

  test("three unrelated incidents on two boots are three, and share no line", () => {
    const result = diagnose(
      traceOf(
        event({ kind: "warning", cpu: 1, at: 10, function: "f" }),
        event({ kind: "soft-lockup", cpu: 1, at: 300, stuckSeconds: 22, function: "g" }),
        event({ kind: "null-dereference", cpu: 2, at: 12, function: "h", boot: 1 }),
      ),
    );
    expect(result.incidents.map((incident) => incident.events.length)).toEqual([1, 1, 1]);
    const lines = result.incidents.map((i) =>
      [...i.findings, ...(i.culprit ? [i.culprit] : [])].flatMap((c) =>
        c.evidence.map((e) => e.range.firstLine),
      ),
    );
    expect(lines[0]?.filter((l) => lines[1]?.includes(l) || lines[2]?.includes(l))).toEqual([]);
  });

  test("two reports of one grace period are one, however far apart", () => {
    const stall = (at: number, gracePeriod: number) =>
      event({ kind: "rcu-stall", at, rcu: { ...rcu(5250), gracePeriod } });
    expect(incidentsOf(stall(100, 77), stall(500, 77))).toEqual([2]);
    expect(incidentsOf(stall(100, 77), stall(500, 81))).toEqual([1, 1]);
  });

  test("an oops and the lock waits after it are one: the lock may have died with its holder", () => {
    const dead = event({ kind: "null-dereference", cpu: 3, at: 50, function: "f" });
    const waiter = event({
      kind: "hung-task",
      task: { comm: "w", pid: 5 },
      at: 240,
      stuckSeconds: 120,
      trace: frames("__schedule", "schedule", "__mutex_lock", "g"),
    });
    expect(incidentsOf(dead, waiter)).toEqual([2]);
  });

  test("an oops and a later loop in other code are two", () => {
    const incidents = incidentsOf(
      event({ kind: "null-dereference", cpu: 3, at: 50, function: "f" }),
      event({ kind: "soft-lockup", cpu: 1, at: 200, stuckSeconds: 22, function: "loop" }),
    );
    expect(incidents).toEqual([1, 1]);
  });

  test("a backtrace alone is no incident", () => {
    expect(incidentsOf(event({ kind: "nmi-backtrace", cpu: 0, at: 5 }))).toEqual([]);
  });

  test("a hundred thousand events take no more than their number's time", () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      event({ kind: "warning", at: i * 5000, function: `f${i}` }),
    );
    expect(incidentsOf(...many).length).toBe(20_000);
  });
});

function incidentsOf(...events: readonly KernelEvent[]): readonly number[] {
  return diagnose(traceOf(...events)).incidents.map((incident) => incident.events.length);
}

function rcu(jiffies: number) {
  return {
    flavour: "rcu_sched",
    expedited: false,
    selfDetected: true,
    jiffies,
    stalled: [],
    stalledTasks: [],
  };
}
