// A CPU asked others to run a function and one has not acknowledged. kernel/smp.c:
// smp_call_function_many_cond(), csd_lock_wait(); KERNEL.md 1.1, appendix A.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import { whyNotAnswering } from "../awaited-cpu.ts";
import { backtraceOfAwaited, everyReport, vmcoreOfTheStall } from "../collecting.ts";
import { evidenceOf } from "../find.ts";
import { IPI_STAND } from "../frame-names.ts";
import type { Mechanism, Phase } from "../mechanism.ts";
import { isIn, NEAR_RIP, stalled } from "../stalled.ts";
import { ipiWaitRemedies } from "./remedies.ts";

export const ipiWait: Mechanism = {
  id: "ipi-wait",
  title: text("waiting for an IPI acknowledgement", "等待处理器间中断应答"),
  description: text(
    "The CPU queued a function for other CPUs, sent them an inter-processor interrupt and spins until each has run it. It waits with interrupts on and preemption off. It goes through the CPUs in ascending order, so the one it polls is the first that has not answered. The CPU reported is the victim; the subject is the one that does not answer.",
    "该 CPU 向其他 CPU 排入了一个函数，发出处理器间中断（IPI），随后自旋等待每个 CPU 执行完毕。等待期间中断打开、抢占关闭。它按编号从小到大逐个等待，因此正在轮询的是第一个尚未应答的 CPU。被上报的 CPU 是受害者，真正要查的是没有应答的那个。",
  ),
  waitsFor: text(
    "one CPU to run the queued function and clear the lock bit of the request",
    "某个 CPU 执行完排入的函数并清除请求的锁定位",
  ),
  signs: [
    {
      id: "polls-csd",
      what: text(
        "the loop around RIP polls the lock bit of an IPI request, or the kernel's csd line says so",
        "RIP 所在循环正在轮询处理器间中断请求的锁定位，或内核的 csd 日志直接指明",
      ),
      carries: "proven",
      find: (facts) => evidenceOf(facts.all("csd-wait").filter((wait) => wait.certain)),
    },
    {
      id: "stands-in-wait",
      what: text(
        "RIP or the innermost frame is one of the functions that wait for acknowledgements",
        "RIP 或最内层帧位于等待应答的函数中",
      ),
      carries: "likely",
      find: (facts) =>
        evidenceOf(facts.all("csd-wait")) ?? stalled((s) => isIn(s, IPI_STAND, NEAR_RIP))(facts),
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["work-item", "rcu-grace-period", "long-loop"],
  sampleIsVictim: true,
  phases: ipiPhases(),
  hypotheses: whyNotAnswering,
  remedies: ipiWaitRemedies,
  missing: [backtraceOfAwaited, everyReport, vmcoreOfTheStall],
  confirm: [
    {
      text: text(
        "in a vmcore: the requests of the waiting CPU that are still locked, and the queues not yet consumed",
        "在 vmcore 中查看等待方仍处于锁定状态的请求，以及尚未取走的队列",
      ),
      command: "crash> p cfd_data:a ; p call_single_queue:a ; bt -a",
    },
    {
      text: text(
        "live, where the csd trace events exist (6.12 has them): who sends, who handles, how long it takes",
        "在线查看（需内核具有 csd 跟踪事件，6.12 已有）：谁在发送、谁在处理、耗时多久",
      ),
      command:
        "perf record -a -e csd:csd_queue_cpu -e csd:csd_function_entry -e csd:csd_function_exit -- sleep 20",
    },
  ],
  references: [
    "kernel/smp.c: smp_call_function_many_cond(), smp_call_function_single(), csd_lock_wait()",
    "commit a32a4d8a815c (local function runs concurrently, v5.13)",
    "Documentation/admin-guide/lockup-watchdogs.rst",
  ],
};

function ipiPhases(): readonly Phase[] {
  const anyWait = (facts: FactView) => evidenceOf(facts.all("csd-wait"));
  return [
    {
      id: "sent",
      title: text("request queued and IPI sent", "请求入队并发出处理器间中断"),
      state: (facts) => {
        const evidence = anyWait(facts);
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "acknowledge",
      title: text("waiting for the acknowledgement", "等待应答"),
      state: (facts) => {
        const evidence = evidenceOf(facts.all("csd-wait").filter((wait) => wait.certain));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
  ];
}
