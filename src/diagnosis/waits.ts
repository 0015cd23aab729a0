// The waits-for graph's edges. A running task and the CPU it was sampled on are one party; a sleeping
// task is a party of its own.

import { type Text, text } from "#base/text.ts";
import type {
  CsdWaitFact,
  FactView,
  LockSpinFact,
  RcuStalledFact,
  SampleFact,
  StopMachineFact,
} from "#model/fact.ts";
import type { Evidence, Verdict } from "#model/verdict.ts";
import type { Party, Wait, WaitKind } from "./diagnosis.ts";
import { poolWaits, timerWaits } from "./kthread-waits.ts";
import { idleAnswers } from "./sampled-place.ts";
import { BUSY_WAIT } from "./symbols.ts";

/** Edges of one incident, strongest evidence first, each pair of parties once. */
export function findWaits(facts: FactView): readonly Wait[] {
  const found = [
    ...ipiWaits(facts),
    ...lockWaits(facts),
    ...rcuWaits(facts),
    ...sleepWaits(facts),
    ...stopWaits(facts),
    ...timerWaits(facts),
    ...poolWaits(facts),
    ...busyWaits(facts),
  ];
  return withoutRepeats(found);
}

const STRENGTH: readonly Verdict[] = ["proven", "likely", "possible", "unlikely", "ruled out"];

function withoutRepeats(waits: readonly Wait[]): readonly Wait[] {
  const best = new Map<string, Wait>();
  for (const wait of waits) {
    const known = best.get(pairKey(wait));
    if (!known || STRENGTH.indexOf(wait.verdict) < STRENGTH.indexOf(known.verdict))
      best.set(pairKey(wait), wait);
  }
  // "unknown" says nothing more where the same waiter's target is known.
  const named = new Set([...best.values()].filter((w) => w.waitsFor !== "unknown").map(waiterKey));
  return [...best.values()].filter((w) => w.waitsFor !== "unknown" || !named.has(waiterKey(w)));
}

function waiterKey(wait: Wait): string {
  return `${partyKey(wait.waiter)}|${wait.for}`;
}

function pairKey(wait: Wait): string {
  return `${waiterKey(wait)}|${wait.waitsFor === "unknown" ? "?" : partyKey(wait.waitsFor)}`;
}

/** A CPU where known, else the task, else the lock. */
export function partyKey(party: Party): string {
  if (party.cpu !== undefined) return `cpu:${party.cpu}`;
  if (party.task) return `task:${party.task.comm}/${party.task.pid ?? ""}`;
  return `lock:${party.lock?.toString(16) ?? "?"}`;
}

/** What is said of one CPU by several reports comes together; certain ones win over frames. */
function ipiWaits(facts: FactView): readonly Wait[] {
  const all = facts.all("csd-wait");
  const certain = all.filter((wait) => wait.certain);
  const settled = new Set(certain.map((wait) => wait.cpu));
  const guessed = all.filter((wait) => !wait.certain && !settled.has(wait.cpu));
  return [...certain, ...guessed].map(toIpiWait);
}

function toIpiWait(wait: CsdWaitFact): Wait {
  const who = cpuText(wait.cpu);
  const [target, targetZh] =
    wait.awaited === undefined
      ? ["a CPU the log does not name", "日志未指明的某个 CPU"]
      : cpuText(wait.awaited);
  const purpose = wait.purpose ? ` (${wait.purpose})` : "";
  return {
    waiter: { cpu: wait.cpu, ...(wait.task ? { task: wait.task } : {}) },
    waitsFor: wait.awaited === undefined ? "unknown" : { cpu: wait.awaited },
    for: "ipi-ack",
    verdict: wait.certain ? "proven" : "likely",
    text: text(
      `${who[0]} waits for ${target} to acknowledge an IPI${purpose}`,
      `${who[1]} 在等待${wait.awaited === undefined ? "" : " "}${targetZh}${wait.awaited === undefined ? "" : " "}应答处理器间中断${wait.purpose ? `（${wait.purpose}）` : ""}`,
    ),
    evidence: wait.evidence,
  };
}

