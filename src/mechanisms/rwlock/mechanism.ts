// A CPU spins for a rwlock. kernel/locking/qrwlock.c; KERNEL.md section 6, M-07 and M-08.

import { text } from "#base/text.ts";
import type { FactView, LockSpinFact } from "#model/fact.ts";
import {
  backtracesOfAllCpus,
  everyReport,
  lockdepKernel,
  vmcore,
  vmcoreOfTheStall,
} from "../collecting.ts";
import { evidenceOf, notObservable, observe } from "../find.ts";
import { whyNotReleased } from "../lock-holder.ts";
import { fixTheHolder, lockStatistics } from "../lock-remedies.ts";
import type { HypothesisRule, Mechanism, RemedyRule } from "../mechanism.ts";
import { lockSpins, stalled } from "../stalled.ts";

const RWLOCK: readonly LockSpinFact["lock"][] = ["rwlock-read", "rwlock-write"];

/** Paths that take tasklist_lock for writing with interrupts off. */
const TASKLIST: ReadonlySet<string> = new Set([
  "exit_notify",
  "release_task",
  "copy_process",
  "do_exit",
  "forget_original_parent",
]);

const spins = (facts: FactView) => lockSpins(facts, RWLOCK);

const onTasklist = (facts: FactView) =>
  stalled((s) => s.symbols.slice(0, 6).some((name) => TASKLIST.has(name)))(facts);

export const rwlock: Mechanism = {
  id: "rwlock",
  title: text("waiting for a reader-writer spinlock", "等待读写自旋锁"),
  description: text(
    "A reader waits for the writer to leave, or a writer for all readers. Queued rwlocks are fair: once a writer waits, new readers queue behind it, except in interrupts. Writers of tasklist_lock wait with interrupts off and hold up IPIs meanwhile.",
    "读者等待写者退出，或写者等待所有读者退出。排队读写锁是公平的：一旦有写者等待，新读者就排在它后面，中断上下文除外。tasklist_lock 的写者在关中断状态下等待，期间会拖住处理器间中断。",
  ),
  waitsFor: text("the writer, or every reader, to leave the section", "写者或所有读者离开临界区"),
  signs: [
    {
      id: "spins-in-slow-path",
      what: text(
        "a CPU that gets nowhere stands in a rwlock slow path",
        "没有进展的 CPU 位于读写锁慢速路径中",
      ),
      carries: "proven",
      find: (facts) => evidenceOf(spins(facts).filter((spin) => spin.certain)),
    },
    {
      id: "slow-path-frames",
      what: text("a rwlock slow path is the innermost frame", "最内层的帧是读写锁慢速路径"),
      carries: "likely",
      find: (facts) => evidenceOf(spins(facts)),
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["spinlock", "rcu-grace-period", "work-item", "softirq", "timer", "long-loop"],
  sampleIsVictim: true,
  phases: [
    {
      id: "queued",
      title: text("in the lock's queue", "在锁的等待队列中"),
      state: (facts) => {
        const evidence = evidenceOf(spins(facts));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
  ],
  hypotheses: [...whyNotReleased(RWLOCK), massExit()],
  remedies: [
    smallerKills(),
    backtracesOfAllCpus,
    lockdepKernel,
    lockStatistics,
    vmcore,
    fixTheHolder,
  ],
  missing: [
    {
      what: text("the writer or the readers inside", "临界区内的写者或读者"),
      why: text(
        "a rwlock counts readers and does not name them: only the stacks of all CPUs show who is inside",
        "读写锁只统计读者数量而不记录是谁：只有所有 CPU 的调用栈才能说明谁在临界区内",
      ),
      command: "sysctl -w kernel.sysrq=1; dmesg -n 1; echo l > /proc/sysrq-trigger",
      isMissing: () => true,
    },
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text(
        "in a vmcore: the lock's counter (0xff in the low byte: a writer inside; multiples of 0x200: readers)",
        "在 vmcore 中查看锁计数（低字节为 0xff 表示写者在内，0x200 的倍数表示读者数）",
      ),
      command: "crash> bt -a ; struct qrwlock <address>",
    },
  ],
  references: [
    "kernel/locking/qrwlock.c: queued_read_lock_slowpath(), queued_write_lock_slowpath()",
    "kernel/exit.c: exit_notify()",
    "Documentation/locking/spinlocks.rst",
  ],
};

function massExit(): HypothesisRule {
  return {
    id: "tasklist-convoy",
    title: text(
      "a convoy on tasklist_lock: many processes exit or fork at once",
      "tasklist_lock 排队：大量进程同时退出或创建",
    ),
    appliesTo: (facts) => onTasklist(facts) !== undefined,
    predictions: [
      {
        what: text("waiters in exit or fork paths", "等待者位于进程退出或创建路径"),
        ifYes: "likely",
        look: (facts) => observe(onTasklist, notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "count processes that end per second and readers of /proc",
        "统计每秒退出的进程数以及 /proc 的读取者",
      ),
      command: "perf trace -a -s -e exit_group,kill -- sleep 5",
    },
  };
}

function smallerKills(): RemedyRule {
  return {
    id: "smaller-kills",
    when: "now",
    title: text("end processes in smaller groups", "分批结束进程"),
    steps: [
      {
        text: text(
          "kill in batches with a pause, and run fewer scanners of /proc (monitoring agents, ps loops)",
          "分批 kill 并留出间隔，减少扫描 /proc 的程序（监控代理、循环执行的 ps）",
        ),
      },
    ],
    appliesIf: text("the waiters are in exit or fork paths", "等待者位于进程退出或创建路径"),
    risk: text("slower shutdown of the load", "结束负载的时间变长"),
    references: ["kernel/exit.c: exit_notify()"],
    appliesTo: (facts) => onTasklist(facts) !== undefined,
  };
}
