// Kernel function names the facts ask about: primitives whose presence says what kind of waiting goes
// on. Presence in one of the trees 4.19..7.2 checked in KERNEL.md section 6; an absent name never
// proves anything.

import { IPI_STAND } from "#mechanisms/frame-names.ts";

/** Between the wait and whoever wanted it. */
export const IPI_PLUMBING: ReadonlySet<string> = new Set([
  ...IPI_STAND,
  "text_poke_sync",
  "smp_text_poke_sync_each_cpu",
]);

const SPIN_SLOW: ReadonlySet<string> = new Set([
  "native_queued_spin_lock_slowpath",
  "__pv_queued_spin_lock_slowpath",
  "__cna_queued_spin_lock_slowpath",
  "queued_spin_lock_slowpath",
  "do_raw_spin_lock",
  "__ticket_spin_lock",
  "arch_spin_lock",
  "spin_bug",
  "__delay_spin",
  "kvm_wait",
  "pv_wait_node",
  "pv_wait_head_or_lock",
  "xen_poll_irq",
  "xen_poll_irq_timeout",
  "xen_lock_spinning",
  "xen_qlock_wait",
]);

/** A powerpc guest's spinner gives its time to the holder's vCPU (arch/powerpc/lib/qspinlock.c, locks.c). */
const HYPERVISOR_YIELD: ReadonlySet<string> = new Set([
  "plpar_hcall_norets",
  "plpar_hcall_norets_notrace",
  "splpar_spin_yield",
  "splpar_rw_yield",
  "__spin_yield",
  "__rw_yield",
]);

const READ_SLOW: ReadonlySet<string> = new Set(["queued_read_lock_slowpath", "do_raw_read_lock"]);
const WRITE_SLOW: ReadonlySet<string> = new Set([
  "queued_write_lock_slowpath",
  "do_raw_write_lock",
]);

const SPIN_ENTRY =
  /^_raw_(spin|read|write)_(try)?lock(_irqsave|_irq|_bh|_nested|_nest_lock)?$|^__raw_spin_lock/;

/** Any part of a spinning lock's acquisition; unlock functions are not among them. */
export function isSpinPrimitive(symbol: string): boolean {
  return (
    SPIN_SLOW.has(symbol) ||
    READ_SLOW.has(symbol) ||
    WRITE_SLOW.has(symbol) ||
    SPIN_ENTRY.test(symbol)
  );
}

/** Spins until work on another CPU has ended: kernel/irq_work.c, kernel/irq/manage.c, kernel/softirq.c. */
export const BUSY_WAIT: ReadonlySet<string> = new Set([
  "irq_work_sync",
  "__synchronize_hardirq",
  "tasklet_unlock_wait",
  "tasklet_unlock_spin_wait",
]);

/** The lock kind that a run of innermost lock primitives means; undefined when it is no acquisition. */
export function spinKind(
  symbols: readonly string[],
): "spinlock" | "rwlock-read" | "rwlock-write" | undefined {
  const yields = leading(symbols, (name) => HYPERVISOR_YIELD.has(name)).length;
  const run = leading(symbols.slice(yields), isSpinPrimitive);
  if (run.length === 0) return undefined;
  if (run.some((name) => READ_SLOW.has(name) || /_read_lock/.test(name))) return "rwlock-read";
  if (run.some((name) => WRITE_SLOW.has(name) || /_write_lock/.test(name))) return "rwlock-write";
  // _raw_spin_lock itself at RIP, without the slow path under it, also stands behind a lock just taken.
  // Under a yield to the hypervisor it is the slow path all the same, inlined or a leaf without a frame.
  return yields > 0 || run.some((name) => SPIN_SLOW.has(name)) ? "spinlock" : undefined;
}

export const IDLE: ReadonlySet<string> = new Set([
  "native_safe_halt",
  "default_idle",
  "default_idle_call",
  "pv_native_safe_halt",
  "arch_cpu_idle",
  "acpi_safe_halt",
  "acpi_idle_do_entry",
  "acpi_idle_enter",
  "mwait_idle",
  "mwait_idle_with_hints.constprop.0",
  "intel_idle",
  "intel_idle_ibrs",
  "cpu_idle_poll",
  "amd_e400_idle",
  "cpuidle_enter_state",
  "poll_idle",
  "cpu_do_idle",
]);

const MUTEX =
  /^(__mutex_lock|mutex_lock|mutex_lock_nested|mutex_lock_killable|mutex_lock_interruptible|__mutex_lock_slowpath|__ww_mutex_lock)/;
const RWSEM =
  /^(rwsem_down_(read|write)_slowpath|__?down_(read|write)|down_(read|write)|call_rwsem_down_(read|write)_failed|percpu_down_write|percpu_rwsem_wait|rwsem_down_(read|write)_failed)/;
