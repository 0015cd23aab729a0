// One report of the kernel, as read from a log: the domain's word for what contract calls an event.
// Invariant: every field was printed by the kernel or follows from what it printed by a documented
// format; nothing is guessed. What could not be read is absent and named in `gaps`.

import type { Frame } from "./frame.ts";
import type { Quote, SourceRange } from "./source-range.ts";

export type EventKind =
  | "soft-lockup"
  | "hard-lockup"
  | "rcu-stall"
  | "hung-task"
  | "workqueue-lockup"
  | "csd-stall"
  | "page-fault"
  | "null-dereference"
  | "general-protection"
  | "divide-error"
  | "invalid-opcode"
  | "double-fault"
  | "stack-overflow"
  | "bug"
  | "warning"
  | "panic"
  | "oops"
  | "machine-check"
  | "out-of-memory"
  | "kasan"
  | "kmsan"
  | "kcsan"
  | "kfence"
  | "ubsan"
  | "lockdep"
  | "atomic-sleep"
  | "rcu-usage"
  | "list-corruption"
  | "refcount"
  | "memory-leak"
  | "locking-bug"
  | "nmi-backtrace"
  | "sysrq-backtrace"
  | "other";

export interface Task {
  readonly comm: string;
  readonly pid?: number;
}

/** As the log gives it; neither clock is converted into the other. */
export interface EventTime {
  /** Nanoseconds since boot (printk's local_clock). */
  readonly monotonic?: bigint;
  /** `2025-06-28T20:15:54[.fff]`, with `Z` or `+hh:mm` only where the log has a zone. */
  readonly wall?: string;
  readonly yearFrom?: "log" | "file-name" | "assumed";
}

export interface KernelIdentity {
  readonly release: string;
  /** The `#1 SMP …` text after the release. */
  readonly version?: string;
  readonly arch: string;
  /** Taint letters set when this event was printed, in the kernel's order, without `G`. */
  readonly taint: readonly string[];
}

/** The `Code:` line: raw bytes as printed and the index of the one in angle brackets. */
export interface CodeWindow {
  readonly bytes: Uint8Array;
  /** Index of the byte RIP points at; -1 when no byte is marked. */
  readonly trapIndex: number;
  readonly at: Quote;
}

export interface RipLocation {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
  readonly buildId?: string;
  readonly address?: bigint;
  readonly at: Quote;
}

/**
 * `print_cpu_stall_info()` of kernel/rcu/tree_stall.h, decoded:
 * `\t2-...0: (1 GPs behind) idle=b3c/1/0x4000000000000000 softirq=1234/1234 fqs=2623`
 */
export interface RcuCpuLine {
  readonly cpu: number;
  readonly ticks?: number;
  readonly gpsBehind?: number;
  readonly idle?: string;
  readonly softirqs?: readonly [number, number];
  readonly fqs?: number;
  /** The flag characters after `N-` as printed, three or four. */
  readonly flags?: string;
  /**
   * From the 4th flag of a normal (not expedited) stall: a digit means RCU's irq_work queued to that CPU
   * is still pending (`not-taken`), `.` that it ran (`taken`), `!` that none was requested (`not-asked`).
   */
  readonly interrupts?: "not-taken" | "taken" | "not-asked";
  readonly offline?: boolean;
  readonly at: Quote;
}

export interface RcuStall {
  readonly flavour: string;
  readonly expedited: boolean;
  readonly selfDetected: boolean;
  readonly detectedBy?: number;
  readonly jiffies?: number;
  readonly gracePeriod?: number;
  readonly queued?: number;
  readonly stalled: readonly RcuCpuLine[];
  readonly stalledTasks: readonly Task[];
  readonly kthreadStarved?: {
    readonly jiffies: number;
    readonly state?: string;
    readonly cpu?: number;
    readonly at: Quote;
  };
  /** `timer wakeup didn't happen` (seen in 6.1 and later): the kthread's own timer is overdue. */
  readonly kthreadTimer?: {
    readonly jiffies: number;
    /** `Possible timer handling issue on cpu=N`. */
    readonly cpu?: number;
    readonly at: Quote;
  };
  /** `All QSes seen`: no CPU is late, the kthread was last active so many jiffies ago. */
  readonly kthreadSilent?: { readonly jiffies: number; readonly at: Quote };
}

/**
 * Where the time went during a soft lockup, as the kernel measured it (`CPU#2 Utilization every 4s during
 * lockup:`, CONFIG_SOFTLOCKUP_DETECTOR_INTR_STORM, 6.10 and later). Percent of each sample, oldest first.
 */
export interface CpuUtilization {
  readonly samples: readonly {
    readonly system: number;
    readonly softirq: number;
    readonly hardirq: number;
    readonly idle: number;
  }[];
  /** `Most frequent HardIRQs`, printed when hard interrupts took more than half of the time. */
  readonly frequentIrqs: readonly { readonly irq: number; readonly count: number }[];
  readonly at: Quote;
}

export interface BlockedOn {
  readonly kind: "mutex" | "rwsem" | "semaphore" | "rcu-gp" | "io" | "completion" | "unknown";
  readonly owner?: Task;
  readonly seconds?: number;
  readonly lock?: bigint;
  readonly at: Quote;
}

