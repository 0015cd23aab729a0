// Several readings as one trace: ids unique, boots numbered over all sources.

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Reading, Trace } from "#model/reading.ts";

export function mergeReadings(readings: readonly Reading[]): Trace {
  const merged: Mutable<Trace> = {
    sources: [],
    events: [],
    notices: [],
    gaps: [],
    boots: [],
    document: [],
  };
  for (const reading of readings) append(merged, reading);
  return merged;
}

type Mutable<T> = { [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] };

function append(trace: Mutable<Trace>, reading: Reading): void {
  const bootBase = trace.boots.length;
  const eventBase = trace.events.length;
  const ids = new Map(reading.events.map((event, i) => [event.id, `e${eventBase + i + 1}`]));
  trace.sources.push(...reading.sources);
  trace.boots.push(...reading.boots);
  for (const event of reading.events) trace.events.push(renumber(event, ids, bootBase));
  for (const notice of reading.notices) {
    trace.notices.push({
      ...notice,
      id: `n${trace.notices.length + 1}`,
      boot: notice.boot + bootBase,
    });
  }
  trace.gaps.push(...reading.gaps);
  trace.document.push(...reading.document);
}

function renumber(
  event: KernelEvent,
  ids: ReadonlyMap<string, string>,
  bootBase: number,
): KernelEvent {
  const askedBy = event.askedBy === undefined ? undefined : ids.get(event.askedBy);
  const { askedBy: _, ...rest } = event;
  return {
    ...rest,
    id: ids.get(event.id) ?? event.id,
    boot: event.boot + bootBase,
    ...(askedBy === undefined ? {} : { askedBy }),
  };
}
