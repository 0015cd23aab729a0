// The three faults behind a timer stall, and their rival: a task that is awake and gets no CPU.

import { text } from "#base/text.ts";
import {
  because,
  clockTrouble,
  contrast,
  evidenceOf,
  no,
  notObservable,
  observe,
  shown,
} from "../find.ts";
import { TIMER_CANCEL, TIMER_RUN } from "../frame-names.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { isIn, stalled, stalledSamples } from "../stalled.ts";

const overdue = shown("rcu-kthread", (k) => k.how === "timer");
const callback = stalled((s) => s.context !== "task" && isIn(s, TIMER_RUN));
const cancel = stalled((s) => isIn(s, TIMER_CANCEL, 2));

export const timerHypotheses: readonly HypothesisRule[] = [
  {
    id: "timer-dead",
    title: text("the timer interrupt of one CPU no longer comes", "某个 CPU 的时钟中断不再到来"),
    predictions: [
      {
        what: text(
          "an overdue timer wake-up, with the CPU named",
          "有过期未触发的定时器唤醒，并指明了 CPU",
        ),
        ifYes: "likely",
        look: (facts) => observe(overdue, notObservable, facts),
      },
      {
        what: text("clock source or clock event lines nearby", "附近有时钟源或时钟事件相关日志"),
        look: clockTrouble,
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "watch that CPU's timer interrupt count for a few seconds",
        "用几秒时间观察该 CPU 的时钟中断计数",
      ),
      command:
        "grep -E 'LOC|timer' /proc/interrupts; sleep 3; grep -E 'LOC|timer' /proc/interrupts",
    },
  },
  {
    id: "callback-does-not-end",
    title: text(
      "a timer callback does not end or is run again at once",
      "定时器回调不结束，或被立即反复执行",
    ),
    predictions: [
      {
        what: text("the stuck CPU is inside a callback", "锁死的 CPU 位于回调之中"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const found = callback(facts);
          const running = evidenceOf(stalledSamples(facts).filter((s) => s.context === "task"));
          return contrast(found, running, "sampled in task context", "采样时处于任务上下文");
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "name the callback and its period; compare its run time with the period",
        "确定回调函数及其周期，并比较执行时间与周期",
      ),
    },
  },
  {
    id: "cancel-deadlock",
    title: text(
      "the CPU cancels a timer while holding what the callback needs, or from inside the callback",
      "该 CPU 在持有回调所需的锁时（或在回调内部）取消定时器",
    ),
    predictions: [
      {
        what: text(
          "the stuck CPU is in a synchronous cancel",
          "锁死的 CPU 位于同步取消定时器的函数中",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const found = cancel(facts);
          const other = evidenceOf(stalledSamples(facts));
          return contrast(found, other, "not in a cancel function", "不在取消定时器的函数中");
        },
      },
      {
        what: text("its interrupts are off", "其中断处于关闭状态"),
        look: (facts) => observe(shown("interrupts-off"), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "find the CPU that runs the callback and the lock it waits for",
        "找出正在执行回调的 CPU 以及它所等待的锁",
      ),
      command: "echo l > /proc/sysrq-trigger",
    },
  },
  {
    id: "starved-not-late",
    title: text(
      "the timer fired; the woken task gets no CPU (real-time task, interrupt load)",
      "定时器已触发，但被唤醒的任务得不到 CPU（实时任务或中断负载）",
    ),
    predictions: [
      {
        what: text(
          "a kthread reported as starved without an overdue timer",
          "内核线程被报告得不到运行，且没有过期的定时器",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const late = overdue(facts);
          if (late)
            return no(because(late, "the timer itself is overdue", "定时器自身已过期未触发"));
          return observe(
            shown("rcu-kthread", (k) => k.how === "starved"),
            notObservable,
            facts,
          );
        },
      },
    ],
    atMost: "likely",
  },
];
