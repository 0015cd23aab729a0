// Why a spinning lock is not released: the rivals, for spinlocks and rwlocks alike (KERNEL.md section 6,
// M-07, M-08). The waiter never shows it; every prediction is about another party.

import { text } from "#base/text.ts";
import type { FactView, LockSpinFact } from "#model/fact.ts";
import {
  because,
  contrast,
  evidenceOf,
  faultBefore,
  no,
  notObservable,
  observe,
  shown,
  yes,
} from "./find.ts";
import type { HypothesisRule } from "./mechanism.ts";
import { lockSpins, stalledSamples, waiting } from "./stalled.ts";

type Locks = readonly LockSpinFact["lock"][];

export function holderRunsOn(locks: Locks): HypothesisRule {
  return {
    id: "holder-runs-on",
    title: text("the holder runs on and does not release it", "持有者一直在运行而不释放锁"),
    predictions: [
      {
        what: text(
          "another CPU gets nowhere without waiting for anything",
          "另有 CPU 没有进展，但并不在等待任何东西",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const waiters = new Set(lockSpins(facts, locks).map((spin) => spin.cpu));
          if (waiters.size === 0) return notObservable;
          const others = stalledSamples(facts).filter(
            (s) => s.cpu !== undefined && !waiters.has(s.cpu),
          );
          const isWaiting = waiting(facts);
          const running = evidenceOf(others.filter((s) => !isWaiting(s)));
          const all = evidenceOf(others);
          return contrast(
            running,
            all,
            "the other stuck CPUs wait themselves",
            "其他锁死的 CPU 自身也在等待",
          );
        },
      },
    ],
    nextStep: {
      text: text(
        "look for the CPU whose frames contain the code the lock protects",
        "查找调用栈中含有受该锁保护代码的 CPU",
      ),
      command: "echo l > /proc/sysrq-trigger",
    },
    atMost: "likely",
  };
}

export function heldByWaiterItself(locks: Locks): HypothesisRule {
  return {
    id: "self-deadlock",
    title: text(
      "the waiter holds it itself: taken twice on one path, or by an interrupt on top of its holder",
      "等待者自己就持有该锁：同一路径上重复获取，或被打断的正是持有者",
    ),
    predictions: [
      {
        what: text(
          "only one CPU waits, and no other is stuck",
          "只有一个 CPU 在等待，且没有其他 CPU 锁死",
        ),
        ifNo: "unlikely",
        look: (facts) => {
          const spins = lockSpins(facts, locks);
          const evidence = evidenceOf(spins);
          if (!evidence) return notObservable;
          const cpus = new Set(facts.all("no-progress").flatMap((p) => p.cpu ?? []));
          return cpus.size <= 1 && new Set(spins.map((spin) => spin.cpu)).size <= 1
            ? yes(evidence)
            : no(because(evidence, "several CPUs are stuck", "有多个 CPU 锁死"));
        },
      },
      {
        what: text("it waits in softirq or interrupt context", "在软中断或中断上下文中等待"),
        ifYes: "likely",
        look: (facts) => {
          const reports = new Set(lockSpins(facts, locks).flatMap((spin) => spin.events));
          return observe(
            shown(
              "sample",
              (s) => reports.has(s.event) && (s.context === "softirq" || s.context === "hardirq"),
            ),
            notObservable,
            facts,
          );
        },
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "read the frames below the wait for a second taker of the same lock; lockdep says it outright",
        "检查等待点以下的帧是否已经获取过同一把锁；lockdep 会直接指出",
      ),
    },
  };
}

export const heldByTheDead: HypothesisRule = {
  id: "holder-died",
  title: text("its holder died in an oops", "持有者已死于 oops"),
  predictions: [
    {
      what: text("a fault before the stall in the same boot", "同一次启动中，停顿之前有故障"),
      ifYes: "likely",
      look: faultBefore,
    },
    {
      what: text("taint flag D", "污染标记中有 D"),
      ifNo: "ruled out",
      look: (facts) => {
        const printed = facts.all("taint");
        const died = evidenceOf(printed.filter((t) => t.flags.includes("D")));
        const all = evidenceOf(printed);
        return contrast(
          died,
          all,
          "no oops since boot: flag D is not set",
          "启动以来没有 oops：未置 D 标志",
        );
      },
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text(
      "the first fault of this boot is then the incident",
      "此时本次启动中的第一个故障才是主事件",
    ),
  },
};

export const holderPreempted: HypothesisRule = {
  id: "holder-vcpu-preempted",
  title: text(
    "the holder's vCPU is not being run by the hypervisor",
    "持有者所在的 vCPU 未被虚拟机监控器调度",
  ),
  appliesTo: (facts: FactView) => facts.all("boot-state").some((b) => b.name === "hypervisor"),
  predictions: [
    {
      what: text("hypervisor or time-jump lines nearby", "附近有虚拟机监控器或时间跳变的日志"),
      ifYes: "likely",
      look: (facts) =>
        observe(
          shown("neighbor", (n) => n.notice === "hypervisor" || n.notice === "time-jump"),
          notObservable,
          facts,
        ),
    },
  ],
  atMost: "possible",
  nextStep: {
    text: text("look at steal time per CPU", "查看每个 CPU 的 steal 时间"),
    command: "mpstat -P ALL 1",
  },
};

export function whyNotReleased(locks: Locks): readonly HypothesisRule[] {
  return [holderRunsOn(locks), heldByWaiterItself(locks), heldByTheDead, holderPreempted];
}