/** A line of lockdep's list of held locks; listed before it is acquired, so a waiter has one too. */
export interface HeldLock {
  readonly address: bigint;
  /** The class as printed: `&dev->lock`. */
  readonly name: string;
  /** The function that asked for it. */
  readonly by: string;
  readonly at: Quote;
}

export interface HeldLocks {
  readonly task: Task;
  /** Oldest first. */
  readonly locks: readonly HeldLock[];
}

/** `smp: csd:` lines (kernel/smp.c: csd_lock_wait_toolong). */
export interface CsdStall {
  readonly waiter: number;
  readonly target: number;
  readonly waitedNs?: bigint;
  readonly function?: string;
  readonly state?: "unresponsive" | "handling-prior" | "handling-this" | "released";
  readonly at: Quote;
}

/** `BUG: workqueue lockup - pool …` and the busy list that follows it. */
export interface WorkqueueStall {
  readonly cpus?: string;
  readonly stuckSeconds?: number;
  readonly inFlight: readonly {
    readonly pid?: number;
    readonly function: string;
    readonly at: Quote;
  }[];
  readonly pending: readonly { readonly function: string; readonly at: Quote }[];
}

/** One line of the report as read: what the excerpt shows and the console regression measures. */
export interface BodyLine {
  readonly range: SourceRange;
  /** The message without prefix, as text (escape sequences removed, damage mended). */
  readonly text: string;
  readonly monotonic?: bigint;
  /** The line number pasted along with the text (`44817 Jun 28 …`). */
  readonly originalLine?: number;
  /** `T123` or `C4` of CONFIG_PRINTK_CALLER. */
  readonly caller?: string;
}

export interface EventGap {
  readonly reason: string;
  readonly from: SourceRange;
}

export interface KernelEvent {
  /** Unique in the trace, in order of the log: `e1`, `e2`, … */
  readonly id: string;
  readonly kind: EventKind;
  /** One line, as a person would title the report. */
  readonly title: string;
  readonly headline: Quote;
  readonly function?: string;
  readonly cpu?: number;
  readonly task?: Task;
  /** The N of `stuck for Ns!` or `blocked for more than N seconds`, unconverted. */
  readonly stuckSeconds?: number;
  readonly time?: EventTime;
  readonly host?: string;
  /** Index into `Reading.boots`. */
  readonly boot: number;
  readonly kernel?: KernelIdentity;
  readonly kernelAt?: Quote;
  readonly hardware?: string;
  readonly hardwareAt?: Quote;
  readonly workqueue?: { readonly name: string; readonly function: string; readonly at: Quote };
  readonly rip?: RipLocation;
  /** Lower-case names as printed (`rax`, `eflags`, `cr3`, arm64 `x0`, `pstate`, …), values as printed. */
  readonly registers?: Readonly<Record<string, bigint>>;
  /** The lines the registers stand on, by name. */
  readonly registersAt?: Readonly<Record<string, Quote>>;
  /** From EFLAGS.IF (x86), DAIF (arm64) of the interrupted context; absent when flags were not printed. */
  readonly interrupts?: "on" | "off";
  /** The line that tells `interrupts`: of several that speak of it, the one that decides. */
  readonly interruptsAt?: Quote;
  /** What the interrupted code ran in, after the detector's own frames are taken off. */
  readonly context?: "task" | "softirq" | "hardirq" | "nmi";
  readonly code?: CodeWindow;
  /** Interrupted context first; the detector's own frames are kept with context `irq`/`nmi` and `detector`. */
  readonly trace?: readonly Frame[];
  readonly modules?: readonly string[];
  /** Event that asked for this backtrace (a lockup, RCU stall or sysrq). */
  readonly askedBy?: string;
  /** An NMI backtrace of a CPU that was idle: `skipped: idling at …`. */
  readonly idle?: boolean;
  readonly rcu?: RcuStall;
  readonly blockedOn?: BlockedOn;
  readonly csd?: CsdStall;
  readonly workqueueStall?: WorkqueueStall;
  readonly utilization?: CpuUtilization;
  /** `Showing all locks held in the system` (CONFIG_LOCKDEP), as far as it was printed with this report. */
  readonly heldLocks?: readonly HeldLocks[];
  readonly panicked?: boolean;
  /** CPU and task were not printed with this body; they are another report's, taken for its repetition. */
  readonly inferredIdentity?: boolean;
  readonly complete: boolean;
  readonly gaps: readonly EventGap[];
  readonly range: SourceRange;
  /** Where the report goes on in the next files of a log that was cut in the middle of it. */
  readonly continuedIn?: readonly SourceRange[];
  /** Where the same report stands in other logs of the same boot. */
  readonly alsoIn?: readonly SourceRange[];
  readonly originalLines?: {
    readonly file?: string;
    readonly first: number;
    readonly last: number;
  };
  /** At most a few hundred lines; a longer report keeps its first and last ones and says so in `gaps`. */
  readonly body: readonly BodyLine[];
}
