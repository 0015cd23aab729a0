// Events for tests of the diagnosis: only what a test is about, on lines of their own.

import type { Frame } from "#model/frame.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import type { Trace } from "#model/reading.ts";

export type EventSketch = Partial<KernelEvent> & { readonly kind: EventKind; readonly at?: number };

let line = 0;

/** `at` is seconds since boot. Every event stands on its own hundred lines. */
export function event(sketch: EventSketch): KernelEvent {
  const { at, ...fields } = sketch;
  line += 100;
  const range = { source: "s1", firstLine: line, lastLine: line + 20 };
  return {
    id: `e${line / 100}`,
    title: sketch.kind,
    headline: { range: { ...range, lastLine: line }, text: `${sketch.kind} headline` },
    boot: 0,
    complete: true,
    gaps: [],
    range,
    body: [],
    ...(at === undefined ? {} : { time: { monotonic: BigInt(Math.round(at * 1e9)) } }),
    ...fields,
  };
}

export function frames(...symbols: readonly string[]): readonly Frame[] {
  return symbols.map((symbol, i) => ({
    symbol,
    reliable: true,
    context: "task",
    range: { source: "s1", firstLine: line + 100 + i, lastLine: line + 100 + i },
  }));
}

export function traceOf(...events: readonly KernelEvent[]): Trace {
  return { sources: [], events, notices: [], gaps: [], boots: [], document: [] };
}
