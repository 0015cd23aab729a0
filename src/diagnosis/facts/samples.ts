// sample, no-progress, interrupts-off: what each report says by itself, without machine code.

import { text } from "#base/text.ts";
import type { Fact, InterruptsOffFact, SampleFact } from "#model/fact.ts";
import type { KernelEvent, RcuCpuLine } from "#model/kernel-event.ts";
import { STALLS } from "../event-kinds.ts";
import { IDLE, plainSymbol } from "../symbols.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { evidence, flags, headline, position, quoted } from "./proof.ts";

export const noProgress: EventFactRule = {
  id: "no-progress",
  needs: [],
  compute: (event) =>
    STALLS.has(event.kind)
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
    const symbols = placeOf(event);
    if (symbols.length === 0 && !event.idle && !event.workqueue) return [];
    return [toSample(event, symbols)];
  },
};

/**
 * Innermost frames that tell no place: where every thread begins (the trace is upside down, or its upper
 * part is missing), the switch of a task that runs elsewhere, the tick that printed the report.
 */
const NO_PLACE: ReadonlySet<string> = new Set([
  "ret_from_fork",
  "ret_from_fork_asm",
  "ret_from_kernel_thread",
  "ret_from_kernel_user_thread",
  "kernel_thread_helper",
  "__switch_to",
  "omap2_gp_timer_interrupt",
  "arch_timer_handler_phys",
  "arch_timer_handler_virt",
  "twd_handler",
]);

/** Symbols of the sampled place; none where the trace does not show one. */
function placeOf(event: KernelEvent): readonly string[] {
  const symbols = reliableSymbols(event);
  if (event.rip !== undefined || isAsleep(event, symbols)) return symbols;
  const innermost = symbols[0];
  if (innermost !== undefined) return NO_PLACE.has(innermost) ? [] : symbols;
  // `self-detected hard LOCKUP @ do_raw_spin_lock+0x140/0x230`: the headline is all there is.
  return event.kind === "hard-lockup" && event.function ? [plainSymbol(event.function)] : [];
}

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
    idle: isIdle(event, symbols),
    // lib/nmi_backtrace.c: nmi_cpu_backtrace() prints on the CPU it is about, the line of an idle one as well.
    ...(event.kind === "nmi-backtrace" ? { answered: true } : {}),
    ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
    ...(event.task ? { task: event.task } : {}),
    ...functionOf(event, symbols),
    ...(event.context ? { context: event.context } : {}),
    ...interruptsOf(event),
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

/** The idle task halts through the hypervisor as well; any other task polls an event channel there. */
function isIdle(event: KernelEvent, symbols: readonly string[]): boolean {
  if (event.idle) return true;
  const top = symbols.slice(0, 3);
  const isSwapper = event.task?.comm.startsWith("swapper") === true;
  return top.some((s) => IDLE.has(s)) || (isSwapper && top.includes("xen_hypercall_sched_op"));
}

/**
 * Frames every worker has, or the dump's own where the rest is cut: the work function is then the name
 * that says something.
 */
const WORKER_FRAMES: ReadonlySet<string> = new Set([
  "process_one_work",
  "process_scheduled_works",
  "worker_thread",
  "__schedule",
  "schedule",
  "dump_backtrace",
  "unwind_backtrace",
  "show_stack",
  "dump_stack",
  "nmi_cpu_backtrace",
]);

function functionOf(event: KernelEvent, symbols: readonly string[]): Pick<SampleFact, "function"> {
  const shown = symbols.length > 0 || event.idle === true;
  const named = shown && event.function !== undefined ? plainSymbol(event.function) : undefined;
  if (event.workqueue && (named === undefined || WORKER_FRAMES.has(named))) {
    return { function: plainSymbol(event.workqueue.function) };
  }
  return named === undefined ? {} : { function: named };
}

function interruptsOf(event: KernelEvent): Pick<SampleFact, "interrupts" | "interruptsAt"> {
  if (!event.interrupts) return {};
  const at = flags(event);
  return { interrupts: event.interrupts, ...(at ? { interruptsAt: at } : {}) };
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
        idle: isIdleLine(line),
        ...(event.rcu?.jiffies === undefined ? {} : { jiffies: event.rcu.jiffies }),
        events: [event.id],
        evidence: [
          quoted(line.at, text("the grace period waits for this CPU", "宽限期正在等待该 CPU")),
        ],
      }),
    ),
};

/** `idle=c48/0/0x0`: neither task nesting nor interrupt nesting (kernel/rcu/tree_stall.h:print_cpu_stall_info). */
function isIdleLine(line: RcuCpuLine): boolean {
  const [, nesting, interrupts] = line.idle?.split("/") ?? [];
  return (
    nesting !== undefined &&
    interrupts !== undefined &&
    /^0$/.test(nesting) &&
    /^0(x0)?$/.test(interrupts)
  );
}
