// Reports that a CPU makes of itself in its own timer interrupt: kernel/watchdog.c: watchdog_timer_fn() and
// kernel/rcu/tree_stall.h: print_cpu_stall(). They print the registers of the context that interrupt came in
// (get_irq_regs()), which therefore had interrupts on.
//
// Invariant: where a mask in memory or in the interrupt controller says otherwise (powerpc's soft mask, arm64's
// priority), which kernels of different years read in opposite ways, it was misread; then the state is
// unknown. The processor's own flags (EFLAGS, PSTATE) stand as they were printed.

import type { Draft } from "./draft.ts";

const MASK = /pmr_save: |SOFTE: |IRQMASK: /;
const CONTRADICTION =
  "its registers say interrupts off, yet the report came from a timer interrupt: whether they were on is unknown";

export function withoutContradiction(draft: Draft): Draft {
  const { interrupts, interruptsAt, ...rest } = draft;
  const isMasked = interrupts === "off" && MASK.test(interruptsAt?.text ?? "");
  if (!isMasked || !isOfOwnTick(draft)) return draft;
  const from = interruptsAt?.range ?? draft.at.range;
  return { ...rest, gaps: [...draft.gaps, { reason: CONTRADICTION, from }] };
}

/** A hard lockup comes from an NMI, or from another CPU. */
function isOfOwnTick(draft: Draft): boolean {
  return draft.kind === "soft-lockup" || draft.rcu?.selfDetected === true;
}