function cpuText(cpu: number): readonly [string, string] {
  return [`CPU ${cpu}`, `CPU ${cpu}`];
}

/**
 * Who holds a spinning lock is not printed. A stuck CPU that is not itself waiting for a lock or an IPI is
 * the only candidate when it is alone; several candidates stay possible.
 */
function lockWaits(facts: FactView): readonly Wait[] {
  const spins = facts.all("lock-spin");
  const best = new Map<number, LockSpinFact>();
  for (const spin of spins) {
    const known = best.get(spin.cpu);
    if (!known || (spin.address !== undefined && known.address === undefined))
      best.set(spin.cpu, spin);
  }
  const holders = holderCandidates(facts, new Set(best.keys()));
  const stuck = stuckCpus(facts);
  return [...best.values()].flatMap((spin) => toLockWaits(spin, holders, stuck.has(spin.cpu)));
}

function holderCandidates(facts: FactView, spinning: ReadonlySet<number>): readonly SampleFact[] {
  const waiting = new Set(facts.all("csd-wait").map((wait) => wait.cpu));
  const stuck = stuckCpus(facts);
  for (const off of facts.all("interrupts-off")) stuck.add(off.cpu);
  const seen = new Set<number>();
  return facts.all("sample").filter((s) => {
    if (s.cpu === undefined || s.idle || s.asleep || seen.has(s.cpu)) return false;
    if (!stuck.has(s.cpu) || spinning.has(s.cpu) || waiting.has(s.cpu)) return false;
    seen.add(s.cpu);
    return true;
  });
}

/** CPUs that a detector complains about. */
function stuckCpus(facts: FactView): Set<number> {
  const reported = facts.all("no-progress").filter((p) => p.detector !== "hung-task");
  return new Set([
    ...reported.flatMap((p) => p.cpu ?? []),
    ...facts.all("rcu-stalled").map((line) => line.cpu),
  ]);
}

/** Named as possible holders of one lock; that many CPUs running at once single out nobody anyway. */
const MOST_HOLDERS = 16;

/** A CPU nobody complains about may have stood in the lock's slow path for a moment only. */
function toLockWaits(
  spin: LockSpinFact,
  holders: readonly SampleFact[],
  stuck: boolean,
): readonly Wait[] {
  const kind: WaitKind = spin.lock.startsWith("rwlock")
    ? "rwlock"
    : spin.lock === "unknown"
      ? "unknown"
      : (spin.lock as WaitKind);
  const lock = spin.address === undefined ? "" : ` 0x${spin.address.toString(16)}`;
  const waiter: Party = { cpu: spin.cpu, ...(spin.task ? { task: spin.task } : {}) };
  if (holders.length === 0) {
    return [
      {
        waiter,
        waitsFor: spin.address === undefined ? "unknown" : { lock: spin.address },
        for: kind,
        verdict: spin.certain && stuck ? "proven" : "likely",
        text: text(
          `CPU ${spin.cpu} spins for a ${spin.lock}${lock}; its holder left no trace here`,
          `CPU ${spin.cpu} 在自旋等待 ${spin.lock}${lock}；持有者在日志中没有记录`,
        ),
        evidence: spin.evidence,
      },
    ];
  }
  const verdict: Verdict = holders.length === 1 ? "likely" : "possible";
  const more = holders.length - MOST_HOLDERS;
  const [rest, restZh] =
    more > 0 ? [`, as may ${more} more CPUs`, `，另有 ${more} 个 CPU 同样可能`] : ["", ""];
  return holders.slice(0, MOST_HOLDERS).map((holder) => ({
    waiter,
    waitsFor: { cpu: holder.cpu ?? 0, ...(holder.task ? { task: holder.task } : {}) },
    for: kind,
    verdict,
    text: text(
      `CPU ${spin.cpu} spins for a ${spin.lock}${lock}; CPU ${holder.cpu}, stuck at the same time and not waiting itself, ${holders.length === 1 ? "likely" : "possibly"} holds it${rest}`,
      `CPU ${spin.cpu} 在自旋等待 ${spin.lock}${lock}；同时卡住且自身没有在等待的 CPU ${holder.cpu} ${holders.length === 1 ? "很可能" : "可能"}持有它${restZh}`,
    ),
    evidence: [...spin.evidence, ...holderEvidence(holder)],
  }));
}

