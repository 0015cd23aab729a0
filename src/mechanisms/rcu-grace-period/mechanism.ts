// A grace period does not end: some CPU owes a quiescent state, or the grace-period kthread does not run.
// kernel/rcu/tree_stall.h; KERNEL.md 3.5.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import { GRACE_PERIOD_WAIT } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { hungIn, LATE_JIFFIES, sleepers } from "../stalled.ts";
import { gracePeriodHypotheses } from "./hypotheses.ts";
import { gracePeriodRemedies } from "./remedies.ts";

export const rcuGracePeriod: Mechanism = {
  id: "rcu-grace-period",
  title: text("RCU grace period does not end", "RCU 宽限期无法结束"),
  description: text(
    "RCU waits until every CPU has passed a quiescent state: a context switch, user mode, idle. A CPU that stays in the kernel without one, or whose interrupts are off, holds the grace period; so does a grace-period kthread that gets no CPU or no timer. Callbacks pile up meanwhile, and everybody in synchronize_rcu() sleeps. The report is mostly a witness: what keeps that CPU is the cause.",
    "RCU 要等所有 CPU 都经过静止状态：上下文切换、用户态或空闲。某个 CPU 长时间停留在内核中而没有经过静止状态，或处于关中断状态，都会拖住宽限期；宽限期内核线程得不到 CPU 或定时器也会如此。期间回调不断堆积，所有调用 synchronize_rcu() 的任务都在睡眠。该报告多半只是旁证，真正的原因是拖住该 CPU 的东西。",
  ),
  waitsFor: text(
    "a quiescent state of every CPU, or the grace-period kthread",
    "每个 CPU 的静止状态，或宽限期内核线程得到运行",
  ),
  signs: [
    {
      id: "stall-names-cpu",
      what: text(
        "the stall report names a CPU that is not idle",
        "停顿报告指明了某个并非空闲的 CPU",
      ),
      carries: "proven",
      find: shown(
        "rcu-stalled",
        (line) => !line.idle && (line.jiffies ?? LATE_JIFFIES) >= LATE_JIFFIES,
      ),
    },
    {
      id: "kthread-does-not-run",
      what: text(
        "no CPU owes a quiescent state: the grace-period kthread itself does not run",
        "没有 CPU 欠静止状态：是宽限期内核线程自身没有运行",
      ),
      carries: "likely",
      find: shown("rcu-kthread"),
    },
    {
      id: "stall-report",
      what: text("the kernel reports an RCU stall", "内核上报了 RCU 停顿"),
      carries: "likely",
      find: shown("no-progress", (p) => p.detector === "rcu-stall"),
    },
    {
      id: "tasks-wait-for-grace-period",
      what: text("tasks hang in a wait for a grace period", "有任务挂起在等待宽限期的函数中"),
      carries: "likely",
      find: (facts) => evidenceOf(sleepers(facts, ["rcu-gp"])) ?? hungIn(GRACE_PERIOD_WAIT)(facts),
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["mutex", "rwsem"],
  phases: [
    {
      id: "started",
      title: text("grace period started", "宽限期开始"),
      state: (facts) => {
        const evidence = shown("no-progress", (p) => p.detector === "rcu-stall")(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "quiescent-states",
      title: text("collecting quiescent states", "收集各 CPU 的静止状态"),
      state: (facts) => {
        const evidence = shown("rcu-stalled")(facts);
        if (evidence) return { state: "here", evidence };
        const kthread = shown("rcu-kthread")(facts);
        return kthread ? { state: "done", evidence: kthread } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "callbacks",
      title: text("callbacks run", "执行回调"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: gracePeriodHypotheses,
  remedies: gracePeriodRemedies,
  missing: [
    {
      what: text("a backtrace of the CPU named in the stall line", "停顿行所指 CPU 的调用栈"),
      why: text(
        "the line says which CPU is late, only its stack says why",
        "停顿行只说明哪个 CPU 迟到，只有它的调用栈能说明原因",
      ),
      command: "echo l > /proc/sysrq-trigger",
      isMissing: (facts) => {
        const sampled = new Set(facts.all("sample").map((sample) => sample.cpu));
        return facts.all("rcu-stalled").some((line) => !sampled.has(line.cpu));
      },
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("the stall limits of this kernel", "该内核的停顿时限"),
      command:
        "grep . /sys/module/rcupdate/parameters/rcu_*stall*; zgrep RCU_.*STALL /proc/config.gz",
    },
    {
      text: text(
        "in a vmcore: grace-period state and the callbacks that wait",
        "在 vmcore 中查看宽限期状态和等待中的回调",
      ),
      command: "crash> p rcu_state.gp_state ; p rcu_data:a | grep -E 'cblist|ticks_this_gp'",
    },
  ],
  references: [
    "kernel/rcu/tree_stall.h: print_cpu_stall_info(), rcu_check_gp_kthread_starvation()",
    "Documentation/RCU/stallwarn.rst",
  ],
};
