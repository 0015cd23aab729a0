// Where a line stands in the sheet that a report prints. The order is that of arch/x86: show_regs,
// show_trace_log_lvl, die and kernel/panic.c: __warn, lib/dump_stack.c; that of the registers is each
// architecture's (`register-sheet.ts`).

import { isCpuLine } from "./body/cpu-line.ts";
import { END_MARK } from "./body/marks.ts";

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
  | "workqueues"
  | "grace-period"
  | "end";

/** First names of register rows on x86; the place below a RIP line. */
const ROW = /^(?:R[SABD][XP]|E[AS][XI]|R10|R13|[FCD]S|CR[02]|DR[036]|PKRU): /;

/** Names that begin a line of registers on arm, arm64, powerpc, riscv, s390, mips, loongarch. */
export const REGISTERS: RegExp =
  /^(x\d{1,2}|r\d{1,2}|[sp][cp]|lr|pstate|psr|GPR\d\d|NIP|LR|MSR|REGS|CFAR|CTR|epc|gp|t\d|s\d{1,2}|a\d|status|\$ ?\d+|Krnl \w+|R:\d|[a-z][0-9a-z])(?: {0,2}:| \[| [0-9a-f]{16} )/;
//                 [c000000001e2fc40] [c0000000001b2f0c] foo+0x1c/0x30     [<c010bb04>] (show_stack) from …
const FRAME =
  /^(?:\[[0-9a-f]{8,16}\] ?\[[0-9a-f]{8,16}\] |\[<[0-9a-f]{8,16}>\] ?)?(?:\? )?\(?[A-Za-z_.][\w.$]*(?:\+0x[0-9a-f]+|\)? from )/;
//                  EIP: 0060:[<c0385f04>] EFLAGS: 00010293 CPU: 0      (arch/x86/kernel/process_32.c: __show_regs)
export const RIP: RegExp = /^[RE]IP: [0-9a-f]{4}:/;

// kernel/workqueue.c: show_all_workqueues, show_one_worker_pool, show_cpu_pools_hogs
const WORKQUEUES =
  /^(?:Showing (?:busy|freezable|all) workqueues|Showing backtraces of (?:running|busy) workers|workqueue \S+: flags=|pwq \d+:|pool \d+:|(?:in-flight|pending|inactive|delayed): )/;

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
  ["rip", RIP],
  ["code", /^(?:Code|Instruction dump): ?/],
  ["row", ROW],
  ["header", /^(?:Call [Tt]race|Backtrace):\s*$/],
  ["mark", /^<\/?[A-Z]+>$/],
  ["frame", FRAME],
  ["workqueues", WORKQUEUES],
  ["grace-period", /^rcu: /],
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
