// Several readings as one trace: ids unique, boots numbered over all sources, every report once.

import type { KernelEvent } from "#model/kernel-event.ts";
import type { Reading, Trace } from "#model/reading.ts";
import { withoutRepeats } from "./seen-twice.ts";

export function mergeReadings(readings: readonly Reading[]): Trace {
  const merged: Mutable<Trace> = {
    sources: [],
    events: [],
    notices: [],
    gaps: [],
    boots: [],
    document: [],
  };
  const logs = new Map<string, number>();
  for (const [log, reading] of readings.entries()) {
    for (const { id } of reading.sources) logs.set(id, log);
    append(merged, reading);
  }
  return readings.length < 2 ? merged : withoutRepeats(merged, (source) => logs.get(source) ?? -1);
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
