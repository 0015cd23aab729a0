// stallscope.report/1: the one document behind every output. Field names are promises (see
// schema/report-1.json); more fields may be added, none renamed. An unknown value is absent, never null
// or 0. Nothing here is a domain type: src/app/to-report.ts is the only place that fills it.

import type { Text } from "#base/text.ts";

export const REPORT_SCHEMA = "stallscope.report/1";

export type { Text };

export type EventKind =
  // no progress
  | "soft-lockup"
  | "hard-lockup"
  | "rcu-stall"
  | "hung-task"
  | "workqueue-lockup"
  | "csd-stall"
  // faults
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
  // debug checks
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
  // not a fault by itself
  | "nmi-backtrace"
  | "sysrq-backtrace"
  | "other";

export type Verdict = "proven" | "likely" | "possible" | "unlikely" | "ruled out";

export type WaitKind =
  | "ipi-ack"
  | "spinlock"
  | "rwlock"
  | "mutex"
  | "rwsem"
  | "semaphore"
  | "rcu-gp"
  | "stop-machine"
  | "work"
  | "timer"
  | "io"
  | "completion"
  | "unknown";

export type CulpritWhy =
  | "irqs-off"
  | "spinning"
  | "holding-lock"
  | "sleeping-with-lock"
  | "silent"
  | "not-answering"
  | "interrupt-storm"
  | "unknown";

/** Lines of a text source, 1-based and inclusive, or bytes of a binary one. */
export type Evidence =
  | {
      readonly source: string;
      readonly firstLine: number;
      readonly lastLine: number;
      readonly quote?: string;
      readonly how: Text;
    }
  | {
      readonly source: string;
      readonly firstByte: number;
      readonly lastByte: number;
      readonly quote?: string;
      readonly how: Text;
    };

export interface Lines {
  readonly source: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

export interface Gap {
  /** A code from the reader's table (`truncated`, `interleaved`, `wrapped`, `lost-messages`, …). */
  readonly reason: string;
  readonly text?: Text;
  readonly from: Lines;
}

export interface Task {
  /** Absent where only the pid was printed. */
  readonly comm?: string;
  readonly pid?: number;
}

export interface ReportTime {
  readonly monotonicSeconds?: number;
  /** Wall clock as the log gives it, `2025-06-28T20:15:54`, with `Z` or an offset only if the log says one. */
  readonly wall?: string;
  readonly yearFrom?: "log" | "file-name" | "assumed";
}

export interface CodeLocation {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
  readonly buildId?: string;
  /** Where in the symbol's own function; `inlined` has the calls inside it, innermost first. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly inlined?: readonly InlinedCall[];
}

export interface Instruction {
  /** Byte index into `code.bytes`. */
  readonly at: number;
  readonly bytes: string;
  /** AT&T syntax. */
  readonly text: string;
  /** False where the boundary is a guess: nothing in the dump marks where instructions begin before the trap. */
  readonly certain: boolean;
}

export interface ReportFrame {
  readonly symbol: string;
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
  readonly reliable: boolean;
  readonly context: "task" | "irq" | "softirq" | "nmi" | "entry" | "exception";
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly inlined?: readonly InlinedCall[];
}

/** A function inlined at the address, with the position inside it. */
export interface InlinedCall {
  readonly function: string;
  readonly file?: string;
  readonly line?: number;
}

/** One line of an event as a document quotes it. `line` is the physical line of `source`. */
export interface ExcerptLine {
  readonly line: number;
  /** The file it stands in where that is not `from.source`: the report goes on in the next file. */
  readonly source?: string;
  /** The number the line carried where it was copied from (`44817 Jun 28 …`). */
  readonly originalLine?: number;
  readonly monotonicSeconds?: number;
  /** The kernel's message without the log's prefix, damage mended. */
  readonly text: string;
}

export interface ReportEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly title: string;
  readonly function?: string;
  readonly cpu?: number;
  readonly task?: Task;
  readonly stuckSeconds?: number;
  readonly time?: ReportTime;
  readonly host?: string;
  readonly boot?: number;
  readonly kernel?: {
    readonly release: string;
    readonly version?: string;
    readonly arch: string;
    readonly taint: readonly { flag: string; meaning: Text }[];
  };
  readonly hardware?: string;
  readonly workqueue?: { readonly name: string; readonly function: string };
  readonly rip?: CodeLocation;
  readonly registers?: Readonly<Record<string, string>>;
  readonly interrupts?: "on" | "off";
  readonly context?: "task" | "softirq" | "hardirq" | "nmi";
  readonly code?: {
    readonly bytes: string;
    readonly trapIndex: number;
    readonly instructions?: readonly Instruction[];
  };
  readonly trace?: readonly ReportFrame[];
  readonly locals?: readonly {
    name: string;
    type: string;
    value?: string;
    where: string;
    state: "known" | "optimised-out" | "needs-memory";
    /** Function whose variable it is, where one was inlined. */
    function?: string;
  }[];
  readonly listing?: {
    readonly file: string;
    readonly lines: readonly { n: number; text: string; mark?: string; note?: Text }[];
  };
  readonly modules?: readonly string[];
  readonly askedBy?: string;
  readonly rcu?: {
    readonly flavour: string;
    readonly expedited?: boolean;
    readonly selfDetected?: boolean;
    readonly detectedBy?: number;
    readonly jiffies?: number;
    readonly gracePeriod?: number;
    readonly queued?: number;
    readonly stalled: readonly ReportRcuCpu[];
    readonly stalledTasks?: readonly Task[];
    readonly kthreadStarved?: { jiffies: number; state?: string; cpu?: number };
  };
  readonly blockedOn?: {
    readonly kind: WaitKind;
    readonly lock?: string;
    readonly owner?: Task;
    readonly seconds?: number;
  };
  readonly panicked?: boolean;
  readonly complete: boolean;
  readonly gaps: readonly Gap[];
  readonly from: Lines;
  /**
   * Where the report goes on in the next files, oldest first: a rotation cut the log in the middle of it.
   * `from` covers its lines in the first file only.
   */
  readonly continuedIn?: readonly Lines[];
  /** Where other logs of the same boot hold the same report (kern.log beside syslog). */
  readonly alsoIn?: readonly Lines[];
  readonly originalLines?: {
    readonly file?: string;
    readonly first: number;
    readonly last: number;
  };
  /** In order of the log, possibly with lines left out (their numbers show where). */
  readonly excerpt?: readonly ExcerptLine[];
}

