// What a kernel function does, as far as naming a report's place needs it: reporting machinery, entry code,
// helpers that everybody calls. General knowledge of the kernel's layers, by name; a role is a set of
// anchored alternatives over the name without compiler suffixes.

/** What a function is to somebody who asks where the kernel was. */
export type Role =
  | "reporting"
  | "entry"
  | "instrumentation"
  | "waiting"
  | "idle"
  | "sleeping"
  | "sleeping-on"
  | "library"
  | "container"
  | "allocation"
  | "allocating"
  | "page-cache"
  | "reference"
  | "deferral"
  | "transfer"
  | "tracked"
  | "cipher"
  | "unwinding"
  | "waiter"
  | "dispatch"
  | "locking";

/** Prints and reports, never the cause (lib/dump_stack.c, kernel/panic.c, mm/kasan, lib/ubsan.c, …). */
const REPORTING = new RegExp(
  `^(?:${[
    "_*dump_stack\\w*|show_(?:stack|regs|trace)\\w*|dump_(?:backtrace|trace)\\w*|unwind_backtrace|arch_stack_walk\\w*|walk_stackframe|save_stack\\w*|stack_trace_\\w+",
    "panic|vpanic|nmi_panic\\w*|__?die\\w*|die_\\w+|check_panic_on_warn|get_taint|print_tainted|oops_\\w+|no_context|bad_page_fault|\\w*assertfail|_*warn_slowpath\\w*|_*warn_printk|_*warn(?:_thunk)?|_*report_bug\\w*|report_\\w+|handle_bug|_*crash_kexec|program_check_\\w+|bust_spinlocks",
    "_*k?asan_\\w+|_*asan_\\w+|check_memory_region\\w*|_*k?msan_\\w+|_*kmsan_\\w+|_*kcsan_\\w+|_*tsan_\\w+|_*hwasan_\\w+|kfence_\\w+|_*ubsan_\\w+|handle_overflow|handle_object_size_mismatch|type_mismatch_common|ubsan_\\w+|handle_overflow|handle_object_size_mismatch|type_mismatch_common|print_(?:address_description|report|memory)\\w*|val_to_string\\w*|object_err|slab_err|slab_bug|print_trailer|check_bytes\\w*|object_is_on_stack",
    "\\w+_panic|_*fortify_\\w+|usercopy_(?:abort|warn)|_*check_heap_object|_*check_object_size\\w*|check_object\\w*|report_usercopy|__stack_chk_fail",
    "_*might_(?:sleep|resched|fault)\\w*|_*cant_\\w+|_*schedule_bug|_*schedule_debug|check_preemption_disabled|debug_smp_processor_id|_*this_cpu_preempt_check",
    "lockdep_rcu_suspicious|validate_chain|mark_(?:lock|held_locks|usage)\\w*|check_(?:prev|prevs|noncircular|deadlock|irq_usage|usage)\\w*|print_(?:circular|deadlock|usage|irq|bad|unlock|lock|held|collision|kernel|stack|cpu|other|tainted|modules)\\w*|register_lock_class|assign_lock_key|debug_check_no_locks\\w*|_*lockdep\\w*|rcu_lockdep\\w*|spin_bug|spin_dump|rwlock_bug|debug_(?:spin|mutex|rt_mutex|locks|object|check)\\w*|debug_print_object",
    "_*list_(?:add|del_entry)_valid\\w*",
  ].join("|")})$`,
);

