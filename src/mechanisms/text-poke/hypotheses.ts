// The rivals worth naming when a CPU is reported inside the patching batch, each with what it predicts.
// Source: KERNEL.md 2.4-2.9. The wording states the observation; the verdict follows by rule.

import { text } from "#base/text.ts";
import type { FactView, SampleFact } from "#model/fact.ts";
import {
  because,
  clockTrouble,
  evidenceOf,
  no,
  notObservable,
  observe,
  shown,
  standsIn,
  yes,
} from "../find.ts";
import { IPI_WAIT } from "../frame-names.ts";
import type { HypothesisRule, Observation } from "../mechanism.ts";
import { BATCH, INT3_HANDLER, POKE } from "./names.ts";

/** The sample of the CPU that was reported while patching, with RIP. */
function patcher(facts: FactView): SampleFact | undefined {
  const running = facts.all("sample").filter((s) => !s.asleep && s.exact);
  return running.find((s) => s.symbols.some((name) => BATCH.has(name)));
}

function positionIsWait(facts: FactView): Observation {
  const certain = facts.all("csd-wait").filter((w) => w.certain && w.form !== "frames");
  const waiting = evidenceOf(certain);
  if (waiting) return yes(waiting);
  const sample = patcher(facts);
  if (!sample) return notObservable;
  if (standsIn(sample, IPI_WAIT)) {
    return yes(
      because(sample.evidence, "RIP stands in the IPI wait", "RIP 位于处理器间中断的等待循环"),
    );
  }
  return no(
    because(
      sample.evidence,
      "RIP is not in the loop that polls for acknowledgements: nothing was being waited for when sampled",
      "RIP 不在轮询应答的循环中：采样时并没有在等待任何应答",
    ),
  );
}

function positionIsRunning(facts: FactView): Observation {
  const waits = positionIsWait(facts);
  if (waits.observed === "yes") return no(waits.evidence);
  return waits.observed === "no" ? yes(waits.evidence) : notObservable;
}

/** RIP inside __text_poke, right behind the instruction that reopened interrupts. */
function positionIsLate(facts: FactView): Observation {
  const late = evidenceOf(facts.all("sampled-late"));
  if (late) return yes(late);
  const returned = evidenceOf(facts.all("after-call"));
  if (returned) {
    return no(
      because(
        returned,
        "RIP is a return address: the called function had finished and a pending tick would have been taken inside it",
        "RIP 是返回地址：被调函数已经执行完毕，若有挂起的时钟中断，应在其内部开中断处就被响应",
      ),
    );
  }
  const sample = patcher(facts);
  if (!sample) return notObservable;
  if (standsIn(sample, POKE)) return notObservable;
  return no(because(sample.evidence, "RIP is outside __text_poke", "RIP 不在 __text_poke 之内"));
}

const stallPrinted = shown("duration", (d) => d.first);

const otherReportJustBefore = (facts: FactView): Observation =>
  observe(
    shown("burst", (b) => b.cpus.length > 1 && b.spanSeconds < 1),
    notObservable,
    facts,
  );

