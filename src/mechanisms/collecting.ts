// Remedies and questions that many mechanisms share: how to see the party that left no trace. Each
// costs something; the cost is said with it (KERNEL.md 5.2).

import { text } from "#base/text.ts";
import type { MissingRule, RemedyRule } from "./mechanism.ts";
import { stalledCpus } from "./stalled.ts";

export const backtracesOfAllCpus: RemedyRule = {
  id: "collect-backtraces",
  when: "collect",
  title: text(
    "get the stacks of all CPUs at the next occurrence",
    "下次发生时获取所有 CPU 的调用栈",
  ),
  steps: [
    {
      text: text("silence the serial console first", "先关闭串口控制台的日志输出"),
      command: "dmesg -n 1",
    },
    {
      text: text("let the detectors print every CPU", "让检测器打印所有 CPU 的栈"),
      command:
        "sysctl -w kernel.softlockup_all_cpu_backtrace=1 kernel.hardlockup_all_cpu_backtrace=1",
    },
  ],
  appliesIf: text("the CPU that is waited for left no trace", "被等待的 CPU 没有留下记录"),
  risk: text(
    "with a 115200 console and over a hundred CPUs one dump takes 30 to 40 s of console time",
    "在 115200 串口、上百个 CPU 的机器上，一次输出会占用控制台 30 至 40 秒",
  ),
  references: ["kernel/watchdog.c: watchdog_timer_fn()"],
};

export const blockedTasks: RemedyRule = {
  id: "collect-blocked-tasks",
  when: "collect",
  title: text(
    "get the stacks of all blocked tasks while it hangs",
    "挂起期间获取所有阻塞任务的调用栈",
  ),
  steps: [
    {
      text: text("allow sysrq and print tasks in D state", "允许 sysrq 并打印 D 状态的任务"),
      command: "sysctl -w kernel.sysrq=1; dmesg -n 1; echo w > /proc/sysrq-trigger",
    },
    {
      text: text(
        "keep the detector from falling silent after ten reports",
        "避免检测器在十次上报之后停止输出",
      ),
      command: "sysctl -w kernel.hung_task_warnings=-1",
    },
  ],
  appliesIf: text(
    "the holder is not among the tasks reported so far",
    "持有者不在目前已上报的任务之中",
  ),
  risk: text(
    "thousands of tasks make a long dump; on a serial console lower the level first",
    "任务上千时输出很长；若有串口控制台，请先降低日志级别",
  ),
  references: ["Documentation/admin-guide/sysrq.rst", "kernel/hung_task.c: check_hung_task()"],
};

export const vmcore: RemedyRule = {
  id: "collect-vmcore",
  when: "collect",
  title: text("take a vmcore at the next occurrence", "下次发生时抓取 vmcore"),
  steps: [
    {
      text: text("panic on the next lockup", "下一次锁死时触发 panic"),
      command: "sysctl -w kernel.softlockup_panic=1 kernel.hardlockup_panic=1",
    },
  ],
  appliesIf: text(
    "kdump is set up and tested, and the owners agree",
    "kdump 已配置并验证，且业务方同意",
  ),
  risk: text(
    "turns a transient stall into a reboot of the host and all its guests",
    "会把一次短暂停顿变成宿主机及全部虚拟机的重启",
  ),
  references: [
    "Documentation/admin-guide/sysctl/kernel.rst: softlockup_panic",
    "Documentation/admin-guide/kdump/kdump.rst",
  ],
};

export const hungTaskVmcore: RemedyRule = {
  ...vmcore,
  steps: [
    {
      text: text("panic on the next hung task", "下一次出现挂起任务时触发 panic"),
      command: "sysctl -w kernel.hung_task_panic=1",
    },
  ],
  references: [
    "Documentation/admin-guide/sysctl/kernel.rst: hung_task_panic",
    "Documentation/admin-guide/kdump/kdump.rst",
  ],
};

export const csdDebug: RemedyRule = {
  id: "collect-csd-debug",
  when: "collect",
  title: text(
    "let the kernel name the CPU that does not acknowledge",
    "让内核直接指出没有应答的 CPU",
  ),
  steps: [
    {
      text: text(
        "boot a kernel with CONFIG_CSD_LOCK_WAIT_DEBUG and switch it on",
        "使用带 CONFIG_CSD_LOCK_WAIT_DEBUG 的内核启动并打开该功能",
      ),
      command: "csdlock_debug=1 smp.csd_lock_timeout=1000   # kernel command line",
    },
  ],
  appliesIf: text(
    "kernels since 5.10 (the boot switch since 5.13, the timeout parameter since 6.0)",
    "5.10 及以后的内核（启动开关自 5.13 起，超时参数自 6.0 起）",
  ),
  risk: text("a small cost on every IPI with wait", "每个需要等待的处理器间中断都有少量额外开销"),
  references: ["kernel/smp.c: csd_lock_wait_toolong()", "commit 8d0968cc6b8f (v5.13)"],
};

