// What is known of a trace's end without a symbol table: which frames are a stack's last, and which function
// has only one caller. Enough to say that a trace is over, and often whose the next frame is.

import type { Draft } from "./draft.ts";
import { plainName } from "./function-role.ts";

/** Where a stack ends: the entry from user mode, a thread's first function, the boot code. */
const OUTERMOST =
  /^(?:ret_from_\w+|entry_\w+|system_call\w*|sysenter\w*|syscall\w*|int_ret_from\w*|kernel_thread\w*|el0\w*|ret_fast_syscall|retint_\w+|__switch_to\w*|secondary_startup\w*|start_(?:secondary|kernel|here\w*)|x86_64_start\w*|cpu_startup_entry|__x64_sys\w*|sys_\w+|SyS_\w+|kthread|rest_init|gs_change|decrementer_\w+|\w*common_interrupt\w*|kernel_init\w*|__enable_mmu|tracesys\w*|data_access_\w+|instruction_access_\w+|0x[0-9a-f]+)/;

/**
 * The same in the entry code of other architectures (6.1 arch/*: entry.S, genex.S, head.S, traps.c). Some of
 * these take interrupts in the kernel as well, where a trace goes on: a stack may end there, no more.
 */
const ENTRIES: Readonly<Record<string, string>> = {
  alpha: "ent(?:Sys|Int|MM|IF|Arith|Una|Dbg)|ret_to_user|restore_all|strace",
  arc: "EV_\\w+|handle_interrupt\\w*|(?:mem|instr)_service|call_do_page_fault",
  arm: "__(?:irq|fiq|dabt|pabt|und)_usr|vector_\\w+|(?:__)?ret_fast_syscall|__sys_trace\\w*|ret_to_user\\w*|__mmap_switched|secondary_start_kernel",
  arm64: "__primary_switched|__secondary_switched|primary_entry|secondary_entry|ret_to_user",
  csky: "csky_(?:systemcall|pagefault|trap|irq)",
  ia64: "ia64_(?:ret_from|leave)_\\w+|__kernel_syscall_via\\w+|start_ap",
  loongarch: "handle_(?:syscall|sys|vint)|except_vec_cex|kernel_entry|smpboot_entry",
  m68k: "buserr|trap|(?:auto|user|bad)_inthandler|dbginterrupt",
  microblaze:
    "_user_exception|_interrupt|_debug_exception|full_exception_trap|page_fault_\\w+_trap",
  mips: "handle_(?:sys(?:n32|64)?|int|tlb[lms]|ade[ls]?|ri\\w*|cpu|bp|tr|fpe|ov)(?:_int)?|except_vec_\\w+|(?:o32|n32|n64)_syscall_\\w+|stack_done|loads_done|smp_bootstrap",
  nios2: "handle_(?:system_call|trap)|inthandler",
  openrisc: "_sys_call_handler|_(?:external_irq|timer|trap|\\w+_page_fault)_handler|_ret_from_\\w+",
  parisc:
    "intr_(?:return|check_sig|restore|extint)|(?:finish_)?child_return|linux_gateway_entry|lws_\\w+|fault_vector_\\d+",
  powerpc:
    "(?:fast_)?interrupt_return\\w*|(?:hardware_interrupt|h_virt_irq|doorbell_super)_common\\w*",
  riscv: "handle_exception|_start_kernel|smp_callin",
  s390: "(?:pgm_check|ext_int|io_int|mcck_int|restart_int)_handler|psw_idle\\w*|__ret_from_fork|sysc_\\w+|startup_continue",
  sparc:
    "linux_sparc_(?:ni_)?syscall(?:32)?|linux_syscall_trace\\w*|ret_sys_call|tlb_fixup_done|rtrap\\w*",
  um: "new_thread_handler",
  xtensa: "user_exception|common_exception\\w*|fast_syscall_\\w+",
};
const ENTRY = new RegExp(`^(?:${Object.values(ENTRIES).join("|")})$`);

