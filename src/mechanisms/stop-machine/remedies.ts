// stop_machine: do not start another one, find the CPU that does not come.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const stopMachineRemedies: readonly RemedyRule[] = [
  {
    id: "no-machine-wide-stops",
    when: "now",
    title: text("do not start machine-wide stops under load", "负载期间不要发起全机停顿操作"),
    steps: [
      {
        text: text(
          "postpone CPU hotplug, live patches, late microcode loading and clock-source changes",
          "推迟 CPU 热插拔、热补丁、延迟加载微码以及切换时钟源",
        ),
      },
      {
        text: text("in small virtual machines try fewer vCPUs", "在小型虚拟机中尝试减少 vCPU 数量"),
      },
    ],
    appliesIf: text("the caller is an operation that can wait", "发起者是可以推迟的操作"),
    risk: text(
      "the missing CPU keeps blocking everything else that needs it",
      "缺席的 CPU 仍会阻塞其他需要它的操作",
    ),
    references: ["kernel/stop_machine.c: stop_machine()"],
  },
  backtracesOfAllCpus,
  vmcore,
  {
    id: "fix-missing-cpu",
    when: "fix",
    title: text("let the missing CPU schedule", "让缺席的 CPU 能够调度"),
    steps: [
      {
        text: text(
          "a long loop on it: add cond_resched(); interrupts off: shorten the section; vCPU not run: overcommit or hypervisor",
          "若它在长循环中：加入 cond_resched()；若关中断：缩短区间；若 vCPU 未被调度：处理超分或虚拟机监控器",
        ),
      },
    ],
    appliesIf: text("its backtrace is known", "已有其调用栈"),
    risk: text("none beyond the change itself", "除改动本身外没有额外风险"),
    references: ["kernel/stop_machine.c: cpu_stop_queue_work()"],
  },
];
