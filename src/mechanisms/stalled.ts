// Which samples speak about the stall: those of CPUs a detector complains about, and of CPUs others wait
// for. A backtrace of the idle CPU that happened to notice is left out.

import type { Fact, FactView, LockSpinFact, SampleFact, SleepFact } from "#model/fact.ts";
import { evidenceOf } from "./find.ts";
import { IPI_STAND, SOFTIRQ_RUN } from "./frame-names.ts";
import type { Find } from "./mechanism.ts";

/** Without RIP an entry function or two may still stand before the place itself. */
export const NEAR_RIP = 3;

/** A grace period this little late is no stall: expedited limits of a few jiffies report latency. */
export const LATE_JIFFIES = 100;

/** CPUs that get nowhere by a detector's word, and CPUs that somebody waits for. */
export function stalledCpus(facts: FactView): ReadonlySet<number> {
  const lines = facts.all("rcu-stalled");
  const brief = new Set(
    lines.filter((line) => (line.jiffies ?? LATE_JIFFIES) < LATE_JIFFIES).flatMap((l) => l.events),
  );
  const reported = facts
    .all("no-progress")
    .filter((p) => p.detector !== "hung-task" && !p.events.some((id) => brief.has(id)));
  return new Set([
    ...reported.flatMap((p) => p.cpu ?? []),
    ...lines.filter((line) => !line.events.some((id) => brief.has(id))).map((line) => line.cpu),
    ...facts.all("csd-wait").flatMap((wait) => wait.awaited ?? []),
  ]);
}

/** Running samples of stalled CPUs, the idle task in its own loop left out. */
export function stalledSamples(facts: FactView): readonly SampleFact[] {
  const cpus = stalledCpus(facts);
  const reports = new Set(facts.all("no-progress").flatMap((p) => p.events));
  return facts
    .all("sample")
    .filter((s) => !s.asleep && !isIdle(s) && showsPlace(s))
    .filter((s) => (s.cpu === undefined ? reports.has(s.event) : cpus.has(s.cpu)));
}

/** swapper (pid 0, not init before it is started) in task context idles, whatever function it does it in. */
function isIdle(sample: SampleFact): boolean {
  const swapper = sample.task?.comm.startsWith("swapper") === true && (sample.task.pid ?? 0) === 0;
  const inTask = (sample.context ?? "task") === "task" && !isIn(sample, SOFTIRQ_RUN);
  return sample.idle || (swapper && inTask);
}

/** Without frames only the work function tells what the CPU was doing. */
function showsPlace(sample: SampleFact): boolean {
  return sample.symbols.length > 0 || sample.work !== undefined;
}

type OfSample = (sample: SampleFact) => boolean;

/** Evidence of stalled samples that satisfy a predicate, which may ask whether a sample was taken in a wait. */
export function stalled(holds: (sample: SampleFact, isWaiting: OfSample) => boolean): Find {
  return (facts) => {
    const isWaiting = waiting(facts);
    return evidenceOf(stalledSamples(facts).filter((s) => holds(s, isWaiting)));
  };
}

/** One of the innermost `depth` functions is one of these. */
export function isIn(
  sample: SampleFact,
  names: ReadonlySet<string>,
  depth: number = Number.POSITIVE_INFINITY,
): boolean {
  return sample.symbols.slice(0, depth).some((name) => names.has(name));
}

/**
 * Tells of a sample whether it was taken in a wait for another CPU: IPI acknowledgement, lock, rendezvous.
 * The waits are gathered once: an incident may have thousands of samples and as many waits.
 */
export function waiting(facts: FactView): OfSample {
  const waits: readonly Fact[] = [
    ...facts.all("csd-wait"),
    ...facts.all("lock-spin"),
    ...facts.all("stop-machine"),
  ];
  const events = new Set(waits.flatMap((wait) => wait.events));
  return (sample) => events.has(sample.event) || isIn(sample, IPI_STAND, NEAR_RIP);
}

/** Lock waits of CPUs that get nowhere; a fault inside a lock function is none. */
export function lockSpins(
  facts: FactView,
  locks: readonly LockSpinFact["lock"][],
): readonly LockSpinFact[] {
  const cpus = stalledCpus(facts);
  return facts.all("lock-spin").filter((spin) => locks.includes(spin.lock) && cpus.has(spin.cpu));
}

/** Tasks reported asleep on one of these. */
export function sleepers(facts: FactView, on: readonly SleepFact["on"][]): readonly SleepFact[] {
  return facts.all("asleep-on").filter((sleep) => on.includes(sleep.on));
}

/** Samples of sleeping tasks reported as hung with one of these among their innermost functions. */
export function hungIn(names: ReadonlySet<string>, depth = 8): Find {
  return (facts) => {
    const reports = new Set(facts.all("asleep-on").flatMap((sleep) => sleep.events));
    return evidenceOf(
      facts.all("sample").filter((s) => reports.has(s.event) && isIn(s, names, depth)),
    );
  };
}
