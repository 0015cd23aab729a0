// A CPU writes the log to a slow console and does nothing else. kernel/printk/printk.c:
// console_unlock(); KERNEL.md 2.7 and M-21.

import { text } from "#base/text.ts";
import { everyReport, vmcoreOfTheStall } from "../collecting.ts";
import { because, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import { CONSOLE } from "../frame-names.ts";
import type { HypothesisRule, Mechanism } from "../mechanism.ts";
import { isIn, stalled, stalledSamples } from "../stalled.ts";
import { consoleRemedies } from "./remedies.ts";

/** Innermost functions only: the report's own printing is not on an interrupted stack this near. */
const NEAR = 8;

const printing = stalled((s) => isIn(s, CONSOLE, NEAR));

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
  hypotheses: consoleHypotheses(),
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

function consoleHypotheses(): readonly HypothesisRule[] {
  return [
    {
      id: "flood",
      title: text("a flood of messages on a slow console", "慢速控制台上的日志洪泛"),
      predictions: [
        {
          what: text(
            "stamps inside a report follow the length of its lines",
            "报告内部的时间戳随行长增长",
          ),
          ifYes: "likely",
          look: (facts) => observe(shown("console-rate"), notObservable, facts),
        },
        {
          what: text("messages were dropped", "有日志被丢弃"),
          ifYes: "likely",
          look: (facts) =>
            observe(
              shown("neighbor", (n) => n.notice === "printk-dropped"),
              notObservable,
              facts,
            ),
        },
      ],
      atMost: "likely",
      nextStep: {
        text: text("count the lines of the seconds before", "统计此前数秒内的日志行数"),
        command: "dmesg | awk -F'[][]' '{print int($2)}' | uniq -c | sort -n | tail",
      },
    },
    {
      id: "uart-stuck",
      title: text(
        "the UART does not send at all: flow control, dead hardware, emulator",
        "串口根本没有发送：流控、硬件故障或模拟器问题",
      ),
      predictions: [
        {
          what: text(
            "the sample stands in the wait for the transmitter",
            "采样位于等待发送器就绪的函数中",
          ),
          look: (facts) =>
            observe(
              stalled((s) =>
                isIn(s, new Set(["wait_for_xmitr", "wait_for_lsr", "io_serial_in"]), NEAR),
              ),
              notObservable,
              facts,
            ),
        },
      ],
      atMost: "possible",
      nextStep: {
        text: text(
          "does a line come through at all; flow control off",
          "确认是否有任何输出，并关闭流控",
        ),
        command: "stty -F /dev/ttyS0 -crtscts -a",
      },
    },
    {
      id: "victim-of-its-report",
      title: text(
        "only the report itself is slow; the stall has another cause",
        "只是报告本身打印得慢，停顿另有原因",
      ),
      predictions: [
        {
          what: text("the interrupted code is not the console", "被打断的代码不是控制台"),
          ifYes: "likely",
          ifNo: "unlikely",
          look: (facts) => {
            const inConsole = printing(facts);
            if (inConsole) return no(inConsole);
            const other = evidenceOf(stalledSamples(facts));
            return other
              ? yes(because(other, "sampled outside the console code", "采样位置不在控制台代码中"))
              : notObservable;
          },
        },
      ],
      atMost: "likely",
    },
  ];
}
