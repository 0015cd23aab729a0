// Reports that a CPU makes of itself in its own timer interrupt: kernel/watchdog.c: watchdog_timer_fn() and
// kernel/rcu/tree_stall.h: print_cpu_stall(). They print the registers of the context that interrupt came in
// (get_irq_regs()), which therefore had interrupts on.
//
// Invariant: registers that say otherwise were misread, or another dump's; then the state is unknown.

import type { Draft } from "./draft.ts";

const CONTRADICTION =
  "its registers say interrupts off, yet the report came from a timer interrupt: whether they were on is unknown";

export function withoutContradiction(draft: Draft): Draft {
  const { interrupts, interruptsAt, ...rest } = draft;
  if (interrupts !== "off" || !isOfOwnTick(draft)) return draft;
  const from = interruptsAt?.range ?? draft.at.range;
  return { ...rest, gaps: [...draft.gaps, { reason: CONTRADICTION, from }] };
}

/** A hard lockup comes from an NMI, or from another CPU. */
function isOfOwnTick(draft: Draft): boolean {
  return draft.kind === "soft-lockup" || draft.rcu?.selfDetected === true;
}
