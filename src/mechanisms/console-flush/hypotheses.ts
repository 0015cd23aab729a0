// Rivals when a CPU seems to be writing the log: flood, dead UART, or only the report itself.

import { text } from "#base/text.ts";
import { because, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { isIn, stalled, stalledSamples } from "../stalled.ts";
import { NEAR, printing } from "./signs.ts";

export const consoleHypotheses: readonly HypothesisRule[] = [
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
