// Faults and debug checks: every other kind of report. Compact rows, since they matter to a stall mainly as
// what came before it; data only.

import { type Text, text } from "#base/text.ts";
import type { EventKind } from "#contract/report.ts";
import type { ReportTopic } from "./report-topic.ts";

interface Row {
  readonly id: EventKind;
  readonly title: Text;
  readonly aliases: readonly string[];
  readonly by: readonly string[];
  readonly what: Text;
  readonly proves: Text;
  readonly provesNot: Text;
  readonly next?: Text;
}

const TASK_DIED = text(
  "Whether the task that died held locks. If it did, later lockups on those locks are consequences of this fault.",
  "不能说明终止的任务是否持有锁。若持有，之后在这些锁上的锁死都是这次故障的后果。",
);
const FIRST_FAULT = text(
  "Treat the first fault of a boot as the primary event: what follows it may be a consequence.",
  "以本次启动的第一个故障为主要事件：之后的报告可能只是后果。",
);
const READ_BOTH = text(
  "Read both stacks of the report; with debug information, stallscope symbolize adds the lines.",
  "查看报告中的两个调用栈；有调试信息时用 stallscope symbolize 补上源码行。",
);
const NOT_THE_STALL = text("That a stall nearby has this cause.", "不能证明附近的停滞由此引起。");

