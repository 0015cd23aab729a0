// A CPU spins for a spinlock that nobody releases. kernel/locking/qspinlock.c:
// queued_spin_lock_slowpath(); KERNEL.md section 6, M-07.

import { text } from "#base/text.ts";
import type { FactView, LockSpinFact, SampleFact } from "#model/fact.ts";
import {
  backtracesOfAllCpus,
  everyReport,
  lockdepKernel,
  vmcore,
  vmcoreOfTheStall,
} from "../collecting.ts";
import { evidenceOf } from "../find.ts";
import { whyNotReleased } from "../lock-holder.ts";
import { fixTheHolder, lessContention, lockStatistics } from "../lock-remedies.ts";
import type { Mechanism } from "../mechanism.ts";
import { lockSpins, stalled } from "../stalled.ts";

const SPINLOCK: readonly LockSpinFact["lock"][] = ["spinlock"];

/** Waiting in the hypervisor for a paravirtual lock; the idle loop blocks there too and is left out. */
const PV_LOCK_WAIT: ReadonlySet<string> = new Set([
  "xen_hypercall_sched_op",
  "xen_poll_irq",
  "xen_poll_irq_timeout",
  "xen_lock_spinning",
  "xen_qlock_wait",
  "kvm_wait",
  "pv_wait_head_or_lock",
  "pv_wait_node",
]);

/** Yielding to the hypervisor right under a lock function; by itself that call means much else. */
const YIELDS: ReadonlySet<string> = new Set(["plpar_hcall_norets", "plpar_hcall_norets_notrace"]);
const LOCK_ENTRY = /^_raw_(spin|read|write)_lock/;

function waitsInHypervisor({ symbols: [innermost = "", caller = ""] }: SampleFact): boolean {
  return PV_LOCK_WAIT.has(innermost) || (YIELDS.has(innermost) && LOCK_ENTRY.test(caller));
}

const spins = (facts: FactView) => lockSpins(facts, SPINLOCK);

export const spinlock: Mechanism = {
  id: "spinlock",
  title: text("waiting for a spinlock", "等待自旋锁"),
  description: text(
    "The CPU spins for a spinlock with preemption off, often with interrupts off as well. With the _irqsave and _irq forms it does not answer IPIs while it waits and makes others wait in turn. The CPU reported is a victim: the subject is the holder.",
    "该 CPU 在关闭抢占的情况下自旋等待自旋锁，很多时候中断也处于关闭状态。使用 _irqsave 或 _irq 形式时，等待期间不响应处理器间中断，从而使其他 CPU 也跟着等待。被上报的 CPU 是受害者，要查的是锁的持有者。",
  ),
  waitsFor: text("the lock's holder to release it", "锁的持有者释放该锁"),
  signs: [
    {
      id: "spins-in-slow-path",
      what: text(
        "a CPU that gets nowhere stands in a spinlock slow path",
        "没有进展的 CPU 位于自旋锁慢速路径中",
      ),
      carries: "proven",
      find: (facts) => evidenceOf(spins(facts).filter((spin) => spin.certain)),
    },
    {
      id: "slow-path-frames",
      what: text("a spinlock slow path is the innermost frame", "最内层的帧是自旋锁慢速路径"),
      carries: "likely",
      find: (facts) => evidenceOf(spins(facts)),
    },
    {
      id: "waits-in-hypervisor",
      what: text(
        "a stuck CPU yields to the hypervisor, outside the idle loop, as a paravirtual lock wait does",
        "锁死的 CPU 不在空闲循环中，却在向虚拟机监控器让出执行，与半虚拟化锁的等待方式一致",
      ),
      carries: "likely",
      find: stalled(waitsInHypervisor),
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["rcu-grace-period", "work-item", "softirq", "timer", "long-loop"],
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
    {
      id: "acquired",
      title: text("lock acquired", "获得锁"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: whyNotReleased(SPINLOCK),
  remedies: [
    lessContention,
    backtracesOfAllCpus,
    lockdepKernel,
    lockStatistics,
    vmcore,
    fixTheHolder,
  ],
  missing: [
    {
      what: text("the holder: a backtrace of every CPU", "持有者：所有 CPU 的调用栈"),
      why: text(
        "a spinlock does not record its owner; the holder is the CPU that is not in the slow path and has the protected code on its stack",
        "自旋锁不记录持有者；持有者是不在慢速路径、且调用栈中含有受保护代码的那个 CPU",
      ),
      command: "sysctl -w kernel.sysrq=1; dmesg -n 1; echo l > /proc/sysrq-trigger",
      isMissing: () => true,
    },
    {
      what: text("the address of the lock", "锁的地址"),
      why: text(
        "equal addresses join reports of several CPUs; a symbol lookup names the lock",
        "相同的地址可以把多个 CPU 的报告联系起来；查符号即可得知锁名",
      ),
      isMissing: (facts) => !spins(facts).some((spin) => spin.address !== undefined),
    },
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text(
        "in a vmcore: the lock word (locked, pending, tail CPU) and who has the protected code on the stack",
        "在 vmcore 中查看锁字（locked、pending、队尾 CPU）以及谁的栈上有受保护的代码",
      ),
      command: "crash> bt -a ; struct qspinlock <address> ; sym <address>",
    },
  ],
  references: [
    "kernel/locking/qspinlock.c: queued_spin_lock_slowpath()",
    "Documentation/locking/spinlocks.rst",
    "Documentation/locking/locktypes.rst",
  ],
};
