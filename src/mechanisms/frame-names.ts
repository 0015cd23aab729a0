// Function names that several mechanisms ask about, all versions together (KERNEL.md section 6). An
// absent name proves nothing: static functions are inlined or not built.

/** Where a CPU stands while it waits for acknowledgements; `csd_lock_wait` is normally inlined. */
export const IPI_WAIT: ReadonlySet<string> = new Set([
  "smp_call_function_many",
  "smp_call_function_many_cond",
  "smp_call_function_single",
  "generic_exec_single",
  "__csd_lock_wait",
  "csd_lock_wait",
  "csd_lock_wait_toolong",
]);

/** Callers that broadcast a TLB flush; vmap purging tail-calls into the broadcast. */
export const TLB_FLUSH: ReadonlySet<string> = new Set([
  "flush_tlb_mm_range",
  "flush_tlb_kernel_range",
  "flush_tlb_all",
  "flush_tlb_page",
  "flush_tlb_func",
  "flush_tlb_func_common",
  "flush_tlb_func_remote",
  "native_flush_tlb_others",
  "native_flush_tlb_multi",
  "flush_tlb_multi",
  "arch_tlbbatch_flush",
  "try_to_unmap_flush",
  "do_flush_tlb_all",
  "do_kernel_range_flush",
  "kernel_tlb_flush_range",
  "ptep_clear_flush",
  "pmdp_huge_clear_flush",
  "tlb_flush_mmu",
  "__purge_vmap_area_lazy",
  "purge_vmap_node",
  "drain_vmap_area_work",
  "_vm_unmap_aliases",
  "cpa_flush",
]);

/** Broadcast front ends; without RIP they are the innermost frame of an IPI wait. */
export const BROADCAST: ReadonlySet<string> = new Set([
  "on_each_cpu",
  "on_each_cpu_mask",
  "on_each_cpu_cond",
  "on_each_cpu_cond_mask",
  "smp_call_function",
  "smp_call_function_any",
  "smp_call_on_cpu",
]);

/** Inside the wait for acknowledgements, or right above it. */
export const IPI_STAND: ReadonlySet<string> = new Set([...IPI_WAIT, ...BROADCAST]);

/** Targets run queued IPI functions from here. */
export const IPI_HANDLER: ReadonlySet<string> = new Set([
  "flush_smp_call_function_queue",
  "__flush_smp_call_function_queue",
  "generic_smp_call_function_interrupt",
  "generic_smp_call_function_single_interrupt",
  "__sysvec_call_function",
  "__sysvec_call_function_single",
  "sysvec_call_function",
  "sysvec_call_function_single",
]);

/** The console being written: printk's flush and the drivers' character loops. */
export const CONSOLE: ReadonlySet<string> = new Set([
  "console_unlock",
  "console_flush_all",
  "console_emit_next_record",
  "call_console_drivers",
  "serial8250_console_write",
  "serial8250_console_putchar",
  "univ8250_console_write",
  "uart_console_write",
  "wait_for_xmitr",
  "wait_for_lsr",
  "io_serial_in",
  "pl011_console_write",
  "pl011_console_write_atomic",
  "pl011_console_write_thread",
  "nbcon_emit_next_record",
  "nbcon_atomic_flush_pending",
  "hvc_console_print",
  "fbcon_putcs",
  "vt_console_print",
  "netconsole_write",
]);

/** Memory reclaim at work. */
export const RECLAIM: ReadonlySet<string> = new Set([
  "balance_pgdat",
  "kswapd",
  "shrink_node",
  "shrink_node_memcgs",
  "shrink_lruvec",
  "shrink_slab",
  "do_shrink_slab",
  "shrink_zone",
  "shrink_zones",
  "shrink_inactive_list",
  "shrink_active_list",
  "shrink_page_list",
  "shrink_folio_list",
  "isolate_lru_pages",
  "isolate_lru_folios",
  "evict_folios",
  "try_to_shrink_lruvec",
  "try_to_free_pages",
  "do_try_to_free_pages",
  "try_to_free_mem_cgroup_pages",
  "super_cache_scan",
  "prune_dcache_sb",
  "drop_slab",
  "drop_slab_node",
]);