/** Of these, where no further frame can follow on any stack. */
const LAST =
  /^(?:ret_from_\w+|entry_\w+|system_call\w*|int_ret_from\w*|ret_fast_syscall|el0t?_\w+|secondary_startup\w*|common_startup_64|x86_64_start\w*|start_here\w*|handle_sys(?:call|n32|64)?|linux_sparc_syscall(?:32)?|csky_systemcall|entSys)$/;

export function isOutermost(symbol: string): boolean {
  const name = symbol.replace(/^\./, "");
  return OUTERMOST.test(name) || ENTRY.test(name);
}

/** The last frame read is one that a stack may end with, or a later part of the sheet follows it already. */
export function mayEndHere(draft: Draft): boolean {
  const last = draft.frames.findLast((frame) => frame.reliable) ?? draft.frames.at(-1);
  // ret_from_fork stands below kthread() on every architecture.
  if (last === undefined || (isOutermost(last.symbol) && last.symbol !== "kthread")) return true;
  // `</TASK>` or registers of user mode closed the trace.
  const text = draft.lines.at(-1)?.text.trim() ?? "";
  return draft.userMode || draft.section === "aside" || /^<\/|^Code:|^R\w\d?:|^Mod/.test(text);
}

/** No frame of this stack can follow any more. */
export function isTraceOver(draft: Draft): boolean {
  if (draft.ended || draft.userMode) return true;
  if (draft.lines.some(({ text }) => text.trim() === "</TASK>")) return true;
  const last = lastFrame(draft);
  return last !== undefined && LAST.test(last) && callersOf(last).length === 0;
}

/** Is `symbol` what calls the last frame read? `unknown` where that frame has many callers. */
export function followsLastFrame(draft: Draft, symbol: string): "yes" | "no" | "unknown" {
  const last = lastFrame(draft);
  const callers = last === undefined ? [] : callersOf(last);
  if (callers.length === 0)
    return last !== undefined && isThreadEntry(symbol, last) ? "no" : "unknown";
  return callers.some((caller) => caller.test(plainName(symbol))) ? "yes" : "no";
}

/** A kernel thread's first frame stands below `kthread` only; a new process's below the way to user mode. */
function isThreadEntry(symbol: string, last: string): boolean {
  return /^ret_from_fork/.test(symbol) && !/^ret_from_fork|exit|schedule_tail|^kernel_/.test(last);
}

function lastFrame(draft: Draft): string | undefined {
  const last = draft.frames.findLast((frame) => frame.reliable);
  return last === undefined ? undefined : plainName(last.symbol);
}

function callersOf(name: string): readonly RegExp[] {
  return STEPS.filter(([callee]) => callee.test(name)).map(([, caller]) => caller);
}

/**
 * Functions with one caller, and that caller: kernel/kthread.c, kernel/workqueue.c, kernel/sched/idle.c,
 * arch/x86/entry. `ret_from_fork` is the last frame up to 6.5 and calls from `ret_from_fork_asm` since
 * (3aec4ecb3d1f).
 */
const STEPS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(?:worker|rescuer)_thread$/, /^kthread$/],
  [/^process_one_work$/, /^(?:worker_thread|rescuer_thread|process_scheduled_works)$/],
  [/^process_scheduled_works$/, /^(?:worker_thread|rescuer_thread)$/],
  [/^kthread$/, /^ret_from_(?:fork\w*|kernel_thread\w*)$/],
  [/^ret_from_fork$/, /^ret_from_fork_asm$/],
  [/^__x64_sys_\w+$/, /^(?:do_syscall_\w+|x64_sys_call|entry_SYSCALL_64\w*)$/],
  [/^x64_sys_call$/, /^do_syscall_\w+$/],
  [/^do_syscall_64$/, /^entry_SYSCALL_64\w*$/],
  [/^do_idle$/, /^cpu_startup_entry$/],
  [/^cpu_startup_entry$/, /^(?:start_secondary|rest_init)$/],
  [/^start_secondary$/, /^(?:secondary_startup_64\w*|common_startup_64)$/],
];
