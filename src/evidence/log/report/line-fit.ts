// Whether an open report can take the line that comes next. Asked only while reports of several CPUs are open
// in one stream, to tell whose it is.

import type { EventKind } from "#model/kernel-event.ts";
import { identityOfCpuLine, isCpuLine } from "./body/cpu-line.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { isCommon, isRegisters, type Place, placeOf, REGISTERS, RIP } from "./line-place.ts";
import { fitBelow, isLastRow, type RegisterRow, rowsOf } from "./register-sheet.ts";
import { followsLastFrame, isTraceOver } from "./trace-end.ts";

/** `next`: the very line that this report prints now. `possible`: nothing against it. `again`: a line it has. */
export type Fit = "no" | "possible" | "next" | "again";

//                  stack pointer of the frame, on powerpc (arch/powerpc/kernel/process.c: show_stack)
const STACK = /^\[([0-9a-f]{8,16})\] ?\[/;
/** Kernel stacks are at most 64 KiB (THREAD_SHIFT up to 16, arch/powerpc/Kconfig). */
const STACK_SIZE = 0x1_0000n;
//                  `A from B+0x1/0x2`: arm's lines name callee and caller (arch/arm/kernel/traps.c: dump_backtrace_entry)
const ARM_STEP =
  /^(?:\[<[0-9a-f]{8}>\] )?\(?([A-Za-z_][\w.$]{0,200})\)? from (?:\[<[0-9a-f]{8}>\] )?\(?([A-Za-z_][\w.$]{0,200})/;

/** Can `draft` take the line that stands at `place` now? */
export function fitOf(draft: Draft, line: ReportLine, place: Place): Fit {
  if (draft.ended)
    return isReprint(draft, line, place) ? (isShared(line) ? "possible" : "again") : "no";
  return awaitsDie(draft) ? "no" : FITS[place](draft, line);
}

type FitRule = (draft: Draft, line: ReportLine) => Fit;

const FITS: Readonly<Record<Place, FitRule>> = {
  cpu: fitCpu,
  task: (draft, { text }) => {
    if (draft.kind !== "hung-task" || draft.traceSeen) return "no";
    const pid = / pid: ?(\d+)/.exec(text)?.[1];
    return pid === String(draft.task?.pid) ? "next" : "no";
  },
  taint: (draft) => when(draft.kind === "hung-task" && draft.kernelAt === undefined),
  modules: (draft) => {
    if (draft.modules !== undefined) return "no";
    if (draft.traceSeen) return isTraceOver(draft) ? "next" : "no";
    return hasCpuLine(draft) ? "no" : "possible";
  },
  hardware: (draft) => when(draft.hardware === undefined && isHead(draft) && hasCpuLine(draft)),
  workqueue: (draft) =>
    when(isWorker(draft) && draft.workqueue === undefined && isHead(draft) && hasCpuLine(draft)),
  rip: (draft) => {
    if (!hasRegisterDump(draft)) return "no";
    // Registers of an interrupted context stand inside a trace (show_trace_log_lvl), not at its end.
    const isInside = !isTraceOver(draft) && followsLastFrame(draft, "") !== "no";
    if (draft.traceSeen) return isInside ? "possible" : "no";
    if (!isHead(draft)) return "no";
    return hasCpuLine(draft) ? "next" : "possible";
  },
  "user-rip": (draft) => (draft.traceSeen && !draft.userMode ? "next" : "no"),
  code: (draft) => {
    const before = lastPlace(draft);
    if (before === "rip" || before === "user-rip") return "next";
    // Up to 4.8 the code stands below the trace.
    const hasCode = draft.lines.some(({ text }) => /^ *(?:Code|Instruction dump):/.test(text));
    return !hasCode && draft.traceSeen && draft.kind !== "hung-task" ? "possible" : "no";
  },
  row: fitRow,
  registers: (draft, { text }) => {
    if (draft.traceSeen || !hasCpuLine(draft) || !hasRegisterDump(draft)) return "no";
    const rows = rowsOf(text);
    if (rows.length > 0) return fitBelow(lastRows(draft), rows);
    const [name] = REGISTERS.exec(text) ?? [""];
    return draft.lines.some((own) => own.text.trim().startsWith(name)) ? "no" : "possible";
  },
  workqueues: (draft) => mayBe(isAbout(draft, "workqueue-lockup")),
  "grace-period": (draft) => mayBe(isAbout(draft, "rcu-stall")),
  "fault-address": (draft) => when(draft.traceSeen && isTraceOver(draft)),
  header: fitHeader,
  mark: (draft) => (draft.headerSeen && !isTraceOver(draft) ? "possible" : "no"),
  frame: fitFrame,
  end: (draft) => {
    if (!draft.traceSeen) return "no";
    return isTraceOver(draft) ? "next" : "possible";
  },
};

function when(condition: boolean): Fit {
  return condition ? "next" : "no";
}

function mayBe(condition: boolean): Fit {
  return condition ? "possible" : "no";
}

/** A report of that kind, or a backtrace it asked for, between whose lines its own may stand. */
function isAbout({ kind, parent }: Draft, wanted: EventKind): boolean {
  return kind === wanted || parent?.kind === wanted;
}

/** Kinds whose reports are printed by a call, not from a trap: no registers stand in them. */
const WITHOUT_REGISTERS: ReadonlySet<EventKind> = new Set([
  ...(["hung-task", "lockdep", "rcu-usage", "memory-leak", "workqueue-lockup"] as const),
]);

/** mm/kmsan/report.c, kernel/kcsan/report.c: frames stand below the headline without `Call Trace:`. */
const WITHOUT_HEADER: ReadonlySet<EventKind> = new Set(["kmsan", "kcsan"]);

function hasRegisterDump({ kind }: Draft): boolean {
  return !WITHOUT_REGISTERS.has(kind);
}

/** dump_stack(), __warn(), die() and the watchdog print `CPU: … PID: … Comm:` above registers and trace. */
const WITH_CPU_LINE: ReadonlySet<EventKind> = new Set([
  ...(["soft-lockup", "warning", "null-dereference", "page-fault", "general-protection"] as const),
]);

function printsCpuLine({ kind }: Draft): boolean {
  return WITH_CPU_LINE.has(kind);
}

/** Above the registers. Up to 4.18 the place of a fault stands alone before them (`IP: foo+0x1/0x2`). */
function isHead(draft: Draft): boolean {
  const isRipRead = draft.rip !== undefined && draft.lines.some(({ text }) => RIP.test(text));
  return !isRipRead && draft.registers.size === 0 && !draft.traceSeen;
}

export function hasCpuLine(draft: Draft): boolean {
  return draft.lines.some(({ text }) => isCpuLine(text.trim()));
}

function isWorker(draft: Draft): boolean {
  return draft.task === undefined || draft.task.comm.startsWith("kworker/");
}

function fitCpu(draft: Draft, { text }: ReportLine): Fit {
  if (draft.kind === "hung-task" || draft.traceSeen || hasCpuLine(draft)) return "no";
  const { cpu, pid } = identityOfCpuLine(text);
  const own = draft.task?.pid;
  if (own !== undefined && own !== pid) return "no";
  // A task may go on printing on another CPU; the watchdog's interrupt may not.
  const isMoved = draft.cpu !== undefined && cpu !== undefined && draft.cpu !== cpu;
  if (isMoved && (own === undefined || draft.kind === "soft-lockup")) return "no";
  return own !== undefined || draft.cpu !== undefined ? "next" : "possible";
}

/** The line introduces a CPU or task that is not the one the report's headline names. */
export function namesAnother(draft: Draft, line: ReportLine): boolean {
  if (draft.traceSeen || !isCpuLine(line.text) || hasCpuLine(draft)) return false;
  // The CPU that found a stall elsewhere prints its own name.
  const isAboutItself = draft.kind === "soft-lockup" || draft.kind === "warning";
  return isAboutItself && fitCpu(draft, line) === "no";
}

/** Between the cause of a fault and its registers die() prints `Oops: 0002 [#1] PREEMPT SMP`. */
function awaitsDie({ kind, headline, dies }: Draft): boolean {
  if (dies === true) return false;
  return kind === "page-fault" || kind === "null-dereference" || headline.id === "kernel-bug-at";
}

function fitRow(draft: Draft, { text }: ReportLine): Fit {
  const before = lastPlace(draft);
  if (before !== "row" && before !== "code" && before !== "rip" && before !== "user-rip")
    return "no";
  const fit = fitBelow(before === "row" ? lastRows(draft) : [], rowsOf(text));
  // Below RIP or Code rows may be missing, not below another row.
  return fit === "no" && before !== "row" ? "possible" : fit;
}

function fitHeader(draft: Draft): Fit {
  if (draft.headerSeen || draft.traceSeen) return "no";
  if (draft.kind === "hung-task") return "next";
  // A CPU's own dump says who it is above its trace; RCU's and the panicking CPU's may not.
  if (printsCpuLine(draft) && !hasCpuLine(draft)) return "no";
  if (draft.rip === undefined && draft.registers.size === 0) return "possible";
  return lastRows(draft).some(isLastRow) ? "next" : "possible";
}

function fitFrame(draft: Draft, { text }: ReportLine): Fit {
  const step = ARM_STEP.exec(text);
  if (step !== null) return fitArmFrame(draft, step[1] ?? "");
  if (!(draft.headerSeen || WITHOUT_HEADER.has(draft.kind)) || isTraceOver(draft)) return "no";
  const bare = text.replace(/^(?:\[[0-9a-f<>]+\] ?){1,2}/, "");
  const symbol = bare.slice(0, bare.indexOf("+"));
  const isWork = symbol === "worker_thread" || symbol === "process_one_work";
  if (isWork && !isWorker(draft)) return "no";
  const stack = STACK.exec(text)?.[1];
  if (stack !== undefined) return fitStack(draft, BigInt(`0x${stack}`));
  if (bare.startsWith("?")) return "possible";
  const follows = followsLastFrame(draft, symbol);
  return follows === "yes" ? "next" : follows === "no" ? "no" : "possible";
}

/** Frames of one stack lie close together; those of two CPUs do not. */
function fitStack(draft: Draft, stack: bigint): Fit {
  const last = draft.lines.findLast(({ text }) => STACK.test(text.trim()));
  if (last === undefined) return "possible";
  const before = BigInt(`0x${STACK.exec(last.text.trim())?.[1] ?? "0"}`);
  const apart = stack > before ? stack - before : before - stack;
  return apart < STACK_SIZE ? "next" : "no";
}

/** Each line names the caller that the next one begins with. */
function fitArmFrame(draft: Draft, callee: string): Fit {
  const last = draft.lines.findLast(({ text }) => ARM_STEP.test(text.trim()));
  if (last === undefined) return "possible";
  return ARM_STEP.exec(last.text.trim())?.[2] === callee ? "next" : "no";
}

/** die() prints the registers once more below the end mark: the very lines of before. */
function isReprint(draft: Draft, { text }: ReportLine, place: Place): boolean {
  return isRegisters(place) && draft.lines.some((own) => own.text.trim() === text);
}

/** Rows that are often the same on all CPUs. */
function isShared({ text }: ReportLine): boolean {
  return /^(?:CS|DR\d|PKRU): /.test(text);
}

/** The place of the last line that has one; common lines may be another report's and say nothing. */
function lastPlace(draft: Draft): Place | undefined {
  for (let at = draft.lines.length - 1; at >= 0; at--) {
    const place = placeOf(draft.lines[at]?.text.trim() ?? "");
    if (place !== undefined && !isCommon(place)) return place;
  }
  return undefined;
}

function lastRows(draft: Draft): readonly RegisterRow[] {
  for (let at = draft.lines.length - 1; at >= 0; at--) {
    const rows = rowsOf(draft.lines[at]?.text.trim() ?? "");
    if (rows.length > 0) return rows;
  }
  return [];
}
