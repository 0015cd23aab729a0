// The kernel's own measurement of interrupt time, and from where on it means a storm.

import type { CpuTimeFact, FactView } from "#model/fact.ts";

/** The kernel's own limit for printing the busiest interrupts (kernel/watchdog.c: HARDIRQ_PERCENT_THRESH). */
export const STORM_PERCENT = 50;
export const CALM_PERCENT = 20;

export const measured = (facts: FactView): readonly CpuTimeFact[] => facts.all("cpu-time");
