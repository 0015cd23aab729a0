// The function to name in a title: the first frame that says where the kernel was. Skipped are the
// reporting machinery, the entry code of timers, NMIs and exceptions, delay and idle primitives and the
// slow paths of locks; the lock functions themselves are named.

import type { Frame } from "#model/frame.ts";
import type { Draft } from "./draft.ts";

/** GCC and clang suffixes of clones: `.isra.0`, `.constprop.0`, `.part.3`, `.cold`, `.llvm.123`. */
const CLONE = /\.(?:isra|constprop|part|cold|llvm|lto_priv)(?:\.\d+)*/g;

export function plainName(symbol: string): string {
  return symbol.replace(CLONE, "").replace(/^\.+/, "");
}

/** Prints and reports, never the cause (lib/dump_stack.c, kernel/panic.c, mm/kasan, lib/ubsan.c, …). */
const REPORTING = new RegExp(
  `^(?:${[
    "_*dump_stack\\w*|show_(?:stack|regs|trace)\\w*|dump_(?:backtrace|trace)\\w*|unwind_backtrace|arch_stack_walk\\w*|walk_stackframe|save_stack\\w*|stack_trace_\\w+",
    "panic|vpanic|nmi_panic\\w*|__?die\\w*|die_\\w+|oops_\\w+|no_context|_*bad_area\\w*|bad_page_fault|_*warn_slowpath\\w*|_*warn_printk|_*warn(?:_thunk)?|_*report_bug\\w*|report_\\w+|handle_bug|_*crash_kexec|program_check_\\w+|bust_spinlocks",
    "_*k?asan_\\w+|_*asan_\\w+|check_memory_region\\w*|_*k?msan_\\w+|_*kmsan_\\w+|_*kcsan_\\w+|_*tsan_\\w+|_*hwasan_\\w+|kfence_\\w+|_*ubsan_\\w+|ubsan_\\w+|print_(?:address_description|report|memory)\\w*|val_to_string\\w*|object_err|slab_err|slab_bug|print_trailer|check_bytes\\w*|object_is_on_stack",
    "fortify_panic|_*fortify_\\w+|usercopy_(?:abort|warn)|_*check_heap_object|_*check_object_size\\w*|check_object\\w*|report_usercopy|__stack_chk_fail",
    "_*might_(?:sleep|resched|fault)\\w*|_*cant_\\w+|_*schedule_bug|_*schedule_debug|check_preemption_disabled|debug_smp_processor_id|_*this_cpu_preempt_check",
    "lockdep_\\w+|_*lock_acquire\\w*|_*lock_release\\w*|validate_chain|mark_(?:lock|held_locks|usage)\\w*|check_(?:prev|prevs|noncircular|deadlock|irq_usage|usage)\\w*|print_(?:circular|deadlock|usage|irq|bad|unlock|lock|held|collision|kernel|stack|cpu|other|tainted|modules)\\w*|register_lock_class|assign_lock_key|debug_check_no_locks\\w*|_*lockdep\\w*|rcu_lockdep\\w*|spin_bug|spin_dump|rwlock_bug|debug_(?:spin|mutex|rt_mutex|locks|object|check)\\w*|debug_print_object",
    "_*list_(?:add|del)\\w*_valid\\w*|_*list_add_valid\\w*|_*list_del_entry_valid\\w*|list_(?:add|del)(?:_entry|_init|_tail|_rcu)?|_*list_(?:add|del)(?:_entry)?|refcount_\\w+|_*refcount_\\w+|kref_\\w+|_*sanitizer_cov\\w*|write_comp_data|check_kcov_mode|_*fentry_*",
  ].join("|")})$`,
);

