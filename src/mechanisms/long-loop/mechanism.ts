// Kernel code that keeps a CPU without waiting for anybody. KERNEL.md 3.1: what a soft lockup proves and
// what not.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { SOFTIRQ_RUN, TIMER_CANCEL } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { isIn, stalled } from "../stalled.ts";
import { longLoopHypotheses } from "./hypotheses.ts";
import { longLoopRemedies } from "./remedies.ts";

/** Task context, in code that waits for nobody. */
const ownCode = stalled(
  (s, isWaiting) =>
    (s.context ?? "task") === "task" &&
    !isIn(s, SOFTIRQ_RUN) &&
    s.symbols.length > 0 &&
    !isWaiting(s) &&
    !isIn(s, TIMER_CANCEL, 2),
);

export const longLoop: Mechanism = {
  id: "long-loop",
  title: text("kernel code that does not give the CPU back", "内核代码长时间不让出 CPU"),
  description: text(
    "The CPU runs kernel code of its own for longer than the detectors allow: a loop over very many objects, a list that has become a ring, a retry that never succeeds, a busy wait for hardware, with preemption or interrupts off or on a kernel that does not preempt. It waits for no other CPU. One sample shows where it was, not that it always was there.",
    "该 CPU 长时间执行自身的内核代码，超过了检测器的时限：遍历大量对象的循环、已经成环的链表、永不成功的重试、等待硬件的忙等，期间关闭了抢占或中断，或内核本身不可抢占。它没有在等待其他 CPU。一次采样只说明当时的位置，并不说明它一直停在那里。",
  ),
  waitsFor: text("nothing: it is busy, or polls hardware", "不等待任何 CPU：在忙，或在轮询硬件"),
  signs: [
    {
      id: "stuck-in-own-code",
      what: text(
        "the CPU that gets nowhere was sampled in task context in code that waits for nobody",
        "没有进展的 CPU 采样时处于任务上下文，所在代码并非在等待其他 CPU",
      ),
      carries: "likely",
      find: ownCode,
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["rcu-grace-period"],
  phases: [],
  hypotheses: longLoopHypotheses,
  remedies: longLoopRemedies,
  missing: [secondSample, everyReport, vmcoreOfTheStall],
  confirm: [
    {
      text: text("where that CPU spends its time", "该 CPU 的时间花在哪里"),
      command: "perf record -C <cpu> -e cycles:k -g -- sleep 5; perf report",
    },
    {
      text: text("does the loop move on: sample a few times", "循环是否在推进：多采样几次"),
      command: "for i in 1 2 3; do cat /proc/<pid>/stack; sleep 1; done",
    },
  ],
  references: [
    "kernel/watchdog.c: watchdog_timer_fn()",
    "kernel/sched/core.c: __cond_resched()",
    "Documentation/admin-guide/lockup-watchdogs.rst",
  ],
};
