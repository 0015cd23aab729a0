// Why a CPU that others wait for does not answer: the rivals, each with what it predicts about that CPU
// (KERNEL.md 3.10, 5.4). Used by every mechanism that ends in "waits for CPU N".

import { text } from "#base/text.ts";
import type { FactView, SampleFact } from "#model/fact.ts";
import {
  because,
  contrast,
  evidenceOf,
  faultBefore,
  no,
  notObservable,
  observe,
  shown,
  yes,
} from "./find.ts";
import { CONSOLE, IPI_HANDLER } from "./frame-names.ts";
import type { HypothesisRule, Observation } from "./mechanism.ts";
import { isIn } from "./stalled.ts";

/**
 * CPUs that an IPI sender or a rendezvous waits for; only without either the CPUs a grace period waits
 * for, for RCU also names the CPU that waits itself.
 */
function awaitedCpus(facts: FactView): ReadonlySet<number> {
  const waiters = new Set(facts.all("csd-wait").map((wait) => wait.cpu));
  const direct = [
    ...facts.all("csd-wait").flatMap((wait) => wait.awaited ?? []),
    ...facts.all("stop-machine").flatMap((stop) => stop.missing),
  ];
  const late = facts.all("rcu-stalled").map((line) => line.cpu);
  return new Set(direct.length > 0 ? direct : late.filter((cpu) => !waiters.has(cpu)));
}

function awaitedSamples(facts: FactView): readonly SampleFact[] {
  const awaited = awaitedCpus(facts);
  return facts.all("sample").filter((s) => s.cpu !== undefined && !s.asleep && awaited.has(s.cpu));
}

/** What the samples of the awaited CPU say; not observable without one. */
function aboutAwaited(
  facts: FactView,
  holds: (sample: SampleFact) => boolean | undefined,
  otherwise: readonly [en: string, zh: string],
): Observation {
  const samples = awaitedSamples(facts).filter((s) => holds(s) !== undefined);
  const found = evidenceOf(samples.filter((s) => holds(s)));
  const against = evidenceOf(samples);
  return contrast(found, against, otherwise[0], otherwise[1]);
}

const flagsOf = (sample: SampleFact): boolean | undefined =>
  sample.interrupts === undefined || sample.idle ? undefined : sample.interrupts === "off";

export const targetInterruptsOff: HypothesisRule = {
  id: "target-interrupts-off",
  title: text("the awaited CPU runs with interrupts off", "被等待的 CPU 处于关中断状态"),
  predictions: [
    {
      what: text(
        "its backtrace shows flags with interrupts off",
        "其调用栈的标志寄存器显示中断已关闭",
      ),
      ifYes: "proven",
      ifNo: "unlikely",
      look: (facts) =>
        aboutAwaited(facts, flagsOf, ["sampled with interrupts on", "采样时中断处于打开状态"]),
    },
    {
      what: text(
        "RCU's interrupt to it stays pending, or the NMI watchdog reports it",
        "RCU 发给它的中断一直未执行，或被 NMI 看门狗上报",
      ),
      ifYes: "likely",
      look: (facts) => {
        const awaited = awaitedCpus(facts);
        return observe(
          shown("interrupts-off", (off) => off.by !== "flags" && awaited.has(off.cpu)),
          notObservable,
          facts,
        );
      },
    },
  ],
  nextStep: {
    text: text("read that CPU's NMI backtrace", "查看该 CPU 的 NMI 调用栈"),
    command: "echo l > /proc/sysrq-trigger",
  },
};

export const targetInHandler: HypothesisRule = {
  id: "target-in-handler",
  title: text(
    "the awaited CPU took the IPI and its handler does not end",
    "被等待的 CPU 已收到处理器间中断，但处理函数没有结束",
  ),
  predictions: [
    {
      what: text(
        "its backtrace stands in a call-function handler",
        "其调用栈位于跨 CPU 调用的处理函数中",
      ),
      ifYes: "likely",
      ifNo: "unlikely",
      look: (facts) =>
        aboutAwaited(facts, (s) => (s.symbols.length > 0 ? isIn(s, IPI_HANDLER) : undefined), [
          "not inside a call-function handler",
          "并不在跨 CPU 调用的处理函数中",
        ]),
    },
  ],
  nextStep: {
    text: text(
      "with csd debugging the kernel says whether the target handles this or an earlier request",
      "打开 csd 调试后，内核会说明目标正在处理本次还是之前的请求",
    ),
    command: "csdlock_debug=1   # kernel command line",
  },
};

