// Whom everybody waits for: the party of the graph without an outgoing edge. The sampled CPU is often a
// victim; a culprit that left no trace is said to be silent, never guessed.

import { type Text, text } from "#base/text.ts";
import type { FactView, InterruptsOffFact, SampleFact } from "#model/fact.ts";
import type { KernelEvent, Task } from "#model/kernel-event.ts";
import type { Evidence } from "#model/verdict.ts";
import type { Culprit, Party, Wait } from "./diagnosis.ts";
import { RAISED_IN } from "./event-kinds.ts";
import { holdingFunction, takesTicks, ticksWhileStalled } from "./sampled-place.ts";
import { isBorrowed, plainSymbol } from "./symbols.ts";
import { partyKey } from "./waits.ts";

export interface CulpritInput {
  readonly facts: FactView;
  readonly waits: readonly Wait[];
  /** The matched mechanism says that its sampled CPU is usually a victim. */
  readonly sampleIsVictim: boolean;
}

export function findCulprit({ facts, waits, sampleIsVictim }: CulpritInput): Culprit | undefined {
  const named = waits.filter((w) => w.waitsFor !== "unknown");
  const unknownFrom = new Set(
    waits.filter((w) => w.waitsFor === "unknown").map((w) => partyKey(w.waiter)),
  );
  const sink = chooseSink(facts, named, unknownFrom);
  if (!sink) return undefined;
  const incoming = named.filter(
    (w) => w.waitsFor !== "unknown" && partyKey(w.waitsFor) === partyKey(sink),
  );
  if (sink.cpu === undefined) return sink.task ? sleeper(sink.task, incoming) : undefined;
  return cpuCulprit(facts, sink.cpu, incoming, sampleIsVictim);
}

/**
 * Where a fault was raised, as far as its own report names it. Why the data was bad is another question,
 * which the text keeps open.
 */
export function faultCulprit(event: KernelEvent | undefined): Culprit | undefined {
  if (!event || !RAISED_IN.has(event.kind)) return undefined;
  const name = owner(event);
  if (name === undefined) return undefined;
  return {
    function: name,
    ...(event.cpu === undefined ? {} : { cpu: event.cpu }),
    ...(event.task ? { task: event.task } : {}),
    why: "unknown",
    whyText: text(
      `the fault was raised in ${name}; what made its data or state wrong is not printed`,
      `故障发生在 ${name} 中；其数据或状态为何出错，日志没有打印`,
    ),
    verdict: "likely",
    evidence: [
      {
        range: event.headline.range,
        quote: event.headline.text,
        how: text("the kernel's own report", "内核自身的报告"),
      },
    ],
  };
}

/** The function that faulted; the caller where that is a lock or library primitive it lent a bad pointer. */
function owner(event: KernelEvent): string | undefined {
  if (event.function === undefined || !isBorrowed(plainSymbol(event.function)))
    return event.function;
  // powerpc marks the first frame (unreliable) when its link register may not have been saved yet.
  const isPpc = event.kernel?.arch.startsWith("ppc") === true;
  const frames = (event.trace ?? [])
    .filter((f, i) => (f.reliable || (isPpc && i === 0)) && !f.detector)
    .map((f) => f.symbol);
  const from = frames.indexOf(event.function);
  return (
    frames.slice(from + 1).find((symbol) => !isBorrowed(plainSymbol(symbol))) ?? event.function
  );
}

/** Cycles of the graph: every party in it waits for another one in it. */
export function findCycle(waits: readonly Wait[]): readonly Wait[] | undefined {
  const next = new Map<string, Wait>();
  for (const wait of waits) if (wait.waitsFor !== "unknown") next.set(partyKey(wait.waiter), wait);
  const inCycle = partiesInCycles(next);
  for (const start of next.keys()) {
    if (!inCycle.has(start)) continue;
    const path: Wait[] = [];
    let at = start;
    do {
      const wait = next.get(at);
      if (!wait || wait.waitsFor === "unknown") return undefined;
      path.push(wait);
      at = partyKey(wait.waitsFor);
    } while (at !== start);
    return path;
  }
  return undefined;
}

/** Each party is walked over once: thousands of tasks may wait in one row. */
function partiesInCycles(next: ReadonlyMap<string, Wait>): ReadonlySet<string> {
  const walkOf = new Map<string, string>();
  const inCycle = new Set<string>();
  const after = (party: string): string | undefined => {
    const wait = next.get(party);
    return !wait || wait.waitsFor === "unknown" ? undefined : partyKey(wait.waitsFor);
  };
  for (const start of next.keys()) {
    let at: string | undefined = start;
    for (; at !== undefined && !walkOf.has(at); at = after(at)) walkOf.set(at, start);
    if (at === undefined || walkOf.get(at) !== start) continue;
    for (; at !== undefined && !inCycle.has(at); at = after(at)) inCycle.add(at);
  }
  return inCycle;
}