/** How the report came about: watchdog timers, RCU's tick, NMIs, exception entry, on every architecture. */
const ENTRY = new RegExp(
  `^(?:${[
    "watchdog(?!_)|watchdog_(?:timer_fn|overflow_callback|check_hardlockup\\w*|hardlockup_check|nmi\\w*|buddy\\w*|smp_panic|timer_interrupt)|softlockup_\\w+|soft_nmi_\\w+|is_softlockup|touch_(?=\\w*watchdog)\\w*",
    "nmi_(?:cpu_backtrace|trigger|handle|enter|exit|restore)\\w*|nmi|end_repeat_nmi|default_do_nmi|do_nmi|exc_nmi|asm_exc_nmi|first_nmi|perf_event_nmi_handler|intel_pmu_handle_irq|x86_pmu_handle_irq|perf_event_overflow|_*perf_event_overflow|arch_trigger_\\w+|trigger_\\w+_backtrace|raise_nmi|handle_nmi\\w*",
    "rcu_(?:dump_cpu_stacks|check_callbacks|sched_clock_irq|check_gp\\w*|pending|check_cpu_stall)|_*rcu_pending|print_(?:cpu_stall|other_cpu_stall)\\w*|check_cpu_stall\\w*|dump_cpu_task|dump_task|_*sched_show_task|flush_smp_call_\\w+",
    "update_process_times|tick_(?:sched|periodic|nohz|do|setup|program)\\w*|tick_handle_\\w+|_*hrtimer_(?:run_queues|interrupt|peek)\\w*|_*run_hrtimer|(?=\\w*apic_timer_interrupt)\\w*|retint_\\w+|local_apic_timer_interrupt|_*sysvec_\\w+|asm_sysvec_\\w+|call_function_\\w*interrupt|smp_call_function_\\w*interrupt|generic_smp_call_function\\w*|sysvec_\\w+|reschedule_interrupt|timer_interrupt|_*timer_interrupt|decrementer_\\w+|arch_timer_\\w+|handle_percpu_\\w+|generic_handle_\\w+|_*handle_domain_irq|handle_domain_irq|gic_handle_\\w+|_*gic_handle_\\w+|handle_irq_\\w+|_*handle_irq\\w*|handle_(?:edge|level|fasteoi)_irq|el1h?_\\w+|el0t?_\\w+|do_interrupt_handler|call_on_irq_stack|_*irq_svc|_*irq_usr|asm_common_interrupt|common_interrupt|do_IRQ|ret_from_(?:intr|exception)|restore_(?:regs|args|all|nocheck)\\w*|_*irq_exit\\w*|(?=\\w*irqentry_\\w)\\w*|riscv_intc_irq|\\w+_timer_interrupt|do_irq|handle_riscv_irq|bc_handler\\w*|do_IRQ_\\w+",
    // arch/s390/kernel/entry.S, irq.c, traps.c, time.c
    "(?:ext_int|io_int|mcck_int|pgm_check)_handler|do_(?:ext|io)_irq|do_irq_async|do_ext_interrupt|_*do_pgm_check|do_extint|clock_comparator_\\w+",
    "(?:asm_)?exc_\\w+|_*exc_\\w+|do_(?:page_fault|error_trap|trap|user_addr_fault|kern_addr_fault|invalid_op|general_protection|double_fault|int3|divide_error|translation_fault|bad_area|mem_abort|DataAbort|PrefetchAbort|undefinstr|sea|alignment_fault|tag_check_fault|debug_exception|stack_segment|trap_\\w+|bp|ade|ri)|_*do_(?:page_fault|kernel_fault|user_fault|user_addr_fault|kern_addr_fault|hash_fault)|(?:async_)?page_fault\\w*|invalid_op|general_protection|divide_error|double_fault|error_(?:code|entry|exit)|fixup_exception|kernelmode_fixup_or_oops|page_fault_oops|spurious_kernel_fault|handle_page_fault|_*do_kernel_fault|die_kernel_fault|brk_handler|call_break_hook|bug_handler|data_access_\\w+|instruction_access_\\w+|_*dabt_svc|_*pabt_svc|_*und_svc\\w*|trace_page_fault|vectors|stack_segment|xen_\\w+_exception|hash__do_page_fault|_*bad_area\\w*|handle_mm_fault_oops|ret_from_except\\w*",
  ].join("|")})$`,
);

/** Waits that say nothing about who waits: busy delays, idle, lock slow paths, csd waits. */
const WAITING =
  /^(?:_*delay\w*|delay_\w+|_*(?:const_)?[un]delay|arch_timer_delay|read_tsc|rdtsc\w*|cpu_relax|rep_nop|csd_lock_wait|_*csd_lock_wait|arch_csd_lock\w*|\w+_slowpath|kvm_wait|pv_wait\w*|_*pv_\w+|_*raw_spin_lock_flags|arch_spin_lock|do_raw_(?:spin|read|write)_lock\w*|virt_spin_lock|_*cmpwait_\w+|_*spin_yield|splpar_spin_yield)$/;
