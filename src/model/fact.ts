// The fact catalogue: what the diagnosis knows about a trace, each with the lines that show it. Facts
// are computed once (diagnosis/facts); mechanisms and hypotheses see facts, never raw text.
// A fact states what was observed. What it means is the mechanism's business.

import type { StackContext } from "./frame.ts";
import type { EventKind, RcuCpuLine, Task } from "./kernel-event.ts";
import type { NoticeKind } from "./notice.ts";
import type { BootFact } from "./reading.ts";
import type { Evidence } from "./verdict.ts";

interface FactBase {
  /** Ids of the events it was read from. */
  readonly events: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** A detector says that a CPU or task made no progress. */
export interface NoProgressFact extends FactBase {
  readonly kind: "no-progress";
  readonly detector: EventKind;
  readonly cpu?: number;
  readonly task?: Task;
  readonly seconds?: number;
}

/** What a CPU (or sleeping task) was doing when it was sampled: innermost symbol first. */
export interface SampleFact extends FactBase {
  readonly kind: "sample";
  readonly event: string;
  readonly cpu?: number;
  readonly task?: Task;
  /** Function to name (event.function): the first that says where the kernel was. */
  readonly function?: string;
  /** Reliable frames without the detector's own, RIP's symbol first. */
  readonly symbols: readonly string[];
  readonly contexts: readonly StackContext[];
  readonly context?: "task" | "softirq" | "hardirq" | "nmi";
  readonly interrupts?: "on" | "off";
  /** The line the flags stand on. */
  readonly interruptsAt?: Evidence;
  /** True where RIP (not only the call trace) was printed. */
  readonly exact: boolean;
  /** Work function when the sampled task was a kworker, and the line that names it. */
  readonly work?: string;
  readonly workAt?: Evidence;
  /** The task was asleep (hung task, sysrq-w), not running. */
  readonly asleep: boolean;
  /** The CPU was in the idle loop. */
  readonly idle: boolean;
  /** The CPU printed it itself when asked: it runs and takes NMIs, or the IPI sent in their place. */
  readonly answered?: boolean;
}

/** A CPU does not take interrupts. */
export interface InterruptsOffFact extends FactBase {
  readonly kind: "interrupts-off";
  readonly cpu: number;
  readonly task?: Task;
  readonly function?: string;
  /** `flags`: EFLAGS.IF clear; `rcu-irq-work`: RCU's irq_work pending; `hard-lockup`: timer interrupts stopped. */
  readonly by: "flags" | "rcu-irq-work" | "hard-lockup";
}

/** A CPU polls a csd: an IPI acknowledgement is missing. */
export interface CsdWaitFact extends FactBase {
  readonly kind: "csd-wait";
  readonly cpu: number;
  readonly task?: Task;
  readonly awaited?: number;
  /** `many`: smp_call_function_many*; `single`: csd on the waiter's stack; `report`: the kernel's own csd line. */
  readonly form: "many" | "single" | "earlier-call" | "report" | "frames";
  /** True when machine code or the kernel's own line shows it, false when only frames do. */
  readonly certain: boolean;
  /** What the wait serves: the caller's symbol (`text_poke_bp_batch`, `flush_tlb_mm_range`, …). */
  readonly purpose?: string;
}

/** The value of a local variable at the trap, from debug information and the printed registers. */
export interface LocalFact extends FactBase {
  readonly kind: "local";
  readonly cpu?: number;
  /** Function the variable belongs to; may be one inlined into RIP's. */
  readonly function: string;
  readonly name: string;
  readonly bits: bigint;
  /** `rax`, `memory at …`, `computed from rbx`. */
  readonly where: string;
}

/** A CPU spins for a lock. */
export interface LockSpinFact extends FactBase {
  readonly kind: "lock-spin";
  readonly cpu: number;
  readonly task?: Task;
  readonly lock: "spinlock" | "rwlock-read" | "rwlock-write" | "mutex" | "rwsem" | "unknown";
  readonly address?: bigint;
  readonly word?: bigint;
  readonly tailCpu?: number;
  readonly certain: boolean;
  /** First function above the lock primitives: who wanted the lock. */
  readonly wantedBy?: string;
  readonly interrupts?: "on" | "off";
}

/** A task sleeps for something and was reported for it. */
export interface SleepFact extends FactBase {
  readonly kind: "asleep-on";
  readonly task: Task;
  readonly on:
    | "mutex"
    | "rwsem"
    | "semaphore"
    | "rcu-gp"
    | "io"
    | "completion"
    | "work"
    | "unknown";
  readonly owner?: Task;
  /** Who says so: the hung-task report itself, or lockdep's list of held locks. */
  readonly ownerBy?: "kernel" | "lock-list";
  readonly seconds?: number;
  readonly wantedBy?: string;
}

/** CPUs found in multi_cpu_stop, and those that are not although the machine has them. */
export interface StopMachineFact extends FactBase {
  readonly kind: "stop-machine";
  readonly waiting: readonly number[];
  readonly missing: readonly number[];
}

/** A CPU line of an RCU stall. */
export interface RcuStalledFact extends FactBase {
  readonly kind: "rcu-stalled";
  readonly line: RcuCpuLine;
  readonly cpu: number;
  readonly selfDetected: boolean;
  /** The line shows the CPU in its idle loop, which is a quiescent state by itself. */
  readonly idle: boolean;
  /** The limit that was exceeded, in jiffies; a few of them (expedited grace periods) are no hang. */
  readonly jiffies?: number;
}

/** The grace-period kthread itself does not run: no CPU owes a quiescent state. */
export interface RcuKthreadFact extends FactBase {
  readonly kind: "rcu-kthread";
  /** `timer`: its wake-up timer is overdue; `starved`: it has not run. */
  readonly how: "starved" | "timer";
  readonly jiffies: number;
  readonly cpu?: number;
}

/** A worker pool with work and without progress. */
export interface PoolStuckFact extends FactBase {
  readonly kind: "pool-stuck";
  /** CPU list as printed: one CPU for a bound pool. */
  readonly cpus?: string;
  readonly seconds?: number;
  /** Functions of workers that run: one of them holds the pool. */
  readonly inFlight: readonly string[];
  /** Functions that wait for a worker: victims. */
  readonly pending: readonly string[];
}

/** Where a stuck CPU's time went, by the kernel's own measurement; percent, mean of the samples. */
export interface CpuTimeFact extends FactBase {
  readonly kind: "cpu-time";
  readonly cpu: number;
  readonly system: number;
  readonly softirq: number;
  readonly hardirq: number;
  readonly idle: number;
  readonly frequentIrqs: readonly { readonly irq: number; readonly count: number }[];
}

/** Position inside a text_poke batch, recovered from machine code and registers. */
export interface PokePositionFact extends FactBase {
  readonly kind: "poke-position";
  readonly cpu: number;
  readonly step: 1 | 2 | 3;
  readonly entry?: number;
  readonly entries?: number;
  readonly length?: number;
  readonly site?: bigint;
  readonly syncsCompleted: 0 | 1 | 2 | 3;
  /** A call had just returned at RIP: nothing was being waited for at the sample. */
  readonly afterCall: boolean;
  /** The call that had returned, where its target or role is known (`__text_poke`). */
  readonly callee?: string;
}

/** RIP stands right behind an instruction that opened interrupts: sampled late, not stuck there. */
export interface SampledLateFact extends FactBase {
  readonly kind: "sampled-late";
  readonly cpu: number;
  readonly by: "popf" | "sti";
}

/** RIP stands at a return address: the callee has finished. */
export interface AfterCallFact extends FactBase {
  readonly kind: "after-call";
  readonly cpu: number;
  readonly callee?: string;
}

/** Printing is synchronous: stamps inside one report follow the length of its lines. */
export interface ConsoleFact extends FactBase {
  readonly kind: "console-rate";
  readonly event: string;
  readonly bytesPerSecond: number;
  readonly millisecondsPerByte: number;
  readonly millisecondsPerLine: number;
  readonly rSquared: number;
  readonly intervals: number;
  readonly totalMilliseconds: number;
  readonly maxResidualMilliseconds: number;
  /** Standard rate that the fit is nearest below, 8N1. */
  readonly baud?: number;
  readonly lineRateShare?: number;
}

/** What a soft lockup's N can mean on the detector's grid. */
export interface DurationFact extends FactBase {
  readonly kind: "duration";
  readonly event: string;
  readonly printed: number;
  readonly minSeconds: number;
  readonly maxSeconds: number;
  /** A value that fits checks every 4 s (KERNEL.md 3.2); decides nothing by itself. */
  readonly onGrid: boolean;
  /** 22 or 23: what the first report of every stall prints with the default threshold. */
  readonly first: boolean;
}

/** The same CPU reported again. */
export interface RepeatFact extends FactBase {
  readonly kind: "repeat";
  readonly cpu: number;
  readonly count: number;
  readonly intervalsSeconds: readonly number[];
  /** Durations printed grow with time (5.13 and later) or start again each time. */
  readonly cumulative?: boolean;
  readonly progress?: "identical" | "same-loop" | "moving";
}

export interface TaintFact extends FactBase {
  readonly kind: "taint";
  readonly flags: readonly string[];
}

/** A fault before the stall in the same boot. */
export interface EarlierFaultFact extends FactBase {
  readonly kind: "earlier-fault";
  readonly event: string;
  readonly detector: EventKind;
  readonly cpu?: number;
  readonly function?: string;
  readonly secondsBefore?: number;
}

/** A line of another subsystem near the incident: correlated, never a cause by itself. */
export interface NeighborFact extends FactBase {
  readonly kind: "neighbor";
  readonly notice: NoticeKind;
  readonly text: string;
  readonly secondsBefore?: number;
}

/** Whether a detector would have spoken here. */
export interface DetectorFact extends FactBase {
  readonly kind: "detector";
  readonly detector: "nmi-watchdog" | "rcu" | "hung-task" | "workqueue" | "csd-debug";
  readonly state: "armed" | "off" | "unknown";
  readonly spoke: boolean;
}

export interface BootStateFact extends FactBase {
  readonly kind: "boot-state";
  readonly name: BootFact["name"];
  readonly value: string;
}

/** Several reports in one second: all busy CPUs at once, or one report just before another. */
export interface BurstFact extends FactBase {
  readonly kind: "burst";
  readonly cpus: readonly number[];
  readonly spanSeconds: number;
}

export type Fact =
  | NoProgressFact
  | SampleFact
  | InterruptsOffFact
  | CsdWaitFact
  | LocalFact
  | LockSpinFact
  | SleepFact
  | StopMachineFact
  | RcuStalledFact
  | RcuKthreadFact
  | PoolStuckFact
  | CpuTimeFact
  | PokePositionFact
  | SampledLateFact
  | AfterCallFact
  | ConsoleFact
  | DurationFact
  | RepeatFact
  | TaintFact
  | EarlierFaultFact
  | NeighborFact
  | DetectorFact
  | BootStateFact
  | BurstFact;

export type FactKind = Fact["kind"];

export type FactOf<K extends FactKind> = Extract<Fact, { readonly kind: K }>;

/** The facts of one incident, as mechanisms ask for them. */
export interface FactView {
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
}
