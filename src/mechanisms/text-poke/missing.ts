// What the log does not say and would decide between the hypotheses; cheapest first (KERNEL.md 2.11).

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import type { MissingRule } from "../mechanism.ts";

const stillUndecided = (facts: FactView): boolean =>
  !facts.all("csd-wait").some((wait) => wait.certain && wait.awaited !== undefined);

const silentTarget = (facts: FactView): boolean => {
  const sampled = new Set(facts.all("sample").map((sample) => sample.cpu));
  return facts
    .all("csd-wait")
    .some(({ awaited }) => awaited !== undefined && !sampled.has(awaited));
};

export const textPokeMissing: readonly MissingRule[] = [
  {
    what: text(
      "the reports of the other CPUs and every watchdog, RCU, NMI, csd, clock and device line within two minutes of this one",
      "前后两分钟内其他 CPU 的报告，以及所有看门狗、RCU、NMI、csd、时钟和设备相关的日志行",
    ),
    why: text(
      "a second report names the CPU it waits for, and its RIP separates waiting, late sampling and a frozen core",
      "另一份报告会指出它在等待哪个 CPU，其 RIP 可以区分“仍在等待”“采样滞后”和“核心冻结”",
    ),
    command:
      "grep -nE 'soft lockup|hard LOCKUP|rcu|NMI backtrace|csd|hung|clocksource|AMD-Vi|AER|NETDEV|virtio' /var/log/messages",
    isMissing: (facts) => facts.all("no-progress").length < 2,
  },
  {
    what: text(
      "whether the same CPU reported 28 s before or after",
      "同一 CPU 在前后 28 秒处是否也有报告",
    ),
    why: text(
      "on kernels that print 22 s or 23 s every time, only the neighbouring reports tell how long the stall lasted",
      "在每次都打印 22s 或 23s 的内核上，只有相邻的报告才能说明停顿持续了多久",
    ),
    isMissing: (facts) => stillUndecided(facts) && facts.all("repeat").length === 0,
  },
  {
    what: text("where the console goes and at which level", "控制台输出到哪里、日志级别是多少"),
    why: text(
      "a slow console keeps the printing CPU busy, partly with interrupts off, and hides its own lockup",
      "慢速控制台会长时间占用打印日志的 CPU（部分时间关中断），并掩盖该 CPU 自身的锁死",
    ),
    command: "cat /proc/consoles /proc/cmdline /proc/sys/kernel/printk",
    isMissing: (facts) => facts.all("console-rate").length > 0,
  },
  {
    what: text("whether the hard-lockup detector was armed", "硬锁死检测器是否启用"),
    why: text(
      "only with a working NMI watchdog does the absence of a hard LOCKUP line count against interrupts-off stalls",
      "只有 NMI 看门狗正常工作时，“没有 hard LOCKUP”才能作为反对长时间关中断的证据",
    ),
    command:
      "cat /proc/sys/kernel/{nmi_watchdog,hardlockup_panic,watchdog_thresh}; dmesg | grep 'NMI watchdog'",
    isMissing: (facts) =>
      !facts.all("detector").some((d) => d.detector === "nmi-watchdog" && d.state !== "unknown"),
  },
  {
    what: text(
      "interrupt and softirq counts per second during the test",
      "测试期间每秒的中断和软中断计数",
    ),
    why: text(
      "an interrupt storm leaves no frame in the trace, only a counter that runs",
      "中断风暴不会在调用栈中留下痕迹，只体现为不断增长的计数",
    ),
    command: "while sleep 1; do date +%T; cat /proc/interrupts /proc/softirqs; done > irq.log",
    isMissing: stillUndecided,
  },
  {
    what: text("what the CPU that is waited for was doing", "被等待的 CPU 当时在做什么"),
    why: text(
      "it left no trace in this log; its backtrace decides between interrupts off, a dead core and a lost IPI",
      "它在本日志中没有任何记录；其调用栈可以区分关中断、核心失效和处理器间中断丢失",
    ),
    command:
      "echo l > /proc/sysrq-trigger   # sysctl kernel.sysrq=1 first; dmesg -n 1 on a serial console",
    isMissing: silentTarget,
  },
  {
    what: text("a vmcore of the stall", "停顿发生时的 vmcore"),
    why: text(
      "it holds every CPU's stack and the csd queues; softlockup_panic turns a transient stall into a reboot of the host and every guest, so only with tested kdump and agreement",
      "其中有每个 CPU 的栈和 csd 队列；但 softlockup_panic 会把一次短暂停顿变成宿主机及其全部虚拟机的重启，须先验证 kdump 并征得同意",
    ),
    command: "sysctl -w kernel.softlockup_panic=1",
    isMissing: () => true,
  },
];
