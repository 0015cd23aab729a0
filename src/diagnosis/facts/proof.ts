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

/** The line that carries EFLAGS (x86), pstate (arm64), powerpc's soft mask or their like. */
export function flags(event: KernelEvent): Evidence | undefined {
  for (const name of ["eflags", "rflags", "pstate", "cpsr", "irqmask", "msr", "status"]) {
    const at = event.registersAt?.[name];
    if (at) {
      return quoted(
        at,
        event.interrupts === "off"
          ? text(
              "the interrupt flag is clear: interrupts were off",
              "中断标志为 0：中断处于关闭状态",
            )
          : text("the interrupt flag is set: interrupts were on", "中断标志为 1：中断处于打开状态"),
      );
    }
  }
  return undefined;
}

/** Present evidence only. */
export function evidence(...pieces: readonly (Evidence | undefined)[]): Evidence[] {
  return pieces.filter((piece) => piece !== undefined);
}
