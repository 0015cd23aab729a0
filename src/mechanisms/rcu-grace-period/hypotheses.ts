// What can keep a grace period from ending, each with what the stall line and the stacks would show.

import { text } from "#base/text.ts";
import type { FactView, RcuStalledFact, SampleFact } from "#model/fact.ts";
import { because, contrast, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import type { HypothesisRule, PredictionRule } from "../mechanism.ts";
import { stalledSamples } from "../stalled.ts";

/** Most of the limit was served as ticks: interrupts were on all the time. */
const SERVED_SHARE = 0.8;
/** Expedited limits this short report latency, not a hang. */
const TINY_LIMIT_JIFFIES = 100;

const lines = (facts: FactView): readonly RcuStalledFact[] => facts.all("rcu-stalled");

/** What the late CPUs printed of themselves: idle, or at work. */
const answers = (facts: FactView, idle: boolean): readonly SampleFact[] => {
  const cpus = new Set(lines(facts).map((line) => line.cpu));
  return facts
    .all("sample")
    .filter((s) => s.cpu !== undefined && cpus.has(s.cpu) && !s.asleep)
    .filter((s) => (idle ? s.idle && s.answered === true : !s.idle));
};

/** Idle is a quiescent state: what a CPU does that loops or masks interrupts is something else. */
const isAtWork: PredictionRule = {
  what: text("the late CPU is sampled at work, not idle", "迟到的 CPU 采样时在执行代码，而非空闲"),
  ifNo: "unlikely",
  look: (facts) =>
    contrast(
      evidenceOf(answers(facts, false)),
      evidenceOf(answers(facts, true)),
      "it answered that it idles",
      "它响应称自己处于空闲",
    ),
};

const ticksServed = (line: RcuStalledFact): boolean | undefined =>
  line.line.ticks === undefined || line.jiffies === undefined || line.jiffies === 0
    ? undefined
    : line.line.ticks / line.jiffies >= SERVED_SHARE;

export const gracePeriodHypotheses: readonly HypothesisRule[] = [
  {
    id: "idle-unnoticed",
    title: text(
      "the late CPU idles and is alive: nobody noticed, or the interrupt or timer meant for it was lost",
      "迟到的 CPU 处于空闲且仍在运行：没有被察觉，或发给它的中断或定时器丢失",
    ),
    predictions: [
      {
        what: text(
          "asked for a backtrace, it answers that it idles",
          "被请求调用栈时，它响应称自己处于空闲",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) =>
          contrast(
            evidenceOf(answers(facts, true)),
            evidenceOf(answers(facts, false)),
            "it was sampled at work",
            "采样时它在执行代码",
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "whether the grace-period kthread runs, and whether timers and IPIs of that CPU still count up",
        "查看宽限期内核线程是否在运行，以及该 CPU 的定时器和处理器间中断计数是否仍在增长",
      ),
      command: "ps -eLo psr,stat,wchan,comm | grep rcu_; grep -E 'LOC|RES|CAL' /proc/interrupts",
    },
  },
  {
    id: "loops-with-interrupts-on",
    title: text(
      "the CPU loops in the kernel with interrupts on and never schedules",
      "该 CPU 在内核中开中断循环，从不调度",
    ),
    predictions: [
      isAtWork,
      {
        what: text(
          "nearly every tick of the grace period was served",
          "宽限期内几乎所有时钟中断都得到了处理",
        ),
        ifYes: "likely",
        look: (facts) => {
          const known = lines(facts).filter((line) => ticksServed(line) !== undefined);
          const served = evidenceOf(known.filter((line) => ticksServed(line)));
          const few = evidenceOf(known);
          return contrast(
            served,
            few,
            "few ticks were served during the grace period",
            "宽限期内只处理了少量时钟中断",
          );
        },
      },
      {
        what: text("the interrupt RCU sent was taken", "RCU 发送的中断已被响应"),
        ifNo: "unlikely",
        look: (facts) => {
          const asked = lines(facts).filter((l) => l.line.interrupts !== undefined);
          const taken = evidenceOf(asked.filter((l) => l.line.interrupts === "taken"));
          if (taken) return yes(taken);
          const pending = evidenceOf(asked.filter((l) => l.line.interrupts === "not-taken"));
          return pending ? no(pending) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("sample that CPU twice and compare", "对该 CPU 采样两次并比较"),
      command: "echo l > /proc/sysrq-trigger; sleep 5; echo l > /proc/sysrq-trigger",
    },
  },
  {
    id: "interrupts-off",
    title: text("the CPU runs with interrupts off", "该 CPU 处于关中断状态"),
    predictions: [
      isAtWork,
      {
        what: text(
          "flags with interrupts off in its backtrace, RCU's interrupt still pending, or a hard lockup",
          "其调用栈显示中断关闭、RCU 的中断仍未执行，或有硬锁死报告",
        ),
        ifYes: "likely",
        look: (facts) => {
          const cpus = new Set(lines(facts).map((line) => line.cpu));
          return observe(
            shown("interrupts-off", (off) => cpus.has(off.cpu)),
            notObservable,
            facts,
          );
        },
      },
      {
        what: text("few ticks in the stall line", "停顿行中的时钟中断计数很小"),
        ifNo: "unlikely",
        look: (facts) => {
          const served = evidenceOf(lines(facts).filter((line) => ticksServed(line)));
          return served
            ? no(because(served, "ticks were served all along", "时钟中断一直得到处理"))
            : notObservable;
        },
      },
    ],
    nextStep: {
      text: text("read the NMI backtrace and its flags", "查看 NMI 调用栈及其标志寄存器"),
    },
  },
  {
    id: "kthread-starved",
    title: text(
      "no CPU is late; the grace-period kthread gets no CPU or no timer",
      "没有 CPU 迟到；宽限期内核线程得不到 CPU 或定时器",
    ),
    predictions: [
      {
        what: text("the report says so", "报告中明确指出"),
        ifYes: "likely",
        look: (facts) => observe(shown("rcu-kthread"), notObservable, facts),
      },
      {
        what: text("no CPU is named in the stall", "停顿报告没有指明任何 CPU"),
        look: (facts) => {
          const named = evidenceOf(lines(facts));
          return named ? no(named) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "what runs on the kthread's CPU, at which priority; is its timer interrupt alive",
        "查看该线程所在 CPU 上运行着什么、优先级如何，以及其时钟中断是否正常",
      ),
      command: "ps -eLo psr,rtprio,pri,stat,comm | sort -n; grep LOC /proc/interrupts",
    },
  },
  {
    id: "tiny-limit",
    title: text(
      "no hang at all: the limit is only a few jiffies",
      "并非挂起：时限只有几个 jiffies",
    ),
    predictions: [
      {
        what: text("the limit in the report is tiny", "报告中的时限极小"),
        ifYes: "likely",
        ifNo: "ruled out",
        look: (facts) => {
          const known = lines(facts).filter((line) => line.jiffies !== undefined);
          const tiny = evidenceOf(known.filter((l) => (l.jiffies ?? 0) < TINY_LIMIT_JIFFIES));
          if (tiny) return yes(tiny);
          const long = evidenceOf(known);
          return long ? no(long) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "raise the expedited limit and look whether it still speaks",
        "调大加速宽限期的时限，观察是否仍有报告",
      ),
      command: "echo 20000 > /sys/module/rcupdate/parameters/rcu_exp_cpu_stall_timeout",
    },
  },
  {
    id: "reader-does-not-leave",
    title: text("a reader stays inside rcu_read_lock", "某个读者一直没有离开 rcu_read_lock"),
    predictions: [
      {
        what: text("a stuck CPU in code that is no wait", "锁死的 CPU 位于并非等待的代码中"),
        look: (facts) => {
          const samples = evidenceOf(stalledSamples(facts));
          return samples ? yes(samples) : notObservable;
        },
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "lockdep's list of held locks names rcu_read_lock",
        "lockdep 的持锁列表会列出 rcu_read_lock",
      ),
    },
  },
];