export const textPokeHypotheses: readonly HypothesisRule[] = [
  {
    id: "still-waiting",
    title: text(
      "it was still waiting for another CPU's IPI acknowledgement",
      "采样时仍在等待其他 CPU 应答处理器间中断",
    ),
    predictions: [
      {
        what: text(
          "RIP in the function that waits (smp_call_function_many_cond and relatives)",
          "RIP 位于负责等待的函数（smp_call_function_many_cond 等）",
        ),
        ifNo: "ruled out",
        ifYes: "likely",
        look: positionIsWait,
      },
      {
        what: text(
          "the instructions around RIP poll the lock bit of a csd",
          "RIP 附近的指令正在轮询 csd 的锁定位",
        ),
        ifYes: "proven",
        look: (facts) =>
          observe(
            shown("csd-wait", (w) => w.certain && w.form !== "frames"),
            notObservable,
            facts,
          ),
      },
    ],
    nextStep: {
      text: text(
        "read the reports of other CPUs: their RIP and the CPU they poll",
        "查看其他 CPU 的报告：其 RIP 以及所轮询的 CPU",
      ),
      command: "grep -n 'soft lockup' /var/log/messages",
    },
  },
  {
    id: "released-just-before",
    title: text(
      "it waited in an IPI broadcast and was released just before the tick that reported it",
      "此前一直在处理器间中断广播中等待，恰在上报的时钟中断之前被放行",
    ),
    appliesTo: (facts) => positionIsWait(facts).observed !== "yes",
    predictions: [
      {
        what: text("RIP behind a completed broadcast", "RIP 位于一次已完成的广播之后"),
        ifNo: "unlikely",
        look: (facts) =>
          observe(
            shown("poke-position", (p) => p.syncsCompleted > 0),
            positionIsRunning(facts),
            facts,
          ),
      },
      {
        what: text(
          "something that released the target in the same watchdog round: another report less than a second earlier",
          "同一轮看门狗检查中有事件放行了目标 CPU：此前不到一秒另有一份报告",
        ),
        ifYes: "likely",
        look: otherReportJustBefore,
      },
      {
        what: text(
          "a duration of 22 s or 23 s, which every on-time report prints",
          "时长为 22s 或 23s（准点上报时的打印值）",
        ),
        look: (facts) => observe(stallPrinted, notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "look for any report less than a second before this one, and read its trace",
        "查找本报告之前一秒内的其他报告并阅读其调用栈",
      ),
      command: "grep -nE 'soft lockup|NMI backtrace|hard LOCKUP' /var/log/messages",
    },
  },
  {
    id: "interrupts-off-in-poke",
    title: text(
      "interrupts were off inside __text_poke and delayed the tick",
      "__text_poke 内部关中断，推迟了时钟中断",
    ),
    predictions: [
      {
        what: text(
          "RIP on the instruction right behind popf or sti inside __text_poke; holds if this kernel compiles it as the kernels checked do",
          "RIP 位于 __text_poke 内 popf/sti 之后的第一条指令；前提是该内核的编译结果与已核对的内核一致",
        ),
        ifNo: "unlikely",
        ifYes: "likely",
        look: positionIsLate,
      },
    ],
    nextStep: {
      text: text(
        "disassemble this kernel's own __text_poke and see what stands between its popf and its return",
        "反汇编该内核自身的 __text_poke，确认 popf 与返回之间有哪些指令",
      ),
      command: "crash> dis __text_poke",
    },
  },
  {
    id: "machine-freeze",
    title: text(
      "firmware or the hypervisor froze the whole machine",
      "固件或虚拟机监控器冻结了整台机器",
    ),
    predictions: [
      {
        what: text("the CPU was not polling for an acknowledgement", "该 CPU 并未在轮询应答"),
        ifNo: "unlikely",
        look: positionIsRunning,
      },
      {
        what: text(
          "a burst of reports from every busy CPU within the same second",
          "同一秒内所有忙碌的 CPU 集中上报",
        ),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("burst", (b) => b.cpus.length > 2 && b.spanSeconds < 2),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "count the CPUs that reported in that second; on a virtual machine look at steal time",
        "统计该秒内上报的 CPU 数量；虚拟机还应查看 steal 时间",
      ),
    },
  },
  {
    id: "core-freeze",
    title: text(
      "this core alone was frozen: a stalled device read, a C-state exit that failed, a directed SMI",
      "仅该核心被冻结：设备读停滞、C 状态退出失败或定向 SMI",
    ),
    predictions: [
      {
        what: text("the CPU was not polling for an acknowledgement", "该 CPU 并未在轮询应答"),
        ifNo: "unlikely",
        look: positionIsRunning,
      },
      {
        what: text(
          "AER, machine-check or slow-interrupt lines nearby",
          "附近有 AER、机器检查或慢中断日志",
        ),
        look: (facts) =>
          observe(
            shown("neighbor", (n) =>
              ["aer", "mce", "hrtimer-slow", "nmi-handler-slow"].includes(n.notice),
            ),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "check C-state policy and the device's completion timeout; never walk all of config space during an incident",
        "检查 C 状态策略和设备的完成超时设置；故障期间不要遍历整个配置空间",
      ),
      command: "cpupower idle-info; lspci -s <BDF> -vv | grep -E 'CmpltTO|DevCtl2'",
    },
  },
  {
    id: "hardirq-storm",
    title: text(
      "hardware interrupts without pause on this CPU left the task no time",
      "该 CPU 上硬中断连续不断，任务得不到执行时间",
    ),
    predictions: [
      {
        what: text(
          "RIP on any instruction of the task with interrupts on",
          "RIP 位于任务代码的任意一条指令，且处于开中断状态",
        ),
        ifNo: "unlikely",
        look: (facts) => {
          const sample = patcher(facts);
          if (!sample?.interrupts) return notObservable;
          return sample.interrupts === "on" ? yes(sample.evidence) : no(sample.evidence);
        },
      },
      {
        what: text("its loop polls no csd lock bit", "所在循环没有轮询 csd 的锁定位"),
        ifNo: "unlikely",
        look: positionIsRunning,
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "record interrupt counts each second during the test and compare this CPU's column",
        "测试期间每秒记录中断计数，比较该 CPU 对应的列",
      ),
      command: "while sleep 1; do date +%T; cat /proc/interrupts; done > irq.log",
    },
  },
  {
    id: "softirq-storm",
    title: text(
      "softirq work (network receive) ran on top of the task",
      "软中断（网络收包）压在该任务之上运行",
    ),
    predictions: [
      {
        what: text("frames of the interrupt stack in the trace", "调用栈中出现中断栈的帧"),
        ifNo: "ruled out",
        look: (facts) => {
          const sample = patcher(facts);
          if (!sample) return notObservable;
          return sample.context === "softirq"
            ? yes(sample.evidence)
            : no(
                because(
                  sample.evidence,
                  "the interrupted context is the task itself: no frame of the interrupt stack",
                  "被打断的是任务上下文本身：没有中断栈的帧",
                ),
              );
        },
      },
    ],
  },
  {
    id: "long-interrupt-handler",
    title: text(
      "one very long handler ran on this CPU with interrupts off (console flush, IOMMU wait)",
      "该 CPU 上有一个关中断的处理程序运行了很久（控制台刷新、IOMMU 等待）",
    ),
    predictions: [
      {
        what: text("the CPU was not polling for an acknowledgement", "该 CPU 并未在轮询应答"),
        ifNo: "unlikely",
        look: positionIsRunning,
      },
      {
        what: text("the console prints synchronously and slowly", "控制台同步且缓慢地输出"),
        look: (facts) => observe(shown("console-rate"), notObservable, facts),
      },
      {
        what: text("IOMMU or device time-outs nearby", "附近有 IOMMU 或设备超时日志"),
        look: (facts) =>
          observe(
            shown("neighbor", (n) => n.notice === "iommu" || n.notice === "io-error"),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "count the kernel lines in the 30 s before the report and look at the console's speed",
        "统计报告前 30 秒内的内核日志行数并查看控制台速率",
      ),
      command: "cat /proc/consoles",
    },
  },
  {
    id: "endless-toggling",
    title: text("the key was flipped again and again without end", "静态键被无休止地反复翻转"),
    predictions: [
      {
        what: text(
          "no soft lockup at all: a worker passes a scheduling point after every work item (process_one_work)",
          "根本不会出现软锁死：工作线程每执行完一个工作项都会经过调度点（process_one_work）",
        ),
        ifNo: "ruled out",
        look: (facts) => {
          const worker = facts
            .all("no-progress")
            .filter((p) => p.detector === "soft-lockup" && p.task?.comm.startsWith("kworker/"));
          const evidence = evidenceOf(worker);
          return evidence ? no(evidence) : notObservable;
        },
      },
    ],
  },
  {
    id: "int3-contention",
    title: text(
      "CPUs that run into the INT3 sites fight for one reference counter with interrupts off and acknowledge late",
      "撞上 INT3 的 CPU 在关中断状态下争用同一个引用计数，应答变慢",
    ),
    predictions: [
      {
        what: text("the INT3 handler on other CPUs' stacks", "其他 CPU 的栈上出现 INT3 处理函数"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("sample", (s) => s.symbols.some((name) => INT3_HANDLER.has(name))),
            notObservable,
            facts,
          ),
      },
      {
        what: text(
          "many sites in the batch: 2.66 s were measured for 164 sites, so a handful cannot make 20 s alone",
          "批次中修补点很多：实测 164 个点耗时 2.66 秒，少量修补点不可能单独造成 20 秒",
        ),
        ifNo: "unlikely",
        look: (facts) => {
          const position = facts.all("poke-position").find((p) => p.entries !== undefined);
          if (position?.entries === undefined) return notObservable;
          return position.entries > 100 ? yes(position.evidence) : no(position.evidence);
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "sample with NMIs while traffic runs and look for the INT3 handler",
        "在有流量时用 NMI 采样，查看 INT3 处理函数的占比",
      ),
      command: "perf record -a -e cycles:k -F 297 -g -- sleep 20",
    },
  },
  {
    id: "clock-artifact",
    title: text("the clock jumped and nothing was stuck", "时钟跳变造成的假象，实际没有卡住"),
    predictions: [
      {
        what: text("the CPU was not polling for an acknowledgement", "该 CPU 并未在轮询应答"),
        ifNo: "unlikely",
        look: positionIsRunning,
      },
      {
        what: text(
          "clocksource or TSC lines, or time jumps in the log",
          "日志中有 clocksource/TSC 异常或时间跳变",
        ),
        look: clockTrouble,
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text("look for clocksource lines since boot", "查看启动以来的 clocksource 日志"),
      command: "dmesg | grep -iE 'clocksource|tsc'",
    },
  },
];
