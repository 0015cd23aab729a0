// One frame of a kernel call trace.

import type { SourceRange } from "./source-range.ts";

/** Stack a frame stands on, from the `<IRQ>`, `<SOFTIRQ>`, `<NMI>`, `<TASK>`, `<#DF>`… marks. */
export type StackContext = "task" | "irq" | "softirq" | "nmi" | "entry" | "exception";

export interface Frame {
  readonly symbol: string;
  /** Return address's offset in the function; in a trace this is the instruction after the call. */
  readonly offset?: number;
  readonly size?: number;
  readonly module?: string;
  readonly address?: bigint;
  /** False for `?` frames: an address found on the stack that the unwinder did not confirm. */
  readonly reliable: boolean;
  readonly context: StackContext;
  /** The reporting machinery's own frame (dump_stack, watchdog timer, NMI and timer entry). */
  readonly detector?: boolean;
  /** Source position already in the log (`foo.c:12` of a symbolised report). */
  readonly file?: string;
  readonly line?: number;
  readonly inlined?: boolean;
  readonly range: SourceRange;
}
