// A report while it is being read: what its lines have said so far. Mutable on purpose; nothing outside
// this folder sees one, `toKernelEvent` makes the immutable event of it.

import type { Frame, StackContext } from "#model/frame.ts";
import type {
  BlockedOn,
  BodyLine,
  CodeWindow,
  CsdStall,
  EventGap,
  EventKind,
  EventTime,
  HeldLock,
  KernelIdentity,
  RcuCpuLine,
  RipLocation,
  Task,
} from "#model/kernel-event.ts";
import type { Quote, SourceRange } from "#model/source-range.ts";
import type { LogRecord } from "../record.ts";
import type { Headline, HeadlineFields } from "./headline/headline.ts";

/** One record on its way through the readers. */
export interface ReportLine {
  /** The message, cut at `LONGEST_LINE` characters. */
  readonly text: string;
  readonly record: LogRecord;
  readonly range: SourceRange;
  readonly boot: number;
}

/**
 * Which task's or purpose's frames are being read: `main` is what the report is about, `aside` another
 * stack printed with it (the grace-period kthread, where an object was allocated, locks held).
 */
export type Section = "main" | "aside";

export interface RcuDraft {
  flavour: string;
  expedited: boolean;
  selfDetected: boolean;
  detectedBy?: number;
  jiffies?: number;
  gracePeriod?: number;
  queued?: number;
  stalled: RcuCpuLine[];
  stalledTasks: Task[];
  kthreadStarved?: { jiffies: number; state?: string; cpu?: number; at: Quote };
  kthreadTimer?: { jiffies: number; cpu?: number; at: Quote };
  kthreadSilent?: { jiffies: number; at: Quote };
}

export interface UtilizationDraft {
  samples: { system: number; softirq: number; hardirq: number; idle: number }[];
  frequentIrqs: { irq: number; count: number }[];
  at: Quote;
}

export interface WorkqueueDraft {
  cpus?: string;
  stuckSeconds?: number;
  inFlight: { pid?: number; function: string; at: Quote }[];
  pending: { function: string; at: Quote }[];
}

export interface Draft {
  readonly id: string;
  readonly headline: Headline;
  readonly fields: HeadlineFields;
  readonly at: Quote;
  readonly boot: number;
  readonly host?: string;
  readonly time?: EventTime;
  /** The headline's record was surely the kernel's, so lines without its prefix are not. */
  readonly fromKernel: boolean;
  kind: EventKind;
  /** Headline whose title and naming are used; a continuation may refine it. */
  titledBy: Headline;
  titleFields: HeadlineFields;
  section: Section;
  /** Stack the next frame stands on. */
  context: StackContext;
  /** Registers of user mode follow; they are not the interrupted kernel context. */
  userMode: boolean;
  ended: boolean;
  closed: boolean;
  cpu?: number;
  task?: Task;
  stuckSeconds?: number;
  kernel?: KernelIdentity;
  kernelAt?: Quote;
  hardware?: string;
  hardwareAt?: Quote;
  workqueue?: { name: string; function: string; at: Quote };
  rip?: RipLocation;
  /** Functions inlined at RIP, innermost first, as a symbolised log names them. */
  ripInlined: string[];
  /** Number of frames read before the RIP line: RIP stands inside the trace in NMI and panic dumps. */
  ripAfterFrames?: number;
  registers: Map<string, bigint>;
  registersAt: Map<string, Quote>;
  interrupts?: "on" | "off";
  code?: CodeWindow;
  frames: Frame[];
  /** Functions named on `lock, at:` lines: the lock being taken first, then those held. */
  locksAt: string[];
  traceSeen: boolean;
  /** A `Call Trace:` line was read: the frames that follow are the report's. */
  headerSeen: boolean;
  modules?: string[];
  askedBy?: string;
  idle?: boolean;
  rcu?: RcuDraft;
  blockedOn?: BlockedOn;
  csd?: CsdStall;
  workqueueStall?: WorkqueueDraft;
  utilization?: UtilizationDraft;
  heldLocks?: { task: Task; locks: HeldLock[] }[];
  panicked?: boolean;
  inferredIdentity?: boolean;
  /** The panic that printed this report's trace instead of it (panic_on_warn and the like). */
  dumpedBy?: Draft;
  /** Backtraces this report asked for. */
  answers: Draft[];
  /** The report that asked for this backtrace; its own further lines may stand between ours. */
  parent?: Draft;
  gaps: EventGap[];
  lines: BodyLine[];
  tail: BodyLine[];
  dropped: number;
  /** What it covers, one range for each file. */
  covered: SourceRange[];
  originalFirst?: number;
  originalLast?: number;
  originalFile?: string;
  lastMonotonic?: bigint;
  /** Lines since the last one any reader recognised. */
  strangers: ReportLine[];
  /** Count of records when it was closed. */
  closedAt: number;
  /** What the next reports need to know before this one is handed out. */
  cutShort?: string;
}

/** Lists and registers of one report stop growing here: a log may be made to have no end of them. */
const MOST_ITEMS = 1024;

/** Adds `item` unless the list is as long as any true report's. */
export function addTo<T>(list: T[], item: T): void {
  if (list.length < MOST_ITEMS) list.push(item);
}

/** Lockdep's reports are named by where a lock was taken, which their text says before any trace. */
export function namesLocks(draft: Draft): boolean {
  return draft.titledBy.naming === "lock" || draft.titledBy.naming === "holder";
}

export function quoteOf(line: ReportLine): Quote {
  return { range: line.range, text: line.text };
}
