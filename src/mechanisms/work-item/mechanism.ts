// A work item does not end, or a pool has work and no worker that runs. kernel/workqueue.c;
// KERNEL.md 3.7 and 1.3.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import { workHypotheses } from "./hypotheses.ts";
import { workRemedies } from "./remedies.ts";
import { pools, runningItem } from "./signs.ts";

export const workItem: Mechanism = {
  id: "work-item",
  title: text("a work item does not end", "工作项执行不结束"),
  description: text(
    "A worker thread runs one item without passing a scheduling point. On a per-CPU pool everything queued behind it waits: the pool starts another worker only when the running one sleeps. The items listed as pending are victims; the item in flight is the suspect. A pool with pending items and no item in flight has a worker that does not get the CPU.",
    "某个工作线程执行一个工作项而一直没有经过调度点。在per-CPU 工作线程池中，排在后面的工作项都要等待：只有正在运行的线程睡眠时，池才会启用另一个线程。列为 pending 的是受害者，in-flight 的才是嫌疑对象。若池中只有 pending 而没有 in-flight，则说明工作线程得不到 CPU。",
  ),
  waitsFor: text("the running item to end or to sleep", "正在执行的工作项结束或睡眠"),
  signs: [
    {
      id: "pool-stuck",
      what: text(
        "the workqueue watchdog reports a pool without progress",
        "工作队列看门狗上报某个池没有进展",
      ),
      carries: "likely",
      find: shown("pool-stuck"),
    },
    {
      id: "worker-on-stuck-cpu",
      what: text(
        "the CPU that gets nowhere was running a work item, and not waiting for another CPU",
        "没有进展的 CPU 正在执行工作项，且不是在等待其他 CPU",
      ),
      carries: "likely",
      find: runningItem,
    },
  ],
  refusedBy: [],
  refines: ["long-loop"],
  outranks: ["rcu-grace-period"],
  phases: [
    {
      id: "queued",
      title: text("item queued", "工作项入队"),
      state: (facts) => {
        const evidence = runningItem(facts) ?? evidenceOf(pools(facts));
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "running",
      title: text("item runs", "工作项执行"),
      state: (facts) => {
        const evidence =
          runningItem(facts) ?? evidenceOf(pools(facts).filter((p) => p.inFlight.length > 0));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "behind",
      title: text("items behind it run", "后续工作项执行"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: workHypotheses,
  remedies: workRemedies,
  missing: [
    {
      what: text("the item in flight and its stack", "in-flight 的工作项及其调用栈"),
      why: text(
        "pending items are victims; only the running one holds the pool",
        "pending 的是受害者，只有正在运行的那个占住了池",
      ),
      command: "echo t > /proc/sysrq-trigger   # prints workqueue state since 4.1",
      isMissing: (facts) =>
        pools(facts).some((p) => p.inFlight.length === 0) && runningItem(facts) === undefined,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("how long items run, by function", "按函数统计工作项的执行时间"),
      command:
        "bpftrace -e 'tracepoint:workqueue:workqueue_execute_start { @s[tid]=nsecs; @f[tid]=args->function; } tracepoint:workqueue:workqueue_execute_end /@s[tid]/ { @us[ksym(@f[tid])]=max((nsecs-@s[tid])/1000); delete(@s[tid]); }'",
    },
    {
      text: text(
        "newer kernels name items that hog a CPU",
        "较新的内核会直接指出占用 CPU 的工作项",
      ),
      command: "dmesg | grep 'hogged CPU'",
    },
  ],
  references: [
    "kernel/workqueue.c: process_one_work(), wq_watchdog_timer_fn()",
    "Documentation/core-api/workqueue.rst",
  ],
};