/** The waited-for party with no edge of its own and the most waiters; else the first stuck CPU. */
function chooseSink(
  facts: FactView,
  named: readonly Wait[],
  unknownFrom: ReadonlySet<string>,
): Party | undefined {
  const waiters = new Set(named.map((w) => partyKey(w.waiter)));
  const votes = new Map<string, { party: Party; count: number }>();
  for (const wait of named) {
    if (wait.waitsFor === "unknown" || wait.waitsFor.lock !== undefined) continue;
    const key = partyKey(wait.waitsFor);
    if (waiters.has(key) || unknownFrom.has(key)) continue;
    const entry = votes.get(key) ?? { party: wait.waitsFor, count: 0 };
    votes.set(key, { ...entry, count: entry.count + (wait.verdict === "possible" ? 0.1 : 1) });
  }
  const best = [...votes.values()].sort((a, b) => b.count - a.count);
  if (best[0])
    return best[1] && best[1].count === best[0].count && !clear(facts, best[0].party)
      ? undefined
      : best[0].party;
  if (named.length > 0 || unknownFrom.size > 0) return undefined;
  const stuck = facts
    .all("no-progress")
    .find((p) => p.cpu !== undefined && p.detector !== "hung-task");
  return stuck?.cpu === undefined ? undefined : { cpu: stuck.cpu };
}

/** Among equals only a CPU with interrupts off stands out. */
function clear(facts: FactView, party: Party): boolean {
  return facts.all("interrupts-off").some((off) => off.by === "flags" && off.cpu === party.cpu);
}

function cpuCulprit(
  facts: FactView,
  cpu: number,
  incoming: readonly Wait[],
  sampleIsVictim: boolean,
): Culprit | undefined {
  const ticking = takesTicks(facts, cpu);
  const off = facts
    .all("interrupts-off")
    .filter((fact) => fact.cpu === cpu && !(ticking && fact.by === "flags"));
  const samples = facts.all("sample").filter((s) => s.cpu === cpu && !s.asleep);
  const sample = samples.find((s) => !s.idle) ?? samples[0];
  if (off.some((fact) => fact.by !== "rcu-irq-work") || (off.length > 0 && sample)) {
    return interruptsOff(cpu, off, sample, incoming);
  }
  if (!sample && ticksWhileStalled(facts, cpu)) return tickingUnseen(cpu, incoming);
  if (!sample) return incoming.length > 0 ? traceless(cpu, incoming, off) : undefined;
  if (sample.idle) return notAnswering(cpu, sample, incoming);
  // Where it was sampled does not tell what held it up: the hypotheses say what can be said.
  if (sampleIsVictim && incoming.length === 0) return undefined;
  return running(cpu, sample, incoming);
}

function party(
  cpu: number,
  sample: SampleFact | undefined,
): { cpu: number; task?: Task; function?: string } {
  const name = holdingFunction(sample);
  return {
    cpu,
    ...(sample?.task ? { task: sample.task } : {}),
    ...(name ? { function: name } : {}),
  };
}

/**
 * Proven only by two independent observations: the flags of a backtrace, and an interrupt this CPU has not
 * taken (an IPI, RCU's irq_work, the watchdog's timer). A late grace period is not one: code that opens
 * interrupts now and then owes a quiescent state just the same.
 */
function interruptsOff(
  cpu: number,
  off: readonly InterruptsOffFact[],
  sample: SampleFact | undefined,
  incoming: readonly Wait[],
): Culprit {
  const flags = off.filter((fact) => fact.by === "flags");
  const unanswered = incoming.filter((w) => w.verdict === "proven" && w.for !== "rcu-gp");
  const others = off.length - flags.length + unanswered.length;
  const proven = flags.length > 0 && others > 0;
  const name = holdingFunction(sample) ?? off.find((fact) => fact.function)?.function;
  const where = name ? ` in ${name}` : "";
  const whereZh = name ? `，位于 ${name}` : "";
  return {
    ...party(cpu, sample),
    ...(name ? { function: name } : {}),
    why: "irqs-off",
    whyText: text(
      `CPU ${cpu} runs with interrupts off${where} and answers nobody`,
      `CPU ${cpu} 处于关中断状态${whereZh}，不响应任何请求`,
    ),
    verdict: proven ? "proven" : "likely",
    evidence: [...flags, ...off.filter((f) => f.by !== "flags")]
      .flatMap((f) => f.evidence)
      .concat(waitEvidence(incoming)),
  };
}

/** A CPU that left no trace: only its timers are known to be dead, or nobody knows anything of it. */
function traceless(
  cpu: number,
  incoming: readonly Wait[],
  off: readonly InterruptsOffFact[],
): Culprit {
  if (off.length > 0 || incoming.some((w) => w.for !== "timer")) return silent(cpu, incoming, off);
  return {
    cpu,
    why: "not-answering",
    whyText: text(
      `the timer interrupt of CPU ${cpu} does not come, or its timer softirq does not run`,
      `CPU ${cpu} 的时钟中断没有到来，或其定时器软中断没有执行`,
    ),
    verdict: "likely",
    evidence: waitEvidence(incoming),
  };
}

