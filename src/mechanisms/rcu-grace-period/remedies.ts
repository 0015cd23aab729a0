// RCU stalls: the report costs little, what it points at is the work.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, interruptRates, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const gracePeriodRemedies: readonly RemedyRule[] = [
  {
    id: "stop-the-late-cpu",
    when: "now",
    title: text("stop what keeps the late CPU", "停止拖住该 CPU 的任务"),
    steps: [
      {
        text: text(
          "end or move the task, work or traffic seen in that CPU's backtrace",
          "结束或迁移该 CPU 调用栈中的任务、工作项或流量",
        ),
        command: "taskset -pc <other CPUs> <pid>",
      },
    ],
    appliesIf: text("the backtrace names a task that can be stopped", "调用栈指明了可以停止的任务"),
    risk: text(
      "a task that spins in the kernel does not react to signals",
      "在内核中自旋的任务不会响应信号",
    ),
    references: ["Documentation/RCU/stallwarn.rst"],
  },
  {
    id: "tell-latency-from-hang",
    when: "collect",
    title: text("let the report say where the time went", "让报告说明时间花在哪里"),
    steps: [
      {
        text: text(
          "have the CPU time of the late CPU in the report",
          "在报告中给出迟到 CPU 的时间分布",
        ),
        command: "rcupdate.rcu_cpu_stall_cputime=1   # kernel command line",
      },
    ],
    appliesIf: text(
      "kernels that have this parameter (6.12 does)",
      "支持该参数的内核（6.12 已支持）",
    ),
    risk: text("none to speak of", "几乎没有"),
    references: ["kernel/rcu/tree_stall.h: print_cpu_stat_info()"],
  },
  backtracesOfAllCpus,
  interruptRates,
  vmcore,
  {
    id: "fix-long-section",
    when: "fix",
    title: text("give the long section a quiescent state", "为耗时区间提供静止状态"),
    steps: [
      {
        text: text(
          "cond_resched() or cond_resched_tasks_rcu_qs() in long loops; leave rcu_read_lock between batches; do not busy-wait with interrupts off",
          "长循环中加入 cond_resched() 或 cond_resched_tasks_rcu_qs()；分批之间退出 rcu_read_lock；不要在关中断状态下忙等",
        ),
      },
    ],
    appliesIf: text(
      "the late CPU loops in code that may sleep or reschedule",
      "迟到的 CPU 在允许睡眠或调度的代码中循环",
    ),
    risk: text(
      "not allowed under spinlocks or inside rcu_read_lock",
      "不能在自旋锁保护下或 rcu_read_lock 之内使用",
    ),
    references: ["Documentation/RCU/stallwarn.rst"],
  },
  {
    id: "fix-limit",
    when: "fix",
    title: text("set a limit that means a hang", "把时限设为足以表示挂起的值"),
    steps: [
      {
        text: text("restore the default expedited limit", "恢复默认的加速宽限期时限"),
        command: "rcupdate.rcu_exp_cpu_stall_timeout=0   # same as the normal limit",
      },
    ],
    appliesIf: text("the limit in the report is a few jiffies", "报告中的时限只有几个 jiffies"),
    risk: text(
      "short delays of expedited grace periods go unreported",
      "加速宽限期的短暂延迟将不再上报",
    ),
    references: ["Documentation/RCU/stallwarn.rst: CONFIG_RCU_EXP_CPU_STALL_TIMEOUT"],
    appliesTo: (facts) => facts.all("rcu-stalled").some((line) => (line.jiffies ?? 1000) < 100),
  },
];
