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
 * stack printed with it (the grace-period kthread, where an object was allocated, locks held), `foreign`
 * what another task printed between its lines.
 */
export type Section = "main" | "aside" | "foreign";

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

/** How far a report had been read when the first line came that another open report could take alike. */
export interface Doubt {
  readonly from: SourceRange;
  /** The reports that could have taken that line. */
  readonly among: readonly Draft[];
  readonly cpu: number | undefined;
  readonly task: Task | undefined;
  readonly registers: number;
  readonly frames: number;
  readonly rip: boolean;
  readonly code: boolean;
  readonly interrupts: boolean;
  readonly workqueue: boolean;
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
  /** The line that tells `interrupts`. */
  interruptsAt?: Quote;
  code?: CodeWindow;
  frames: Frame[];
  /** Functions named on `lock, at:` lines: the lock being taken first, then those held. */
  locksAt: string[];
  /** Stack on which the lock was taken in an interrupt (`which became HARDIRQ-irq-safe at:`). */
  safeAt: string[];
  /** The next frame stands on a line of its own behind `lock (x) at:`. */
  lockNext?: boolean;
  /** `stack backtrace:`, which lockdep and RCU print before their own trace, was read. */
  backtraceSeen: boolean;
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
  /** Whose dump it must be: the headline's own, or for a panic that of what led to it. */
  expectedPid?: number;
  inferredIdentity?: boolean;
  /** The panic that printed this report's trace instead of it (panic_on_warn and the like). */
  dumpedBy?: Draft;
  /** The report of the same source line on another CPU, when this one was cut off by it. */
  twin?: Draft;
  /** Backtraces this report asked for. */
  answers: Draft[];
  /** The report that asked for this backtrace; its own further lines may stand between ours. */
  parent?: Draft;
  gaps: EventGap[];
  /** Lines are missing here, if the report goes on. */
  loss?: EventGap;
  lines: BodyLine[];
  tail: BodyLine[];
  /** Characters of all lines so far. */
  chars: number;
  dropped: number;
  /** What it covers, one range for each file. */
  covered: SourceRange[];
  originalFirst?: number;
  originalLast?: number;
  originalFile?: string;
  lastMonotonic?: bigint;
  /** Lines since the last one any reader recognised. */
  strangers: ReportLine[];
  /** die() has printed its line (`Oops: 0002 [#1]`), which stands between cause and registers. */
  dies?: boolean;
  /** Lines of this report and of another are known to run into one another. */
  interleaved?: boolean;
  doubt?: Doubt;
  /** Reports that began before this one's trace was over, and where. */
  rivals: { readonly draft: Draft; readonly at: SourceRange }[];
  /** Every line stands twice: the place in `lines` of the next one whose copy may come. */
  echoed?: number;
  /** Count of records when its last line was read, and when it was closed. */
  readAt: number;
  closedAt: number;
  /** What the next reports need to know before this one is handed out. */
  cutShort?: string;
  /** Its last line is the log's. */
  cutByEnd?: boolean;
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

/** kernel/locking/lockdep.c ends each report with `stack backtrace:` and the trace. */
export function printsBacktrace(draft: Draft): boolean {
  return draft.kind === "lockdep" || draft.kind === "rcu-usage";
}

export const INTERLEAVED = "interleaved with another trace";

/** Forgets frames that turn out to be another task's. */
export function dropForeignFrames(draft: Draft, line: ReportLine): void {
  draft.frames = [];
  draft.traceSeen = false;
  draft.userMode = false;
  if (draft.gaps.some((gap) => gap.reason === INTERLEAVED)) return;
  addTo(draft.gaps, { reason: INTERLEAVED, from: line.range });
}

/** Forgets frames and what stood above them: a whole dump of another task. */
export function dropForeignDump(draft: Draft, line: ReportLine): void {
  dropForeignFrames(draft, line);
  draft.headerSeen = false;
  const { cpu, pid, comm, task } = draft.fields;
  if (cpu === undefined) delete draft.cpu;
  if (pid === undefined && comm === undefined && task === undefined) delete draft.task;
}

export function quoteOf(line: ReportLine): Quote {
  return { range: line.range, text: line.text };
}