function silent(
  cpu: number,
  incoming: readonly Wait[],
  off: readonly InterruptsOffFact[],
): Culprit {
  const why: Text =
    off.length > 0
      ? text(
          `CPU ${cpu} takes no interrupts; it left no backtrace in this log, so what it was doing is unknown`,
          `CPU ${cpu} 不响应中断；日志中没有它的调用栈，无法得知它当时在做什么`,
        )
      : text(
          `everyone waits for CPU ${cpu}; it left no trace in this log`,
          `各方都在等待 CPU ${cpu}；它在本日志中没有任何记录`,
        );
  return {
    cpu,
    why: off.length > 0 ? "irqs-off" : "silent",
    whyText: why,
    verdict: "likely",
    evidence: [...off.flatMap((f) => f.evidence), ...waitEvidence(incoming)],
  };
}

/** RCU's report came from its own tick, or counts its ticks; only its stack is missing. */
function tickingUnseen(cpu: number, incoming: readonly Wait[]): Culprit {
  return {
    cpu,
    why: "spinning",
    whyText: text(
      `CPU ${cpu} takes its timer interrupts and passes no quiescent state; its stack is not in this log`,
      `CPU ${cpu} 仍在响应时钟中断，但一直没有经过静止状态；日志中没有它的调用栈`,
    ),
    verdict: "likely",
    evidence: waitEvidence(incoming),
  };
}

function notAnswering(
  cpu: number,
  sample: SampleFact,
  incoming: readonly Wait[],
): Culprit | undefined {
  // RCU listing a CPU that it shows idle accuses nobody: idle is what the grace period asks for.
  const asked = incoming.filter((w) => w.for !== "rcu-gp" || w.verdict !== "possible");
  if (asked.length === 0) return undefined;
  if (sample.answered) return unreached(cpu, sample, incoming);
  return {
    cpu,
    why: "not-answering",
    whyText: text(
      `CPU ${cpu} was idle when sampled, yet others wait for it: a lost interrupt, firmware, the hypervisor or a core that does not wake`,
      `CPU ${cpu} 采样时处于空闲，但其他方仍在等待它：可能是中断丢失、固件、虚拟机监控器，或核心未能唤醒`,
    ),
    verdict: "possible",
    evidence: [...sample.evidence, ...waitEvidence(incoming)],
  };
}

/** It printed that it idles: the CPU is alive, and what others wait for has not reached it. */
function unreached(cpu: number, sample: SampleFact, incoming: readonly Wait[]): Culprit {
  return {
    cpu,
    why: "unknown",
    whyText: text(
      `CPU ${cpu} idles and answered for itself, yet others wait for it: the interrupt or timer meant for it was lost, or its work was done by then`,
      `CPU ${cpu} 处于空闲并亲自作出了响应，但其他方仍在等待它：发给它的中断或定时器丢失了，或者届时它已经完成`,
    ),
    verdict: "possible",
    evidence: [...sample.evidence, ...waitEvidence(incoming)],
  };
}

function running(cpu: number, sample: SampleFact, incoming: readonly Wait[]): Culprit {
  const holds = incoming.some((w) => ["spinlock", "rwlock", "mutex", "rwsem"].includes(w.for));
  const known = holdingFunction(sample) ?? sample.symbols[0];
  const name = known ?? "code the log does not name";
  const nameZh = known ?? "日志未指明的代码";
  const named = sample.work !== undefined && sample.work !== known;
  const work = named ? ` (work item ${sample.work})` : "";
  const workZh = named ? `（工作项 ${sample.work}）` : "";
  return {
    ...party(cpu, sample),
    why: holds ? "holding-lock" : "spinning",
    whyText: holds
      ? text(
          `CPU ${cpu} stays in ${name}${work} while others wait for a lock it likely holds`,
          `CPU ${cpu} 一直停留在 ${nameZh}${workZh}，其他 CPU 在等待它很可能持有的锁`,
        )
      : text(
          `CPU ${cpu} runs ${name}${work} without passing a scheduling point`,
          `CPU ${cpu} 一直在执行 ${nameZh}${workZh}，没有经过调度点`,
        ),
    verdict: "likely",
    evidence: [...sample.evidence, ...waitEvidence(incoming)],
  };
}

function sleeper(task: Task, incoming: readonly Wait[]): Culprit {
  return {
    task,
    why: "sleeping-with-lock",
    whyText: text(
      `${task.comm} is what the others wait for and is not itself reported as waiting`,
      `其他任务都在等待 ${task.comm}，而它自身没有被报告为在等待`,
    ),
    verdict: "possible",
    evidence: waitEvidence(incoming),
  };
}

function waitEvidence(incoming: readonly Wait[]): readonly Evidence[] {
  return incoming.slice(0, 4).flatMap((wait) => wait.evidence.slice(0, 2));
}
