// What makes softirq work last: a handler that loops, more work than the CPU can do, or a storm beneath.

import { text } from "#base/text.ts";
import { contrast, evidenceOf, notObservable, observe, shown } from "../find.ts";
import { TIMER_RUN } from "../frame-names.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { isIn, stalled, stalledSamples } from "../stalled.ts";

/** Network receive and its poll functions. */
const NETWORK: ReadonlySet<string> = new Set([
  "net_rx_action",
  "napi_poll",
  "__napi_poll",
  "process_backlog",
  "__netif_receive_skb",
  "__netif_receive_skb_core",
  "netif_receive_skb",
  "netif_receive_skb_internal",
]);

export const softirqHypotheses: readonly HypothesisRule[] = [
  {
    id: "handler-loops",
    title: text("one handler loops and never returns", "某个处理函数在循环而不返回"),
    predictions: [
      {
        what: text(
          "later reports of the same CPU stand in the same function",
          "同一 CPU 后续的报告仍位于同一函数",
        ),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("repeat", (r) => r.progress === "identical" || r.progress === "same-loop"),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "a second sample, and what list or table it walks",
        "再采样一次，并查看它在遍历的链表或表",
      ),
    },
  },
  {
    id: "receive-overload",
    title: text("more packets than the CPU can take", "收包量超过该 CPU 的处理能力"),
    predictions: [
      {
        what: text("network receive on the stack", "调用栈中有网络收包函数"),
        ifNo: "unlikely",
        look: (facts) => {
          const receiving = stalled((s) => isIn(s, NETWORK))(facts);
          const other = evidenceOf(stalledSamples(facts));
          return contrast(
            receiving,
            other,
            "no network receive on the stack",
            "调用栈中没有网络收包函数",
          );
        },
      },
      {
        what: text("the kernel measured mostly softirq time", "内核测得大部分为软中断时间"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("cpu-time", (t) => t.softirq >= 50),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("compare packet rates per queue and CPU", "比较各队列和 CPU 的包速率"),
      command: "ethtool -S <dev>; cat /proc/net/softnet_stat",
    },
  },
  {
    id: "timer-callback",
    title: text("a timer callback does not end", "定时器回调不结束"),
    predictions: [
      {
        what: text("timer code on the stack", "调用栈中有定时器代码"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const found = stalled((s) => isIn(s, TIMER_RUN))(facts);
          const other = evidenceOf(stalledSamples(facts));
          return contrast(found, other, "no timer code on the stack", "调用栈中没有定时器代码");
        },
      },
    ],
    atMost: "likely",
  },
  {
    id: "interrupts-beneath",
    title: text(
      "hardware interrupts come without pause while the softirq tries to run",
      "软中断执行期间硬中断连续不断",
    ),
    predictions: [
      {
        what: text(
          "RIP right behind the instruction that opens interrupts",
          "RIP 紧跟在打开中断的指令之后",
        ),
        ifYes: "likely",
        look: (facts) => observe(shown("sampled-late"), notObservable, facts),
      },
      {
        what: text("the kernel measured hard-interrupt time", "内核测得大量硬中断时间"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("cpu-time", (t) => t.hardirq >= 50),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("interrupt counts per second", "每秒中断计数"),
      command: "while sleep 1; do date +%T; cat /proc/interrupts; done",
    },
  },
];
