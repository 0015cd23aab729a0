// Findings: what the facts say in sentences, each with its lines. No new reasoning happens here.

import { type Text, text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import { findCycle } from "./culprit.ts";
import type { Finding, Wait } from "./diagnosis.ts";

export function findFindings(facts: FactView, waits: readonly Wait[]): readonly Finding[] {
  return [
    ...earlierFaults(facts),
    ...earlierLockup(facts),
    ...deadlock(waits),
    ...interruptState(facts),
    ...cpuTimes(facts),
    ...tinyLimits(facts),
    ...neverStarted(facts),
    ...codeFindings(facts),
    ...localFindings(facts),
    ...durations(facts),
    ...repeats(facts),
    ...consoleFindings(facts),
    ...detectorSilence(facts),
    ...neighbors(facts),
  ];
}

function earlierFaults(facts: FactView): readonly Finding[] {
  return facts
    .all("earlier-fault")
    .filter((fault) => fault.detector !== "warning" && fault.detector !== "lockdep")
    .slice(0, 3)
    .map((fault) => {
      const before =
        fault.secondsBefore === undefined ? "" : ` ${fault.secondsBefore.toFixed(1)} s`;
      const where = fault.function ? ` in ${fault.function}` : "";
      const whereZh = fault.function ? `，位于 ${fault.function}` : "";
      return {
        id: "earlier-fault",
        text: text(
          `a fault came first${before ? `,${before} before` : ""}: ${fault.detector}${where}; locks it held may be what the rest waits for`,
          `此前${before}先发生了故障：${fault.detector}${whereZh}；其持有的锁可能正是后续各方所等待的`,
        ),
        evidence: fault.evidence,
      };
    });
}

function earlierLockup(facts: FactView): readonly Finding[] {
  return facts
    .all("taint")
    .filter((taint) => taint.flags.includes("L"))
    .slice(0, 1)
    .map((taint) => ({
      id: "earlier-soft-lockup",
      text: text(
        "taint L was already set: this boot had a soft lockup before this report, so it may not be the first report of the stall",
        "污染标记 L 已经置位：本次启动在此报告之前就出现过软锁死，因此这未必是该次停顿的第一份报告",
      ),
      evidence: taint.evidence,
    }));
}

/** Where the kernel measured, the measurement speaks before any guess about interrupts. */
function cpuTimes(facts: FactView): readonly Finding[] {
  return facts.all("cpu-time").map((time) => {
    const interrupts = Math.round(time.hardirq + time.softirq);
    return {
      id: "cpu-time",
      text:
        interrupts < 20
          ? text(
              `CPU ${time.cpu} spent its time in kernel code of a task: interrupts and softirqs took ${interrupts} % by the kernel's own measurement`,
              `CPU ${time.cpu} 的时间花在任务的内核代码中：据内核自身测量，硬中断和软中断合计占 ${interrupts} %`,
            )
          : text(
              `interrupts and softirqs took ${interrupts} % of CPU ${time.cpu} by the kernel's own measurement`,
              `据内核自身测量，硬中断和软中断合计占 CPU ${time.cpu} 时间的 ${interrupts} %`,
            ),
      evidence: time.evidence,
    };
  });
}

const TINY_LIMIT_JIFFIES = 100;

function tinyLimits(facts: FactView): readonly Finding[] {
  const tiny = facts
    .all("rcu-stalled")
    .filter((line) => line.jiffies !== undefined && line.jiffies < TINY_LIMIT_JIFFIES);
  const [first] = tiny;
  if (!first) return [];
  return [
    {
      id: "tiny-rcu-limit",
      text: text(
        `the grace period was late by ${first.jiffies} jiffies only: the limit of this kernel reports latency, not a hang`,
        `宽限期只迟到了 ${first.jiffies} 个 jiffies：该内核的时限反映的是延迟，而非挂起`,
      ),
      evidence: tiny.flatMap((line) => line.evidence),
    },
  ];
}

const SLEEP_ENTRY: ReadonlySet<string> = new Set([
  "__schedule",
  "schedule",
  "schedule_preempt_disabled",
]);

/**
 * kernel/kthread.c:kthread() sleeps uninterruptibly right after it is created, until its creator wakes it
 * for the first time: a stack that ends there belongs to a thread whose function never ran.
 */
function neverStarted(facts: FactView): readonly Finding[] {
  const hung = new Set(facts.all("asleep-on").flatMap((sleep) => sleep.events));
  return facts
    .all("sample")
    .filter((s) => hung.has(s.event) && s.task !== undefined)
    .filter((s) => s.symbols.find((name) => !SLEEP_ENTRY.has(name)) === "kthread")
    .map((s) => ({
      id: "thread-never-started",
      text: text(
        `${s.task?.comm} was created and never woken for the first time: its own function has not run; look for whoever creates it and should wake it`,
        `${s.task?.comm} 创建后从未被首次唤醒：其自身的函数还没有执行过；应检查创建它并应当唤醒它的一方`,
      ),
      evidence: s.evidence,
    }));
}

function deadlock(waits: readonly Wait[]): readonly Finding[] {
  const cycle = findCycle(waits);
  if (!cycle) return [];
  return [
    {
      id: "deadlock",
      text: text(
        `the waits form a circle of ${cycle.length}: a deadlock, as far as each wait holds`,
        `这些等待关系构成一个 ${cycle.length} 方的环：若每一条等待都成立，即为死锁`,
      ),
      evidence: cycle.flatMap((wait) => wait.evidence.slice(0, 2)),
    },
  ];
}

function interruptState(facts: FactView): readonly Finding[] {
  const stuck = new Set(facts.all("no-progress").flatMap((p) => p.events));
  const on = facts
    .all("sample")
    .filter((s) => s.interrupts === "on" && s.events.some((e) => stuck.has(e)));
  const first = on[0];
  const cpu = first?.cpu;
  const [who, whoZh] =
    cpu === undefined ? ["The stalled CPU", "停滞的 CPU "] : [`CPU ${cpu}`, `CPU ${cpu} `];
  return first
    ? [
        {
          id: "interrupts-on",
          text: text(
            `${who} had interrupts on when sampled: it could take interrupts, it did not reach a scheduling point`,
            `${whoZh}采样时处于开中断状态：能响应中断，只是没有经过调度点`,
          ),
          evidence: first.interruptsAt ? [first.interruptsAt] : first.evidence,
        },
      ]
    : [];
}

function codeFindings(facts: FactView): readonly Finding[] {
  return [
    ...facts.all("poke-position").map((fact) => ({ id: "text-poke-position", ...said(fact) })),
    ...facts.all("sampled-late").map((fact) => ({ id: "sampled-late", ...said(fact) })),
    ...facts.all("after-call").map((fact) => ({ id: "callee-finished", ...said(fact) })),
  ];
}

/** Facts from machine code carry their sentence with their first piece of evidence. */
function said(fact: { readonly evidence: Finding["evidence"] }): Omit<Finding, "id"> {
  return { text: fact.evidence[0]?.how ?? text("", ""), evidence: fact.evidence };
}

/** In the functions that wait for IPIs, `cpu` is the CPU waited for (kernel/smp.c). */
const NAMES_TARGET: ReadonlySet<string> = new Set([
  "smp_call_function_many_cond",
  "smp_call_function_many",
  "smp_call_function_single",
]);

/** Two independent readings of the same registers: machine code and debug information. */
function localFindings(facts: FactView): readonly Finding[] {
  return facts.all("local").flatMap((local) => {
    if (local.name !== "cpu" || !NAMES_TARGET.has(local.function)) return [];
    const wait = facts
      .all("csd-wait")
      .find((w) => w.awaited !== undefined && w.events.some((id) => local.events.includes(id)));
    if (!wait) return [];
    const agree = BigInt(wait.awaited ?? -1) === local.bits;
    return [
      {
        id: agree ? "locals-agree" : "locals-disagree",
        text: agree
          ? text(
              `debug information agrees with the machine code: ${local.function}'s cpu is ${local.bits} (${local.where})`,
              `调试信息与机器码的结论一致：${local.function} 的变量 cpu 为 ${local.bits}（${local.where}）`,
            )
          : text(
              `debug information and machine code disagree: ${local.function}'s cpu is ${local.bits} (${local.where}), the code says CPU ${wait.awaited}; trust neither until the vmlinux is checked`,
              `调试信息与机器码的结论不一致：${local.function} 的变量 cpu 为 ${local.bits}（${local.where}），而机器码指向 CPU ${wait.awaited}；核实 vmlinux 之前两者都不可信`,
            ),
        evidence: [...local.evidence, ...wait.evidence.slice(0, 1)],
      },
    ];
  });
}

function durations(facts: FactView): readonly Finding[] {
  const first = facts.all("duration")[0];
  if (!first) return [];
  const range = `${first.minSeconds.toFixed(1)}-${first.maxSeconds.toFixed(1)} s`;
  const rangeZh = `${first.minSeconds.toFixed(1)} 至 ${first.maxSeconds.toFixed(1)} 秒`;
  return [
    {
      id: "printed-duration",
      text: first.first
        ? text(
            `"${first.printed}s" counts units of 2^30 ns (${range}); with the default threshold every report that comes on time prints 22 or 23, so it does not tell which report of the stall this is`,
            `“${first.printed}s” 的单位是 2^30 纳秒（即 ${rangeZh}）；默认阈值下准点的报告都会打印 22 或 23，因此无法由此判断这是该次停顿的第几份报告`,
          )
        : text(
            `"${first.printed}s" counts units of 2^30 ns: ${range}${first.onGrid ? ", a value that checks every 4 s can give" : ", not a value that checks every 4 s give: a late touch, another threshold or a late tick"}`,
            `“${first.printed}s” 的单位是 2^30 纳秒，即 ${rangeZh}${first.onGrid ? "，符合每 4 秒检查一次的取值" : "，不符合每 4 秒检查一次的取值：可能是喂狗偏晚、阈值不同或时钟中断延迟"}`,
          ),
      evidence: first.evidence,
    },
  ];
}

function repeats(facts: FactView): readonly Finding[] {
  return facts.all("repeat").map((repeat) => {
    const gaps = repeat.intervalsSeconds.map((s) => s.toFixed(1)).join(", ");
    return {
      id: "repeated",
      text: text(
        `CPU ${repeat.cpu} was reported ${repeat.count} times${gaps ? `, ${gaps} s apart` : ""}${repeat.cumulative ? "; the printed time grows: one stall" : ""}${movedText(repeat.progress).en}`,
        `CPU ${repeat.cpu} 被上报 ${repeat.count} 次${gaps ? `，间隔 ${gaps} 秒` : ""}${repeat.cumulative ? "；打印的时长在累加：是同一次停顿" : ""}${movedText(repeat.progress).zh}`,
      ),
      evidence: repeat.evidence,
    };
  });
}

function movedText(progress: "identical" | "same-loop" | "moving" | undefined): Text {
  switch (progress) {
    case "identical":
      return text("; RIP and registers are identical", "；RIP 与各寄存器完全相同");
    case "same-loop":
      return text("; it stays in the same loop", "；始终停留在同一个循环中");
    case "moving":
      return text("; it moved between the reports", "；各次报告之间位置有变化");
    case undefined:
      return text("", "");
  }
}

function consoleFindings(facts: FactView): readonly Finding[] {
  return facts
    .all("console-rate")
    .slice(0, 1)
    .map((fact) => {
      const uart = fact.baud
        ? ` = ${Math.round((fact.lineRateShare ?? 0) * 100)} % of 8N1 at ${fact.baud} baud`
        : "";
      const uartZh = fact.baud
        ? `，相当于 ${fact.baud} 波特 8N1 线速的 ${Math.round((fact.lineRateShare ?? 0) * 100)}%`
        : "";
      const rate = (fact.bytesPerSecond / 1000).toFixed(2);
      const per = fact.millisecondsPerByte.toFixed(4);
      const total = fact.totalMilliseconds.toFixed(0);
      return {
        id: "synchronous-console",
        text: text(
          `printing was synchronous to a slow console: ${per} ms per byte, ${rate} kB/s${uart}, R2 ${fact.rSquared.toFixed(5)}; this one report took ${total} ms`,
          `日志同步输出到慢速控制台：每字节 ${per} 毫秒，${rate} kB/s${uartZh}，R2 ${fact.rSquared.toFixed(5)}；仅这一份报告就耗时 ${total} 毫秒`,
        ),
        evidence: fact.evidence,
      };
    });
}

function detectorSilence(facts: FactView): readonly Finding[] {
  const nmi = facts.all("detector").find((d) => d.detector === "nmi-watchdog");
  if (!nmi || nmi.spoke || nmi.evidence.length === 0) return [];
  return [
    {
      id: "hard-lockup-silence",
      text:
        nmi.state === "off"
          ? text(
              "the NMI watchdog is off here: the absence of a hard LOCKUP line says nothing",
              "此处 NMI 看门狗未启用：没有 hard LOCKUP 日志不能说明任何问题",
            )
          : text(
              "the NMI watchdog was armed and reported no hard LOCKUP: no CPU that executes instructions had interrupts off much longer than 10 to 20 s, unless it was printing",
              "NMI 看门狗已启用且没有报告 hard LOCKUP：除非正在打印日志，否则没有仍在执行指令的 CPU 关中断明显超过 10 至 20 秒",
            ),
      evidence: nmi.evidence,
    },
  ];
}

const MOST_NEIGHBORS = 6;

function neighbors(facts: FactView): readonly Finding[] {
  const near = facts.all("neighbor");
  if (near.length === 0) return [];
  const kinds = [...new Set(near.map((n) => n.notice))].join(", ");
  return [
    {
      id: "neighbors",
      text: text(
        `other lines within two minutes (${kinds}): correlated in time, no cause by themselves`,
        `前后两分钟内的其他日志（${kinds}）：仅时间相关，本身不构成原因`,
      ),
      evidence: near.slice(0, MOST_NEIGHBORS).flatMap((n) => n.evidence),
    },
  ];
}
