// Interrupt storms: move or silence the source, then the device or its driver.

import { text } from "#base/text.ts";
import { interruptRates, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const irqStormRemedies: readonly RemedyRule[] = [
  {
    id: "silence-the-source",
    when: "now",
    title: text("take the device out, or move its interrupt away", "停用设备，或把其中断迁走"),
    steps: [
      {
        text: text("link down or unbind the driver", "断开链路或解绑驱动"),
        command: "ip link set <dev> down",
      },
      {
        text: text("move the interrupt to a CPU that may suffer", "把中断迁移到可以承受的 CPU"),
        command: "echo <cpu> > /proc/irq/<n>/smp_affinity_list",
      },
      {
        text: text("more moderation", "加大中断合并"),
        command: "ethtool -C <dev> adaptive-rx on rx-usecs 50",
      },
    ],
    appliesIf: text("the interrupt is known", "已知是哪个中断"),
    risk: text(
      "the device is gone or slower; a shared line takes others with it",
      "设备停用或变慢；共享中断线会影响其他设备",
    ),
    references: ["Documentation/core-api/irq/irq-affinity.rst"],
  },
  interruptRates,
  {
    id: "collect-storm-block",
    when: "collect",
    title: text("let the soft-lockup report count interrupts", "让软锁死报告统计中断"),
    steps: [
      {
        text: text(
          "a kernel with CONFIG_SOFTLOCKUP_DETECTOR_INTR_STORM",
          "使用带 CONFIG_SOFTLOCKUP_DETECTOR_INTR_STORM 的内核",
        ),
        command: "zgrep SOFTLOCKUP_DETECTOR_INTR_STORM /proc/config.gz",
      },
    ],
    appliesIf: text(
      "kernels since 6.10, or with the two commits backported",
      "6.10 及以后的内核，或已回移这两个提交",
    ),
    risk: text("none to speak of", "几乎没有"),
    references: ["commit d7037381d002 (v6.10)", "commit e9a9292e2368 (v6.10)"],
  },
  vmcore,
  {
    id: "fix-acknowledge",
    when: "fix",
    title: text("acknowledge and mask the interrupt in the driver", "在驱动中正确应答并屏蔽中断"),
    steps: [
      {
        text: text(
          "clear the cause in the device before leaving the handler, mask while polling, honor event suppression in the device",
          "在退出处理函数之前清除设备中的中断原因，轮询期间保持屏蔽，设备侧遵守事件抑制",
        ),
      },
    ],
    appliesIf: text("the device's interrupt is the one that runs", "计数飞涨的正是该设备的中断"),
    risk: text(
      "masking too long loses events: re-check after unmasking",
      "屏蔽过久会丢事件：解除屏蔽后须重新检查",
    ),
    references: ["kernel/irq/spurious.c: note_interrupt()"],
  },
];