const IDLE =
  /^(?:default_idle\w*|native_(?:safe_)?halt|arch_safe_halt|acpi_(?:safe_halt|idle_\w+)|(?:mwait|intel|arch_cpu|cpu|poll|pseries)_idle\w*|mwait_idle\w*|cpuidle_\w+|do_idle|cpu_startup_entry|arch_local_irq_enable|pv_native_safe_halt|cpu_do_idle|amd_e400_idle|cpu_idle_poll)$/;

/** Ways to sleep: what a hung task always stands in (kernel/sched, kernel/locking). */
const SLEEPING =
  /^(?:_*schedule|_*schedule_loop\w*|schedule_\w+|io_schedule\w*|_*sched_\w+|context_switch|_*switch_to|_*preempt_schedule\w*|_*cond_resched\w*|msleep\w*|usleep\w*)$/;
const SLEEPING_ON =
  /^(?:_*mutex_lock\w*|_*ww_mutex\w*|mutex_\w+|_*rt_mutex\w*|rt_mutex\w*|_*down(?:_read|_write|_interruptible|_killable|_timeout|_common)?\w*|down_\w+|_*rwsem_\w+|rwsem_\w+|rwbase_\w+|_*wait_for_common\w*|do_wait_for_common|_*wait_for_completion\w*|wait_for_(?=\w*completion)\w*|_*wait_on_bit\w*|wait_on_bit\w*|out_of_line_wait\w*|bit_wait\w*|_*wait_event\w*|percpu_(?:down|rwsem)\w*|_*percpu_down\w*|call_rwsem_\w+|wait_on_page_bit\w*|_*wait_rcu_gp|wait_rcu_gp\w*|folio_wait_bit\w*|_*folio_lock\w*|_*lock_page(?:_killable|_or_retry)?|_*filemap_get_folio\w*|pagecache_get_page|_*flush_work\w*|flush_work\w*|kthread_(?:stop|park|flush\w*)|rcu_barrier\w*|console_lock|_*filemap_fdatawait\w*|folio_wait_\w+|wait_on_page\w*|wait_woken|blk_mq_freeze_queue\w*|blk_freeze_queue\w*|truncate_inode_pages\w*|kill_bdev|drain_workqueue|destroy_workqueue|do_wait_intr\w*|prepare_to_wait\w*|_*drain_work\w*|lock_sock_nested|_*lock_sock)$/;