export const lockdepKernel: RemedyRule = {
  id: "collect-lockdep",
  when: "collect",
  title: text("reproduce on a kernel with lock checking", "在打开锁检查的内核上复现"),
  steps: [
    {
      text: text(
        "build with PROVE_LOCKING and DEBUG_ATOMIC_SLEEP and run the same load",
        "打开 PROVE_LOCKING 和 DEBUG_ATOMIC_SLEEP 编译内核并运行同样的负载",
      ),
      command: "scripts/config -e PROVE_LOCKING -e DEBUG_ATOMIC_SLEEP -e DEBUG_LOCK_ALLOC",
    },
  ],
  appliesIf: text("the load can be run on a test machine", "负载可以在测试机上运行"),
  risk: text(
    "considerably slower; timing changes, so silence proves nothing",
    "速度明显变慢，时序也会改变，因此没有报告并不能说明问题不存在",
  ),
  references: ["Documentation/locking/lockdep-design.rst"],
};

export const interruptRates: RemedyRule = {
  id: "collect-interrupt-rates",
  when: "collect",
  title: text("record interrupt and softirq counts per second", "每秒记录中断和软中断计数"),
  steps: [
    {
      text: text("start before the load", "在加压之前启动"),
      command: "while sleep 1; do date +%T; cat /proc/interrupts /proc/softirqs; done > irq.log",
    },
  ],
  appliesIf: text("the stall recurs under a known load", "停顿可在已知负载下复现"),
  risk: text(
    "small; a shell on a stalled CPU stops recording, so bind it to another one",
    "开销很小；若 shell 恰好运行在停顿的 CPU 上会停止记录，应绑定到其他 CPU",
  ),
  references: ["Documentation/filesystems/proc.rst"],
};

export const sampleWithNmi: RemedyRule = {
  id: "collect-nmi-profile",
  when: "collect",
  title: text("sample the CPUs, interrupts off included", "对各 CPU 采样，包括关中断的区间"),
  steps: [
    {
      text: text(
        "NMI-based sampling sees interrupts-off code, timer-based sampling does not",
        "基于 NMI 的采样能看到关中断的代码，基于时钟的采样看不到",
      ),
      command: "perf record -a -e cycles:k -F 297 -g -- sleep 20; perf report --sort cpu,symbol",
    },
  ],
  appliesIf: text(
    "the stall recurs under a known load and the machine has a working PMU",
    "停顿可在已知负载下复现，且机器的 PMU 可用",
  ),
  risk: text("small overhead; start it before the load", "开销很小；应在加压前启动"),
  references: ["tools/perf/Documentation/perf-record.txt"],
};

/** The CPU somebody waits for has no backtrace here. */
export const backtraceOfAwaited: MissingRule = {
  what: text("what the CPU that is waited for was doing", "被等待的 CPU 当时在做什么"),
  why: text(
    "it left no trace in this log; its backtrace decides between interrupts off, a dead core and a lost IPI",
    "它在本日志中没有任何记录；其调用栈可以区分关中断、核心失效和处理器间中断丢失",
  ),
  command: "sysctl -w kernel.sysrq=1; dmesg -n 1; echo l > /proc/sysrq-trigger",
  isMissing: (facts) => {
    const cpus = stalledCpus(facts);
    const sampled = new Set(facts.all("sample").map((sample) => sample.cpu));
    return !facts
      .all("csd-wait")
      .some(({ awaited }) => awaited !== undefined && cpus.has(awaited) && sampled.has(awaited));
  },
};

export const secondSample: MissingRule = {
  what: text("a second sample of the same CPU", "同一 CPU 的第二次采样"),
  why: text(
    "one sample shows a place, two show whether the code loops there, moves on or waits",
    "一次采样只说明位置，两次采样才能看出代码是在原地循环、继续前进还是在等待",
  ),
  command: "sysctl -w kernel.softlockup_all_cpu_backtrace=1",
  isMissing: (facts) => facts.all("repeat").length === 0,
};

export const everyReport: MissingRule = {
  what: text(
    "all lockup, RCU, hung-task, NMI and device lines within two minutes of the stall",
    "停顿前后两分钟内所有锁死、RCU、挂起任务、NMI 和设备相关的日志",
  ),
  why: text(
    "the first report names the first victim; what stood just before it is often the cause",
    "第一份报告指明第一个受害者，紧挨其前的日志往往就是原因",
  ),
  command:
    "grep -nE 'soft lockup|hard LOCKUP|rcu|blocked for more|NMI backtrace|csd|clocksource|AER|I/O error' /var/log/messages",
  isMissing: (facts) => facts.all("no-progress").length < 2,
};

export const holderStack: MissingRule = {
  what: text("the stack of the lock's holder", "锁持有者的调用栈"),
  why: text(
    "the waiter shows which lock, only the holder shows why it is not released",
    "等待者只能说明是哪把锁，只有持有者才能说明锁为何没有释放",
  ),
  command: "echo l > /proc/sysrq-trigger; echo w > /proc/sysrq-trigger",
  isMissing: (facts) => !facts.all("asleep-on").some((sleep) => sleep.owner !== undefined),
};

export const vmcoreOfTheStall: MissingRule = {
  what: text("a vmcore of the stall", "停顿发生时的 vmcore"),
  why: text(
    "it holds every stack, lock and queue; taking one reboots the machine, so only with tested kdump and agreement",
    "其中有全部调用栈、锁和队列；抓取会重启机器，须先验证 kdump 并征得同意",
  ),
  isMissing: () => true,
};
