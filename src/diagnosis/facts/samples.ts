// sample, no-progress, interrupts-off: what each report says by itself, without machine code.

import { text } from "#base/text.ts";
import type { Fact, InterruptsOffFact, SampleFact } from "#model/fact.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import { IDLE, plainSymbol } from "../symbols.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { evidence, flags, headline, position, quoted } from "./proof.ts";

const NO_PROGRESS: ReadonlySet<EventKind> = new Set([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "hung-task",
  "workqueue-lockup",
  "csd-stall",
]);

export const noProgress: EventFactRule = {
  id: "no-progress",
  needs: [],
  compute: (event) =>
    NO_PROGRESS.has(event.kind)
      ? [
          {
            kind: "no-progress",
            detector: event.kind,
            events: [event.id],
            evidence: [headline(event)],
            ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
            ...(event.task ? { task: event.task } : {}),
            ...(event.stuckSeconds === undefined ? {} : { seconds: event.stuckSeconds }),
          },
        ]
      : [],
};

export const sample: EventFactRule = {
  id: "sample",
  needs: [],
  compute: (event) => {
    const symbols = reliableSymbols(event);
    if (symbols.length === 0 && !event.idle && !event.workqueue) return [];
    return [toSample(event, symbols)];
  },
};

function toSample(event: KernelEvent, symbols: readonly string[]): SampleFact {
  const frames = (event.trace ?? []).filter((f) => f.reliable && !f.detector);
  return {
    kind: "sample",
    event: event.id,
    events: [event.id],
    evidence: [position(event)],
    symbols,
    contexts: [...new Set(frames.map((f) => f.context))],
    exact: event.rip !== undefined,
    asleep: isAsleep(event, symbols),
    idle: event.idle === true || symbols.slice(0, 3).some((s) => IDLE.has(s)),
    ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
    ...(event.task ? { task: event.task } : {}),
    ...functionOf(event),
    ...(event.context ? { context: event.context } : {}),
    ...(event.interrupts ? { interrupts: event.interrupts } : {}),
    ...workOf(event),
  };
}

/**
 * A task dump taken for a CPU (RCU stall) shows a running task that was switched out for a moment; only a
 * dump that names no CPU as stuck shows a sleeper by its __schedule frame.
 */
function isAsleep(event: KernelEvent, symbols: readonly string[]): boolean {
  if (event.kind === "hung-task") return true;
  if (event.kind === "rcu-stall" || event.kind === "soft-lockup" || event.kind === "hard-lockup")
    return false;
  return event.rip === undefined && symbols.includes("__schedule");
}

/** Frames every worker has: below them the work function is the name that says something. */
const WORKER_FRAMES: ReadonlySet<string> = new Set([
  "process_one_work",
  "process_scheduled_works",
  "worker_thread",
  "__schedule",
  "schedule",
]);

function functionOf(event: KernelEvent): Pick<SampleFact, "function"> {
  const named = event.function === undefined ? undefined : plainSymbol(event.function);
  if (event.workqueue && (named === undefined || WORKER_FRAMES.has(named))) {
    return { function: plainSymbol(event.workqueue.function) };
  }
  return named === undefined ? {} : { function: named };
}

function workOf(event: KernelEvent): Pick<SampleFact, "work" | "workAt"> {
  if (!event.workqueue) return {};
  return {
    work: plainSymbol(event.workqueue.function),
    workAt: quoted(
      event.workqueue.at,
      text("the work item this worker was running", "该工作线程正在执行的工作项"),
    ),
  };
}

/** RIP's symbol, then the reliable frames under it, the detector's own left out. */
function reliableSymbols(event: KernelEvent): readonly string[] {
  const frames = (event.trace ?? [])
    .filter((f) => f.reliable && !f.detector)
    .map((f) => plainSymbol(f.symbol));
  if (!event.rip) return frames;
  const innermost = plainSymbol(event.rip.symbol);
  return frames[0] === innermost ? frames : [innermost, ...frames];
}

export const interruptsOff: EventFactRule = {
  id: "interrupts-off",
  needs: [],
  compute: (event) => [...byFlags(event), ...byRcuFlag(event), ...byHardLockup(event)],
};

/**
 * EFLAGS.IF clear in the interrupted context. An idle CPU waits with interrupts off in mwait and wakes
 * by them all the same, so idle samples are left out.
 */
function byFlags(event: KernelEvent): readonly InterruptsOffFact[] {
  if (event.interrupts !== "off" || event.cpu === undefined) return [];
  if (
    event.idle ||
    reliableSymbols(event)
      .slice(0, 3)
      .some((s) => IDLE.has(s))
  )
    return [];
  return [
    {
      kind: "interrupts-off",
      by: "flags",
      cpu: event.cpu,
      events: [event.id],
      evidence: evidence(flags(event), position(event)),
      ...(event.task ? { task: event.task } : {}),
      ...(event.function ? { function: event.function } : {}),
    },
  ];
}

function byRcuFlag(event: KernelEvent): readonly InterruptsOffFact[] {
  return (event.rcu?.stalled ?? [])
    .filter((line) => line.interrupts === "not-taken")
    .map((line) => ({
      kind: "interrupts-off",
      by: "rcu-irq-work",
      cpu: line.cpu,
      events: [event.id],
      evidence: [
        quoted(
          line.at,
          text(
            "the irq_work RCU sent to this CPU is still pending: it takes no interrupts",
            "RCU 发给该 CPU 的 irq_work 仍未执行：它没有响应中断",
          ),
        ),
      ],
    }));
}

function byHardLockup(event: KernelEvent): readonly InterruptsOffFact[] {
  if (event.kind !== "hard-lockup" || event.cpu === undefined) return [];
  return [
    {
      kind: "interrupts-off",
      by: "hard-lockup",
      cpu: event.cpu,
      events: [event.id],
      evidence: [headline(event)],
      ...(event.task ? { task: event.task } : {}),
      ...(event.function ? { function: event.function } : {}),
    },
  ];
}

export const rcuStalled: EventFactRule = {
  id: "rcu-stalled",
  needs: [],
  compute: (event) =>
    (event.rcu?.stalled ?? []).map(
      (line): Fact => ({
        kind: "rcu-stalled",
        cpu: line.cpu,
        line,
        selfDetected: event.rcu?.selfDetected === true,
        ...(event.rcu?.jiffies === undefined ? {} : { jiffies: event.rcu.jiffies }),
        events: [event.id],
        evidence: [
          quoted(line.at, text("the grace period waits for this CPU", "宽限期正在等待该 CPU")),
        ],
      }),
    ),
};
