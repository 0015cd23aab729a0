// A finished draft becomes the model's event: frames stripped of the detector, function, context, title.

import { defined } from "#base/defined.ts";
import type { Frame } from "#model/frame.ts";
import type { KernelEvent, KernelIdentity } from "#model/kernel-event.ts";
import { archOfRegisters } from "./body/cpu-line.ts";
import { gapsOf } from "./damage.ts";
import { markDetector } from "./detector-frames.ts";
import type { Draft } from "./draft.ts";
import { plainName } from "./function-role.ts";
import { isInDoubt, isMixed, withoutDoubt } from "./mingled.ts";
import { nameFunction, nameSureFunction } from "./name-function.ts";
import { withoutContradiction } from "./own-tick.ts";

export function toKernelEvent(read: Draft): KernelEvent {
  const draft = withoutContradiction(withDump(withoutDoubt(read)));
  const frames = markDetector(draft);
  const name = isInDoubt(read)
    ? nameSureFunction(draft, frames)
    : (nameFunction(draft, frames) ?? nameOfAnswer(draft) ?? nameOfTwin(draft));
  const [range = draft.at.range, ...continuedIn] = draft.covered;
  const gaps = gapsOf(draft, frames);
  return {
    id: draft.id,
    kind: draft.kind,
    title: titleOf(draft, name),
    headline: draft.at,
    boot: draft.boot,
    complete: gaps.length === 0,
    gaps,
    range,
    ...(continuedIn.length === 0 ? {} : { continuedIn }),
    body: [...draft.lines, ...draft.tail],
    ...defined({
      function: name,
      cpu: draft.cpu ?? draft.rcu?.stalled[0]?.cpu ?? draft.csd?.waiter,
      task: draft.task?.comm === "" && draft.task.pid === undefined ? undefined : draft.task,
      stuckSeconds: draft.stuckSeconds,
      time: draft.time,
      host: draft.host,
      kernel: kernelOf(draft),
      kernelAt: draft.kernelAt,
      hardware: draft.hardware,
      hardwareAt: draft.hardwareAt,
      workqueue: draft.workqueue,
      rip: draft.rip,
      interrupts: draft.interrupts,
      interruptsAt: draft.interruptsAt,
      context: contextOf(isInDoubt(read) ? frames.filter(({ reliable }) => reliable) : frames),
      code: draft.code,
      modules: draft.modules,
      askedBy: draft.askedBy,
      idle: draft.idle,
      rcu: draft.rcu,
      blockedOn: draft.blockedOn,
      csd: draft.csd,
      workqueueStall: draft.workqueueStall,
      utilization: draft.utilization,
      heldLocks: draft.heldLocks,
      panicked: draft.panicked,
      inferredIdentity: draft.inferredIdentity,
    }),
    ...registersOf(draft),
    ...(frames.length === 0 ? {} : { trace: frames }),
    ...originalLinesOf(draft),
  };
}

function registersOf({ registers, registersAt }: Draft): Partial<KernelEvent> {
  if (registers.size === 0) return {};
  return {
    registers: Object.fromEntries(registers),
    registersAt: Object.fromEntries(registersAt),
  };
}

/** Line numbers that were pasted in front of the lines. */
function originalLinesOf(draft: Draft): Partial<KernelEvent> {
  const { originalFirst: first, originalLast: last, originalFile: file } = draft;
  if (first === undefined || last === undefined) return {};
  return { originalLines: { first, last, ...(file === undefined ? {} : { file }) } };
}

/** What the panic printed for the report that led to it; the report's own fields come first. */
function withDump(draft: Draft): Draft {
  const dump = draft.dumpedBy;
  if (dump === undefined || isMixed(dump)) return draft;
  const { cpu, task, kernel, kernelAt, hardware, hardwareAt, workqueue, rip, code } = dump;
  const { interrupts, interruptsAt } = dump;
  const { frames, traceSeen, registers, registersAt, ripAfterFrames } = dump;
  const lent = {
    cpu,
    task,
    kernel,
    kernelAt,
    hardware,
    hardwareAt,
    workqueue,
    rip,
    interrupts,
    interruptsAt,
    code,
  };
  const own = Object.fromEntries(Object.entries(draft).filter(([, value]) => value !== undefined));
  return {
    ...draft,
    ...defined(lent),
    ...own,
    ...defined({ task: draft.task?.comm ? draft.task : (task ?? draft.task), ripAfterFrames }),
    frames,
    traceSeen,
    registers,
    registersAt,
  };
}

/** A report without a trace of its own is named by the first backtrace it asked for that tells. */
function nameOfAnswer(draft: Draft): string | undefined {
  const wanted = draft.rcu?.stalled[0]?.cpu ?? draft.csd?.target ?? draft.cpu;
  const answer =
    draft.answers.find((other) => other.cpu === wanted && other.idle !== true) ??
    draft.answers.find((other) => other.idle !== true);
  return answer === undefined ? undefined : nameFunction(answer, markDetector(answer));
}

function nameOfTwin({ twin }: Draft): string | undefined {
  return twin === undefined ? undefined : nameFunction(twin, markDetector(twin));
}

function titleOf(draft: Draft, name: string | undefined): string {
  const { title } = draft.titledBy;
  const namesPlace = title.endsWith(IN_FUNCTION);
  const head = namesPlace ? title.slice(0, -IN_FUNCTION.length) : title;
  const tail = namesPlace && name !== undefined ? ` in ${plainName(name)}` : "";
  const filled = head.includes("{") ? fillIn(head, draft, name) : head;
  return `${filled}${tail}`.replaceAll(/ {2,}/g, " ").trim();
}

const IN_FUNCTION = " in {function}";

function fillIn(title: string, draft: Draft, name: string | undefined): string {
  const fields: Readonly<Record<string, string | undefined>> = {
    ...draft.titleFields,
    function: name,
    cpu: draft.cpu === undefined ? undefined : String(draft.cpu),
  };
  return title.replaceAll(/\{(\w{1,20})\}/g, (_, key: string) => fields[key] ?? "");
}

function kernelOf(draft: Draft): KernelIdentity | undefined {
  if (draft.kernel === undefined || draft.kernel.arch !== "unknown") return draft.kernel;
  return { ...draft.kernel, arch: archOfRegisters(draft) };
}

const SOFTIRQ =
  /^(?:_*do_softirq\w*|handle_softirqs|call_softirq|do_softirq_own_stack|run_ksoftirqd)$/;

/** What was interrupted: the stack the first frame that is not the detector's stands on. */
function contextOf(frames: readonly Frame[]): KernelEvent["context"] {
  const own = frames.filter((frame) => frame.detector !== true);
  const first = own.find((frame) => frame.reliable) ?? own[0];
  if (first === undefined) return undefined;
  if (first.context === "nmi") return "nmi";
  if (first.context === "softirq") return "softirq";
  if (first.context !== "irq") return "task";
  const softirq = own.some(
    (frame) => frame.context === "irq" && SOFTIRQ.test(plainName(frame.symbol)),
  );
  return softirq ? "softirq" : "hardirq";
}