/** How the report came about: watchdog timers, RCU's tick, NMIs, exception entry, on every architecture. */
const ENTRY = new RegExp(
  `^(?:${[
    "watchdog(?!_)|watchdog_(?:timer_fn|overflow_callback|check_hardlockup\\w*|hardlockup_check|nmi\\w*|buddy\\w*|smp_panic|timer_interrupt)|softlockup_\\w+|soft_nmi_\\w+|is_softlockup|touch_\\w*watchdog\\w*",
    "nmi_(?:cpu_backtrace|trigger|handle|enter|exit|restore)\\w*|nmi|end_repeat_nmi|default_do_nmi|do_nmi|exc_nmi|asm_exc_nmi|first_nmi|perf_event_nmi_handler|intel_pmu_handle_irq|x86_pmu_handle_irq|perf_event_overflow|_*perf_event_overflow|arch_trigger_\\w+|trigger_\\w+_backtrace|raise_nmi|handle_nmi\\w*",
    "rcu_(?:dump_cpu_stacks|check_callbacks|sched_clock_irq|check_gp\\w*|pending|check_cpu_stall)|_*rcu_pending|print_(?:cpu_stall|other_cpu_stall)\\w*|check_cpu_stall\\w*|dump_cpu_task|dump_task|_*sched_show_task|flush_smp_call_\\w+",
    "update_process_times|tick_(?:sched|periodic|handle|nohz|do|setup|program)\\w*|_*hrtimer_(?:run_queues|interrupt|peek)\\w*|_*run_hrtimer|(?:smp_|local_|_*sysvec_|asm_sysvec_|asm_)?apic_timer_interrupt|local_apic_timer_interrupt|_*sysvec_\\w+|asm_sysvec_\\w+|call_function_\\w*interrupt|smp_call_function_\\w*interrupt|generic_smp_call_function\\w*|sysvec_\\w+|reschedule_interrupt|timer_interrupt|_*timer_interrupt|decrementer_\\w+|arch_timer_\\w+|handle_percpu_\\w+|generic_handle_\\w+|_*handle_domain_irq|handle_domain_irq|gic_handle_\\w+|_*gic_handle_\\w+|handle_irq_\\w+|_*handle_irq\\w*|handle_(?:edge|level|fasteoi)_irq|el1h?_\\w+|el0t?_\\w+|do_interrupt_handler|call_on_irq_stack|_*irq_svc|_*irq_usr|asm_common_interrupt|common_interrupt|do_IRQ|ret_from_(?:intr|exception)|restore_\\w+|_*irq_exit\\w*|riscv_intc_irq|riscv_timer_interrupt|do_irq|handle_riscv_irq|bc_handler\\w*|do_IRQ_\\w+",
    "(?:asm_)?exc_\\w+|_*exc_\\w+|do_(?:page_fault|error_trap|trap|user_addr_fault|kern_addr_fault|invalid_op|general_protection|double_fault|int3|divide_error|translation_fault|bad_area|mem_abort|DataAbort|PrefetchAbort|undefinstr|sea|alignment_fault|tag_check_fault|debug_exception|stack_segment|trap_\\w+|bp|ade|ri)|_*do_(?:page_fault|kernel_fault|user_fault|user_addr_fault|kern_addr_fault|hash_fault)|(?:async_)?page_fault\\w*|invalid_op|general_protection|divide_error|double_fault|error_(?:code|entry|exit)|fixup_exception|kernelmode_fixup_or_oops|page_fault_oops|spurious_kernel_fault|handle_page_fault|_*do_kernel_fault|die_kernel_fault|brk_handler|call_break_hook|bug_handler|data_access_\\w+|instruction_access_\\w+|_*dabt_svc|_*pabt_svc|_*und_svc\\w*|trace_page_fault|vectors|stack_segment|xen_\\w+_exception|hash__do_page_fault|handle_mm_fault_oops|ret_from_except\\w*",
  ].join("|")})$`,
);

