// Rivals when work does not get done: the item loops, its worker gets no CPU, or interrupts sit on top.

import { text } from "#base/text.ts";
import { contrast, evidenceOf, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { stalledSamples } from "../stalled.ts";
import { pools, runningItem } from "./signs.ts";

export const workHypotheses: readonly HypothesisRule[] = [
  {
    id: "item-loops",
    title: text("the item itself runs on and on", "工作项自身一直在执行"),
    predictions: [
      {
        what: text(
          "the stuck CPU was sampled inside the item",
          "锁死的 CPU 采样时位于该工作项之中",
        ),
        ifYes: "likely",
        look: (facts) => observe(runningItem, notObservable, facts),
      },
      {
        what: text("interrupts are on", "中断处于打开状态"),
        look: (facts) => {
          const on = evidenceOf(
            stalledSamples(facts).filter((s) => s.work && s.interrupts === "on"),
          );
          return on ? yes(on) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "sample it twice; count what it iterates over",
        "采样两次，并统计它所遍历的对象数量",
      ),
    },
  },
  {
    id: "worker-gets-no-cpu",
    title: text(
      "no item runs: the pool's worker does not get the CPU or is not woken",
      "没有工作项在运行：池的工作线程得不到 CPU 或未被唤醒",
    ),
    predictions: [
      {
        what: text(
          "the pool lists pending items and none in flight",
          "池中只有 pending 而没有 in-flight",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const without = evidenceOf(pools(facts).filter((p) => p.inFlight.length === 0));
          const running = evidenceOf(pools(facts));
          return contrast(without, running, "an item is in flight", "有工作项处于 in-flight");
        },
      },
      {
        what: text(
          "timers or a real-time task are to blame: the grace-period kthread starves too",
          "与定时器或实时任务有关：宽限期内核线程同样得不到运行",
        ),
        ifYes: "likely",
        look: (facts) => observe(shown("rcu-kthread"), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "what runs on that CPU with which priority, and does its timer interrupt count go up",
        "查看该 CPU 上运行着什么、优先级如何，以及时钟中断计数是否增长",
      ),
      command: "ps -eLo psr,rtprio,pri,stat,comm | sort -n; grep LOC /proc/interrupts",
    },
  },
  {
    id: "interrupts-on-top",
    title: text("interrupt work on top of the item takes the time", "时间被压在其上的中断处理占用"),
    predictions: [
      {
        what: text("the sample is in softirq or interrupt context", "采样位于软中断或中断上下文"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const samples = stalledSamples(facts).filter((s) => s.work && s.context);
          const above = evidenceOf(samples.filter((s) => s.context !== "task"));
          const task = evidenceOf(samples);
          return contrast(above, task, "sampled in task context", "采样时处于任务上下文");
        },
      },
    ],
    atMost: "likely",
  },
];