function holderEvidence(holder: SampleFact): readonly Evidence[] {
  return holder.evidence.map((piece) => ({
    ...piece,
    how: text(
      "stuck in the same stretch of time, not waiting for a lock itself; the log does not print the holder",
      "在同一时段卡住，自身没有等待锁；日志并未打印持有者",
    ),
  }));
}

function rcuWaits(facts: FactView): readonly Wait[] {
  return facts.all("rcu-stalled").map((stalled) => {
    const answers = idleAnswers(facts, stalled.cpu);
    return {
      waiter: { task: { comm: "RCU grace period" } },
      waitsFor: { cpu: stalled.cpu },
      for: "rcu-gp",
      // Idle is a quiescent state: such a CPU is listed because nobody looked, not because it holds anything up.
      verdict: stalled.idle || answers.length > 0 ? "possible" : "proven",
      text: rcuWaitText(stalled, answers.length > 0),
      evidence: [...stalled.evidence, ...answers.flatMap((sample) => sample.evidence)],
    };
  });
}

function rcuWaitText({ cpu, idle }: RcuStalledFact, answered: boolean): Text {
  if (answered) {
    return text(
      `RCU lists CPU ${cpu} as late, yet it was idle and answered for itself: its quiescent state was not noticed, or the interrupt or timer meant for it was lost`,
      `RCU 将 CPU ${cpu} 列为迟到者，但它处于空闲并亲自作出了响应：要么它的静止状态没有被察觉，要么发给它的中断或定时器丢失了`,
    );
  }
  return idle
    ? text(
        `RCU lists CPU ${cpu} as late and shows it idle: its quiescent state was not noticed, or its timers do not run`,
        `RCU 将 CPU ${cpu} 列为迟到者，但同时显示其处于空闲：要么它的静止状态没有被察觉，要么它的定时器没有运行`,
      )
    : text(
        `the RCU grace period waits for a quiescent state of CPU ${cpu}`,
        `RCU 宽限期在等待 CPU ${cpu} 的静止状态`,
      );
}

function sleepWaits(facts: FactView): readonly Wait[] {
  return facts.all("asleep-on").map((sleep) => {
    const owner = sleep.owner;
    const name = `${sleep.task.comm}${sleep.task.pid === undefined ? "" : `:${sleep.task.pid}`}`;
    const by = sleep.wantedBy ? ` in ${sleep.wantedBy}` : "";
    const byZh = sleep.wantedBy ? `，位于 ${sleep.wantedBy}` : "";
    return {
      waiter: { task: sleep.task },
      waitsFor: owner ? { task: owner } : "unknown",
      for: sleep.on,
      verdict: owner ? "likely" : sleep.on === "unknown" ? "possible" : "likely",
      text: owner
        ? text(
            `${name} sleeps for a ${sleep.on}${by}; ${sleep.ownerBy === "lock-list" ? "lockdep's list shows it held by" : "the kernel names as its likely owner"} ${owner.comm}${owner.pid === undefined ? "" : `:${owner.pid}`}`,
            `${name} 在睡眠等待 ${sleep.on}${byZh}；${sleep.ownerBy === "lock-list" ? "lockdep 的持锁列表显示持有者是" : "内核指出其持有者很可能是"} ${owner.comm}${owner.pid === undefined ? "" : `:${owner.pid}`}`,
          )
        : sleepText(name, sleep.on, by, byZh),
      evidence: sleep.evidence,
    };
  });
}

