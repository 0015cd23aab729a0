// A CPU writes the log to a slow console and does nothing else. kernel/printk/printk.c:
// console_unlock(); KERNEL.md 2.7 and M-21.

import { text } from "#base/text.ts";
import { everyReport, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import { stalledSamples } from "../stalled.ts";
import { consoleHypotheses } from "./hypotheses.ts";
import { consoleRemedies } from "./remedies.ts";
import { printing } from "./signs.ts";

export const consoleFlush: Mechanism = {
  id: "console-flush",
  title: text("writing the log to a slow console", "向慢速控制台输出日志"),
  description: text(
    "printk hands messages to the console on the CPU that calls it, and whoever holds the console prints what others add meanwhile. A 115200 UART takes about 8 ms a line; from interrupts-off context that is one stretch without interrupts. The 8250 driver touches both watchdogs, so the printing CPU itself stays silent while others wait for it.",
    "printk 由调用它的 CPU 负责把消息写到控制台，而持有控制台的 CPU 还要打印其他 CPU 此间新增的消息。115200 串口每行约需 8 毫秒；若处于关中断上下文，整个过程都无法响应中断。8250 驱动会重置两种看门狗，因此打印的 CPU 自身没有报告，而其他 CPU 却在等它。",
  ),
  waitsFor: text("the UART to send", "串口发送完成"),
  signs: [
    {
      id: "sampled-printing",
      what: text(
        "a stuck or awaited CPU was sampled inside a console driver",
        "锁死或被等待的 CPU 采样时位于控制台驱动中",
      ),
      carries: "likely",
      find: printing,
    },
  ],
  refusedBy: [
    {
      id: "interrupts-on-elsewhere",
      what: text(
        "every stuck CPU was sampled outside the console code",
        "所有锁死的 CPU 采样时都不在控制台代码中",
      ),
      find: (facts) => (printing(facts) ? undefined : evidenceOf(stalledSamples(facts))),
    },
  ],
  refines: [],
  outranks: ["long-loop", "softirq", "timer", "rcu-grace-period", "work-item"],
  phases: [
    {
      id: "queued",
      title: text("messages queued", "消息入队"),
      state: (facts) => {
        const evidence = printing(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "written",
      title: text("written to the console", "写到控制台"),
      state: (facts) => {
        const evidence = printing(facts);
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
  ],
  hypotheses: consoleHypotheses,
  remedies: consoleRemedies,
  missing: [
    {
      what: text("consoles, their speed and the log level", "控制台列表、速率和日志级别"),
      why: text(
        "tells what a line costs and which messages go there",
        "可知每行的代价以及哪些消息会输出",
      ),
      command: "cat /proc/consoles /proc/cmdline /proc/sys/kernel/printk",
      isMissing: () => true,
    },
    {
      what: text(
        "how many lines were printed in the half minute before",
        "此前半分钟内打印了多少行",
      ),
      why: text(
        "lines times cost per line is the time that is to be explained",
        "行数乘以每行代价就是需要解释的时间",
      ),
      command:
        "journalctl -k -o short-monotonic | awk '{print int($2)}' | uniq -c | sort -n | tail",
      isMissing: () => true,
    },
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("time spent in console drivers", "控制台驱动占用的时间"),
      command:
        "perf record -a -e cycles:k -g -- sleep 10; perf report --parent console_unlock --sort parent",
    },
  ],
  references: [
    "kernel/printk/printk.c: console_unlock(), vprintk_emit()",
    "drivers/tty/serial/8250/8250_port.c: serial8250_console_write()",
    "Documentation/networking/netconsole.rst",
  ],
};
