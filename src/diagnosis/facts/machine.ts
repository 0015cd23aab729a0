// Facts of a trace from what the machine code and registers of an event show (isa room). A machine fact
// that rests on guessed boundaries never becomes a certain fact here.

import { type Text, text } from "#base/text.ts";
import type {
  AfterCallFact,
  CsdWaitFact,
  Fact,
  LockSpinFact,
  PokePositionFact,
  SampledLateFact,
} from "#model/fact.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type {
  CodeReading,
  MachineFact,
  PollsCsdFact,
  SpinsOnLockFact,
  TextPokePositionFact,
} from "#model/machine-fact.ts";
import type { Evidence } from "#model/verdict.ts";
import type { EventFactRule, TraceContext } from "./fact-rule.ts";
import { evidence, position, quoted } from "./proof.ts";
import { purposeOf, wanter } from "./waiting.ts";

/** Facts read off the `Code:` line, with the instructions and registers that show them. */
export const machine: EventFactRule = {
  id: "machine-code",
  needs: ["sample"],
  compute: (event, context) => {
    const reading = context.code.get(event.id);
    if (!reading || event.cpu === undefined) return [];
    return reading.facts.flatMap((fact) => toFacts(event, event.cpu ?? 0, reading, fact, context));
  },
};

function toFacts(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: MachineFact,
  context: TraceContext,
): readonly Fact[] {
  switch (fact.kind) {
    case "polls-csd":
      return [toCsdWait(event, cpu, reading, fact, context)];
    case "spins-on-lock":
      return [toLockSpin(event, cpu, reading, fact, context)];
    case "text-poke-position":
      return fact.certain ? [toPokePosition(event, cpu, reading, fact)] : [];
    case "after-interrupts-opened":
      return fact.certain && sampledByInterrupt(event)
        ? [toSampledLate(event, cpu, reading, fact)]
        : [];
    case "after-call":
      return fact.certain && !fact.jumpedTo ? [toAfterCall(event, cpu, reading, fact)] : [];
    case "stop-machine-poll":
    case "poll-loop":
    case "delay-loop":
    case "idle-instruction":
    case "atomic-operation":
      return [];
  }
}

/** A timer interrupt took the sample; NMIs and faults arrive on any instruction, open or not. */
function sampledByInterrupt(event: KernelEvent): boolean {
  return (
    event.kind === "soft-lockup" || (event.kind === "rcu-stall" && event.rcu?.selfDetected === true)
  );
}

function toCsdWait(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: PollsCsdFact,
  context: TraceContext,
): CsdWaitFact {
  const symbols = context.all("sample").find((s) => s.event === event.id)?.symbols ?? [];
  const purpose = purposeOf(symbols);
  const named = fact.refuted.length === 0 && fact.certain ? fact.awaitedCpu : undefined;
  return {
    kind: "csd-wait",
    cpu,
    form: fact.form === "pointer" ? "single" : fact.form,
    certain: fact.certain && fact.refuted.length === 0 && !event.inferredIdentity,
    events: [event.id],
    evidence: machineEvidence(event, reading, fact, csdText(fact, named)),
    ...(named === undefined ? {} : { awaited: named }),
    ...(event.task ? { task: event.task } : {}),
    ...(purpose ? { purpose } : {}),
  };
}

function csdText(fact: PollsCsdFact, named: number | undefined): Text {
  if (named !== undefined) {
    return text(
      `the loop around RIP polls the lock bit of a call_single_data; ${fact.awaitedRegister} still holds the CPU it belongs to: ${named}`,
      `RIP 所在循环正在轮询 call_single_data 的锁定位；${fact.awaitedRegister} 中仍保存着目标 CPU 编号：${named}`,
    );
  }
  return fact.form === "single"
    ? text(
        "the loop around RIP polls a call_single_data on the waiter's own stack; the report alone does not tell which CPU it was sent to",
        "RIP 所在循环轮询的 call_single_data 位于等待者自己的栈上；仅凭该报告无法得知发往哪个 CPU",
      )
    : text(
        "the loop around RIP polls the lock bit of a call_single_data",
        "RIP 所在循环正在轮询 call_single_data 的锁定位",
      );
}

function toLockSpin(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: SpinsOnLockFact,
  context: TraceContext,
): LockSpinFact {
  const sample = context.all("sample").find((s) => s.event === event.id);
  const wantedBy = sample && wanter(sample.symbols);
  const word = fact.qspinlock?.value ?? fact.qrwlock?.value;
  return {
    kind: "lock-spin",
    cpu,
    lock: lockName(fact),
    certain: fact.certain && !event.inferredIdentity,
    events: [event.id],
    evidence: machineEvidence(event, reading, fact, lockText(fact)),
    ...(fact.address === undefined ? {} : { address: fact.address }),
    ...(word === undefined ? {} : { word }),
    ...(fact.qspinlock?.tailCpu === undefined ? {} : { tailCpu: fact.qspinlock.tailCpu }),
    ...(event.task ? { task: event.task } : {}),
    ...(wantedBy ? { wantedBy } : {}),
    ...(event.interrupts ? { interrupts: event.interrupts } : {}),
  };
}