/** Waits that end by an event, not by somebody's letting go. */
const EVENTS: Readonly<Record<string, readonly [en: string, zh: string]>> = {
  io: ["I/O", "I/O 完成"],
  completion: ["a completion", "完成量（completion）"],
  work: ["a work item to end", "工作项结束"],
  "rcu-gp": ["an RCU grace period", "RCU 宽限期"],
};

function sleepText(name: string, on: string, by: string, byZh: string): Text {
  const event = EVENTS[on];
  if (event) {
    return text(
      `${name} sleeps for ${event[0]}${by}; who or what should bring it is not printed`,
      `${name} 在睡眠等待${event[1]}${byZh}；日志未打印应由谁来完成`,
    );
  }
  return on === "unknown"
    ? text(
        `${name} sleeps${by}; what would wake it is not printed`,
        `${name} 处于睡眠状态${byZh}；日志未打印它在等待什么`,
      )
    : text(
        `${name} sleeps for a ${on}${by}; its holder is not printed`,
        `${name} 在睡眠等待 ${on}${byZh}；日志未打印持有者`,
      );
}

/** The function that spins is known, whose work it waits for is not. */
function busyWaits(facts: FactView): readonly Wait[] {
  return facts.all("sample").flatMap((sample): readonly Wait[] => {
    const name = sample.symbols[0];
    if (sample.cpu === undefined || name === undefined || !BUSY_WAIT.has(name)) return [];
    return [
      {
        waiter: { cpu: sample.cpu, ...(sample.task ? { task: sample.task } : {}) },
        waitsFor: "unknown",
        for: "unknown",
        verdict: "likely",
        text: text(
          `CPU ${sample.cpu} spins in ${name} until work that runs elsewhere has ended; where is not printed`,
          `CPU ${sample.cpu} 在 ${name} 中自旋，等待在别处执行的工作结束；日志未打印在何处`,
        ),
        evidence: sample.evidence,
      },
    ];
  });
}

/** Lines of other CPUs shown beside a waiter's own. */
const MOST_OTHERS = 8;

/** All CPUs that arrived are the proof; of thousands each wait shows its own line and some others. */
function stopEvidence(
  facts: FactView,
  stop: StopMachineFact,
): (cpu: number) => readonly Evidence[] {
  if (stop.evidence.length <= MOST_OTHERS) return () => stop.evidence;
  const events = new Set(stop.events);
  const own = new Map<number, readonly Evidence[]>();
  for (const sample of facts.all("sample")) {
    if (sample.cpu !== undefined && events.has(sample.event)) {
      own.set(sample.cpu, sample.evidence.slice(0, 1));
    }
  }
  const others = stop.evidence.slice(0, MOST_OTHERS);
  return (cpu) => [...(own.get(cpu) ?? []), ...others];
}

function stopWaits(facts: FactView): readonly Wait[] {
  return facts.all("stop-machine").flatMap((stop) => {
    const evidenceOf = stopEvidence(facts, stop);
    return stop.waiting.flatMap((cpu): readonly Wait[] => {
      const only = stop.missing.length === 1 ? stop.missing[0] : undefined;
      return [
        {
          waiter: { cpu },
          waitsFor: only === undefined ? "unknown" : { cpu: only },
          for: "stop-machine",
          verdict: "likely",
          text:
            only === undefined
              ? text(
                  `CPU ${cpu} waits in multi_cpu_stop for CPUs that have not arrived`,
                  `CPU ${cpu} 在 multi_cpu_stop 中等待尚未到达的 CPU`,
                )
              : text(
                  `CPU ${cpu} waits in multi_cpu_stop; CPU ${only} is the only one missing`,
                  `CPU ${cpu} 在 multi_cpu_stop 中等待；只有 CPU ${only} 没有到达`,
                ),
          evidence: evidenceOf(cpu),
        },
      ];
    });
  });
}
