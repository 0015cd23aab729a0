// Where a line stands in the sheet that a report prints, and whether an open report can take it next. Asked
// only while reports of several CPUs are open in one stream, to tell whose line it is. The order is that of
// arch/x86: show_regs, show_trace_log_lvl, die and kernel/panic.c: __warn, lib/dump_stack.c. Of other
// architectures' register blocks only the names are known, not the order.

import { identityOfCpuLine, isCpuLine } from "./body/cpu-line.ts";
import { END_MARK } from "./body/marks.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { followsLastFrame, isTraceOver } from "./trace-end.ts";

/** `next`: the very line that this report prints now. `possible`: nothing against it. `again`: a line it has. */
export type Fit = "no" | "possible" | "next" | "again";

export type Place =
  | "cpu"
  | "task"
  | "taint"
  | "modules"
  | "hardware"
  | "workqueue"
  | "rip"
  | "user-rip"
  | "code"
  | "row"
  | "registers"
  | "fault-address"
  | "header"
  | "mark"
  | "frame"
  | "end";

/** Register rows in the order arch/x86/kernel/process_64.c and process_32.c print them. */
const ROWS: readonly string[] = [
  ...["RSP", "RAX", "RDX", "RBP", "R10", "R13", "FS", "CS", "CR2", "DR0", "DR3", "PKRU"],
];
/** From here on only rows that not every machine prints. */
const LAST_ROW = ROWS.indexOf("CR2");
const ROW = /^(R[SABD][XP]|R10|R13|FS|CS|CR2|DR[03]|PKRU): /;

/** Names that begin a line of registers on arm, arm64, powerpc, riscv, s390, mips, loongarch. */
const REGISTERS =
  /^(x\d{1,2}|r\d{1,2}|[sp][cp]|lr|pstate|psr|GPR\d\d|NIP|LR|MSR|REGS|CFAR|CTR|epc|gp|t\d|s\d{1,2}|a\d|status|\$ ?\d+|Krnl \w+|R:\d|[a-z][0-9a-z])(?: {0,2}:| \[| [0-9a-f]{16} )/;
//                 [c000000001e2fc40] [c0000000001b2f0c] foo+0x1c/0x30     [<c010bb04>] (show_stack) from …
const FRAME =
  /^(?:\[[0-9a-f]{8,16}\] ?\[[0-9a-f]{8,16}\] |\[<[0-9a-f]{8,16}>\] ?)?(?:\? )?\(?[A-Za-z_.][\w.$]*(?:\+0x[0-9a-f]+|\)? from )/;
//                  stack pointer of the frame, on powerpc (arch/powerpc/kernel/process.c: show_stack)
const STACK = /^\[([0-9a-f]{8,16})\] ?\[/;
/** Kernel stacks are at most 64 KiB (THREAD_SHIFT up to 16, arch/powerpc/Kconfig). */
const STACK_SIZE = 0x1_0000n;
//                  `A from B+0x1/0x2`: arm's lines name callee and caller (arch/arm/kernel/traps.c: dump_backtrace_entry)
const ARM_STEP =
  /^(?:\[<[0-9a-f]{8}>\] )?\(?([A-Za-z_][\w.$]{0,200})\)? from (?:\[<[0-9a-f]{8}>\] )?\(?([A-Za-z_][\w.$]{0,200})/;

const PLACES: readonly (readonly [Place, RegExp])[] = [
  // pid and state of the task a hung-task report is about (kernel/sched/core.c: sched_show_task)
  ["task", /^task:.{1,40}? {1,20}state:\S/],
  ["taint", /^(?:Tainted: |Not tainted )/],
  ["modules", /^Modules linked in:/],
  ["hardware", /^Hardware name: /],
  ["workqueue", /^Workqueue: /],
  // __die_body() prints where it was once more below the trace (arch/x86/kernel/dumpstack.c).
  ["fault-address", /^(?:CR2: [0-9a-f]{16}$|RIP:? .{0,200} RSP[: ])/],
  // The two low bits of the selector are the privilege level.
  ["user-rip", /^RIP: [0-9a-f]{3}[37bf]:/],
  ["rip", /^RIP: [0-9a-f]{4}:/],
  ["code", /^(?:Code|Instruction dump): ?/],
  ["row", ROW],
  ["header", /^(?:Call [Tt]race|Backtrace):\s*$/],
  ["mark", /^<\/?[A-Z]+>$/],
  ["frame", FRAME],
  ["registers", REGISTERS],
  ["end", END_MARK],
];

/** `undefined` for a line that any report may hold anywhere. */
export function placeOf(text: string): Place | undefined {
  if (isCpuLine(text)) return "cpu";
  return PLACES.find(([, pattern]) => pattern.test(text))?.[0];
}

/** Lines that say the same in every report of a boot: whose they are is no matter. */
export function isCommon(place: Place): boolean {
  return place === "modules" || place === "hardware" || place === "taint";
}

/** Lines of a register dump. */
export function isRegisters(place: Place): boolean {
  return place === "rip" || place === "code" || place === "row";
}

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
    if (draft.traceSeen || !hasCpuLine(draft)) return "no";
    const [name] = REGISTERS.exec(text) ?? [""];
    return draft.lines.some((own) => own.text.trim().startsWith(name)) ? "no" : "possible";
  },
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

/** Above the registers. */
function isHead(draft: Draft): boolean {
  return draft.rip === undefined && draft.registers.size === 0 && !draft.traceSeen;
}

function hasCpuLine(draft: Draft): boolean {
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
  const row = ROWS.indexOf(ROW.exec(text)?.[1] ?? "");
  const before = lastPlace(draft);
  if (before === "code" || before === "rip" || before === "user-rip") {
    return row === 0 ? "next" : "possible";
  }
  if (before !== "row") return "no";
  const last = lastRow(draft);
  if (row <= last) return "no";
  return row === last + 1 || last >= LAST_ROW ? "next" : "possible";
}

function fitHeader(draft: Draft): Fit {
  if (draft.headerSeen || draft.traceSeen) return "no";
  if (draft.kind === "hung-task") return "next";
  if (draft.rip === undefined) return "possible";
  return lastRow(draft) >= LAST_ROW ? "next" : "possible";
}

function fitFrame(draft: Draft, { text }: ReportLine): Fit {
  const step = ARM_STEP.exec(text);
  if (step !== null) return fitArmFrame(draft, step[1] ?? "");
  if (!draft.headerSeen || isTraceOver(draft)) return "no";
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

function lastRow(draft: Draft): number {
  const last = draft.lines.findLast(({ text }) => ROW.test(text.trim()));
  return last === undefined ? -1 : ROWS.indexOf(ROW.exec(last.text.trim())?.[1] ?? "");
}
