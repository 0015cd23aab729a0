// What each line of a kernel report says, beside the line itself. The kinds of line are found by the
// words the kernel prints at their beginning (kernel/watchdog.c, lib/dump_stack.c, arch/x86 show_regs).

import type { ExcerptLine, ReportEvent } from "#contract/report.ts";
import { code, type Rich } from "./rich.ts";
import { say, type Telling } from "./telling.ts";
import { location, taskName } from "./wording.ts";

export interface EventPart {
  readonly line: ExcerptLine;
  readonly says: Rich;
}

type Describe = (t: Telling, event: ReportEvent, line: ExcerptLine) => Rich | undefined;

const PARTS: readonly (readonly [marker: RegExp, describe: Describe])[] = [
  [/^Modules linked in:/, modules],
  [/^CPU: \d/, identity],
  [/^Hardware name:/, (t) => t.m.part.hardware()],
  [/^Workqueue: /, workqueue],
  [/^RIP: /, rip],
  [/^Code: /, codeBytes],
  [/^(?:RSP: .*)?EFLAGS: /, flags],
  [/^RAX: /, (t) => t.m.part.registers()],
  [/^Call Trace:/, trace],
];

/** At most one line per kind, in order of the log; the headline first. */
export function eventParts(t: Telling, event: ReportEvent): EventPart[] {
  const excerpt = event.excerpt ?? [];
  const headline = excerpt[0];
  if (headline === undefined) return [];
  const found = PARTS.flatMap(([marker, describe]) => {
    const line = excerpt.find((candidate) => marker.test(candidate.text.trimStart()));
    const says = line === undefined ? undefined : describe(t, event, line);
    return line === undefined || says === undefined ? [] : [{ line, says }];
  });
  const all = [{ line: headline, says: describeHeadline(t, event) }, ...found];
  return all.sort((a, b) => a.line.line - b.line.line);
}

function describeHeadline(t: Telling, event: ReportEvent): Rich {
  const { part, phrase, vocabulary } = t.m;
  const kind = part.headline(vocabulary.event[event.kind]);
  if (event.stuckSeconds === undefined) return kind;
  const seconds = String(event.stuckSeconds);
  if (event.kind === "soft-lockup") return phrase.sentences(kind, part.softLockup(seconds));
  return event.kind === "hung-task" ? phrase.sentences(kind, part.hungTask(seconds)) : kind;
}

function modules(t: Telling, event: ReportEvent): Rich | undefined {
  const count = event.modules?.length ?? 0;
  return count === 0 ? undefined : t.m.part.modules(count);
}

function identity(t: Telling, event: ReportEvent): Rich {
  const { part, phrase } = t.m;
  const cpu = event.cpu === undefined ? phrase.unknown : phrase.cpu(event.cpu);
  const task = event.task === undefined ? phrase.unknown : taskName(t, event.task);
  const about = part.identity(cpu, task);
  const taint = event.kernel?.taint ?? [];
  if (taint.length === 0) return about;
  const flagged = taint.map((flag) => phrase.taintFlag(code(flag.flag), say(t, flag.meaning)));
  return phrase.sentences(about, part.taint(flagged.join(phrase.semicolon)));
}

function workqueue(t: Telling, event: ReportEvent): Rich | undefined {
  if (event.workqueue === undefined) return undefined;
  const { name, function: work } = event.workqueue;
  const told = t.m.part.workqueue(code(name), code(work));
  const inTrace = event.trace?.some((frame) => frame.symbol === work) ?? true;
  return inTrace ? told : t.m.phrase.sentences(told, t.m.part.workMissing(code(work)));
}

function rip(t: Telling, event: ReportEvent): Rich | undefined {
  return event.rip === undefined ? undefined : t.m.part.rip(code(location(event.rip)));
}

function codeBytes(t: Telling, event: ReportEvent): Rich | undefined {
  if (event.code === undefined || event.code.trapIndex < 0) return undefined;
  const total = event.code.bytes.replaceAll(" ", "").length / 2;
  return t.m.part.code(total, event.code.trapIndex + 1);
}

function flags(t: Telling, event: ReportEvent): Rich | undefined {
  if (event.interrupts === undefined) return undefined;
  return event.interrupts === "on" ? t.m.part.flagsOn() : t.m.part.flagsOff();
}

function trace(t: Telling, event: ReportEvent): Rich | undefined {
  if (event.trace === undefined) return undefined;
  const doubtful = event.trace.filter((frame) => !frame.reliable).length;
  const told = t.m.part.traceFrom(event.trace.length);
  return doubtful === 0 ? told : t.m.phrase.sentences(told, t.m.part.questionable(doubtful));
}
