// Console: fewer lines, a faster console, printing that does not hold a CPU.

import { text } from "#base/text.ts";
import { sampleWithNmi, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const consoleRemedies: readonly RemedyRule[] = [
  {
    id: "lower-console-level",
    when: "now",
    title: text("print less to the console", "减少控制台输出"),
    steps: [
      { text: text("lower the console level", "降低控制台日志级别"), command: "dmesg -n 1" },
      {
        text: text("stop what floods the log; rate-limit it", "停止刷日志的来源，或限制其速率"),
        command: "sysctl -w kernel.printk_ratelimit=5 kernel.printk_ratelimit_burst=10",
      },
    ],
    appliesIf: text("any kernel", "任何内核"),
    risk: text(
      "messages are then only in dmesg and the journal: have kdump, netconsole or pstore",
      "此后消息只保留在 dmesg 和 journal 中：应配置 kdump、netconsole 或 pstore",
    ),
    references: ["Documentation/admin-guide/sysctl/kernel.rst: printk"],
  },
  sampleWithNmi,
  vmcore,
  {
    id: "faster-console",
    when: "fix",
    title: text("a faster console or none", "使用更快的控制台，或不用控制台"),
    steps: [
      {
        text: text(
          "drop console=ttyS0 or raise its rate on both ends",
          "去掉 console=ttyS0，或在两端提高速率",
        ),
        command: "console=ttyS0,921600n8   # kernel command line, and the same rate in the BMC",
      },
      {
        text: text("send the log over the network instead", "改为通过网络发送日志"),
        command: "modprobe netconsole",
      },
    ],
    appliesIf: text("the console is a UART or serial-over-LAN", "控制台为串口或 SOL"),
    risk: text(
      "the last words of a crash may be lost without a serial console",
      "没有串口控制台时可能丢失崩溃前的最后输出",
    ),
    references: [
      "Documentation/admin-guide/serial-console.rst",
      "Documentation/networking/netconsole.rst",
    ],
  },
  {
    id: "threaded-printing",
    when: "fix",
    title: text("consoles that print from a thread", "使用在线程中打印的控制台"),
    steps: [
      {
        text: text(
          "a kernel and a console driver with nbcon support print from a kthread, except in an emergency",
          "内核和控制台驱动支持 nbcon 时，除紧急情况外都在内核线程中打印",
        ),
      },
    ],
    appliesIf: text("6.12 and later, with a converted driver", "6.12 及以后，且驱动已转换"),
    risk: text("messages appear later than they happen", "消息输出会晚于其发生时间"),
    references: ["kernel/printk/nbcon.c"],
  },
];