/** Waits that say nothing about who waits: busy delays, idle, lock slow paths, csd waits. */
const WAITING =
  /^(?:_*delay\w*|delay_\w+|_*(?:const_)?[un]delay|arch_timer_delay|read_tsc|rdtsc\w*|cpu_relax|rep_nop|csd_lock_wait|_*csd_lock_wait|arch_csd_lock\w*|\w+_slowpath|kvm_wait|pv_wait\w*|_*pv_\w+|_*raw_spin_lock_flags|arch_spin_lock|do_raw_(?:spin|read|write)_lock\w*|virt_spin_lock|_*cmpwait_\w+|_*spin_yield|splpar_spin_yield)$/;
const IDLE =
  /^(?:default_idle\w*|native_(?:safe_)?halt|arch_safe_halt|acpi_(?:safe_halt|idle_\w+)|(?:mwait|intel|arch_cpu|cpu|poll|pseries)_idle\w*|mwait_idle\w*|cpuidle_\w+|do_idle|cpu_startup_entry|arch_local_irq_enable|pv_native_safe_halt|cpu_do_idle|amd_e400_idle|cpu_idle_poll)$/;

/** Ways to sleep: what a hung task always stands in (kernel/sched, kernel/locking). */
const SLEEPING =
  /^(?:_*schedule|schedule_\w+|io_schedule\w*|_*sched_\w+|context_switch|_*switch_to|preempt_schedule\w*|_*cond_resched\w*|msleep\w*|usleep\w*)$/;
const SLEEPING_ON =
  /^(?:_*mutex_lock\w*|_*ww_mutex\w*|mutex_\w+|_*rt_mutex\w*|rt_mutex\w*|_*down(?:_read|_write|_interruptible|_killable|_timeout|_common)?\w*|down_\w+|_*rwsem_\w+|rwsem_\w+|rwbase_\w+|_*wait_for_common\w*|do_wait_for_common|_*wait_for_completion\w*|wait_for_\w*completion\w*|_*wait_on_bit\w*|wait_on_bit\w*|out_of_line_wait\w*|bit_wait\w*|_*wait_event\w*|percpu_(?:down|rwsem)\w*|_*percpu_down\w*|call_rwsem_\w+|wait_on_page_bit\w*|_*wait_rcu_gp|wait_rcu_gp\w*|folio_wait_bit\w*|_*folio_lock\w*|_*lock_page\w*)$/;

export function isReporting(symbol: string): boolean {
  const name = plainName(symbol);
  return REPORTING.test(name) || ENTRY.test(name);
}

/** Names the function of a report whose detector frames are already taken off (`frames`). */
export function nameFunction(draft: Draft, frames: readonly Frame[]): string | undefined {
  const naming = draft.titledBy.naming ?? "where";
  const named = draft.titleFields.function;
  const candidates: string[] = [];
  if (naming === "named" && named !== undefined) candidates.push(named);
  if (naming === "lock" && draft.lockAt !== undefined) candidates.push(draft.lockAt);
  if (draft.ripInlined !== undefined) candidates.push(draft.ripInlined);
  if (draft.rip !== undefined) candidates.push(draft.rip.symbol);
  else if (naming === "where" && named !== undefined) candidates.push(named);
  const own = frames.filter((frame) => frame.detector !== true);
  const reliable = own.filter((frame) => frame.reliable);
  for (const frame of reliable.length > 0 ? reliable : own) candidates.push(frame.symbol);
  const names = candidates.filter((name) => !/^(?:0x|\[|\()/.test(name));
  const found =
    names.find((name) => tellsWhere(plainName(name), draft)) ??
    names.find((name) => !isReporting(name)) ??
    names[0];
  return found === undefined ? undefined : plainName(found);
}

function tellsWhere(name: string, draft: Draft): boolean {
  if (REPORTING.test(name) || ENTRY.test(name) || WAITING.test(name)) return false;
  if (IDLE.test(name)) return false;
  if (draft.kind === "hung-task" || draft.kind === "atomic-sleep") {
    return !SLEEPING.test(name) && !SLEEPING_ON.test(name);
  }
  return !SLEEPING.test(name);
}
