// The reports of a machine that makes no progress: what prints each, what it proves and what it does not.
// KERNEL.md section 3 is the source; data only.

import { text } from "#base/text.ts";
import type { ReportTopic } from "./report-topic.ts";

export const STALL_REPORTS: readonly ReportTopic[] = [
  {
    id: "soft-lockup",
    kind: "report",
    title: text("soft lockup", "软锁死（soft lockup）"),
    aliases: [
      "soft lockup",
      "BUG: soft lockup",
      "stuck for",
      "软锁死",
      "watchdog: BUG: soft lockup",
    ],
    what: text(
      "The highest scheduling class could not run on this CPU for about twice watchdog_thresh (20 s by default; 22 or 23 is the usual first value), although timer interrupts were served. What is printed is the context the reporting tick interrupted.",
      "在约两倍 watchdog_thresh 的时间内（默认 20 秒，首次常见值为 22 或 23），最高调度类无法在该 CPU 上运行，而定时器中断仍得到处理。打印的是被报告时刻那次时钟中断打断的上下文。",
    ),
    printedBy: ["kernel/watchdog.c: watchdog_timer_fn()"],
    proves: text(
      "Interrupts are on now, the CPU executes, and it passed no scheduling point since the last touch of the watchdog.",
      "此刻中断是打开的，CPU 在执行指令，且自看门狗上次更新以来没有经过调度点。",
    ),
    provesNot: text(
      "That the CPU was in the printed function all the time, that the printed task used the time (interrupts on top are charged to it), or that interrupts were on earlier. Before 5.13 every repeat prints 22 or 23 again, so the number does not say how long the stall has lasted.",
      "不能证明 CPU 一直停在所打印的函数中，不能证明时间由所打印的任务消耗（其上的中断也算在它头上），也不能证明此前中断一直打开。5.13 之前每次重复报告仍打印 22 或 23，因此该数字不表示停滞持续了多久。",
    ),
    next: {
      text: text(
        "If RIP is in a wait loop the subject is the other party: read the reports of every other CPU. Otherwise take a second sample.",
        "若 RIP 位于等待循环中，应关注被等待的一方：查看其他所有 CPU 的报告；否则再取一次采样。",
      ),
      command: "echo l > /proc/sysrq-trigger",
    },
    references: ["commit fef06efc2eba (report the overall time, v5.13)"],
    related: ["hard-lockup", "taint-L", "IF"],
  },
  {
    id: "hard-lockup",
    kind: "report",
    title: text("hard lockup", "硬锁死（hard lockup）"),
    aliases: ["hard LOCKUP", "Watchdog detected hard LOCKUP", "NMI watchdog", "硬锁死"],
    what: text(
      "No timer interrupt was served on the CPU between two checks of the NMI watchdog, 6 to 20 s with default settings. Since 6.5 a neighbor CPU may check instead (buddy detector).",
      "在 NMI 看门狗两次检查之间（默认设置下为 6 至 20 秒），该 CPU 没有处理任何定时器中断。自 6.5 起也可由相邻 CPU 代为检查（buddy 检测器）。",
    ),
    printedBy: [
      "kernel/watchdog_hld.c: watchdog_overflow_callback() up to 6.4",
      "kernel/watchdog.c: watchdog_hardlockup_check() since 6.5",
    ],
    proves: text(
      "Interrupts are off on that CPU (or its timer is dead). With the NMI detector the CPU also executes instructions: it took the NMI. Its own frames show the code that keeps interrupts off.",
      "该 CPU 关闭了中断（或其定时器失效）。若由 NMI 检测器报告，则该 CPU 仍在执行指令，因为它响应了 NMI；其自身调用栈就是关中断的代码。",
    ),
    provesNot: text(
      "With the buddy detector: that the CPU still runs. Silence proves nothing either: the detector is often off in virtual machines and is touched by console output and RCU reports.",
      "若由 buddy 检测器报告，不能证明该 CPU 仍在运行。没有报告也不说明问题：虚拟机中该检测器常被关闭，控制台输出和 RCU 报告也会重置它。",
    ),
    next: {
      text: text(
        "Read the frames of this CPU: it is usually the one the others wait for. If it spins on a lock with interrupts off, look for the holder.",
        "查看该 CPU 的调用栈：它通常就是其他 CPU 所等待的一方。若是关中断等待自旋锁，则继续寻找持锁者。",
      ),
      command: "sysctl kernel.nmi_watchdog kernel.hardlockup_all_cpu_backtrace",
    },
    related: ["soft-lockup", "IF", "spinlock"],
  },
  {
    id: "rcu-stall",
    kind: "report",
    title: text("RCU CPU stall", "RCU 停滞"),
    aliases: [
      "rcu_sched",
      "rcu_preempt",
      "detected stalls on CPUs/tasks",
      "self-detected stall",
      "rcu: INFO",
      "RCU stall",
    ],
    what: text(
      "A grace period did not end within the stall timeout (21 s by default, 60 s in openEuler): the named CPUs or tasks have passed no quiescent state.",
      "宽限期在超时时间内未结束（默认 21 秒，openEuler 为 60 秒）：所列 CPU 或任务一直没有经过静止状态。",
    ),
    printedBy: [
      "kernel/rcu/tree_stall.h: print_cpu_stall(), print_other_cpu_stall(), print_cpu_stall_info()",
    ],
    proves: text(
      "The named CPU held up the grace period. A digit as the fourth flag (2-...0) proves that it does not take interrupts; dots (3-....) that it does and runs a loop without a quiescent state.",
      "所列 CPU 拖住了宽限期。第四个标志为数字（2-...0）证明它不响应中断；为点（3-....）则说明它响应中断，在没有静止状态的循环中运行。",
    ),
    provesNot: text(
      "That RCU is at fault, or that the CPU is still stuck: it may have recovered while the report was printed. 6.12 and later leave the report out while a csd lock is stuck.",
      "不能证明 RCU 本身有问题，也不能证明该 CPU 仍然卡住：打印报告期间它可能已经恢复。6.12 及以后，若有 csd 锁卡住则不打印完整报告。",
    ),
    next: {
      text: text(
        "Decode the CPU line (explain rcu-flags, rcu-ticks, rcu-idle) and read the NMI backtrace of the named CPU.",
        "解读 CPU 行（explain rcu-flags、rcu-ticks、rcu-idle），并查看所列 CPU 的 NMI 栈回溯。",
      ),
    },
    references: ["Documentation/RCU/stallwarn.rst"],
    related: [
      "rcu-flags",
      "rcu-ticks",
      "rcu-idle",
      "rcu-softirq",
      "rcu-fqs",
      "rcu-tail",
      "rcu-kthread-starved",
      "rcu-grace-period",
    ],
  },
  {
    id: "hung-task",
    kind: "report",
    title: text("hung task", "任务长时间阻塞（hung task）"),
    aliases: ["blocked for more than", "hung_task", "khungtaskd", "D state", "INFO: task"],
    what: text(
      "A task has been in uninterruptible sleep without being scheduled for longer than hung_task_timeout_secs (120 s by default).",
      "某任务处于不可中断睡眠、且未被调度的时间超过 hung_task_timeout_secs（默认 120 秒）。",
    ),
    printedBy: ["kernel/hung_task.c: check_hung_task()"],
    proves: text(
      "The task sleeps and waits for somebody: the owner of a lock, I/O, a grace period, a work item. The scheduler itself works.",
      "该任务在睡眠并等待某一方：锁的持有者、I/O、宽限期或工作项。调度器本身工作正常。",
    ),
    provesNot: text(
      "That this task uses any CPU, or that it is the cause: it is a victim. Only the first ones are printed (hung_task_warnings, 10 by default).",
      "不能证明该任务占用 CPU，也不能证明它是原因：它是受害者。且只打印最先的若干个（hung_task_warnings，默认 10 个）。",
    ),
    next: {
      text: text(
        "Find what its innermost frames wait for, then who holds that. All blocked tasks at once:",
        "由最内层的函数判断它在等什么，再找持有者。一次列出全部阻塞任务：",
      ),
      command: "echo w > /proc/sysrq-trigger",
    },
    related: ["hung-task-owner", "mutex", "rwsem", "io-wait"],
  },
  {
    id: "workqueue-lockup",
    kind: "report",
    title: text("workqueue lockup", "工作队列锁死"),
    aliases: [
      "BUG: workqueue lockup",
      "workqueue lockup - pool",
      "wq_watchdog",
      "Showing busy workqueues",
    ],
    what: text(
      "A pool with pending work items started none for longer than workqueue.watchdog_thresh (30 s by default).",
      "某个有待处理工作项的工作池在超过 workqueue.watchdog_thresh（默认 30 秒）的时间里没有开始执行任何工作项。",
    ),
    printedBy: ["kernel/workqueue.c: wq_watchdog_timer_fn()"],
    proves: text(
      "Work of that pool makes no progress. The pool of a CPU (cpus=N) points at that CPU; the in-flight line names the work item that occupies it.",
      "该池中的工作没有进展。绑定 CPU 的池（cpus=N）指向该 CPU；in-flight 行给出占用它的工作项。",
    ),
    provesNot: text(
      "That the in-flight item is at fault: a CPU taken by interrupts or by a real-time task starves its pool in the same way.",
      "不能证明 in-flight 的工作项有过错：CPU 被中断或实时任务占满时，其工作池同样得不到运行。",
    ),
    next: {
      text: text(
        "Look for a soft lockup or RCU stall of the same CPU and for the backtrace of the in-flight worker.",
        "查找同一 CPU 的软锁死或 RCU 停滞报告，以及 in-flight 工作线程的栈回溯。",
      ),
    },
    related: ["work-item", "workqueue-hog"],
  },
  {
    id: "csd-stall",
    kind: "report",
    title: text("IPI not answered (csd lock)", "处理器间中断未应答（csd）"),
    aliases: ["csd", "non-responsive CSD lock", "CSD lock", "csd_lock", "smp: csd:"],
    what: text(
      "One CPU waits for another to run a function sent by IPI and has waited longer than the csd timeout (5 s by default). 'on CPU#S, waiting T ns for CPU#D': S waits, D does not answer.",
      "一个 CPU 在等待另一 CPU 执行通过处理器间中断（IPI）发去的函数，等待时间超过 csd 超时（默认 5 秒）。“on CPU#S, waiting T ns for CPU#D”：S 在等，D 未应答。",
    ),
    printedBy: [
      "kernel/smp.c: csd_lock_wait_toolong() since 5.10 with CONFIG_CSD_LOCK_WAIT_DEBUG; csdlock_debug=1 since 5.13",
    ],
    proves: text(
      "The waiting relation: S waits for D, and for which function.",
      "等待关系成立：S 在等 D，以及等的是哪个函数。",
    ),
    provesNot: text(
      "Why D does not answer. Interrupts off, a stopped CPU, a lost IPI and a slow function look the same in this line.",
      "不能说明 D 为何不应答。关中断、CPU 停止、IPI 丢失、函数执行缓慢，在这一行里看起来都一样。",
    ),
    next: {
      text: text(
        "Read the line after it (explain csd-unresponsive, csd-prior-request, csd-this-request) and bit 9 of EFLAGS in D's NMI backtrace.",
        "查看紧随其后的一行（explain csd-unresponsive、csd-prior-request、csd-this-request），以及 D 的 NMI 栈回溯中 EFLAGS 的第 9 位。",
      ),
    },
    references: ["commit 8d0968cc6b8f (csdlock_debug, v5.13)"],
    related: [
      "csd-unresponsive",
      "csd-prior-request",
      "csd-this-request",
      "csd-resent",
      "csd-unstuck",
      "ipi-wait",
    ],
  },
];
