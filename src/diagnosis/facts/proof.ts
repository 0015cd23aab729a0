// Evidence from parts of an event, so that every fact says the same thing the same way.

import { type Text, text } from "#base/text.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { Quote } from "#model/source-range.ts";
import type { Evidence } from "#model/verdict.ts";

export function quoted(at: Quote, how: Text): Evidence {
  return { range: at.range, quote: at.text, how };
}

export function headline(event: KernelEvent): Evidence {
  return quoted(event.headline, text("the kernel's own report", "内核自身的报告"));
}

/** The line RIP stands on; the headline where RIP was not printed. */
export function position(event: KernelEvent): Evidence {
  return event.rip
    ? quoted(event.rip.at, text("where this CPU was when sampled", "采样时该 CPU 所在的位置"))
    : headline(event);
}

/** The line that says whether interrupts were on; of an event without one, where the flags stand. */
export function flags(event: KernelEvent): Evidence | undefined {
  const at = event.interruptsAt ?? flagsLine(event);
  if (at === undefined) return undefined;
  return quoted(
    at,
    event.interrupts === "off"
      ? text("the interrupted code ran with interrupts off", "被打断的代码处于关中断状态")
      : text("the interrupted code ran with interrupts on", "被打断的代码处于开中断状态"),
  );
}

function flagsLine(event: KernelEvent): Quote | undefined {
  const names = ["eflags", "rflags", "pstate", "cpsr", "irqmask", "msr", "status"];
  return names.map((name) => event.registersAt?.[name]).find((at) => at !== undefined);
}

/** Present evidence only. */
export function evidence(...pieces: readonly (Evidence | undefined)[]): Evidence[] {
  return pieces.filter((piece) => piece !== undefined);
}
