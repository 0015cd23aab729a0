// Signs that the lines of two reports run into one another where no caller tells them apart. The lines
// cannot be sorted then; that they may be exchanged is said on both.

import { addTo, type Draft, type ReportLine } from "./draft.ts";

/** Where a stack ends: the entry from user mode, a thread's first function, the boot code. */
const OUTERMOST =
  /^(?:ret_from_\w+|entry_\w+|system_call\w*|sysenter\w*|syscall\w*|int_ret_from\w*|kernel_thread\w*|el0\w*|ret_fast_syscall|__switch_to\w*|secondary_startup\w*|start_(?:secondary|kernel|here\w*)|x86_64_start\w*|cpu_startup_entry|__x64_sys\w*|sys_\w+|SyS_\w+|kthread|rest_init|gs_change|decrementer_\w+|\w*common_interrupt\w*|kernel_init\w*|__enable_mmu|tracesys\w*|data_access_\w+|instruction_access_\w+|0x[0-9a-f]+)/;

export function isOutermost(symbol: string): boolean {
  return OUTERMOST.test(symbol.replace(/^\./, ""));
}

const MINGLED = "another report begins before this trace ends: lines of the two may be exchanged";
const BACKWARD = "the clock runs backwards inside the report: lines of two logs may be mixed";
/** Two CPUs that print at once are less than this apart. */
const MOST_BACK = 1_000_000_000n;

/** `next` begins while `open` is read. */
export function noteMingled(open: Draft, next: Draft, line: ReportLine): void {
  if (line.record.caller !== undefined || !open.traceSeen || open.ended) return;
  const last = open.frames.at(-1);
  if (last === undefined || isOutermost(last.symbol)) return;
  // `</TASK>` or registers of user mode closed the trace.
  const lastText = open.lines.at(-1)?.text.trim() ?? "";
  if (open.userMode || open.section === "aside" || /^<\/|^Code:|^R\w\d?:|^Mod/.test(lastText))
    return;
  for (const draft of [open, next]) addTo(draft.gaps, { reason: MINGLED, from: line.range });
}

/** To be asked before the line is added to the report. */
export function noteBackward(draft: Draft, line: ReportLine): void {
  const now = line.record.time?.monotonic;
  const last = draft.lastMonotonic;
  if (now === undefined || last === undefined || last - now < MOST_BACK) return;
  if (draft.gaps.some((gap) => gap.reason === BACKWARD)) return;
  addTo(draft.gaps, { reason: BACKWARD, from: line.range });
}
