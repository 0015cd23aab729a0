// Edges that end at a timer or a worker pool: who waits is a kernel thread or the work queued for it.

import { text } from "#base/text.ts";
import type { FactView, PoolStuckFact } from "#model/fact.ts";
import type { Wait } from "./diagnosis.ts";

/** Waiting until a running timer callback has ended (kernel/time/hrtimer.c, timer.c). */
const TIMER_CANCEL: ReadonlySet<string> = new Set([
  "hrtimer_cancel",
  "hrtimer_cancel_wait_running",
  "del_timer_sync",
  "timer_delete_sync",
  "__timer_delete_sync",
]);

/** The RCU kthread's overdue timer, and CPUs that wait for a callback of another one. */
export function timerWaits(facts: FactView): readonly Wait[] {
  const overdue = facts
    .all("rcu-kthread")
    .filter((kthread) => kthread.how === "timer" && kthread.cpu !== undefined)
    .map(
      (kthread): Wait => ({
        waiter: { task: { comm: "RCU grace-period kthread" } },
        waitsFor: { cpu: kthread.cpu ?? 0 },
        for: "timer",
        verdict: "likely",
        text: text(
          `the RCU grace-period kthread waits for a timer of CPU ${kthread.cpu} that is overdue`,
          `RCU 宽限期内核线程在等待 CPU ${kthread.cpu} 上已过期而未触发的定时器`,
        ),
        evidence: kthread.evidence,
      }),
    );
  return [...overdue, ...callbackWaits(facts)];
}

function callbackWaits(facts: FactView): readonly Wait[] {
  const stuck = new Set(facts.all("no-progress").flatMap((p) => p.events));
  return facts
    .all("sample")
    .filter((s) => stuck.has(s.event) && !s.asleep && TIMER_CANCEL.has(s.symbols[0] ?? ""))
    .flatMap((s): readonly Wait[] =>
      s.cpu === undefined
        ? []
        : [
            {
              waiter: { cpu: s.cpu, ...(s.task ? { task: s.task } : {}) },
              waitsFor: "unknown",
              for: "timer",
              verdict: "likely",
              text: text(
                `CPU ${s.cpu} waits for a running timer callback to end; the CPU that runs it is not printed`,
                `CPU ${s.cpu} 在等待正在执行的定时器回调结束；日志未打印执行该回调的 CPU`,
              ),
              evidence: s.evidence,
            },
          ],
    );
}

/** Queued items wait for the pool; which worker holds it is known only where one is in flight. */
export function poolWaits(facts: FactView): readonly Wait[] {
  return facts.all("pool-stuck").map((pool) => ({
    waiter: { task: { comm: `work queued on CPUs ${pool.cpus ?? "?"}` } },
    waitsFor: "unknown",
    for: "work",
    verdict: "likely",
    text: poolText(pool),
    evidence: pool.evidence,
  }));
}

function poolText(pool: PoolStuckFact) {
  const [cpus, running] = [pool.cpus ?? "?", pool.inFlight.slice(0, 3).join(", ")];
  return running === ""
    ? text(
        `work queued on the pool of CPUs ${cpus} waits; no worker is running an item`,
        `CPU ${cpus} 的工作线程池中有工作项在等待，且没有工作线程在执行`,
      )
    : text(
        `work queued on the pool of CPUs ${cpus} waits behind ${running}`,
        `CPU ${cpus} 的工作线程池中有工作项排在 ${running} 之后等待`,
      );
}
