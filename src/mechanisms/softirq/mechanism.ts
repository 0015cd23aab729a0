// Softirq work keeps a CPU. kernel/softirq.c: __do_softirq() (handle_softirqs() in newer kernels);
// KERNEL.md M-12.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { SOFTIRQ_RUN } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { isIn, stalled } from "../stalled.ts";
import { softirqHypotheses } from "./hypotheses.ts";
import { softirqRemedies } from "./remedies.ts";

/** Stuck in softirq context, or in ksoftirqd, and waiting for no other CPU. */
const inSoftirq = stalled(
  (s, isWaiting) => !isWaiting(s) && (s.context === "softirq" || isIn(s, SOFTIRQ_RUN)),
);

export const softirq: Mechanism = {
  id: "softirq",
  title: text("softirq work keeps the CPU", "软中断占住 CPU"),
  description: text(
    "Softirqs run after an interrupt, on top of whatever task was there, with interrupts on: network receive and transmit, timers, tasklets, RCU callbacks, block completions. After ten rounds or 2 ms the rest goes to ksoftirqd, so one handler that does not return, or a list that does not get empty, is needed to stall a CPU. The task in the headline is a bystander.",
    "软中断在硬中断之后执行，压在当时的任务之上，执行期间中断打开：网络收发、定时器、tasklet、RCU 回调、块设备完成处理。循环十轮或超过 2 毫秒后，剩余部分交给 ksoftirqd，因此要使 CPU 停顿，必须是某个处理函数不返回，或某个链表始终处理不完。报告标题中的任务只是旁观者。",
  ),
  waitsFor: text("nothing: it is busy", "不等待任何东西：一直在忙"),
  signs: [
    {
      id: "stuck-in-softirq",
      what: text(
        "the CPU that gets nowhere was sampled in softirq context, outside the detector's own frames",
        "没有进展的 CPU 采样时位于软中断上下文（已去除检测器自身的帧）",
      ),
      carries: "likely",
      find: inSoftirq,
    },
  ],
  refusedBy: [
    {
      id: "measured-otherwise",
      what: text(
        "the kernel measured next to no softirq time on it",
        "内核测得该 CPU 几乎没有软中断时间",
      ),
      find: (facts) => {
        const low = facts.all("cpu-time").filter((time) => time.softirq < LOW_PERCENT);
        return low.length > 0 ? low.flatMap((time) => time.evidence) : undefined;
      },
    },
  ],
  refines: [],
  outranks: ["rcu-grace-period", "long-loop", "work-item"],
  phases: [
    {
      id: "raised",
      title: text("softirq raised", "触发软中断"),
      state: (facts) => {
        const evidence = inSoftirq(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "handler",
      title: text("handler runs", "处理函数执行"),
      state: (facts) => {
        const evidence =
          stalled((s, isWaiting) => !isWaiting(s) && isIn(s, SOFTIRQ_RUN))(facts) ??
          inSoftirq(facts);
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "ksoftirqd",
      title: text("the rest handed to ksoftirqd", "剩余部分交给 ksoftirqd"),
      state: (facts) => {
        const evidence = stalled((s) => s.symbols.includes("run_ksoftirqd"))(facts);
        return evidence ? { state: "done", evidence } : { state: "pending", evidence: [] };
      },
    },
  ],
  hypotheses: softirqHypotheses,
  remedies: softirqRemedies,
  missing: [
    {
      what: text("softirq counts per second of that CPU", "该 CPU 每秒的软中断计数"),
      why: text(
        "a count that runs means a storm, one that stands still a handler that does not return",
        "计数飞涨说明是风暴，计数停滞说明是处理函数没有返回",
      ),
      command: "while sleep 1; do date +%T; cat /proc/softirqs; done",
      isMissing: (facts) => facts.all("cpu-time").length === 0,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("run time of softirq vectors", "各软中断向量的执行时间"),
      command: "perf trace -a -s -e irq:softirq_entry,irq:softirq_exit -- sleep 5",
    },
    {
      text: text(
        "packets dropped and budget exhausted per CPU (third column: time squeeze)",
        "每 CPU 丢包和预算耗尽情况（第三列为 time squeeze）",
      ),
      command: "cat /proc/net/softnet_stat",
    },
  ],
  references: [
    "kernel/softirq.c: __do_softirq(), run_ksoftirqd()",
    "net/core/dev.c: net_rx_action()",
    "Documentation/networking/napi.rst",
  ],
};

/** Percent of a sample below which softirq time explains nothing. */
const LOW_PERCENT = 5;