const ROWS: readonly Row[] = [
  {
    id: "page-fault",
    title: text("page fault in the kernel", "内核缺页异常"),
    aliases: ["unable to handle page fault", "unable to handle kernel paging request", "缺页异常"],
    by: [
      "arch/x86/mm/fault.c: show_fault_oops() (the address line), page_fault_oops() (no_context() in 5.10)",
      "arch/arm64/mm/fault.c: die_kernel_fault(); arch/powerpc/mm/fault.c: bad_page_fault()",
    ],
    what: text(
      "Kernel code used an address that is not mapped, or not for this access.",
      "内核代码使用了未映射、或不允许此类访问的地址。",
    ),
    proves: text(
      "The address in CR2 was used by the instruction at RIP, and the access failed.",
      "RIP 处的指令访问了 CR2 中的地址且访问失败。",
    ),
    provesNot: text(
      "Who made the pointer bad: memory may have been freed or overwritten long before.",
      "不能说明指针是谁弄坏的：内存可能早已被释放或覆盖。",
    ),
  },
  {
    id: "null-dereference",
    title: text("NULL dereference", "空指针解引用"),
    aliases: ["NULL pointer dereference", "kernel NULL pointer", "空指针", "空指针解引用"],
    by: [
      "arch/x86/mm/fault.c: show_fault_oops(): address below PAGE_SIZE",
      "arch/arm64/mm/fault.c: __do_kernel_fault(): the same test",
    ],
    what: text(
      "Kernel code used an address within the first page: a NULL pointer plus a member's offset.",
      "内核代码访问了第一页内的地址：空指针加上成员偏移。",
    ),
    proves: text(
      "A pointer was NULL at RIP; the address is the offset of the member.",
      "RIP 处的指针为空；地址就是成员的偏移。",
    ),
    provesNot: TASK_DIED,
  },
  {
    id: "general-protection",
    title: text("general protection fault", "一般保护异常"),
    aliases: ["general protection fault", "GPF", "#GP", "non-canonical address"],
    by: ["arch/x86/kernel/traps.c: exc_general_protection() (do_general_protection() before 5.8)"],
    what: text(
      "The processor refused an instruction: most often a non-canonical address, else an illegal MSR or segment.",
      "处理器拒绝执行某条指令：多数因为非规范地址，也可能是非法的 MSR 或段。",
    ),
    proves: text("The instruction at RIP was refused.", "RIP 处的指令被拒绝执行。"),
    provesNot: text(
      "The address, unless the kernel printed it (since 5.6) or a register shows it.",
      "除非内核打印了地址（5.6 起）或寄存器中可见，否则不能确定是哪个地址。",
    ),
  },
  {
    id: "divide-error",
    title: text("divide error", "除法错误"),
    aliases: ["divide error", "division by zero"],
    by: ["arch/x86/kernel/traps.c: exc_divide_error()"],
    what: text(
      "A division by zero, or a quotient too large for its register.",
      "除数为零，或商超出寄存器范围。",
    ),
    proves: text(
      "The division at RIP cannot be done with the registers shown.",
      "以所示寄存器值，RIP 处的除法无法完成。",
    ),
    provesNot: TASK_DIED,
  },
  {
    id: "invalid-opcode",
    title: text("invalid opcode", "非法指令"),
    aliases: ["invalid opcode", "#UD", "ud2"],
    by: ["arch/x86/kernel/traps.c: exc_invalid_op()"],
    what: text(
      "An undefined instruction was executed. After 'kernel BUG at' it is the ud2 of BUG().",
      "执行了未定义指令。若前面有 kernel BUG at，则它就是 BUG() 的 ud2。",
    ),
    proves: text("The CPU reached the bytes shown at RIP.", "CPU 执行到了 RIP 处所示的字节。"),
    provesNot: text(
      "That the code is damaged: ud2 is put there on purpose by BUG() and by sanitizers.",
      "不能证明代码被破坏：BUG() 与各类检查器会有意放置 ud2。",
    ),
  },
  {
    id: "double-fault",
    title: text("double fault", "双重故障"),
    aliases: ["double fault", "#DF"],
    by: ["arch/x86/kernel/traps.c: exc_double_fault() (do_double_fault() before 5.8)"],
    what: text(
      "A fault while a fault was being delivered; most often the stack was exhausted.",
      "在递送一个异常时又发生异常；多数是栈耗尽。",
    ),
    proves: text("The first fault could not be delivered.", "第一个异常未能递送。"),
    provesNot: text(
      "That the stack overflowed: where the kernel sees CR2 in a guard page it says 'stack guard page was hit' instead.",
      "不能证明是栈溢出：若内核发现 CR2 位于保护页，会改为打印 stack guard page was hit。",
    ),
  },
  {
    id: "stack-overflow",
    title: text("stack overflow", "栈溢出"),
    aliases: ["stack guard page was hit", "kernel stack overflow", "stack overflow"],
    by: [
      "arch/x86/kernel/traps.c: handle_stack_overflow()",
      "arch/arm64/kernel/traps.c: panic_bad_stack() (handle_bad_stack() before); arch/riscv/kernel/traps.c: handle_bad_stack()",
    ],
    what: text("The kernel stack ran into its guard page.", "内核栈越过边界，碰到保护页。"),
    proves: text("The stack was used up in the context shown.", "在所示上下文中栈已用尽。"),
    provesNot: text(
      "Which function is at fault: look for recursion or large frames in the whole trace.",
      "不能指明是哪个函数的过错：需在整个调用栈中查找递归或大栈帧。",
    ),
  },
  {
    id: "bug",
    title: text("kernel BUG", "内核 BUG"),
    aliases: ["kernel BUG at", "BUG()", "BUG_ON"],
    by: ["lib/bug.c: report_bug()"],
    what: text(
      "The code met a state its author declared impossible (BUG, BUG_ON) and stopped the task.",
      "代码遇到作者认为不可能出现的状态（BUG、BUG_ON），并终止了该任务。",
    ),
    proves: text(
      "The condition at the file and line named was true.",
      "所示文件和行上的条件成立。",
    ),
    provesNot: TASK_DIED,
  },
  {
    id: "warning",
    title: text("kernel WARNING", "内核 WARNING"),
    aliases: ["WARNING:", "WARN_ON", "WARN_ONCE", "cut here"],
    by: ["kernel/panic.c: __warn()"],
    what: text(
      "The code met a state its author did not expect and went on. WARN_ONCE prints it once per boot only.",
      "代码遇到作者未预期的状态，但继续运行。WARN_ONCE 每次启动只打印一次。",
    ),
    proves: text(
      "The condition at the file and line named was true; the kernel continued.",
      "所示文件和行上的条件成立；内核继续运行。",
    ),
    provesNot: NOT_THE_STALL,
  },
  {
    id: "panic",
    title: text("kernel panic", "内核崩溃（panic）"),
    aliases: ["Kernel panic", "not syncing", "end Kernel panic"],
    by: ["kernel/panic.c: panic() (vpanic() in later kernels)"],
    what: text(
      "The kernel stopped for good. The words after 'not syncing' say who asked for it; 'softlockup: hung tasks' and 'Hard LOCKUP' are the watchdogs with their panic switch on.",
      "内核就此停止。not syncing 之后的文字说明由谁触发；softlockup: hung tasks 与 Hard LOCKUP 表示看门狗的 panic 开关已打开。",
    ),
    proves: text(
      "The machine ended here, by decision of the code named.",
      "机器在此终止，由所示代码决定。",
    ),
    provesNot: text(
      "That the CPU that panicked is the one at fault.",
      "不能证明触发 panic 的 CPU 就是有过错的一方。",
    ),
  },
  {
    id: "oops",
    title: text("oops", "内核 Oops"),
    aliases: ["Oops:", "die"],
    by: [
      "arch/x86/kernel/dumpstack.c: __die_header(), __die_body(), oops_end()",
      "other architectures: die() in arch/*/kernel/traps.c, each with a form of its own (Internal error:, Oops[#1]:, Oops [#1], … ilc:2 [#1])",
    ],
    what: text(
      "A fault in kernel code; the task is killed and the machine goes on, unless panic_on_oops is set, it happened in an interrupt, or the task was init or idle: then it panics.",
      "内核代码中的故障；终止当前任务，机器继续运行；但若设置了 panic_on_oops、发生在中断中，或任务为 init 或 idle，则会 panic。",
    ),
    proves: text(
      "The instruction at RIP faulted; [#1] means the first of this boot.",
      "RIP 处的指令发生故障；[#1] 表示本次启动的第一次。",
    ),
    provesNot: TASK_DIED,
  },
  {
    id: "machine-check",
    title: text("machine check", "机器检查异常（MCE）"),
    aliases: ["Machine Check Exception", "mce:", "MCE", "Hardware Error", "机器检查异常"],
    by: ["arch/x86/kernel/cpu/mce/core.c: print_mce(), mce_panic()"],
    what: text(
      "The processor reported an error of its own: cache, memory, interconnect.",
      "处理器报告自身错误：缓存、内存或互连。",
    ),
    proves: text(
      "A bank recorded an error with the status shown.",
      "某个错误寄存器组记录了所示状态的错误。",
    ),
    provesNot: text(
      "Which part is broken, without decoding the status for this model; that software is innocent of a timeout.",
      "不按该型号解码就不能确定是哪个部件损坏；超时类错误也不能排除软件原因。",
    ),
    next: text(
      "Decode it (rasdaemon, mcelog) and compare with the management controller's log.",
      "解码该错误（rasdaemon、mcelog），并与管理控制器日志对照。",
    ),
  },
  {
    id: "out-of-memory",
    title: text("out of memory", "内存耗尽（OOM）"),
    aliases: ["Out of memory", "oom-killer", "oom-kill", "OOM", "invoked oom-killer"],
    by: ["mm/oom_kill.c: oom_kill_process(), dump_header()"],
    what: text(
      "An allocation could not be met, and a task was chosen to be killed; with a memcg named, only that group's limit was reached.",
      "内存分配无法满足，选择一个任务终止；若给出 memcg，则只是该控制组达到上限。",
    ),
    proves: text(
      "Reclaim failed for this allocation, its order and its zone.",
      "针对该次分配（阶数与内存区），回收失败。",
    ),
    provesNot: text(
      "That the killed task used too much: it was the largest by score, or with vm.oom_kill_allocating_task the one that asked.",
      "不能证明被终止的任务用量过多：它只是得分最高，或在 vm.oom_kill_allocating_task 下恰好是申请者。",
    ),
    next: text(
      "Read the Mem-Info block below the headline: free against min per zone.",
      "查看标题下方的 Mem-Info：各内存区的 free 与 min。",
    ),
  },
  {
    id: "kasan",
    title: text("KASAN report", "KASAN 报告"),
    aliases: ["KASAN", "slab-out-of-bounds", "use-after-free", "slab-use-after-free"],
    by: ["mm/kasan/report.c: kasan_report(), kasan_report_invalid_free()"],
    what: text(
      "The address checker saw an access to, or a free of, memory that was freed or lies outside its object.",
      "地址检查器发现访问或释放了已释放的、或对象范围之外的内存。",
    ),
    proves: text(
      "The function named behind 'in' was about to make this access to the object described; the check stands before the access.",
      "in 之后的函数正要对所述对象进行该访问；检查位于访问之前。",
    ),
    provesNot: text(
      "Which side is wrong: the access, or the early free (its stack is in the report).",
      "不能说明错在访问一方还是过早释放一方（其调用栈在报告中）。",
    ),
    next: READ_BOTH,
  },
  {
    id: "kmsan",
    title: text("KMSAN report", "KMSAN 报告"),
    aliases: ["KMSAN", "uninit-value"],
    by: ["mm/kmsan/report.c: kmsan_report()"],
    what: text(
      "A decision or an output depended on memory nobody had written.",
      "某个判断或输出依赖了未初始化的内存。",
    ),
    proves: text(
      "The value used was uninitialized; the stack under 'Uninit was created at' says where it comes from.",
      "所用的值未初始化；Uninit was created at 下的调用栈说明其来源。",
    ),
    provesNot: NOT_THE_STALL,
    next: READ_BOTH,
  },
  {
    id: "kcsan",
    title: text("KCSAN report", "KCSAN 报告"),
    aliases: ["KCSAN", "data-race"],
    by: ["kernel/kcsan/report.c: print_report()"],
    what: text(
      "Two accesses to one address without ordering, one of them a write, were seen at the same time.",
      "观察到对同一地址的两次无序访问同时发生，其中至少一次是写。",
    ),
    proves: text(
      "The race happened. With 'race at unknown origin' only one side was seen: the value changed meanwhile.",
      "该竞争确实发生。若为 race at unknown origin，则只看到一方：期间值被改变。",
    ),
    provesNot: text(
      "That it does harm: many races are benign.",
      "不能证明它有害：许多竞争是无害的。",
    ),
    next: READ_BOTH,
  },
  {
    id: "kfence",
    title: text("KFENCE report", "KFENCE 报告"),
    aliases: ["KFENCE"],
    by: ["mm/kfence/report.c: kfence_report_error()"],
    what: text(
      "A sampled allocation was used out of bounds or after it was freed.",
      "被抽样保护的一次分配出现越界或释放后使用。",
    ),
    proves: text(
      "The access happened, to the object described.",
      "该访问确实发生，对象如报告所述。",
    ),
    provesNot: text(
      "How often it happens: only a sample of the allocations is watched.",
      "不能说明发生频率：只监视抽样的分配。",
    ),
    next: READ_BOTH,
  },
  {
    id: "ubsan",
    title: text("UBSAN report", "UBSAN 报告"),
    aliases: ["UBSAN", "array-index-out-of-bounds", "shift-out-of-bounds"],
    by: ["lib/ubsan.c: ubsan_prologue()"],
    what: text(
      "An operation the C language leaves undefined: an index, a shift, an overflow, a misaligned access.",
      "执行了 C 语言未定义的操作：下标、移位、溢出或未对齐访问。",
    ),
    proves: text("The values shown reached the line named.", "所示的值出现在所示源码行。"),
    provesNot: NOT_THE_STALL,
  },
  {
    id: "lockdep",
    title: text("lockdep report", "lockdep 报告"),
    aliases: [
      "possible circular locking dependency",
      "possible recursive locking",
      "inconsistent lock state",
      "lockdep",
    ],
    by: ["kernel/locking/lockdep.c: print_circular_bug(), print_deadlock_bug(), print_usage_bug()"],
    what: text(
      "Locks were taken in orders or contexts that can deadlock.",
      "锁的获取顺序或上下文可能导致死锁。",
    ),
    proves: text(
      "The orders or contexts listed all occurred in this boot, perhaps in different tasks; lockdep is off from here on (debug_locks_off()).",
      "所列的获取顺序或上下文在本次启动中都出现过，可能在不同任务中；此后 lockdep 关闭（debug_locks_off()）。",
    ),
    provesNot: text(
      "That a deadlock happened: it is a possibility.",
      "不能证明死锁已经发生：它只是一种可能。",
    ),
    next: READ_BOTH,
  },
  {
    id: "atomic-sleep",
    title: text("sleeping in atomic context", "原子上下文中睡眠"),
    aliases: [
      "sleeping function called from invalid context",
      "scheduling while atomic",
      "原子上下文中睡眠",
    ],
    by: ["kernel/sched/core.c: __might_resched() (___might_sleep() up to 5.15), __schedule_bug()"],
    what: text(
      "Code that may sleep ran with a spinlock held or interrupts or preemption off.",
      "可能睡眠的代码在持自旋锁、关中断或关抢占时运行。",
    ),
    proves: text("The context at that moment did not allow sleeping.", "当时的上下文不允许睡眠。"),
    provesNot: text(
      "That it slept, where it says 'sleeping function called'; 'scheduling while atomic' did give up the CPU, and lockups on a spinlock it held follow.",
      "若为 sleeping function called，不能证明它真的睡眠；scheduling while atomic 则确实让出了 CPU，随后会在其持有的自旋锁上出现锁死。",
    ),
  },
  {
    id: "rcu-usage",
    title: text("suspicious RCU usage", "可疑的 RCU 用法"),
    aliases: ["suspicious RCU usage", "suspicious rcu_dereference_check"],
    by: ["kernel/locking/lockdep.c: lockdep_rcu_suspicious()"],
    what: text(
      "A pointer protected by RCU was read without the protection its code declares.",
      "读取受 RCU 保护的指针时没有所声明的保护。",
    ),
    proves: text(
      "The protection was absent at the file and line named.",
      "所示文件和行处缺少该保护。",
    ),
    provesNot: NOT_THE_STALL,
  },
  {
    id: "list-corruption",
    title: text("list corruption", "链表损坏"),
    aliases: ["list_add corruption", "list_del corruption", "链表损坏"],
    by: [
      "lib/list_debug.c: __list_add_valid(), __list_del_entry_valid() (with _or_report since 6.6; __list_add(), list_del() with a WARN in 4.4)",
    ],
    what: text(
      "The neighbors of a list entry do not point back at it.",
      "链表节点的前后邻居没有指回该节点。",
    ),
    proves: text("The list was damaged before this line.", "在这一行之前链表已经损坏。"),
    provesNot: text(
      "Who damaged it. A damaged list can become a ring, and a walk over it a soft lockup.",
      "不能说明是谁损坏的。损坏的链表可能成环，遍历它会造成软锁死。",
    ),
  },
  {
    id: "refcount",
    title: text("reference count misuse", "引用计数异常"),
    aliases: ["refcount_t:", "refcount_warn_saturate", "addition on 0", "underflow"],
    by: ["lib/refcount.c: refcount_warn_saturate()"],
    what: text(
      "A counter went below zero, up from zero, or too high; it now stays saturated.",
      "计数器降到零以下、从零增加或过大；此后保持饱和值。",
    ),
    proves: text("References are not balanced for this object.", "该对象的引用不平衡。"),
    provesNot: text(
      "Which side is wrong: the caller shown may be the innocent one.",
      "不能说明哪一方出错：所示调用者可能是无辜的。",
    ),
  },
  {
    id: "memory-leak",
    title: text("memory leak", "内存泄漏"),
    aliases: ["memory leak", "kmemleak", "unreferenced object"],
    by: [
      "mm/kmemleak.c: print_unreferenced(): into /sys/kernel/debug/kmemleak, into the log only with kmemleak.verbose",
    ],
    what: text(
      "No pointer to an allocated object was found in scanned memory.",
      "在扫描的内存中找不到指向某个已分配对象的指针。",
    ),
    proves: text(
      "Nothing scanned refers to it; the stack shows who allocated it.",
      "扫描范围内没有引用；调用栈说明由谁分配。",
    ),
    provesNot: text(
      "That it is lost: the pointer may be stored in a form the scan does not see.",
      "不能证明它已丢失：指针可能以扫描看不到的形式保存。",
    ),
  },
  {
    id: "locking-bug",
    title: text("lock misuse", "加锁错误"),
    aliases: [
      "bad unlock balance",
      "spinlock bad magic",
      "held lock freed",
      "lock held when returning to user space",
      "bad magic",
    ],
    by: [
      "kernel/locking/spinlock_debug.c: spin_dump()",
      "kernel/locking/lockdep.c: print_unlock_imbalance_bug(), print_freed_lock_bug()",
    ],
    what: text(
      "A lock was released by the wrong task, freed while held, or used uninitialized.",
      "锁被错误的任务释放、在持有时被释放内存，或未初始化就使用。",
    ),
    proves: text("The lock's state contradicts the operation shown.", "锁的状态与所示操作矛盾。"),
    provesNot: text(
      "Which earlier operation made the state wrong.",
      "不能说明此前哪个操作弄错了状态。",
    ),
  },
  {
    id: "nmi-backtrace",
    title: text("NMI backtrace", "NMI 栈回溯"),
    aliases: ["NMI backtrace for cpu", "Sending NMI from CPU", "skipped: idling"],
    by: ["lib/nmi_backtrace.c: nmi_cpu_backtrace(), nmi_trigger_cpumask_backtrace()"],
    what: text(
      "A CPU was asked by NMI to print where it is; another report asked for it.",
      "通过 NMI 要求某 CPU 打印当前位置；由另一个报告触发。",
    ),
    proves: text(
      "The CPU answered, so it executes; on x86 bit 9 of its EFLAGS says whether it takes interrupts. arm64 without pseudo-NMIs and riscv ask by an ordinary IPI: an answer then proves that it takes interrupts. 'skipped: idling' also is an answer.",
      "该 CPU 作出了响应，说明它在执行指令；x86 上其 EFLAGS 第 9 位说明是否响应中断。没有伪 NMI 的 arm64 以及 riscv 用普通 IPI 询问：有响应即证明它响应中断。skipped: idling 也是响应。",
    ),
    provesNot: text(
      "That the CPU is stuck: with 'all CPU backtrace' healthy CPUs print as well.",
      "不能证明该 CPU 卡住：要求所有 CPU 回溯时，健康的 CPU 也会打印。",
    ),
    next: text(
      "A CPU that was asked and printed nothing is the one to look at: explain silent.",
      "被要求却没有打印的 CPU 最值得关注：见 explain silent。",
    ),
  },
  {
    id: "sysrq-backtrace",
    title: text("sysrq backtrace", "sysrq 栈回溯"),
    aliases: ["sysrq: Show", "SysRq", "Show backtrace of all active CPUs", "Show Blocked State"],
    by: ["drivers/tty/sysrq.c: __handle_sysrq()"],
    what: text(
      "Somebody asked for the state of CPUs (l), blocked tasks (w), all tasks (t) or memory (m).",
      "有人要求打印 CPU 状态（l）、阻塞任务（w）、全部任务（t）或内存（m）。",
    ),
    proves: text("Where the CPUs and tasks were at that time.", "当时各 CPU 和任务所在的位置。"),
    provesNot: text("That anything was wrong.", "不能证明出现了问题。"),
  },
  {
    id: "other",
    title: text("another kernel report", "其他内核报告"),
    aliases: [],
    by: ["no single place: a report of a known form whose kind has no name here"],
    what: text(
      "A report that was recognized as one and belongs to no other kind.",
      "已识别为报告，但不属于其他任何种类。",
    ),
    proves: text("What its own words say.", "仅限其自身文字所述。"),
    provesNot: NOT_THE_STALL,
    next: text(
      "Read its lines in the log; the report gives their numbers.",
      "查看日志中的原文；报告给出了行号。",
    ),
  },
];

export const FAULT_REPORTS: readonly ReportTopic[] = ROWS.map(({ by, next, ...row }) => ({
  ...row,
  kind: "report",
  printedBy: by,
  next: { text: next ?? FIRST_FAULT },
}));
