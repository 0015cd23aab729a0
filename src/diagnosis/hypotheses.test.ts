// Rival causes, held against what the CPU in question printed of itself.

import { describe, expect, test } from "vitest";
import { mechanisms } from "#mechanisms/mechanisms.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import { diagnose } from "./diagnose.ts";
import { event, frames, traceOf } from "./events.fixture.ts";

describe("a grace period that waits for CPU 3", () => {
  test("which answers that it idles: it was not noticed, and does not loop", () => {
    const rcu = lateCpu();
    const idle = event({ kind: "nmi-backtrace", cpu: 3, at: 121, askedBy: rcu.id, idle: true });
    expect(verdictsOf(rcu, idle)).toMatchObject({
      "idle-unnoticed": "likely",
      "loops-with-interrupts-on": "unlikely",
      "interrupts-off": "unlikely",
    });
  });

  test("which answers from its work: it was not idle", () => {
    const rcu = lateCpu();
    const busy = event({
      kind: "nmi-backtrace",
      cpu: 3,
      at: 121,
      askedBy: rcu.id,
      function: "collect",
      rip: { symbol: "collect", at: quote(4) },
      trace: frames("walk_all"),
    });
    expect(verdictsIn("rcu-grace-period", rcu, busy)["idle-unnoticed"]).toBe("unlikely");
  });

  test("which did not answer: nothing is known of it", () => {
    expect(verdictsOf(lateCpu())["idle-unnoticed"]).toBe("possible");
  });
});

describe("a loop whose flags are not known", () => {
  test("reported from its own timer interrupt: interrupts were on", () => {
    expect(verdictsOf(stuck("soft-lockup"))["interrupts-off"]).toBe("unlikely");
  });

  test("reported as a hard lockup: they were off", () => {
    expect(verdictsOf(stuck("hard-lockup"))["interrupts-off"]).toBe("likely");
  });
});

type Verdicts = Readonly<Record<string, string>>;

/** By this mechanism alone, whatever others explain better. */
function verdictsIn(mechanism: string, ...events: readonly KernelEvent[]): Verdicts {
  return verdicts(
    mechanisms.filter(({ id }) => id === mechanism),
    events,
  );
}

function verdictsOf(...events: readonly KernelEvent[]): Verdicts {
  return verdicts(mechanisms, events);
}

function verdicts(by: typeof mechanisms, events: readonly KernelEvent[]): Verdicts {
  const incident = diagnose(traceOf(...events), { mechanisms: by }).incidents[0];
  return Object.fromEntries((incident?.hypotheses ?? []).map(({ id, verdict }) => [id, verdict]));
}

function stuck(kind: EventKind): KernelEvent {
  return event({
    kind,
    cpu: 3,
    at: 100,
    function: "collect",
    rip: { symbol: "collect", at: quote(1) },
    trace: frames("walk_all", "my_ioctl"),
  });
}

function lateCpu(): KernelEvent {
  return event({
    kind: "rcu-stall",
    at: 120,
    rcu: {
      flavour: "rcu_preempt",
      expedited: true,
      selfDetected: false,
      jiffies: 21002,
      stalled: [{ cpu: 3, at: quote(3) }],
      stalledTasks: [],
    },
  });
}

function quote(line: number) {
  return { range: { source: "s1", firstLine: line, lastLine: line }, text: `line ${line}` };
}
