// Ranges, times and tasks of the model as the contract writes them.

import type { Lines, ReportTime, Task } from "#contract/report.ts";
import type { EventTime, Task as ModelTask } from "#model/kernel-event.ts";
import type { SourceRange } from "#model/source-range.ts";

export function toLines(range: SourceRange): Lines {
  return { source: range.source, firstLine: range.firstLine, lastLine: range.lastLine };
}

export function toTime(time: EventTime): ReportTime {
  return {
    ...(time.monotonic === undefined ? {} : { monotonicSeconds: Number(time.monotonic) / 1e9 }),
    ...(time.wall === undefined ? {} : { wall: time.wall }),
    ...(time.yearFrom === undefined ? {} : { yearFrom: time.yearFrom }),
  };
}

/** A report that prints only a pid has a task without a name. */
export function toTask(task: ModelTask): Task {
  const { comm, ...rest } = task;
  return comm === "" ? rest : task;
}