export const targetDied: HypothesisRule = {
  id: "target-died-earlier",
  title: text(
    "an earlier fault left the awaited CPU or a lock it held behind",
    "之前的一次故障使被等待的 CPU 失效，或遗留了它持有的锁",
  ),
  predictions: [
    {
      what: text(
        "a fault report before the stall in the same boot",
        "同一次启动中，停顿之前有故障报告",
      ),
      ifYes: "likely",
      look: faultBefore,
    },
    {
      what: text("taint flag D", "污染标记中有 D"),
      ifYes: "likely",
      ifNo: "unlikely",
      look: (facts) => {
        const taints = facts.all("taint");
        const died = evidenceOf(taints.filter((t) => t.flags.includes("D")));
        const printed = evidenceOf(taints);
        return contrast(
          died,
          printed,
          "no oops since boot: flag D is not set",
          "启动以来没有 oops：未置 D 标志",
        );
      },
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text(
      "read the log back to the first fault of this boot",
      "向前查看本次启动中的第一个故障",
    ),
    command: "journalctl -k -b | grep -nE 'BUG:|Oops|general protection' | head",
  },
};

export const targetPrinting: HypothesisRule = {
  id: "target-printing",
  title: text(
    "the awaited CPU is writing to a slow console with interrupts off",
    "被等待的 CPU 正在关中断向慢速控制台输出",
  ),
  predictions: [
    {
      what: text("its backtrace stands in a console driver", "其调用栈位于控制台驱动中"),
      ifYes: "likely",
      ifNo: "unlikely",
      look: (facts) =>
        aboutAwaited(facts, (s) => (s.symbols.length > 0 ? isIn(s, CONSOLE) : undefined), [
          "sampled outside the console code",
          "采样位置不在控制台代码中",
        ]),
    },
    {
      what: text("printing is synchronous and slow", "控制台输出是同步且缓慢的"),
      look: (facts) => observe(shown("console-rate"), notObservable, facts),
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text(
      "look at the consoles and how many lines came just before",
      "查看控制台配置以及此前短时间内的日志行数",
    ),
    command: "cat /proc/consoles",
  },
};

export const targetNotRunning: HypothesisRule = {
  id: "target-not-running",
  title: text(
    "the awaited CPU does not execute at all: firmware (SMI), a core that does not wake, a vCPU the hypervisor does not run",
    "被等待的 CPU 根本没有执行：固件（SMI）、无法唤醒的核心，或虚拟机监控器未调度的 vCPU",
  ),
  predictions: [
    {
      what: text("no backtrace of it, though one was asked for", "请求了它的调用栈，却没有得到"),
      ifNo: "unlikely",
      look: (facts) => {
        const running = evidenceOf(awaitedSamples(facts).filter((s) => !s.idle));
        if (running)
          return no(
            because(running, "it answered: its backtrace was printed", "它有响应：其调用栈已打印"),
          );
        const resting = awaitedSamples(facts).filter((s) => s.idle);
        const answered = evidenceOf(resting.filter((s) => s.answered));
        if (answered)
          return no(
            because(
              answered,
              "it answered: it printed itself that it idles",
              "它有响应：它亲自打印了自己处于空闲",
            ),
          );
        const idle = evidenceOf(resting);
        return idle
          ? yes(
              because(
                idle,
                "last seen idle, not answering",
                "最后一次出现时处于空闲，此后没有应答",
              ),
            )
          : notObservable;
      },
    },
    {
      what: text(
        "machine-check, thermal or hypervisor lines nearby",
        "附近有机器检查、过热或虚拟机监控器相关日志",
      ),
      ifYes: "likely",
      look: (facts) =>
        observe(
          shown("neighbor", (n) => ["mce", "thermal", "hypervisor"].includes(n.notice)),
          notObservable,
          facts,
        ),
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text(
      "compare steal time (guest) or C-state policy and SMI counts (bare metal)",
      "虚拟机比较 steal 时间；物理机检查 C 状态策略和 SMI 计数",
    ),
    command: "grep '^cpu' /proc/stat; cpupower idle-info; rdmsr -a 0x34",
  },
};

/** An idle CPU wakes by an interrupt whatever its flags say, if it is alive. */
function takesInterrupts(sample: SampleFact): boolean | undefined {
  if (sample.idle && sample.answered) return true;
  if (sample.interrupts === undefined || isIn(sample, IPI_HANDLER)) return undefined;
  return sample.interrupts === "on";
}

export const lostIpi: HypothesisRule = {
  id: "lost-ipi",
  title: text("the IPI was lost on its way", "处理器间中断在途中丢失"),
  predictions: [
    {
      what: text(
        "the awaited CPU idles, or runs elsewhere with interrupts on, while it is still waited for",
        "被等待的 CPU 处于空闲，或在别处以开中断状态运行，同时仍被等待",
      ),
      ifYes: "likely",
      ifNo: "unlikely",
      look: (facts) =>
        aboutAwaited(facts, takesInterrupts, [
          "sampled with interrupts off: it could not have taken the IPI yet",
          "采样时处于关中断状态：此时还无法响应该处理器间中断",
        ]),
    },
  ],
  atMost: "possible",
  nextStep: {
    text: text(
      "csd debugging re-sends the IPI: a release right after that means it was lost",
      "csd 调试会重发处理器间中断：若重发后立即放行，说明前一次已丢失",
    ),
    command: "dmesg | grep -E 'csd: (Re-sending|CSD lock .* got unstuck)'",
  },
};

/** In the order they are worth looking at. */
export const whyNotAnswering: readonly HypothesisRule[] = [
  targetInterruptsOff,
  targetInHandler,
  targetDied,
  targetPrinting,
  targetNotRunning,
  lostIpi,
];