/** Compiled-in checks around the real code: lockdep, coverage, return thunks, debugobjects. */
const INSTRUMENTATION = anchored(
  "_*lock_(?:acquire|release|acquired|contended|is_held)\\w*|lock_downgrade|lock_set_class|trace_hardirqs_\\w+|trace_(?=\\w*irqs?_(?:on|off))\\w*|rcu_(?:is_watching|read_lock\\w*|read_unlock\\w*|lock_(?:acquire|release)|dynticks\\w*|note_context_switch)|_*rcu_read_(?:un)?lock|_*x86_(?:indirect_thunk|return_thunk)\\w*|_*sanitizer_\\w+|write_comp_data|check_kcov_mode|_*fentry_*|ftrace_\\w*caller|mcount|srso_\\w+|retbleed_\\w+|instrument_\\w+|kcov_\\w+|should_fail\\w*|_*save_stack_trace|stack_trace_\\w+|arch_stack_walk|_*kernel_text_address|is_(?:bpf_text|module_text|ftrace_trampoline)\\w*|memory_is_\\w+|arch_local_irq_\\w+|(?:do_|_*)raw_(?:spin|read|write)_unlock\\w*|_*(?:spin|read|write)_unlock\\w*|debug_lockdep\\w*|read_word_at_a_time|_*preempt_count_(?:add|sub)|preempt_count_\\w+|class_rcu_\\w+|check_region_inline|\\w+_is_static_object|perf_trace_(?!init|destroy|add|del|event_)\\w+",
);
/** lib/: strings, printf, checksums, trees, lists, bitmaps, copies to and from user space. */
const LIBRARY = anchored(
  "_*mem(?:cmp|cpy|set|move|scan|chr)\\w*|str\\w{0,3}(?:cpy|cmp|len|str|cat|chr|dup|sep|pbrk)\\w*|_*strn?len\\w*|_*(?:raw_)?copy_(?:to|from|in|user|mc|page)\\w*|copyin|copyout|_*clear_user\\w*|_*(?:get|put)_user\\w*|extract_(?:user|iter)_to_sg|(?:raw_)?(?:read|write)[bwlq](?:_relaxed)?|_*raw_(?:read|write)[bwlq]|(?:ioread|iowrite)\\d\\w*|logic_(?:in|out)\\w+|hex_\\w+|string(?:_nocheck)?|va_format|pointer|number|format_decode|v?sc?n?printf|sprintf|vsnprintf|print_hex_dump\\w*|_*v?printk\\w*|vprintk\\w*|dev_(?:vprintk|printk)_emit|_*dev_printk|_dev_\\w+|crc\\w*|jhash\\w*|siphash\\w*|_*find_(?:next|first)_(?=\\w*bit)\\w*|_*bitmap_\\w+|sort\\w*|bsearch|radix_tree_\\w+|xas_\\w+|xa_\\w+|list_(?:lru|sort)\\w*|_copy_to_iter|copy_page_\\w+|aes\\w*_(?:en|de)crypt|aesti_\\w+|crypto_(?:ecb|cbc|skcipher|shash|cipher)\\w*|xts_\\w+crypt|div(?=\\w*64)\\w*|(?:skb|pskb)_(?:panic|under_panic|over_panic|put|push|pull)|skb_\\w*panic",
);
/** Generic containers, counters, bits and page look-ups that a fault only passes through (lib/rbtree.c, lib/klist.c, …). */
const CONTAINER = anchored(
  "_*list_(?:add|del)(?:_entry|_init|_tail|_rcu)*|_*list_(?:replace|move|splice|cut|bulk_move)\\w*|(?:arch_|raw_)?atomic(?:64|_long)?_(?:read|set|add|sub|inc|dec|and|or|xor|fetch|xchg|cmpxchg|try|cond)\\w*|(?:(?:arch|const|constant|variable|generic)_)?_*(?:test_and_)?(?:test|set|clear|change)_bit(?:_\\w+)?|_*(?:read|write)_once_\\w+|virt_to_(?:cache|head_page|slab|folio)|_?compound_head|_*rb_\\w+|klist_\\w+|llist_\\w+|hlist_\\w+|rhashtable_\\w+|_*rht_\\w+|osq_\\w+|_*refcount_\\w+",
);
/** mm/: allocating and freeing memory. */
const ALLOCATION = anchored(
  "_*k(?:v?m|v?z|vmem_?)alloc\\w*|_*kvm?z?alloc\\w*|kv?free\\w*|_*kfree\\w*|kfree_\\w+|_*kmem_cache_z?(?:alloc|free)\\w*|_*do_kmalloc\\w*|kmalloc_\\w+|krealloc\\w*|_*slab_\\w+|_*slub_\\w+|_+slab\\w*|_*alloc_pages\\w*|alloc_page\\w*|_*page_cache_alloc\\w*|k(?:str|mem)n?dup(?:_\\w+)?|_*alloc_frozen_pages\\w*|alloc_frozen_pages\\w*|_*folio_alloc(?:_noprof|_node\\w*)?|filemap_alloc_folio\\w*|_*filemap_get_folio\\w*|pagecache_get_page|get_page_from_freelist|post_alloc_hook|prep_new_page|new_slab|allocate_slab|_*free_(?:pages?|slab|unref)\\w*|free_large_kmalloc|_*v[mz]alloc\\w*|vmalloc\\w*|_*vunmap|vfree\\w*|_*vfree|vmap_\\w+|kmemleak_\\w+|create_object|_*link_object|pcpu_\\w+|_*alloc_percpu\\w*|_*kmalloc\\w*|kcalloc\\w*|kzalloc\\w*|kmemdup\\w*|mempool_\\w+|object_cacheinfo|sk_prot_alloc|sk_alloc|_*list_lru_\\w+|alloc_inode|_*free_object\\w*|bad_page|free_page_is_bad\\w*|free_pcppages\\w*|_*rmqueue\\w*|check_new_pages?\\w*|_*free_reserved\\w*|_*skb_(?:alloc|free)\\w*",
);
/** What a leak's object was made with: every layer has its own, called by what it does. */
const ALLOCATING = /alloc|list_lru_init|(?:str|mem)n?dup|asprintf$|^idr_get/;
/** mm/filemap.c, fs/buffer.c: finding, locking and dirtying a page for whoever writes or reads the file. */
const PAGE_CACHE = anchored(
  "find_(?:or_create|get|lock)_(?:page|entr|folio)\\w*|grab_cache_page\\w*|_*filemap_get_folio\\w*|pagecache_get_page|do_read_cache_\\w+|read_cache_\\w+|read_mapping_\\w+|folio_unlock|unlock_page|mark_buffer_dirty\\w*",
);
/** Reference counts and object lifetimes (lib/refcount.c, lib/kobject.c, lib/debugobjects.c). */
const REFERENCE = anchored(
  "kref_\\w+|_*kobject_(?:get|put|release|cleanup|del|add\\w*|uevent\\w*)|add_uevent_var|put_device|get_device\\w*|device_(?:add|del|register|unregister|release|remove_file\\w*|for_each_child|create_\\w+)|devres_release\\w*|release_nodes|tty_unregister_device|i2c_(?:del_adapter|unregister_device)|_*unregister_(?:client|dummy)|hwrng_unregister|_*debug_object_\\w+|debug_print_object|debug_check_no_obj_freed|dput|fast_dput|iput|iput_final|ihold|mntput|put_page|device_destroy|ref_tracker_\\w+|_*list_(?:add|del_entry)_valid\\w*|timer_\\w+_object|instrument_atomic_\\w+|_*proc_(?:register|create)\\w*|proc_register|proc_create\\w*|sysfs_remove_\\w+|dpm_sysfs_\\w+|unregister_netdev\\w*|rollback_registered\\w*|drop_nlink|object_is_\\w+|call_rcu\\w*|_*call_rcu\\w*|cleanup_srcu_struct|warn_bogus_irq_restore",
);
/** Arming and cancelling deferred work and timers: whose work it is, the caller says (kernel/workqueue.c, kernel/time/timer.c). */
const DEFERRAL = anchored(
  "_*queue_(?:delayed_)?work\\w*|queue_rcu_work|insert_work|mod_delayed_work\\w*|schedule_(?:delayed_)?work\\w*|_*cancel_work\\w*|cancel_(?:delayed_)?work\\w*|_*flush_(?:delayed_)?work\\w*|try_to_grab_pending|work_grab_pending|del_timer\\w*|_*timer_delete\\w*|timer_shutdown\\w*|_*mod_timer\\w*|add_timer\\w*|lock_timer_base|init_timer_key|sk_(?:stop|reset)_timer\\w*",
);
/** drivers/usb/core: handing a transfer over and taking it back; the buffer and the endpoint are the driver's. */
const TRANSFER = anchored(
  "usb_(?:submit_urb|(?:un)?link_urb|kill_\\w*urbs?|poison_\\w*urbs?|start_wait_urb|bulk_msg|interrupt_msg|(?:internal_)?control_msg\\w*|hcd_\\w+)|dummy_urb_enqueue",
);
/** Interfaces of the objects lib/debugobjects.c tracks (timers, work, per-CPU counters, RCU heads): the object is the caller's. */
const TRACKED = anchored(
  "(?:hr)?timer_\\w+|_*hrtimer_\\w+|_*init_work|destroy_(?:work|timer|hrtimer|delayed_work)_on_stack|_*percpu_counter_\\w+|(?:init|destroy)_rcu_head\\w*|rcu_\\w+",
);
/** crypto/: ciphers and generators read what they are given. */
const CIPHER = anchored("\\w+_(?:en|de)crypt|(?:crypto|cipher|drbg|rng)_\\w+");
/** Walking a stack to record who called (arch/x86/kernel/unwind_*.c, lib/stackdepot.c): a sample may fall into it. */
const UNWINDING = anchored(
  "_*unwind_\\w+|_*orc_find\\w*|print_context_stack\\w*|dump_trace|(?:in_task|in_irq|in_exception|in_entry|get)_stack\\w*|deref_stack_\\w+|stack_(?:access_ok|depot_\\w+)|_*stack_depot_\\w+|set_track\\w*|filter_irq_stacks|in_sched_functions|_*kernel_text_address",
);
/** A function called a wait waits for its caller: `wait_for_reconnect`, `fdatawait_one_bdev`; the system call is no such. */
const WAITER = /^(?!do_wait$|kernel_wait|\w*sys_wait)\w*wait/;
/** What starts threads, work and system calls of every kind. */
const DISPATCH =
  /^(?:kthread\w*|ret_from_\w+|(?:kernel_thread|worker_thread|smpboot_thread|irq_thread)\w*|process_(?:one_work|scheduled_works)|do_(?=\w*syscall)\w*|invoke_syscall|x64_sys_call|entry_\w+|system_call\w*|syscall_\w+|ret_fast_syscall|el0\w*)$/;
