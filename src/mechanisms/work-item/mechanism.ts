// A work item does not end, or a pool has work and no worker that runs. kernel/workqueue.c;
// KERNEL.md 3.7 and 1.3.

import { text } from "#base/text.ts";
import type { FactView } from "#model/fact.ts";
import {
  backtracesOfAllCpus,
  everyReport,
  secondSample,
  vmcore,
  vmcoreOfTheStall,
} from "../collecting.ts";
import { because, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import { WORKER } from "../frame-names.ts";
import type { HypothesisRule, Mechanism, RemedyRule } from "../mechanism.ts";
import { isIn, isWaiting, stalled, stalledSamples } from "../stalled.ts";

/** A worker that runs its item, waiting for no other CPU, on a CPU that gets nowhere. */
const runningItem = stalled(
  (s, facts) => (s.work !== undefined || isIn(s, WORKER)) && !isWaiting(facts, s),
);

const pools = (facts: FactView) => facts.all("pool-stuck");

export const workItem: Mechanism = {
  id: "work-item",
  title: text("a work item does not end", "工作项执行不结束"),
  description: text(
    "A worker thread runs one item without passing a scheduling point. On a per-CPU pool everything queued behind it waits: the pool starts another worker only when the running one sleeps. The items listed as pending are victims; the item in flight is the suspect. A pool with pending items and no item in flight has a worker that does not get the CPU.",
    "某个工作线程执行一个工作项而一直没有经过调度点。在每 CPU 工作者池中，排在后面的工作项都要等待：只有正在运行的线程睡眠时，池才会启用另一个线程。列为 pending 的是受害者，in-flight 的才是嫌疑对象。若池中只有 pending 而没有 in-flight，则说明工作线程得不到 CPU。",
  ),
  waitsFor: text("the running item to end or to sleep", "正在执行的工作项结束或睡眠"),
  signs: [
    {
      id: "pool-stuck",
      what: text(
        "the workqueue watchdog reports a pool without progress",
        "工作队列看门狗上报某个池没有进展",
      ),
      carries: "likely",
      find: shown("pool-stuck"),
    },
    {
      id: "worker-on-stuck-cpu",
      what: text(
        "the CPU that gets nowhere was running a work item, and not waiting for another CPU",
        "没有进展的 CPU 正在执行工作项，且不是在等待其他 CPU",
      ),
      carries: "likely",
      find: runningItem,
    },
  ],
  refusedBy: [],
  refines: ["long-loop"],
  outranks: ["rcu-grace-period"],
  phases: [
    {
      id: "queued",
      title: text("item queued", "工作项入队"),
      state: (facts) => {
        const evidence = runningItem(facts) ?? evidenceOf(pools(facts));
        return evidence ? { state: "done", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "running",
      title: text("item runs", "工作项执行"),
      state: (facts) => {
        const evidence =
          runningItem(facts) ?? evidenceOf(pools(facts).filter((p) => p.inFlight.length > 0));
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "behind",
      title: text("items behind it run", "后续工作项执行"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: workHypotheses(),
  remedies: workRemedies(),
  missing: [
    {
      what: text("the item in flight and its stack", "in-flight 的工作项及其调用栈"),
      why: text(
        "pending items are victims; only the running one holds the pool",
        "pending 的是受害者，只有正在运行的那个占住了池",
      ),
      command: "echo t > /proc/sysrq-trigger   # prints workqueue state since 4.1",
      isMissing: (facts) =>
        pools(facts).some((p) => p.inFlight.length === 0) && runningItem(facts) === undefined,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text("how long items run, by function", "按函数统计工作项的执行时间"),
      command:
        "bpftrace -e 'tracepoint:workqueue:workqueue_execute_start { @s[tid]=nsecs; @f[tid]=args->function; } tracepoint:workqueue:workqueue_execute_end /@s[tid]/ { @us[ksym(@f[tid])]=max((nsecs-@s[tid])/1000); delete(@s[tid]); }'",
    },
    {
      text: text(
        "newer kernels name items that hog a CPU",
        "较新的内核会直接指出占用 CPU 的工作项",
      ),
      command: "dmesg | grep 'hogged CPU'",
    },
  ],
  references: [
    "kernel/workqueue.c: process_one_work(), wq_watchdog_timer_fn()",
    "Documentation/core-api/workqueue.rst",
  ],
};

function workHypotheses(): readonly HypothesisRule[] {
  return [
    {
      id: "item-loops",
      title: text("the item itself runs on and on", "工作项自身一直在执行"),
      predictions: [
        {
          what: text(
            "the stuck CPU was sampled inside the item",
            "锁死的 CPU 采样时位于该工作项之中",
          ),
          ifYes: "likely",
          look: (facts) => observe(runningItem, notObservable, facts),
        },
        {
          what: text("interrupts are on", "中断处于打开状态"),
          look: (facts) => {
            const on = evidenceOf(
              stalledSamples(facts).filter((s) => s.work && s.interrupts === "on"),
            );
            return on ? yes(on) : notObservable;
          },
        },
      ],
      atMost: "likely",
      nextStep: {
        text: text(
          "sample it twice; count what it iterates over",
          "采样两次，并统计它所遍历的对象数量",
        ),
      },
    },
    {
      id: "worker-gets-no-cpu",
      title: text(
        "no item runs: the pool's worker does not get the CPU or is not woken",
        "没有工作项在运行：池的工作线程得不到 CPU 或未被唤醒",
      ),
      predictions: [
        {
          what: text(
            "the pool lists pending items and none in flight",
            "池中只有 pending 而没有 in-flight",
          ),
          ifYes: "likely",
          ifNo: "unlikely",
          look: (facts) => {
            const without = evidenceOf(pools(facts).filter((p) => p.inFlight.length === 0));
            if (without) return yes(without);
            const running = evidenceOf(pools(facts));
            return running
              ? no(because(running, "an item is in flight", "有工作项处于 in-flight"))
              : notObservable;
          },
        },
        {
          what: text(
            "timers or a real-time task are to blame: the grace-period kthread starves too",
            "与定时器或实时任务有关：宽限期内核线程同样得不到运行",
          ),
          ifYes: "likely",
          look: (facts) => observe(shown("rcu-kthread"), notObservable, facts),
        },
      ],
      atMost: "likely",
      nextStep: {
        text: text(
          "what runs on that CPU with which priority, and does its timer interrupt count go up",
          "查看该 CPU 上运行着什么、优先级如何，以及时钟中断计数是否增长",
        ),
        command: "ps -eLo psr,rtprio,pri,stat,comm | sort -n; grep LOC /proc/interrupts",
      },
    },
    {
      id: "interrupts-on-top",
      title: text(
        "interrupt work on top of the item takes the time",
        "时间被压在其上的中断处理占用",
      ),
      predictions: [
        {
          what: text("the sample is in softirq or interrupt context", "采样位于软中断或中断上下文"),
          ifYes: "likely",
          ifNo: "unlikely",
          look: (facts) => {
            const samples = stalledSamples(facts).filter((s) => s.work && s.context);
            const above = evidenceOf(samples.filter((s) => s.context !== "task"));
            if (above) return yes(above);
            const task = evidenceOf(samples);
            return task
              ? no(because(task, "sampled in task context", "采样时处于任务上下文"))
              : notObservable;
          },
        },
      ],
      atMost: "likely",
    },
  ];
}

function workRemedies(): readonly RemedyRule[] {
  return [
    {
      id: "stop-the-source",
      when: "now",
      title: text("stop what queues the item", "停止提交该工作项的来源"),
      steps: [
        {
          text: text(
            "take the device or feature behind the work function out of use until it is understood",
            "在查清之前停用该工作函数背后的设备或功能",
          ),
        },
      ],
      appliesIf: text(
        "the work function belongs to something that can be stopped",
        "工作函数所属的设备或功能可以停用",
      ),
      risk: text("the running item itself cannot be canceled", "正在执行的工作项本身无法取消"),
      references: ["Documentation/core-api/workqueue.rst"],
    },
    {
      id: "collect-pool-state",
      when: "collect",
      title: text("print workers and pools while it is stuck", "卡住时打印工作线程和池的状态"),
      steps: [
        {
          text: text(
            "task dump with workqueue state; arm the watchdog",
            "打印任务及工作队列状态，并启用看门狗",
          ),
          command:
            "dmesg -n 1; echo t > /proc/sysrq-trigger; echo 30 > /sys/module/workqueue/parameters/watchdog_thresh",
        },
      ],
      appliesIf: text("CONFIG_WQ_WATCHDOG for the watchdog", "看门狗需要 CONFIG_WQ_WATCHDOG"),
      risk: text("a long dump on machines with many tasks", "任务较多的机器上输出很长"),
      references: ["kernel/workqueue.c: show_all_workqueues()"],
    },
    backtracesOfAllCpus,
    vmcore,
    {
      id: "fix-long-item",
      when: "fix",
      title: text("split the item or let it yield", "拆分工作项或让出 CPU"),
      steps: [
        {
          text: text(
            "cond_resched() in its loop, work in batches that requeue themselves, or a WQ_UNBOUND queue so that it does not block a CPU's pool",
            "在循环中加入 cond_resched()，分批执行并重新入队，或改用 WQ_UNBOUND 队列以免占住某个 CPU 的池",
          ),
        },
      ],
      appliesIf: text("the item's own loop is long", "工作项自身的循环很长"),
      risk: text(
        "an unbound item may run on any CPU: check per-CPU data",
        "改为 unbound 后可能在任意 CPU 上执行：须检查每 CPU 数据的使用",
      ),
      references: ["Documentation/core-api/workqueue.rst: WQ_UNBOUND, WQ_CPU_INTENSIVE"],
    },
  ];
}
