// stop_machine() brings all CPUs to one point and one does not come. kernel/stop_machine.c:
// multi_cpu_stop(); KERNEL.md section 6, M-06.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import type { Evidence } from "#model/verdict.ts";
import {
  targetDied,
  targetInterruptsOff,
  targetNotRunning,
  targetPrinting,
} from "../awaited-cpu.ts";
import { everyReport, vmcoreOfTheStall } from "../collecting.ts";
import { because, evidenceOf, no, notObservable, yes } from "../find.ts";
import { STOP_MACHINE } from "../frame-names.ts";
import type { HypothesisRule, Mechanism } from "../mechanism.ts";
import { stalledSamples } from "../stalled.ts";
import { stopMachineRemedies } from "./remedies.ts";

/** Stalled CPUs whose innermost function is the rendezvous: they have arrived and wait. */
function waiting(facts: FactView): readonly Evidence[] | undefined {
  return evidenceOf(stalledSamples(facts).filter((s) => STOP_MACHINE.has(s.symbols[0] ?? "")));
}

export const stopMachine: Mechanism = {
  id: "stop-machine",
  title: text("stop_machine rendezvous", "stop_machine 汇合"),
  description: text(
    "All CPUs must stop what they do and meet in their migration threads before a function runs alone: CPU hotplug, live patching, clock source switch, microcode, memory-type changes. Each CPU that has arrived spins there until the last one comes. From the second state on interrupts are off, and the watchdogs are touched, so the waiters may stay silent.",
    "在独占执行某个函数之前，所有 CPU 都必须停下手头的事，在各自的 migration 线程中汇合：CPU 热插拔、热补丁、切换时钟源、微码、内存类型修改。先到的 CPU 原地自旋，直到最后一个到达。进入第二个状态后中断关闭，并且会重置看门狗，因此等待者可能没有任何报告。",
  ),
  waitsFor: text(
    "the one CPU whose migration thread has not run",
    "migration 线程尚未得到运行的那个 CPU",
  ),
  signs: [
    {
      id: "stands-in-rendezvous",
      what: text(
        "a CPU that gets nowhere stands in the rendezvous loop",
        "没有进展的 CPU 位于汇合循环中",
      ),
      carries: "proven",
      find: (facts) =>
        evidenceOf(
          stalledSamples(facts).filter((s) => s.exact && STOP_MACHINE.has(s.symbols[0] ?? "")),
        ),
    },
    {
      id: "rendezvous-frames",
      what: text("the rendezvous is the innermost frame", "汇合函数是最内层的帧"),
      carries: "likely",
      find: waiting,
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["work-item", "rcu-grace-period", "long-loop"],
  sampleIsVictim: true,
  phases: [
    {
      id: "arrived",
      title: text("this CPU has arrived", "本 CPU 已到达"),
      state: (facts) => {
        const evidence = waiting(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "last",
      title: text("the last CPU arrives", "最后一个 CPU 到达"),
      state: (facts) => {
        const evidence = waiting(facts);
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "run",
      title: text("the function runs alone", "独占执行函数"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: [
    spinningWithoutPreemption(),
    targetInterruptsOff,
    targetNotRunning,
    targetDied,
    targetPrinting,
  ],
  remedies: stopMachineRemedies,
  missing: [
    {
      what: text("which CPU is not in the rendezvous", "哪个 CPU 不在汇合点"),
      why: text(
        "all the others are victims; only a backtrace of every CPU shows the missing one",
        "其余都是受害者；只有所有 CPU 的调用栈才能指出缺席者",
      ),
      command: "sysctl -w kernel.sysrq=1; dmesg -n 1; echo l > /proc/sysrq-trigger",
      isMissing: (facts) => !facts.all("stop-machine").some((stop) => stop.missing.length > 0),
    },
    {
      what: text("who called stop_machine", "谁发起了 stop_machine"),
      why: text(
        "the caller sleeps in another task; avoiding the call avoids the stall",
        "发起者在另一个任务中睡眠；避免该操作即可避免停顿",
      ),
      command: "echo w > /proc/sysrq-trigger",
      isMissing: () => true,
    },
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text(
        "in a vmcore: CPUs in multi_cpu_stop against those that are not",
        "在 vmcore 中对比处于 multi_cpu_stop 的 CPU 和不在其中的 CPU",
      ),
      command:
        "crash> bt -a | grep -E 'CPU:|multi_cpu_stop' ; foreach UN bt | grep -B12 stop_machine",
    },
  ],
  references: [
    "kernel/stop_machine.c: multi_cpu_stop(), stop_machine_cpuslocked()",
    "Documentation/core-api/cpu_hotplug.rst",
    "Documentation/livepatch/livepatch.rst",
  ],
};

/** The missing CPU takes interrupts but never schedules: its stopper cannot be switched in. */
function spinningWithoutPreemption(): HypothesisRule {
  return {
    id: "spinning-without-scheduling",
    title: text(
      "the missing CPU runs code that does not reach a scheduling point",
      "缺席的 CPU 在执行到不了调度点的代码",
    ),
    predictions: [
      {
        what: text(
          "another CPU is reported stuck, outside the rendezvous",
          "另有 CPU 被上报锁死，且不在汇合点",
        ),
        ifYes: "likely",
        look: (facts) => {
          const elsewhere = evidenceOf(
            stalledSamples(facts).filter((s) => !s.symbols.some((name) => STOP_MACHINE.has(name))),
          );
          if (elsewhere) return yes(elsewhere);
          const only = waiting(facts);
          return facts.all("no-progress").length > 1 && only
            ? no(because(only, "every CPU reported is a waiter", "所有被上报的 CPU 都是等待者"))
            : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "read the backtrace of the CPU that is not in multi_cpu_stop",
        "查看不在 multi_cpu_stop 中的 CPU 的调用栈",
      ),
      command: "echo l > /proc/sysrq-trigger",
    },
  };
}