/** One CPU line of an RCU stall, decoded (kernel/rcu/tree_stall.h: print_cpu_stall_info). */
export interface ReportRcuCpu {
  readonly cpu: number;
  /** Scheduling-clock ticks since the grace period began; absent when the line says "GPs behind". */
  readonly ticks?: number;
  readonly gpsBehind?: number;
  readonly idle?: string;
  readonly softirqs?: readonly [number, number];
  readonly fqs?: number;
  /** `not-taken`: RCU's irq_work to that CPU is still pending, so it takes no interrupts. */
  readonly interrupts?: "not-taken" | "taken" | "not-asked";
  readonly offline?: boolean;
}

export interface Notice {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly time?: ReportTime;
  readonly host?: string;
  readonly boot?: number;
  readonly from: Lines;
}

export interface Party {
  readonly cpu?: number;
  readonly task?: Task;
  readonly lock?: string;
}

export interface Wait {
  readonly waiter: Party;
  readonly waitsFor: Party | "unknown";
  readonly for: WaitKind;
  readonly verdict: Verdict;
  readonly text?: Text;
  readonly evidence: readonly Evidence[];
}

export interface Culprit {
  readonly cpu?: number;
  readonly task?: Task;
  readonly function?: string;
  readonly why: CulpritWhy;
  readonly whyText: Text;
  readonly verdict: Verdict;
  readonly evidence: readonly Evidence[];
}

export interface Prediction {
  readonly what: Text;
  readonly observed: "yes" | "no" | "not-observable";
  readonly evidence: readonly Evidence[];
  readonly scenario?: string;
  readonly seed?: number;
}

export interface Hypothesis {
  readonly id: string;
  readonly title: Text;
  readonly verdict: Verdict;
  /** The rule that led to the verdict, in words. */
  readonly reason?: Text;
  readonly predictions: readonly Prediction[];
  readonly for: readonly Evidence[];
  readonly against: readonly Evidence[];
  readonly nextStep?: { readonly text: Text; readonly command?: string };
}

export interface Remedy {
  readonly id: string;
  readonly when: "now" | "collect" | "fix";
  readonly title: Text;
  readonly steps: readonly { text: Text; command?: string }[];
  readonly appliesIf: Text;
  readonly risk: Text;
  readonly references: readonly string[];
}

export interface PhaseState {
  readonly id: string;
  readonly title: Text;
  readonly state: "done" | "here" | "pending" | "unknown";
  readonly evidence: readonly Evidence[];
}

export interface Incident {
  readonly id: string;
  readonly title: Text;
  readonly signature: string;
  readonly events: readonly string[];
  readonly firstTime?: ReportTime;
  readonly lastTime?: ReportTime;
  readonly host?: string;
  readonly timeline: readonly { at: ReportTime; cpu?: number; what: Text; event?: string }[];
  readonly mechanism?: {
    readonly id: string;
    readonly title: Text;
    readonly description?: Text;
    readonly verdict: Verdict;
    readonly evidence?: readonly Evidence[];
    readonly phases?: readonly PhaseState[];
    readonly references?: readonly string[];
  };
  readonly waits: readonly Wait[];
  readonly culprit?: Culprit;
  readonly hypotheses: readonly Hypothesis[];
  readonly findings: readonly { id: string; text: Text; evidence: readonly Evidence[] }[];
  readonly remedies: readonly Remedy[];
  readonly missing: readonly { what: Text; why: Text; command?: string }[];
  readonly claims?: readonly {
    text: string;
    verdict: Verdict;
    reason?: Text;
    /** Where the ticket says it. */
    from?: Lines;
    evidence: readonly Evidence[];
  }[];
}

export interface ReportSource {
  readonly id: string;
  readonly name: string;
  readonly kind: "log" | "vmlinux" | "vmcore" | "perf" | "document";
  readonly format?: string;
  readonly lines?: number;
  readonly bytes: number;
  readonly boots?: number;
}

/** One boot of one host, with what its own lines state about the machine and its configuration. */
export interface ReportBoot {
  /** What `boot` of an event or notice refers to. */
  readonly index: number;
  readonly host?: string;
  readonly release?: string;
  /** `cpu-model`, `cpus`, `command-line`, `console`, `nmi-watchdog`, `dmi`, … with the line that states it. */
  readonly facts: readonly { name: string; value: string; from: Lines }[];
}

export interface ReportV1 {
  readonly schema: typeof REPORT_SCHEMA;
  readonly generator: { readonly name: string; readonly version: string };
  readonly sources: readonly ReportSource[];
  readonly events: readonly ReportEvent[];
  readonly notices: readonly Notice[];
  readonly incidents: readonly Incident[];
  readonly boots?: readonly ReportBoot[];
  /** Places where reading lost something that belongs to no event. */
  readonly gaps?: readonly Gap[];
  /** One mechanism or fact that failed to compute; the rest went on. */
  readonly failures?: readonly { part: string; message: string }[];
}
