// Hardware interrupts without pause. kernel/irq/spurious.c, kernel/watchdog.c (interrupt-storm block);
// KERNEL.md M-13.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import type { Mechanism } from "../mechanism.ts";
import { stalledCpus, stalledSamples } from "../stalled.ts";
import { stormHypotheses } from "./hypotheses.ts";
import { irqStormRemedies } from "./remedies.ts";
import { CALM_PERCENT, measured, STORM_PERCENT } from "./signs.ts";

export const irqStorm: Mechanism = {
  id: "irq-storm",
  title: text("interrupt storm", "中断风暴"),
  description: text(
    "Hardware interrupts arrive faster than they are served, because a device keeps its line asserted, ignores masking, or signals every packet. The interrupted task gets next to no time; RIP shows whatever instruction it had reached, usually right where interrupts are opened. Nothing in a stack proves a storm: counters do.",
    "硬中断到达的速度超过处理速度：设备一直保持中断请求、无视屏蔽，或为每个包都触发中断。被打断的任务几乎得不到时间；RIP 显示的是它恰好走到的指令，通常就在打开中断之处。调用栈无法证明中断风暴，只有计数可以。",
  ),
  waitsFor: text("nothing: the CPU is busy with interrupts", "不等待任何东西：CPU 忙于处理中断"),
  signs: [
    {
      id: "measured-hardirq-time",
      what: text(
        "the kernel measured that hard interrupts took most of the time",
        "内核测得硬中断占用了大部分时间",
      ),
      carries: "proven",
      find: (facts) => evidenceOf(measured(facts).filter((t) => t.hardirq >= STORM_PERCENT)),
    },
    {
      id: "nobody-cared",
      what: text(
        "an interrupt nobody cared for was shut off near the stall",
        "停顿附近有无人处理的中断被关闭",
      ),
      carries: "likely",
      find: shown("neighbor", (n) => n.notice === "irq-nobody-cared"),
    },
    {
      id: "held-at-the-door",
      what: text(
        "a stuck CPU stands in softirq or interrupt code exactly where interrupts were opened",
        "锁死的 CPU 位于软中断或中断代码中恰好打开中断之处",
      ),
      carries: "possible",
      find: (facts) => {
        const busy = new Set(
          stalledSamples(facts)
            .filter((s) => s.context === "softirq" || s.context === "hardirq")
            .map((s) => s.event),
        );
        return evidenceOf(
          facts.all("sampled-late").filter((late) => late.events.some((id) => busy.has(id))),
        );
      },
    },
  ],
  refusedBy: [
    {
      id: "measured-calm",
      what: text("the kernel measured little hard-interrupt time", "内核测得硬中断时间很少"),
      find: (facts) => {
        const all = measured(facts);
        return all.length > 0 && all.every((t) => t.hardirq < CALM_PERCENT)
          ? evidenceOf(all)
          : undefined;
      },
    },
    {
      id: "interrupts-off",
      what: text("the stuck CPU has interrupts off", "锁死的 CPU 处于关中断状态"),
      find: (facts) => {
        const cpus = stalledCpus(facts);
        return shown("interrupts-off", (off) => off.by === "flags" && cpus.has(off.cpu))(facts);
      },
    },
  ],
  refines: [],
  outranks: ["rcu-grace-period"],
  sampleIsVictim: true,
  phases: [],
  hypotheses: stormHypotheses,
  remedies: irqStormRemedies,
  missing: [
    {
      what: text("interrupt counts per second during the stall", "停顿期间每秒的中断计数"),
      why: text(
        "a storm leaves no frame in the trace, only a counter that runs; it also names the device",
        "中断风暴不会在调用栈中留下痕迹，只体现为不断增长的计数；计数还能指明设备",
      ),
      command: "while sleep 1; do date +%T; cat /proc/interrupts; done > irq.log",
      isMissing: (facts) => measured(facts).length === 0,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("rates by interrupt and CPU", "按中断号和 CPU 统计频率"),
      command: "perf trace -a -s -e irq:irq_handler_entry -- sleep 5; mpstat -I SUM -P ALL 1 5",
    },
  ],
  references: [
    "kernel/watchdog.c: print_cpustat(), print_irq_counts()",
    "kernel/irq/spurious.c: note_interrupt()",
    "commit d7037381d002, commit e9a9292e2368 (v6.10)",
  ],
};
