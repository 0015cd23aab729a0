// What the kernel itself measured or listed besides where a CPU stood: rcu-kthread, pool-stuck, cpu-time.

import { text } from "#base/text.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import { plainSymbol } from "../symbols.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { evidence, headline, quoted } from "./proof.ts";

/** Below this an idle kthread is what one expects: the stall limit has not even passed. */
const LEAST_SHARE = 0.8;

/** The grace-period kthread does not run, by the kernel's own word; an overdue timer says most. */
export const rcuKthread: EventFactRule = {
  id: "rcu-kthread",
  needs: [],
  compute: ({ id, rcu }) => {
    const timer = rcu?.kthreadTimer;
    if (timer) {
      const how = text(
        "the kthread's wake-up timer is overdue; the kernel suspects the timers of that CPU",
        "该内核线程的唤醒定时器已过期未触发；内核怀疑该 CPU 的定时器有问题",
      );
      const at = quoted(timer.at, how);
      return [
        { kind: "rcu-kthread", how: "timer", events: [id], evidence: [at], ...counts(timer) },
      ];
    }
    const starved = rcu?.kthreadStarved ?? silentKthread(rcu);
    if (!starved) return [];
    const how = text(
      "the grace-period kthread has not run for that long",
      "宽限期内核线程已经很久没有运行",
    );
    const at = quoted(starved.at, how);
    return [
      { kind: "rcu-kthread", how: "starved", events: [id], evidence: [at], ...counts(starved) },
    ];
  },
};

function silentKthread(rcu: KernelEvent["rcu"]) {
  const silent = rcu?.kthreadSilent;
  if (!silent || silent.jiffies < LEAST_SHARE * (rcu?.jiffies ?? 0)) return undefined;
  return silent;
}

function counts(seen: { readonly jiffies: number; readonly cpu?: number }) {
  return { jiffies: seen.jiffies, ...(seen.cpu === undefined ? {} : { cpu: seen.cpu }) };
}

/** Pending items are victims; an item in flight holds the pool. */
export const poolStuck: EventFactRule = {
  id: "pool-stuck",
  needs: [],
  compute: (event) => {
    const stall = event.workqueueStall;
    if (event.kind !== "workqueue-lockup" || !stall) return [];
    const running = stall.inFlight.map((item) =>
      quoted(item.at, text("an item in flight: a worker runs it", "正在执行的工作项（in-flight）")),
    );
    return [
      {
        kind: "pool-stuck",
        inFlight: stall.inFlight.map((item) => plainSymbol(item.function)),
        pending: stall.pending.map((item) => plainSymbol(item.function)),
        events: [event.id],
        evidence: evidence(headline(event), ...running.slice(0, 4)),
        ...(stall.cpus === undefined ? {} : { cpus: stall.cpus }),
        ...(stall.stuckSeconds === undefined ? {} : { seconds: stall.stuckSeconds }),
      },
    ];
  },
};

export const cpuTime: EventFactRule = {
  id: "cpu-time",
  needs: [],
  compute: (event) => {
    const samples = event.utilization?.samples ?? [];
    if (!event.utilization || event.cpu === undefined || samples.length === 0) return [];
    const mean = (of: (sample: (typeof samples)[number]) => number) =>
      samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
    return [
      {
        kind: "cpu-time",
        cpu: event.cpu,
        system: mean((s) => s.system),
        softirq: mean((s) => s.softirq),
        hardirq: mean((s) => s.hardirq),
        idle: mean((s) => s.idle),
        frequentIrqs: event.utilization.frequentIrqs,
        events: [event.id],
        evidence: [
          quoted(
            event.utilization.at,
            text(
              `the kernel's own measurement over ${samples.length} samples: ${percent(mean((s) => s.system))} system, ${percent(mean((s) => s.softirq))} softirq, ${percent(mean((s) => s.hardirq))} hard interrupts`,
              `内核自身的测量（${samples.length} 个样本）：system ${percent(mean((s) => s.system))}，软中断 ${percent(mean((s) => s.softirq))}，硬中断 ${percent(mean((s) => s.hardirq))}`,
            ),
          ),
        ],
      },
    ];
  },
};

function percent(value: number): string {
  return `${Math.round(value)} %`;
}
