// How a report begins: an empty draft with what the headline itself says.

import type { Task } from "#model/kernel-event.ts";
import { readRcuHeadline } from "./body/rcu.ts";
import { csdOf } from "./body/stalls.ts";
import { toCpu, toPid, toSeconds } from "./count.ts";
import { type Draft, quoteOf, type ReportLine } from "./draft.ts";
import type { HeadlineFields, HeadlineMatch } from "./headline/headline.ts";

export function openDraft(
  id: string,
  { headline, fields }: HeadlineMatch,
  line: ReportLine,
): Draft {
  const { record } = line;
  const draft: Draft = {
    id,
    headline,
    fields,
    at: quoteOf(line),
    boot: line.boot,
    fromKernel: record.kernel,
    kind: headline.kind,
    titledBy: headline,
    titleFields: fields,
    section: "main",
    context: "task",
    userMode: false,
    ended: false,
    closed: false,
    ripInlined: [],
    locksAt: [],
    safeAt: [],
    backtraceSeen: false,
    registers: new Map(),
    registersAt: new Map(),
    frames: [],
    traceSeen: false,
    headerSeen: false,
    answers: [],
    gaps: [],
    lines: [],
    tail: [],
    chars: 0,
    dropped: 0,
    covered: [line.range],
    strangers: [],
    rivals: [],
    readAt: 0,
    closedAt: 0,
    // `NMI backtrace for cpu 2 skipped: idling at native_safe_halt+0xe/0x20` is the whole answer.
    ...(headline.kind === "nmi-backtrace" && / skipped: idling at /.test(line.text)
      ? { idle: true }
      : {}),
    ...(record.host === undefined ? {} : { host: record.host }),
    ...(record.time === undefined ? {} : { time: record.time }),
  };
  takeFields(draft, fields);
  // __warn() (kernel/panic.c) and watchdog_timer_fn() (kernel/watchdog.c) name the task here and above its dump.
  const namesTask = draft.kind === "warning" || draft.kind === "soft-lockup";
  if (namesTask && draft.task?.pid !== undefined) draft.expectedPid = draft.task.pid;
  takeKindFields(draft, line);
  return draft;
}

export function takeFields(draft: Draft, fields: HeadlineFields): void {
  const cpu = toCpu(fields.cpu);
  const seconds = toSeconds(fields.seconds);
  if (cpu !== undefined) draft.cpu ??= cpu;
  if (seconds !== undefined) draft.stuckSeconds ??= seconds;
  const task = taskOf(fields);
  if (task !== undefined) draft.task ??= task;
}

/** comm may contain colons and blanks: the pid stands behind the last colon. */
function taskOf(fields: HeadlineFields): Task | undefined {
  if (fields.comm !== undefined) return toTask(fields.comm, fields.pid);
  if (fields.task === undefined) {
    return fields.pid === undefined ? undefined : toTask("", fields.pid);
  }
  const colon = fields.task.lastIndexOf(":");
  const pid = fields.task.slice(colon + 1);
  return colon >= 0 && /^\d+$/.test(pid)
    ? toTask(fields.task.slice(0, colon), pid)
    : { comm: fields.task };
}

function toTask(comm: string, digits: string | undefined): Task {
  const pid = toPid(digits);
  return pid === undefined ? { comm } : { comm, pid };
}

function takeKindFields(draft: Draft, line: ReportLine): void {
  if (draft.kind === "rcu-stall") {
    draft.rcu = {
      flavour: draft.fields.what ?? "rcu",
      expedited: draft.headline.id === "rcu-expedited",
      selfDetected: /^rcu-(?:self|tiny)/.test(draft.headline.id),
      stalled: [],
      stalledTasks: [],
    };
    readRcuHeadline(line.text, draft.rcu, line);
  } else if (draft.kind === "csd-stall") {
    const csd = csdOf(line);
    if (csd !== undefined) draft.csd = csd;
  } else if (draft.kind === "workqueue-lockup") {
    const cpus = / cpus=([\d,-]+)/.exec(line.text)?.[1];
    draft.workqueueStall = {
      inFlight: [],
      pending: [],
      ...(cpus === undefined ? {} : { cpus }),
      ...(draft.stuckSeconds === undefined ? {} : { stuckSeconds: draft.stuckSeconds }),
    };
  }
}