const SEMAPHORE = /^(__down|down|down_timeout|down_interruptible|__down_common)$/;
const RCU_WAIT =
  /^(__wait_rcu_gp|wait_rcu_gp|synchronize_rcu|synchronize_rcu_expedited|synchronize_srcu|__synchronize_srcu|rcu_barrier|wait_rcu_exp_gp|synchronize_net|synchronize_sched)/;
const IO_WAIT =
  /^(wait_on_page_bit|wait_on_page_writeback|folio_wait_writeback|bit_wait_io|wait_on_buffer|__wait_on_buffer|submit_bio_wait|blk_mq_get_tag|blkdev_issue_flush|__?(blk|bio)_queue_enter|blk_queue_enter|blk_mq_freeze_queue(_wait)?|rq_qos_wait|wbt_wait|blk_execute_rq|jbd2_log_wait_commit|dio_await_completion|__blkdev_direct_IO)/;
/** Sleeping "for I/O" by the scheduler's account; behind it may be a folio's lock as well as a device. */
const IO_ACCOUNT = /^(io_schedule|io_schedule_timeout)$/;
/** A folio's bit: writeback ends by I/O, a lock by whoever holds it; the stack alone does not tell which. */
const FOLIO_BIT = /^(folio_wait_bit|__folio_lock|folio_lock|__lock_page|lock_page)/;
const WORK_WAIT =
  /^(flush_work|__flush_work|flush_workqueue|__flush_workqueue|cancel_work_sync|__cancel_work_timer|drain_workqueue)/;
const COMPLETION = /^(wait_for_completion|wait_for_common|__wait_for_common|do_wait_for_common)/;
const SCHEDULER =
  /^(__switch_to|__schedule|schedule|schedule_timeout|schedule_preempt_disabled|preempt_schedule.*|schedule_rtlock|rwbase_.*|rt_mutex_.*|schedule_hrtimeout_range.*|usleep_range.*|msleep.*)$/;

export type SleepKind =
  | "mutex"
  | "rwsem"
  | "semaphore"
  | "rcu-gp"
  | "io"
  | "completion"
  | "work"
  | "unknown";

/** What a sleeping task's stack says it waits for, and who wanted it. */
export function sleepKind(symbols: readonly string[]): { on: SleepKind; wantedBy?: string } {
  const stack = symbols.slice(leading(symbols, (name) => SCHEDULER.test(name)).length);
  const kinds: readonly (readonly [SleepKind, RegExp])[] = [
    ["mutex", MUTEX],
    ["rwsem", RWSEM],
    ["semaphore", SEMAPHORE],
    ["io", IO_WAIT],
    ["rcu-gp", RCU_WAIT],
    ["work", WORK_WAIT],
    ["completion", COMPLETION],
  ];
  // A completion is the means: whoever stands just above it (flush_work, synchronize_rcu) is the end.
  const near = stack.slice(0, 6);
  const found = kinds.find(([, pattern]) => near.some((name) => pattern.test(name)));
  const accounted =
    near.some((name) => IO_ACCOUNT.test(name)) && !near.some((name) => FOLIO_BIT.test(name));
  const primitives = [...kinds.map(([, pattern]) => pattern), IO_ACCOUNT, FOLIO_BIT];
  const wantedBy = stack.find((name) => !primitives.some((pattern) => pattern.test(name)));
  const on = accounted && (!found || found[0] === "completion") ? "io" : (found?.[0] ?? "unknown");
  return { on, ...(wantedBy ? { wantedBy } : {}) };
}

export function leading(
  symbols: readonly string[],
  holds: (symbol: string) => boolean,
): readonly string[] {
  const end = symbols.findIndex((symbol) => !holds(symbol));
  return end < 0 ? symbols : symbols.slice(0, end);
}

/** Library and lock primitives: a fault inside them was brought by the pointer their caller handed in. */
export function isBorrowed(symbol: string): boolean {
  return (
    isSpinPrimitive(symbol) ||
    MUTEX.test(symbol) ||
    RWSEM.test(symbol) ||
    /^(__)?(mem(cpy|move|set|cmp|chr)|str(n?cpy|n?cmp|n?len|n?cat|chr|str)|kfree|kmem_cache_free|list_del|list_add|kmemdup|refcount_warn_saturate|usercopy_abort|__check_object_size|memcpy_power7|try_to_wake_up|default_wake_function|wake_up_process)(_\w+)?$/.test(
      symbol,
    ) ||
    /^(__)?(__list_(del|add)|copy_(to|from)_user|_find_(next|first)_|find_next_|rep_movs)/.test(
      symbol,
    )
  );
}

/** Compiler suffixes carry no meaning for a person or a signature. */
export function plainSymbol(symbol: string): string {
  return symbol.replace(/\.(isra|constprop|part|cold|llvm|lto_priv)\b.*/s, "");
}