function lockName(fact: SpinsOnLockFact): LockSpinFact["lock"] {
  switch (fact.lock) {
    case "qspinlock":
    case "ticket":
      return "spinlock";
    case "rwlock-read":
    case "rwlock-write":
      return fact.lock;
    case "mutex-owner":
    case "osq":
      return "mutex";
    case "rwsem-owner":
      return "rwsem";
  }
}

function lockText(fact: SpinsOnLockFact): Text {
  const address = fact.address === undefined ? "" : ` 0x${fact.address.toString(16)}`;
  const phase = fact.phase ? `, ${fact.phase}` : "";
  const held = holderText(fact);
  return text(
    `the loop around RIP waits for a lock${address} (${fact.lock}${phase})${held.en}`,
    `RIP 所在循环正在等待锁${address}（${fact.lock}${phase}）${held.zh}`,
  );
}

/** What the lock word itself shows. It never names a CPU that holds the lock, only the queue's last. */
function holderText(fact: SpinsOnLockFact): Text {
  if (fact.qrwlock?.writer) {
    return text(
      "; the lock word shows that a writer holds it, not which CPU",
      "；锁字表明由写者持有，但不含是哪个 CPU",
    );
  }
  if (fact.qspinlock?.tailCpu !== undefined) {
    return text(
      `; the lock word names CPU ${fact.qspinlock.tailCpu} as the last in its queue, not the holder`,
      `；锁字表明排在队尾的是 CPU ${fact.qspinlock.tailCpu}，但不含持有者`,
    );
  }
  return text("", "");
}

function toPokePosition(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: TextPokePositionFact,
): PokePositionFact {
  const entry = fact.entry === undefined ? "" : `, entry ${fact.entry + 1}`;
  const of = fact.entries === undefined ? "" : ` of ${fact.entries}`;
  const entryZh = fact.entry === undefined ? "" : `，第 ${fact.entry + 1} 个条目`;
  const ofZh = fact.entries === undefined ? "" : `（共 ${fact.entries} 个）`;
  return {
    kind: "poke-position",
    cpu,
    step: fact.step,
    syncsCompleted: fact.syncsCompleted,
    afterCall: fact.afterCall,
    events: [event.id],
    evidence: machineEvidence(
      event,
      reading,
      fact,
      text(
        `registers and code place it in step ${fact.step} of 3${entry}${of}; broadcasts completed: ${fact.syncsCompleted}${fact.afterCall ? "; __text_poke() for this entry has just returned" : ""}`,
        `由寄存器和指令可知位于三步中的第 ${fact.step} 步${entryZh}${ofZh}；已完成的广播次数：${fact.syncsCompleted}${fact.afterCall ? "；该条目的 __text_poke() 刚刚返回" : ""}`,
      ),
    ),
    ...(fact.entry === undefined ? {} : { entry: fact.entry }),
    ...(fact.entries === undefined ? {} : { entries: fact.entries }),
    ...(fact.length === undefined ? {} : { length: fact.length }),
    ...(fact.site === undefined ? {} : { site: fact.site }),
    ...(fact.afterCall ? { callee: "__text_poke" } : {}),
  };
}

function toSampledLate(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: Extract<MachineFact, { kind: "after-interrupts-opened" }>,
): SampledLateFact {
  return {
    kind: "sampled-late",
    cpu,
    by: fact.by,
    events: [event.id],
    evidence: machineEvidence(
      event,
      reading,
      fact,
      text(
        `RIP follows ${fact.by}, which opened interrupts: the pending tick came in at once, so this is where they were opened, not where the CPU was stuck`,
        `RIP 紧跟在 ${fact.by}（开中断）之后：挂起的时钟中断随即被响应，因此这里只是开中断的位置，而不是卡住的位置`,
      ),
    ),
  };
}

function toAfterCall(
  event: KernelEvent,
  cpu: number,
  reading: CodeReading,
  fact: Extract<MachineFact, { kind: "after-call" }>,
): AfterCallFact {
  return {
    kind: "after-call",
    cpu,
    events: [event.id],
    evidence: machineEvidence(
      event,
      reading,
      fact,
      text(
        "RIP is a return address and nothing after it has run: the called function has just finished",
        "RIP 正是返回地址且其后的指令尚未执行：被调函数刚刚结束",
      ),
    ),
  };
}

/** The `Code:` line with the instructions meant, and the register lines they rest on. */
function machineEvidence(
  event: KernelEvent,
  reading: CodeReading,
  fact: MachineFact,
  how: Text,
): readonly Evidence[] {
  const code = event.code && { ...quoted(event.code.at, how), quote: listing(reading, fact) };
  const lines = new Map(
    fact.proof.registers.flatMap((name) => {
      const at = event.registersAt?.[name];
      return at ? [[`${at.range.source}:${at.range.firstLine}`, at] as const] : [];
    }),
  );
  const registers = [...lines.values()].map((at) =>
    quoted(at, text("the registers it rests on", "所依据的寄存器")),
  );
  return evidence(code, position(event), ...registers);
}

const MOST_INSTRUCTIONS = 8;

function listing(reading: CodeReading, fact: MachineFact): string {
  const meant = reading.instructions.filter((i) =>
    fact.proof.bytes.some(([from, to]) => i.at >= from && i.at < to),
  );
  return meant
    .slice(-MOST_INSTRUCTIONS)
    .map((i) => i.text)
    .join("; ");
}
