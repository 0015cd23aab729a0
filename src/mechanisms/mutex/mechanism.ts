// Tasks hang on a mutex. kernel/locking/mutex.c, kernel/hung_task.c; KERNEL.md 3.6 and M-10.

import { text } from "#base/text.ts";
import type { FactView, SleepFact } from "#model/fact.ts";
import { blockedTasks, holderStack, hungTaskVmcore, lockdepKernel } from "../collecting.ts";
import { evidenceOf } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import {
  fixHoldingWhileSleeping,
  heldLocksOfTasks,
  waitLonger,
  whyHeld,
} from "../sleeping-lock.ts";
import { lockSpins, sleepers } from "../stalled.ts";

const MUTEX: readonly SleepFact["on"][] = ["mutex"];

const waiters = (facts: FactView) => sleepers(facts, MUTEX);

export const mutex: Mechanism = {
  id: "mutex",
  title: text("tasks hang on a mutex", "任务挂起在互斥锁上"),
  description: text(
    "A task has been asleep in D state for longer than the hung-task limit because another task holds a mutex. The CPU is fine; the subject is the task that holds the mutex and what it waits for in turn. A chain ends at a task that waits for something else, or closes into a cycle.",
    "任务因另一个任务持有互斥锁而在 D 状态睡眠，超过了挂起任务的时限。CPU 本身没有问题；要查的是持有互斥锁的任务，以及它又在等待什么。等待链的末端要么是在等待别的东西的任务，要么闭合成环。",
  ),
  waitsFor: text("the task that holds the mutex to release it", "持有互斥锁的任务将其释放"),
  signs: [
    {
      id: "hung-on-mutex",
      what: text("a hung task sleeps in a mutex acquisition", "挂起任务在获取互斥锁的函数中睡眠"),
      carries: "likely",
      find: (facts) => evidenceOf(waiters(facts)),
    },
    {
      id: "spins-on-owner",
      what: text(
        "a CPU that gets nowhere spins on a running mutex owner",
        "没有进展的 CPU 在自旋等待正在运行的互斥锁持有者",
      ),
      carries: "likely",
      find: (facts) => evidenceOf(lockSpins(facts, ["mutex"])),
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
    {
      id: "owner-known",
      title: text("owner known", "已知持有者"),
      state: (facts) => {
        const evidence = evidenceOf(waiters(facts).filter((s) => s.owner !== undefined));
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
  ],
  hypotheses: whyHeld(MUTEX),
  remedies: [waitLonger, blockedTasks, lockdepKernel, hungTaskVmcore, fixHoldingWhileSleeping],
  missing: [holderStack, heldLocksOfTasks],
  confirm: [
    {
      text: text(
        "in a vmcore: owner of the mutex and its stack",
        "在 vmcore 中查看互斥锁的持有者及其调用栈",
      ),
      command: "crash> foreach UN bt ; struct mutex <address> ; bt <owner pid>",
    },
  ],
  references: [
    "kernel/locking/mutex.c: __mutex_lock_common()",
    "kernel/hung_task.c: check_hung_task()",
    "Documentation/locking/mutex-design.rst",
  ],
};
