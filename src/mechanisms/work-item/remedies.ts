// Work items: stop the source now, split the item for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const workRemedies: readonly RemedyRule[] = [
  {
    id: "stop-the-source",
    when: "now",
    title: text("stop what queues the item", "停止提交该工作项的来源"),
    steps: [
      {
        text: text(
          "take the device or feature behind the work function out of use until it is understood",
          "在查清之前停用该工作函数背后的设备或功能",
        ),
      },
    ],
    appliesIf: text(
      "the work function belongs to something that can be stopped",
      "工作函数所属的设备或功能可以停用",
    ),
    risk: text("the running item itself cannot be canceled", "正在执行的工作项本身无法取消"),
    references: ["Documentation/core-api/workqueue.rst"],
  },
  {
    id: "collect-pool-state",
    when: "collect",
    title: text("print workers and pools while it is stuck", "卡住时打印工作线程和池的状态"),
    steps: [
      {
        text: text(
          "task dump with workqueue state; arm the watchdog",
          "打印任务及工作队列状态，并启用看门狗",
        ),
        command:
          "dmesg -n 1; echo t > /proc/sysrq-trigger; echo 30 > /sys/module/workqueue/parameters/watchdog_thresh",
      },
    ],
    appliesIf: text("CONFIG_WQ_WATCHDOG for the watchdog", "看门狗需要 CONFIG_WQ_WATCHDOG"),
    risk: text("a long dump on machines with many tasks", "任务较多的机器上输出很长"),
    references: ["kernel/workqueue.c: show_all_workqueues()"],
  },
  backtracesOfAllCpus,
  vmcore,
  {
    id: "fix-long-item",
    when: "fix",
    title: text("split the item or let it yield", "拆分工作项或让出 CPU"),
    steps: [
      {
        text: text(
          "cond_resched() in its loop, work in batches that requeue themselves, or a WQ_UNBOUND queue so that it does not block a CPU's pool",
          "在循环中加入 cond_resched()，分批执行并重新入队，或改用 WQ_UNBOUND 队列以免占住某个 CPU 的池",
        ),
      },
    ],
    appliesIf: text("the item's own loop is long", "工作项自身的循环很长"),
    risk: text(
      "an unbound item may run on any CPU: check per-CPU data",
      "改为 unbound 后可能在任意 CPU 上执行：须检查每 CPU 数据的使用",
    ),
    references: ["Documentation/core-api/workqueue.rst: WQ_UNBOUND, WQ_CPU_INTENSIVE"],
  },
];
