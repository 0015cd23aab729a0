// One event of the model as the contract tells it.

import { defined } from "#base/defined.ts";
import type { ReportEvent, ReportFrame } from "#contract/report.ts";
import type { SourceLevel } from "#evidence/symbols/symbolize-address.ts";
import type { Frame } from "#model/frame.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { CodeReading } from "#model/machine-fact.ts";
import type { DebugReading } from "./debug-reading.ts";
import { toLines, toTask, toTime } from "./place-and-time.ts";
import { taintMeaning } from "./taint-meaning.ts";
import { toLevels, toListing, toLocal } from "./to-report-debug.ts";

export function toReportEvent(
  event: KernelEvent,
  code: CodeReading | undefined,
  debug?: DebugReading,
): ReportEvent {
  return {
    id: event.id,
    kind: event.kind,
    title: event.title,
    ...defined({
      function: event.function,
      cpu: event.cpu,
      task: event.task && toTask(event.task),
      stuckSeconds: event.stuckSeconds,
      time: event.time && toTime(event.time),
      host: event.host,
      boot: event.boot,
      kernel: event.kernel && {
        ...event.kernel,
        taint: event.kernel.taint.map((flag) => ({ flag, meaning: taintMeaning(flag) })),
      },
      hardware: event.hardware,
      workqueue: event.workqueue && {
        name: event.workqueue.name,
        function: event.workqueue.function,
      },
      rip: event.rip && toRip(event.rip, debug?.rip ?? []),
      registers: event.registers && toRegisters(event.registers),
      interrupts: event.interrupts,
      context: event.context,
      code: event.code && toCode(event.code, code),
      trace: event.trace
        ?.filter((frame) => !frame.detector)
        .map((frame) => toFrame(frame, debug?.frames.get(frame) ?? [])),
      locals: debug && debug.locals.length > 0 ? debug.locals.map(toLocal) : undefined,
      listing: debug?.listing && toListing(debug.listing),
      modules: event.modules,
      askedBy: event.askedBy,
      rcu: event.rcu && toRcu(event.rcu),
      blockedOn: event.blockedOn && toBlockedOn(event.blockedOn),
      panicked: event.panicked,
      originalLines: event.originalLines,
    }),
    complete: event.complete,
    gaps: event.gaps.map(({ reason, from }) => ({ reason, from: toLines(from) })),
    from: toLines(event.range),
    ...(event.continuedIn ? { continuedIn: event.continuedIn.map(toLines) } : {}),
    ...(event.alsoIn ? { alsoIn: event.alsoIn.map(toLines) } : {}),
    excerpt: event.body.map((line) => toExcerptLine(line, event.range.source)),
  };
}

function toRip(rip: NonNullable<KernelEvent["rip"]>, levels: readonly SourceLevel[]) {
  return {
    symbol: rip.symbol,
    ...defined({ offset: rip.offset, size: rip.size, module: rip.module, buildId: rip.buildId }),
    ...toLevels(levels),
  };
}

function toRegisters(
  registers: Readonly<Record<string, bigint>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(registers).map(([name, value]) => [name, `0x${value.toString(16)}`]),
  );
}

function toCode(window: NonNullable<KernelEvent["code"]>, reading: CodeReading | undefined) {
  const bytes = [...window.bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
  const instructions = reading?.instructions ?? [];
  return {
    bytes,
    trapIndex: window.trapIndex,
    ...(instructions.length > 0 ? { instructions } : {}),
  };
}

function toFrame(frame: Frame, levels: readonly SourceLevel[]): ReportFrame {
  return {
    symbol: frame.symbol,
    reliable: frame.reliable,
    context: frame.context,
    ...defined({
      offset: frame.offset,
      size: frame.size,
      module: frame.module,
      file: frame.file,
      line: frame.line,
    }),
    ...toLevels(levels),
  };
}

function toRcu(rcu: NonNullable<KernelEvent["rcu"]>): ReportEvent["rcu"] {
  const { stalled, stalledTasks, kthreadStarved, kthreadTimer, kthreadSilent, ...rest } = rcu;
  return {
    ...rest,
    stalled: stalled.map(({ at: _, flags: __, ...line }) => line),
    ...(stalledTasks.length > 0 ? { stalledTasks: stalledTasks.map(toTask) } : {}),
    ...(kthreadStarved
      ? {
          kthreadStarved: {
            jiffies: kthreadStarved.jiffies,
            ...defined({ state: kthreadStarved.state, cpu: kthreadStarved.cpu }),
          },
        }
      : {}),
  };
}

function toBlockedOn(
  blocked: NonNullable<KernelEvent["blockedOn"]>,
): NonNullable<ReportEvent["blockedOn"]> {
  return {
    kind: blocked.kind,
    ...defined({
      owner: blocked.owner && toTask(blocked.owner),
      seconds: blocked.seconds,
      lock: blocked.lock === undefined ? undefined : `0x${blocked.lock.toString(16)}`,
    }),
  };
}

function toExcerptLine(line: KernelEvent["body"][number], source: string) {
  return {
    line: line.range.firstLine,
    text: line.text,
    ...defined({
      source: line.range.source === source ? undefined : line.range.source,
      originalLine: line.originalLine,
      monotonicSeconds: line.monotonic === undefined ? undefined : Number(line.monotonic) / 1e9,
    }),
  };
}
