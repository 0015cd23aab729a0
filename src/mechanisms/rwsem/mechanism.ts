// Tasks hang on a reader-writer semaphore, per-CPU ones included. kernel/locking/rwsem.c,
// percpu-rwsem.c; KERNEL.md M-09.

import { text } from "#base/text.ts";
import type { FactView, SleepFact } from "#model/fact.ts";
import { blockedTasks, holderStack, hungTaskVmcore, lockdepKernel } from "../collecting.ts";
import { evidenceOf, notObservable, observe } from "../find.ts";
import type { HypothesisRule, Mechanism } from "../mechanism.ts";
import {
  fixHoldingWhileSleeping,
  heldLocksOfTasks,
  waitLonger,
  whyHeld,
} from "../sleeping-lock.ts";
import { hungIn, lockSpins, sleepers } from "../stalled.ts";

const RWSEM: readonly SleepFact["on"][] = ["rwsem"];

const WRITERS: ReadonlySet<string> = new Set([
  "rwsem_down_write_slowpath",
  "rwsem_down_write_failed",
  "down_write",
  "down_write_killable",
  "percpu_down_write",
  "cpus_write_lock",
]);

const waiters = (facts: FactView) => sleepers(facts, RWSEM);

export const rwsem: Mechanism = {
  id: "rwsem",
  title: text("tasks hang on a reader-writer semaphore", "任务挂起在读写信号量上"),
  description: text(
    "Tasks sleep for a reader-writer semaphore: mmap_lock, an inode's lock, a superblock's s_umount, the CPU hotplug lock. One waiting writer makes every later reader wait behind it, so many readers usually hang on one writer that hangs on one early reader.",
    "任务在等待读写信号量：mmap_lock、inode 锁、超级块的 s_umount、CPU 热插拔锁等。只要有一个写者在等待，之后的读者都会排在它后面，因此常见的情形是大量读者挂在一个写者上，而该写者又挂在一个更早的读者上。",
  ),
  waitsFor: text("the readers or the writer inside to leave", "已进入的读者或写者离开"),
  signs: [
    {
      id: "hung-on-rwsem",
      what: text(
        "a hung task sleeps in the acquisition of a reader-writer semaphore",
        "挂起任务在获取读写信号量的函数中睡眠",
      ),
      carries: "likely",
      find: (facts) => evidenceOf(waiters(facts)),
    },
    {
      id: "spins-on-owner",
      what: text(
        "a CPU that gets nowhere spins on a running owner",
        "没有进展的 CPU 在自旋等待正在运行的持有者",
      ),
      carries: "likely",
      find: (facts) => evidenceOf(lockSpins(facts, ["rwsem"])),
    },
  ],
  refusedBy: [],
  refines: [],
  phases: [
    {
      id: "asleep",
      title: text("asleep in the wait list", "在等待队列中睡眠"),
      state: (facts) => {
        const evidence = evidenceOf(waiters(facts));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
  ],
  hypotheses: [...whyHeld(RWSEM), writerBlocksReaders()],
  remedies: [waitLonger, blockedTasks, lockdepKernel, hungTaskVmcore, fixHoldingWhileSleeping],
  missing: [holderStack, heldLocksOfTasks],
  confirm: [
    {
      text: text(
        "in a vmcore: count and owner of the semaphore (the owner of a read lock is only a hint)",
        "在 vmcore 中查看信号量的 count 和 owner（读锁的 owner 仅供参考）",
      ),
      command: "crash> foreach UN bt ; struct rw_semaphore <address>",
    },
  ],
  references: [
    "kernel/locking/rwsem.c: rwsem_down_read_slowpath(), rwsem_down_write_slowpath()",
    "kernel/locking/percpu-rwsem.c: percpu_down_write()",
    "Documentation/locking/locktypes.rst",
  ],
};

function writerBlocksReaders(): HypothesisRule {
  return {
    id: "writer-blocks-readers",
    title: text(
      "a waiting writer holds back all new readers; one early reader holds back the writer",
      "等待中的写者挡住了所有新读者，而写者又被一个更早的读者挡住",
    ),
    predictions: [
      {
        what: text(
          "a hung task waits for the semaphore as writer",
          "有挂起任务以写者身份等待该信号量",
        ),
        ifYes: "likely",
        look: (facts) => observe(hungIn(WRITERS), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "the early reader is asleep in something else, or runs: find it",
        "更早的读者睡在别处或正在运行：需要找到它",
      ),
      command: "echo w > /proc/sysrq-trigger; echo l > /proc/sysrq-trigger",
    },
  };
}