/** Tasks that wait inside reclaim: throttled or for writeback of dirty pages. */
export const RECLAIM_WAIT: ReadonlySet<string> = new Set([
  "throttle_direct_reclaim",
  "reclaim_throttle",
  "congestion_wait",
  "wait_iff_congested",
  "too_many_isolated",
  "__alloc_pages_direct_reclaim",
  "__perform_reclaim",
]);

/** Waiting until a running timer callback has ended. */
export const TIMER_CANCEL: ReadonlySet<string> = new Set([
  "hrtimer_cancel",
  "hrtimer_try_to_cancel",
  "hrtimer_cancel_wait_running",
  "del_timer_sync",
  "timer_delete_sync",
  "__timer_delete_sync",
  "try_to_del_timer_sync",
]);

/** Timer callbacks run from here. */
export const TIMER_RUN: ReadonlySet<string> = new Set([
  "call_timer_fn",
  "expire_timers",
  "__run_timers",
  "__run_timer_base",
  "run_timer_softirq",
  "__hrtimer_run_queues",
  "hrtimer_interrupt",
  "hrtimer_run_softirq",
]);

/** Softirq work runs from here, on the interrupt stack or in ksoftirqd. */
export const SOFTIRQ_RUN: ReadonlySet<string> = new Set([
  "__do_softirq",
  "handle_softirqs",
  "do_softirq",
  "run_ksoftirqd",
  "net_rx_action",
  "net_tx_action",
  "__napi_poll",
  "napi_poll",
  "process_backlog",
  "tasklet_action",
  "tasklet_action_common",
]);

/** A worker thread runs a work item. */
export const WORKER: ReadonlySet<string> = new Set(["process_one_work", "process_scheduled_works"]);

/** Waiting for a request queue to take requests again, or to drain. */
export const QUEUE_WAIT: ReadonlySet<string> = new Set([
  "blk_queue_enter",
  "__bio_queue_enter",
  "blk_mq_freeze_queue_wait",
  "blk_mq_freeze_queue",
  "blk_mq_freeze_queue_nomemsave",
  "blk_mq_get_tag",
  "rq_qos_wait",
  "wbt_wait",
]);

/** Waiting for data: a buffer, a page, a flush, a journal commit. */
export const IO_WAIT: ReadonlySet<string> = new Set([
  "io_schedule",
  "io_schedule_timeout",
  "sync_buffer",
  "sleep_on_buffer",
  "bit_wait_io",
  "wait_on_buffer",
  "__wait_on_buffer",
  "wait_for_completion_io",
  "wait_for_completion_io_timeout",
  "submit_bio_wait",
  "submit_bh_wait",
  "blkdev_issue_flush",
  "blk_execute_rq",
  "wait_on_page_bit",
  "wait_on_page_bit_common",
  "wait_on_page_writeback",
  "folio_wait_writeback",
  "jbd2_log_wait_commit",
  "xfs_buf_iowait",
]);

/** A folio or page lock: waited for with io_schedule() as well, and no I/O by itself. */
export const FOLIO_LOCK: ReadonlySet<string> = new Set([
  "__folio_lock",
  "__lock_page",
  "folio_lock",
  "folio_wait_bit_common",
  "folio_wait_bit",
  "__folio_lock_or_retry",
  "migrate_pages_batch",
]);

/** Waiting for a grace period to end. */
export const GRACE_PERIOD_WAIT: ReadonlySet<string> = new Set([
  "__wait_rcu_gp",
  "wait_rcu_gp",
  "synchronize_rcu",
  "synchronize_rcu_expedited",
  "synchronize_sched",
  "synchronize_net",
  "synchronize_srcu",
  "__synchronize_srcu",
  "rcu_barrier",
  "wait_rcu_exp_gp",
]);

/** CPUs that take part in stop_machine and wait for the others (kernel/stop_machine.c). */
export const STOP_MACHINE: ReadonlySet<string> = new Set(["multi_cpu_stop", "stop_machine_yield"]);
