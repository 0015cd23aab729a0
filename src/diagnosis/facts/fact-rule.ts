// How a fact is computed: a pure function over the trace or over one incident. What it needs is
// declared, so that the order follows from the list and a missing need is seen at once.

import type { Fact, FactKind, FactOf } from "#model/fact.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { CodeReading, Progress } from "#model/machine-fact.ts";
import type { Notice } from "#model/notice.ts";
import type { Trace } from "#model/reading.ts";
import type { LockList } from "./lock-list.ts";

/** A variable as debug information places it; `bits` only for a known integer or pointer. */
export interface LocalValue {
  readonly name: string;
  readonly function: string;
  readonly where: string;
  readonly bits?: bigint;
}

export interface TraceContext {
  readonly trace: Trace;
  /** Machine-code readings by event id, where code was printed and a decoder is at hand. */
  readonly code: ReadonlyMap<string, CodeReading>;
  /** How far a CPU had moved since its report before, by id of the later event. */
  readonly progress: ReadonlyMap<string, Progress>;
  /** Lockdep's lists of held locks of a boot, sorted: looked into for every hung task. */
  readonly lockListOf?: (boot: number) => LockList | undefined;
  /** The notices of a boot: looked through for every incident. */
  readonly noticesOf?: (boot: number) => readonly Notice[];
  /** Local variables at the trap by event id, where a vmlinux of this build was given. */
  readonly locals: ReadonlyMap<string, readonly LocalValue[]>;
  /** Facts already computed, of the kinds declared in `needs`. */
  all<K extends FactKind>(kind: K): readonly FactOf<K>[];
}

/** Computed once per event of the trace. */
export interface EventFactRule {
  readonly id: string;
  readonly needs: readonly FactKind[];
  compute(event: KernelEvent, context: TraceContext): readonly Fact[];
}

export interface IncidentContext extends TraceContext {
  /** The incident's events, in order of the log; `all` sees this incident's facts only. */
  readonly events: readonly KernelEvent[];
}

/** Computed once per incident. */
export interface IncidentFactRule {
  readonly id: string;
  readonly needs: readonly FactKind[];
  compute(context: IncidentContext): readonly Fact[];
}
