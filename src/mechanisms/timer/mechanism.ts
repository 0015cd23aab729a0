// A timer does not fire, its callback does not end, or somebody waits for a callback. kernel/time/
// timer.c, hrtimer.c; KERNEL.md 3.5 (timer wakeup) and M-14.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import { TIMER_CANCEL, TIMER_RUN } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { isIn, stalled } from "../stalled.ts";
import { timerHypotheses } from "./hypotheses.ts";
import { timerRemedies } from "./remedies.ts";

/** Share of the grace period's ticks above which a CPU's timer interrupt is alive. */
const TICKS_SERVED = 0.8;

/** A callback runs: the timer code is on the stack above it, and it waits for nobody. */
const inCallback = stalled(
  (s, isWaiting) =>
    (s.context === "softirq" || s.context === "hardirq") &&
    isIn(s, TIMER_RUN) &&
    !TIMER_RUN.has(s.symbols[0] ?? "") &&
    !isWaiting(s),
);

const inCancel = stalled((s) => isIn(s, TIMER_CANCEL, 2));

const overdue = (facts: FactView) =>
  evidenceOf(facts.all("rcu-kthread").filter((k) => k.how === "timer"));

export const timer: Mechanism = {
  id: "timer",
  title: text("timers: overdue, endless or waited for", "定时器：未触发、回调不结束或被等待"),
  description: text(
    "Three faults look alike. A CPU whose timers no longer fire leaves sleepers unwoken, first of all the RCU kthread. A callback that does not end keeps its CPU in softirq or interrupt context. Canceling a timer whose callback is running spins until the callback has ended; with a lock that the callback needs, that is a deadlock.",
    "三种故障表现相似。某个 CPU 的定时器不再触发，睡眠者得不到唤醒，首当其冲的是 RCU 内核线程。回调不结束，其 CPU 会一直停留在软中断或中断上下文。取消一个正在执行回调的定时器会自旋等到回调结束；若此时持有回调需要的锁，就形成死锁。",
  ),
  waitsFor: text(
    "a timer interrupt, or a running callback to end",
    "时钟中断，或正在执行的回调结束",
  ),
  signs: [
    {
      id: "timer-overdue",
      what: text(
        "the kernel reports that a timer wake-up did not happen",
        "内核报告定时器唤醒没有发生",
      ),
      carries: "likely",
      find: overdue,
    },
    {
      id: "waits-for-callback",
      what: text(
        "a stuck CPU waits for a timer callback to end",
        "锁死的 CPU 在等待定时器回调结束",
      ),
      carries: "likely",
      find: inCancel,
    },
    {
      id: "in-callback",
      what: text(
        "a stuck CPU was sampled inside a timer callback",
        "锁死的 CPU 采样时位于定时器回调中",
      ),
      carries: "likely",
      find: inCallback,
    },
  ],
  refusedBy: [
    {
      id: "ticks-served-there",
      what: text(
        "the CPU whose timer is blamed served nearly all its ticks meanwhile",
        "被指定时器有问题的 CPU 在此期间处理了几乎所有时钟中断",
      ),
      find: (facts) => {
        const blamed = new Set(facts.all("rcu-kthread").flatMap((k) => k.cpu ?? []));
        return shown(
          "rcu-stalled",
          (l) =>
            blamed.has(l.cpu) &&
            l.jiffies !== undefined &&
            (l.line.ticks ?? 0) >= TICKS_SERVED * l.jiffies,
        )(facts);
      },
    },
  ],
  refines: [],
  outranks: ["softirq", "rcu-grace-period", "work-item", "long-loop"],
  phases: [
    {
      id: "armed",
      title: text("timer armed", "定时器已设定"),
      state: (facts) => {
        const evidence = overdue(facts) ?? inCallback(facts) ?? inCancel(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "fires",
      title: text("interrupt comes", "中断到来"),
      state: (facts) => {
        const late = overdue(facts);
        if (late) return { state: "here", evidence: late };
        const ran = inCallback(facts) ?? inCancel(facts);
        return ran ? { state: "done", evidence: ran } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "callback",
      title: text("callback runs to its end", "回调执行完毕"),
      state: (facts) => {
        const running = inCallback(facts) ?? inCancel(facts);
        return running ? { state: "here", evidence: running } : { state: "pending", evidence: [] };
      },
    },
  ],
  hypotheses: timerHypotheses,
  remedies: timerRemedies,
  missing: [
    {
      what: text(
        "pending timers and the clock event device of that CPU",
        "该 CPU 上待触发的定时器及其时钟事件设备",
      ),
      why: text(
        "an expiry time in the past with a device that is stopped separates a dead timer from a starved task",
        "到期时间已过而设备停止，即可区分定时器失效与任务得不到运行",
      ),
      command: "cat /proc/timer_list",
      isMissing: () => true,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text(
        "does the timer interrupt of that CPU still count",
        "该 CPU 的时钟中断计数是否仍在增长",
      ),
      command: "while sleep 1; do grep -E 'LOC|arch_timer|timer' /proc/interrupts; done",
    },
    {
      text: text("which callbacks run, how often and how long", "统计执行的回调及其频率和耗时"),
      command:
        "perf record -a -e timer:timer_expire_entry -e timer:timer_expire_exit -e timer:hrtimer_expire_entry -- sleep 5",
    },
  ],
  references: [
    "kernel/time/timer.c: __run_timers(), timer_delete_sync()",
    "kernel/time/hrtimer.c: hrtimer_cancel()",
    "kernel/rcu/tree_stall.h: rcu_check_gp_kthread_expired_fqs_timer()",
    "Documentation/timers/hrtimers.rst",
  ],
};
