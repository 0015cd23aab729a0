// What the samples of one CPU may be said to show: whether it takes its timer ticks, and the function to
// name as the one it stays in.

import type { FactView, SampleFact } from "#model/fact.ts";
import { isBorrowed } from "./symbols.ts";

/**
 * The CPU's own timer interrupt reported it, or counted a tick for most jiffies of the grace period: its
 * interrupts come through, whatever the flags of a single NMI sample (watchdog_timer_fn(),
 * rcu_sched_clock_irq(), rdp->ticks_this_gp).
 */
export function takesTicks(facts: FactView, cpu: number): boolean {
  const reported = facts
    .all("no-progress")
    .some((p) => p.detector === "soft-lockup" && p.cpu === cpu);
  return reported || ticksWhileStalled(facts, cpu);
}

/** As RCU's own report says it. */
export function ticksWhileStalled(facts: FactView, cpu: number): boolean {
  return facts
    .all("rcu-stalled")
    .filter((stalled) => stalled.cpu === cpu)
    .some(
      ({ selfDetected, jiffies, line }) =>
        selfDetected ||
        (line.ticks !== undefined && jiffies !== undefined && line.ticks * 2 > jiffies),
    );
}

/** Samples that a CPU took of itself in its idle loop, where all that are known of it are such: it is alive. */
export function idleAnswers(facts: FactView, cpu: number): readonly SampleFact[] {
  const own = facts.all("sample").filter((sample) => sample.cpu === cpu && !sample.asleep);
  return own.every((sample) => sample.idle && sample.answered === true) ? own : [];
}

/**
 * Functions that end by themselves: an unlock, the place where interrupts are opened again, one register
 * read. A CPU sampled there loops in a caller.
 */
const PASSED_THROUGH =
  /^(_*raw_(spin|read|write)_unlock\w*|arch_local_irq_restore|replay_soft_interrupts|irq_soft_mask_return|__local_bh_enable_ip|ioread(8|16|32)\w*|iowrite(8|16|32)\w*|read[bwlq]|__const_udelay|lock_(acquire|release)|lock_is_held_type)$/;

/** The innermost function that can hold the CPU; the sampled one where the trace names no other. */
export function holdingFunction(sample: SampleFact | undefined): string | undefined {
  const name = sample?.function;
  if (!sample || name === undefined || !isPassing(name)) return name;
  const above = sample.symbols.slice(sample.symbols.indexOf(name) + 1);
  return above.find((symbol) => !isPassing(symbol)) ?? name;
}

function isPassing(symbol: string): boolean {
  const name = symbol.replace(/^\./, "");
  return PASSED_THROUGH.test(name) || isBorrowed(name);
}