/** kernel/locking: taking and dropping locks. Named in stalls and faults, not where a check fired. */
const LOCKING = anchored(
  "_*raw_(?:spin|read|write)_\\w+|do_raw_\\w+|_*spin_(?:un)?lock\\w*|spin_(?:un)?lock\\w*|(?:read|write)_(?:un)?lock\\w*|_*mutex_\\w+|mutex_\\w+|_*atomic_dec_and_(?:lock|mutex)\\w*|_*down_\\w+|down_\\w+|up_(?:read|write)|lock_sock_nested|raw_spin_rq_\\w+|_*task_rq_lock\\w*|rq_lock\\w*|_*wake_up|_*wake_up_common\\w*|lockdep_\\w+|_*rt_mutex\\w*|rt_(?:spin|read|write)_\\w+|queued_\\w+|_*rwsem_\\w+|rwbase_\\w+|local_lock\\w*|seqcount_\\w+|_*seqcount\\w*|spin_trylock\\w*|owner_on_cpu|_*seqprop_\\w+|complete(?:_all)?|down|up",
);

const ROLES: Readonly<Record<Role, RegExp>> = {
  reporting: REPORTING,
  entry: ENTRY,
  instrumentation: INSTRUMENTATION,
  waiting: WAITING,
  idle: IDLE,
  sleeping: SLEEPING,
  "sleeping-on": SLEEPING_ON,
  library: LIBRARY,
  container: CONTAINER,
  allocation: ALLOCATION,
  allocating: ALLOCATING,
  "page-cache": PAGE_CACHE,
  reference: REFERENCE,
  deferral: DEFERRAL,
  transfer: TRANSFER,
  tracked: TRACKED,
  cipher: CIPHER,
  unwinding: UNWINDING,
  waiter: WAITER,
  dispatch: DISPATCH,
  locking: LOCKING,
};

/** GCC and clang suffixes of clones: `.isra.0`, `.constprop.0`, `.part.3`, `.cold`, `.llvm.123`. */
const CLONE = /\.(?:isra|constprop|part|cold|llvm|lto_priv)(?:\.\d+)*/g;

export function plainName(symbol: string): string {
  return symbol.replace(CLONE, "").replace(/^(?:\.|:\w+:)/, "");
}

/** A log names the same few functions again and again: what was found of one is kept for the next report. */
const KNOWN = new Map<string, Map<Role, boolean>>();
const MOST_KNOWN = 4096;

/** `name` comes without compiler suffixes (`plainName`). */
export function isRole(name: string, role: Role): boolean {
  let roles = KNOWN.get(name);
  if (roles === undefined) {
    if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
    roles = new Map();
    KNOWN.set(name, roles);
  }
  const known = roles.get(role);
  if (known !== undefined) return known;
  const found = ROLES[role].test(name);
  roles.set(role, found);
  return found;
}

function anchored(alternatives: string): RegExp {
  return new RegExp(`^(?:${alternatives})$`);
}
