// Who waits, as far as function names and the kernel's own lines say it: csd-wait, lock-spin, asleep-on.
// Machine code (machine.ts) says more where it was printed.

import { text } from "#base/text.ts";
import { IPI_WAIT } from "#mechanisms/frame-names.ts";
import type { CsdWaitFact, LockSpinFact, SampleFact } from "#model/fact.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { SourceRange } from "#model/source-range.ts";
import { IPI_PLUMBING, isSpinPrimitive, leading, sleepKind, spinKind } from "../symbols.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { holderByLockList } from "./lock-list.ts";
import { evidence, headline, position, quoted } from "./proof.ts";

export const csdWait: EventFactRule = {
  id: "csd-wait",
  needs: ["sample"],
  compute: (event, context) => {
    if (event.csd) return [fromKernelLine(event, event.csd)];
    const sample = context.all("sample").find((s) => s.event === event.id && !s.asleep);
    return sample ? fromFrames(event, sample) : [];
  },
};

function fromKernelLine(event: KernelEvent, csd: NonNullable<KernelEvent["csd"]>): CsdWaitFact {
  return {
    kind: "csd-wait",
    cpu: csd.waiter,
    awaited: csd.target,
    form: "report",
    certain: true,
    events: [event.id],
    evidence: [
      quoted(
        csd.at,
        text("the kernel names the waiting and the awaited CPU", "内核指明了等待方和被等待的 CPU"),
      ),
    ],
    ...(csd.function ? { purpose: csd.function } : {}),
  };
}

/** RIP inside one of the waiting functions: likely the wait loop, certain only with the instructions. */
function fromFrames(event: KernelEvent, sample: SampleFact): readonly CsdWaitFact[] {
  const innermost = sample.symbols[0];
  if (sample.cpu === undefined || innermost === undefined || !IPI_WAIT.has(innermost)) return [];
  const purpose = purposeOf(sample.symbols);
  return [
    {
      kind: "csd-wait",
      cpu: sample.cpu,
      form: "frames",
      certain: false,
      events: [event.id],
      evidence: evidence(position(event)),
      ...(sample.task ? { task: sample.task } : {}),
      ...(purpose ? { purpose } : {}),
    },
  ];
}

/** The first caller above the IPI plumbing: what the broadcast was for. */
export function purposeOf(symbols: readonly string[]): string | undefined {
  return symbols[leading(symbols, (name) => IPI_PLUMBING.has(name)).length];
}

export const lockSpin: EventFactRule = {
  id: "lock-spin",
  needs: ["sample"],
  compute: (event, context) => {
    const sample = context.all("sample").find((s) => s.event === event.id && !s.asleep);
    const lock = sample && (spinKind(sample.symbols) ?? pvLockWait(sample));
    if (!sample || !lock || sample.cpu === undefined) return [];
    const wantedBy = wanter(sample.symbols);
    const fact: LockSpinFact = {
      kind: "lock-spin",
      cpu: sample.cpu,
      lock,
      certain: sample.exact && spinKind(sample.symbols) !== undefined,
      events: [event.id],
      evidence: evidence(position(event)),
      ...(sample.task ? { task: sample.task } : {}),
      ...(wantedBy ? { wantedBy } : {}),
      ...(sample.interrupts ? { interrupts: sample.interrupts } : {}),
    };
    return [fact];
  },
};

/** A paravirtual spinlock's waiter polls its event channel by hypercall; the idle task halts there too. */
function pvLockWait(sample: SampleFact): "spinlock" | undefined {
  return !sample.idle && sample.symbols[0] === "xen_hypercall_sched_op" ? "spinlock" : undefined;
}

export function wanter(symbols: readonly string[]): string | undefined {
  return symbols[leading(symbols, isSpinPrimitive).length];
}

export const asleepOn: EventFactRule = {
  id: "asleep-on",
  needs: ["sample"],
  compute: (event, context) => {
    if (event.kind !== "hung-task" || !event.task) return [];
    const symbols = context.all("sample").find((s) => s.event === event.id)?.symbols ?? [];
    const stack = sleepKind(symbols);
    const list = event.blockedOn?.owner ? undefined : context.lockListOf?.(event.boot);
    const listed = list && holderByLockList(event, symbols, list);
    return [
      {
        kind: "asleep-on",
        task: event.task,
        on: event.blockedOn && event.blockedOn.kind !== "unknown" ? event.blockedOn.kind : stack.on,
        events: [event.id],
        evidence: evidence(
          headline(event),
          event.blockedOn &&
            quoted(
              event.blockedOn.at,
              text("what the kernel says it is blocked on", "内核指出的阻塞对象"),
            ),
          sleepLine(event, stack.wantedBy),
          listed &&
            quoted(
              listed.lock.at,
              text(
                `lockdep lists the same lock under ${listed.task.comm}:${listed.task.pid}, which has gone on from there`,
                `lockdep 把同一把锁列在 ${listed.task.comm}:${listed.task.pid} 名下，而该任务此后已继续执行`,
              ),
            ),
        ),
        ...(event.blockedOn?.owner ? { owner: event.blockedOn.owner, ownerBy: "kernel" } : {}),
        ...(listed ? { owner: listed.task, ownerBy: "lock-list" } : {}),
        ...(event.stuckSeconds === undefined ? {} : { seconds: event.stuckSeconds }),
        ...(stack.wantedBy ? { wantedBy: stack.wantedBy } : {}),
      },
    ];
  },
};

function sleepLine(event: KernelEvent, symbol: string | undefined) {
  const found = event.trace?.find((f) => f.reliable && f.symbol === symbol);
  return (
    found && {
      range: found.range,
      quote: event.body.find((l) => isSameLine(l.range, found.range))?.text ?? found.symbol,
      how: text("the function that sleeps there", "在此睡眠的函数"),
    }
  );
}

function isSameLine(a: SourceRange, b: SourceRange): boolean {
  return a.source === b.source && a.firstLine === b.firstLine;
}
