// Messages that accompany a stall: the lines under a report and the small notices before it. KERNEL.md 3.5 to
// 3.9 is the source; data only.

import { text } from "#base/text.ts";
import type { ReportTopic } from "./report-topic.ts";

const CSD = ["kernel/smp.c: csd_lock_wait_toolong()"];

export const KERNEL_MESSAGES: readonly ReportTopic[] = [
  {
    id: "csd-unresponsive",
    kind: "message",
    title: text("csd: unresponsive", "csd：unresponsive"),
    aliases: ["unresponsive", "CSD lock unresponsive"],
    what: text(
      "The awaited CPU is in no IPI handler.",
      "被等待的 CPU 不在任何处理器间中断的处理函数中。",
    ),
    printedBy: CSD,
    proves: text(
      "It has not begun with the request: interrupts off, stopped, or the IPI was lost.",
      "它尚未开始处理该请求：关中断、已停止，或 IPI 丢失。",
    ),
    provesNot: text("Which of the three.", "不能区分是三者中的哪一个。"),
    next: {
      text: text(
        "Its NMI backtrace: EFLAGS bit 9 clear means interrupts off; no backtrace means that it does not execute.",
        "看它的 NMI 栈回溯：EFLAGS 第 9 位为 0 表示关中断；没有回溯则说明它没有在执行。",
      ),
    },
    related: ["csd-stall", "IF", "silent"],
  },
  {
    id: "csd-prior-request",
    kind: "message",
    title: text("csd: handling prior request", "csd：正在处理先前的请求"),
    aliases: ["handling prior"],
    what: text(
      "The awaited CPU is inside another function sent by IPI.",
      "被等待的 CPU 正在执行另一个由处理器间中断发来的函数。",
    ),
    printedBy: CSD,
    proves: text(
      "It took an IPI; the function named has not returned.",
      "它响应过中断；所列函数尚未返回。",
    ),
    provesNot: text(
      "That the function itself is slow: interrupts are off inside it, so anything it waits for counts.",
      "不能证明该函数本身缓慢：它在关中断状态下运行，所等待的一切都计算在内。",
    ),
    next: {
      text: text(
        "Look at the function named and at what it waits for.",
        "查看所列函数以及它在等待什么。",
      ),
    },
    related: ["csd-stall"],
  },
  {
    id: "csd-this-request",
    kind: "message",
    title: text("csd: handling this request", "csd：正在处理本请求"),
    aliases: ["handling this request"],
    what: text(
      "The awaited CPU is inside the very function that was sent.",
      "被等待的 CPU 正在执行所发送的这个函数。",
    ),
    printedBy: CSD,
    proves: text(
      "The IPI arrived; the function has not returned.",
      "处理器间中断已送达；该函数尚未返回。",
    ),
    provesNot: text("Why it takes so long.", "不能说明为何耗时这么久。"),
    next: { text: text("Read the NMI backtrace of that CPU.", "查看该 CPU 的 NMI 栈回溯。") },
    related: ["csd-stall"],
  },
  {
    id: "csd-resent",
    kind: "message",
    title: text("csd: IPI sent again", "csd：重发处理器间中断"),
    aliases: ["Re-sending CSD lock"],
    what: text(
      "The waiting CPU sends the IPI once more after the backtrace.",
      "等待方在打印回溯后重发处理器间中断。",
    ),
    printedBy: CSD,
    proves: text("The wait was still open at this time.", "此时等待仍未结束。"),
    provesNot: text("That the first IPI was lost.", "不能证明第一次发出的处理器间中断已丢失。"),
    next: {
      text: text(
        "Compare with 'got unstuck': at once after this line, the first IPI was lost; later, interrupts came back on.",
        "与 got unstuck 的时间对照：若紧随其后，说明第一次发出的处理器间中断已丢失；若较晚才出现，说明目标 CPU 重新开了中断。",
      ),
    },
    related: ["csd-unstuck"],
  },
  {
    id: "csd-unstuck",
    kind: "message",
    title: text("csd: got unstuck", "csd：恢复"),
    aliases: ["got unstuck"],
    what: text("The awaited CPU answered in the end.", "被等待的 CPU 最终作出应答。"),
    printedBy: CSD,
    proves: text("The stall was transient; its end is known.", "停滞是暂时的；其结束时刻已知。"),
    provesNot: text("What held the CPU up.", "不能说明是什么拖住了该 CPU。"),
    next: {
      text: text(
        "Look at what the awaited CPU did until then.",
        "查看被等待的 CPU 在此之前在做什么。",
      ),
    },
    related: ["csd-resent"],
  },
  {
    id: "rcu-kthread-starved",
    kind: "message",
    title: text("RCU kthread starved", "RCU 内核线程得不到运行"),
    aliases: [
      "kthread starved for",
      "rcu_sched kthread starved",
      "kthread timer wakeup didn't happen",
      "Possible timer handling issue",
    ],
    what: text(
      "The thread that drives grace periods did not run for that many jiffies; '->cpu=' is where it should.",
      "驱动宽限期的线程在所示节拍数内没有运行；->cpu= 是它应运行的 CPU。",
    ),
    printedBy: [
      "kernel/rcu/tree_stall.h: rcu_check_gp_kthread_starvation(), rcu_check_gp_kthread_expired_fqs_timer()",
    ],
    proves: text(
      "The grace period stalls for want of its own thread. With 'timer wakeup didn't happen', timers of the CPU named do not fire.",
      "宽限期因其自身线程得不到运行而停滞。若为 timer wakeup didn't happen，则所列 CPU 的定时器没有触发。",
    ),
    provesNot: text(
      "That the CPUs listed as stalled are at fault.",
      "不能证明列为停滞的那些 CPU 有过错。",
    ),
    next: {
      text: text(
        "Look at the CPU after ->cpu=: who occupies it?",
        "查看 ->cpu= 所示的 CPU：被谁占用？",
      ),
    },
    related: ["rcu-stall", "timer", "irq-storm"],
  },
  {
    id: "rcu-csd-suppressed",
    kind: "message",
    title: text("RCU report left out because of a csd lock", "因 csd 锁而省略的 RCU 报告"),
    aliases: ["suppressed full report due to a stuck CSD-lock"],
    what: text(
      "An RCU stall was found while an IPI was unanswered; only this line is printed (6.12 and later).",
      "发现 RCU 停滞时有处理器间中断未应答，因此只打印这一行（6.12 及以后）。",
    ),
    printedBy: ["kernel/rcu/tree_stall.h: print_cpu_stall(), print_other_cpu_stall()"],
    proves: text("Both stalls exist at the same time.", "两种停滞同时存在。"),
    provesNot: text("Which CPU RCU waits for.", "不能说明 RCU 在等哪个 CPU。"),
    next: {
      text: text(
        "Read the csd lines: they name the CPU that does not answer.",
        "查看 csd 行：其中给出未应答的 CPU。",
      ),
    },
    related: ["csd-stall"],
  },
  {
    id: "hung-task-owner",
    kind: "message",
    title: text("likely owned by", "锁的可能持有者"),
    aliases: [
      "likely owned by",
      "is blocked on a mutex",
      "is blocked on a semaphore",
      "is blocked on an rw-semaphore",
    ],
    what: text(
      "The kernel names the task that owned the lock when the hung task was examined.",
      "内核给出检查阻塞任务时持有该锁的任务。",
    ),
    printedBy: ["kernel/hung_task.c: debug_show_blocker()"],
    proves: text(
      "The lock's owner field held that task at that time.",
      "当时该锁的持有者字段为该任务。",
    ),
    provesNot: text(
      "That it is still the owner; a reader of an rw-semaphore may have been gone for long.",
      "不能证明它仍是持有者；读写信号量的读者可能早已离开。",
    ),
    next: {
      text: text(
        "Read what the owner waits for: its own report or sysrq-w.",
        "查看持有者在等什么：其自身报告或 sysrq-w。",
      ),
    },
    related: ["hung-task", "mutex", "rwsem"],
  },
  {
    id: "workqueue-hog",
    kind: "message",
    title: text("work item hogged CPU", "工作项长时间占用 CPU"),
    aliases: ["hogged CPU", "hogged CPU for", "consider switching to WQ_UNBOUND"],
    what: text(
      "A work item ran longer than the threshold (10 ms by default) without sleeping, the given number of times.",
      "某工作项在不睡眠的情况下运行超过阈值（默认 10 毫秒），并给出次数。",
    ),
    printedBy: ["kernel/workqueue.c: wq_cpu_intensive_report()"],
    proves: text(
      "The function kept its CPU that long. For netstamp_clear it is an early sign of slow code patching.",
      "该函数确实占用 CPU 这么久。若为 netstamp_clear，则是代码修补缓慢的早期征兆。",
    ),
    provesNot: text(
      "That it was busy itself: it may have waited in a loop for another CPU.",
      "不能证明它自身在忙：它可能在循环等待其他 CPU。",
    ),
    next: { text: text("Watch whether the count grows and when.", "观察次数是否增长、何时增长。") },
    related: ["workqueue-lockup", "text-poke", "netstamp_clear"],
  },
  {
    id: "lockup-utilization",
    kind: "message",
    title: text("utilization during lockup", "锁死期间的占用率"),
    aliases: [
      "Utilization every",
      "during lockup",
      "Detect HardIRQ Time exceeds",
      "Most frequent HardIRQs",
    ],
    what: text(
      "Where the time of the stuck CPU went, per sample period: system, softirq, hardirq, idle; and the interrupts most often served (6.10 and later).",
      "卡住的 CPU 在各采样周期内时间的去向：system、softirq、hardirq、idle；以及最频繁的中断（6.10 及以后）。",
    ),
    printedBy: ["kernel/watchdog.c: print_cpustat(), print_irq_counts()"],
    proves: text(
      "The share of interrupts in the stall, as the tick accounted it.",
      "按时钟记账得出的中断在停滞中的占比。",
    ),
    provesNot: text("That an interrupt line is broken.", "不能证明某条中断线有故障。"),
    next: {
      text: text(
        "hardirq or softirq near 100 %: an interrupt storm; system near 100 %: a loop in task context.",
        "hardirq 或 softirq 接近 100%：中断风暴；system 接近 100%：进程上下文中的循环。",
      ),
    },
    references: ["commit d7037381d002 (v6.10)", "commit e9a9292e2368 (v6.10)"],
    related: ["soft-lockup", "irq-storm"],
  },
  {
    id: "hrtimer-slow",
    kind: "message",
    title: text("hrtimer: interrupt took", "hrtimer 中断耗时过长"),
    aliases: ["hrtimer: interrupt took"],
    what: text(
      "Handling expired timers took so long that new ones had expired each time; printed once per boot.",
      "处理到期定时器耗时过长，其间又有新的到期；每次启动只打印一次。",
    ),
    printedBy: ["kernel/time/hrtimer.c: hrtimer_interrupt()"],
    proves: text(
      "One timer interrupt lasted that long on some CPU.",
      "某 CPU 上有一次定时器中断持续了所示时间。",
    ),
    provesNot: text(
      "That timers were slow: a paused virtual machine or firmware looks the same.",
      "不能证明定时器缓慢：虚拟机暂停或固件占用也是同样现象。",
    ),
    next: {
      text: text(
        "Compare with steal time and with the firmware's counters.",
        "与 steal 时间和固件计数器对照。",
      ),
    },
    related: ["hypervisor-freeze"],
  },
  {
    id: "perf-interrupt-slow",
    kind: "message",
    title: text("perf: interrupt took too long", "perf 中断耗时过长"),
    aliases: ["perf: interrupt took too long", "lowering kernel.perf_event_max_sample_rate"],
    what: text(
      "Sampling interrupts took longer than their budget; the kernel lowers the sample rate.",
      "采样中断超出时间预算；内核降低采样频率。",
    ),
    printedBy: ["kernel/events/core.c: perf_duration_warn()"],
    proves: text(
      "The average of the handler's time was above its limit.",
      "处理时间的平均值超过上限。",
    ),
    provesNot: text("That anything is wrong with the machine.", "不能证明机器有问题。"),
    next: {
      text: text(
        "Often harmless; many of them at once suggest a paused or overloaded machine.",
        "通常无害；若同时大量出现，提示机器被暂停或过载。",
      ),
    },
  },
  {
    id: "nmi-handler-slow",
    kind: "message",
    title: text("NMI handler took too long", "NMI 处理耗时过长"),
    aliases: ["took too long to run", "INFO: NMI handler"],
    what: text("An NMI handler ran longer than the limit.", "某个 NMI 处理函数运行时间超过上限。"),
    printedBy: ["arch/x86/kernel/nmi.c: nmi_check_duration()"],
    proves: text(
      "The time between its start and its end, as the clock shows it.",
      "按时钟计，该处理函数从开始到结束的时长。",
    ),
    provesNot: text(
      "That the handler was busy: the CPU may have been taken away (firmware, hypervisor).",
      "不能证明处理函数一直在忙：CPU 可能被固件或虚拟机监控器占走。",
    ),
    next: {
      text: text(
        "Seconds rather than milliseconds: suspect firmware or the hypervisor.",
        "若为秒级而非毫秒级：怀疑固件或虚拟机监控器。",
      ),
    },
    related: ["hypervisor-freeze"],
  },
  {
    id: "netdev-watchdog",
    kind: "message",
    title: text("NETDEV WATCHDOG", "网卡发送超时"),
    aliases: ["NETDEV WATCHDOG", "transmit queue", "timed out"],
    what: text(
      "A transmit queue of a network device completed nothing within its timeout.",
      "网卡的某个发送队列在超时时间内没有完成任何发送。",
    ),
    printedBy: ["net/sched/sch_generic.c: dev_watchdog()"],
    proves: text(
      "No completion was seen by the kernel in that time.",
      "内核在此期间没有看到任何发送完成。",
    ),
    provesNot: text(
      "That the device is broken: a CPU that serves neither its interrupt nor its softirq has the same effect.",
      "不能证明设备损坏：CPU 不处理其中断或软中断也是同样结果。",
    ),
    next: {
      text: text(
        "Look for a stall of the CPU that serves the queue.",
        "查找负责该队列的 CPU 是否停滞。",
      ),
    },
  },
  {
    id: "clocksource-unstable",
    kind: "message",
    title: text("clocksource unstable", "时钟源不稳定"),
    aliases: [
      "Marking clocksource",
      "timekeeping watchdog on CPU",
      "clocksource: timekeeping watchdog",
      "skew is too large",
    ],
    what: text(
      "The clock and the clock that checks it advanced differently; the clock is given up.",
      "时钟源与校验时钟的走时不一致；弃用该时钟源。",
    ),
    printedBy: ["kernel/time/clocksource.c: __clocksource_unstable(), clocksource_watchdog()"],
    proves: text("The two readings differed by the skew shown.", "两次读数之差为所示偏差。"),
    provesNot: text(
      "That the clock is wrong: a late check (stalled CPU, paused machine) can look so. Times printed around it are doubtful.",
      "不能证明时钟错误：校验延迟（CPU 停滞、机器暂停）也会如此。其前后打印的时间不可靠。",
    ),
    next: {
      text: text(
        "Is it a consequence of the stall, or did the machine pause?",
        "判断它是停滞的后果，还是机器曾被暂停。",
      ),
    },
    related: ["hypervisor-freeze"],
  },
  {
    id: "irq-nobody-cared",
    kind: "message",
    title: text("irq: nobody cared", "中断无人处理"),
    aliases: ["nobody cared", "Disabling IRQ", "No irq handler for"],
    what: text(
      "An interrupt came very often and no handler claimed it; the line is switched off.",
      "某中断频繁到来而没有处理函数认领；该中断线被关闭。",
    ),
    printedBy: ["kernel/irq/spurious.c: __report_bad_irq(), note_interrupt()"],
    proves: text(
      "At least 99,900 of 100,000 interrupts were not handled.",
      "十万次中断中至少 99,900 次未被处理。",
    ),
    provesNot: text(
      "Which device on a shared line sent them.",
      "不能说明共享中断线上是哪个设备发出的。",
    ),
    next: {
      text: text("See which drivers share the line.", "查看哪些驱动共享该中断线。"),
      command: "cat /proc/interrupts",
    },
    related: ["irq-storm"],
  },
  {
    id: "amd-vi-timeout",
    kind: "message",
    title: text("AMD-Vi: Completion-Wait loop timed out", "AMD-Vi：Completion-Wait 超时"),
    aliases: ["Completion-Wait loop timed out"],
    what: text(
      "The IOMMU did not complete a command within 100 ms; on 5.10 the waiting CPU has interrupts off meanwhile.",
      "IOMMU 在 100 毫秒内没有完成命令；在 5.10 上等待的 CPU 其间关闭中断。",
    ),
    printedBy: ["drivers/iommu/amd/iommu.c: wait_on_sem()"],
    proves: text(
      "The IOMMU or a device it must ask did not answer.",
      "IOMMU 或它必须询问的设备没有应答。",
    ),
    provesNot: text(
      "Which device: an ATS device that does not answer its invalidation is one cause.",
      "不能说明是哪个设备：不应答失效请求的 ATS 设备是原因之一。",
    ),
    next: {
      text: text(
        "Look for PCIe errors and devices with ATS on.",
        "查找 PCIe 错误以及启用 ATS 的设备。",
      ),
    },
  },
];
