// Reclaim: give memory back now, bound the demand for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const reclaimRemedies: readonly RemedyRule[] = [
  {
    id: "free-memory",
    when: "now",
    title: text("free memory by ending a consumer", "结束占用者以释放内存"),
    steps: [
      {
        text: text("end or limit the largest consumer", "结束或限制最大的内存占用者"),
        command:
          "ps -eo rss,pid,comm --sort=-rss | head; systemctl set-property <unit> MemoryMax=8G",
      },
    ],
    appliesIf: text("memory is short and the consumer is known", "内存不足且已知占用者"),
    risk: text(
      "do not write to drop_caches during the stall: it walks long lists under locks and can cause the same lockup",
      "停顿期间不要写 drop_caches：它会在持锁状态下遍历长链表，可能造成同样的锁死",
    ),
    references: [
      "Documentation/admin-guide/cgroup-v2.rst",
      "Documentation/admin-guide/sysctl/vm.rst: drop_caches",
    ],
  },
  {
    id: "collect-memory-pressure",
    when: "collect",
    title: text("record pressure and scan rates", "记录内存压力和扫描速率"),
    steps: [
      {
        text: text("every second, from before the load", "从加压之前开始，每秒一次"),
        command:
          "while sleep 1; do date +%T; cat /proc/pressure/memory; grep -E 'pgscan|pgsteal|allocstall|compact' /proc/vmstat; done > mem.log",
      },
    ],
    appliesIf: text("the stall recurs", "停顿会重复出现"),
    risk: text("small", "开销很小"),
    references: ["Documentation/accounting/psi.rst"],
  },
  backtracesOfAllCpus,
  vmcore,
  {
    id: "fix-headroom",
    when: "fix",
    title: text("leave headroom", "预留余量"),
    steps: [
      {
        text: text(
          "larger reserves, cgroup limits, some swap",
          "提高保留内存、设置 cgroup 限制、配置少量交换空间",
        ),
        command: "sysctl -w vm.min_free_kbytes=262144 vm.watermark_scale_factor=100",
      },
    ],
    appliesIf: text("the workload fits the machine only just", "负载几乎用满整机内存"),
    risk: text(
      "reserves are lost for the application; too large a value causes out-of-memory kills",
      "保留内存应用无法使用；设置过大会导致内存不足而杀进程",
    ),
    references: ["Documentation/admin-guide/sysctl/vm.rst: min_free_kbytes"],
  },
  {
    id: "fix-scan-loop",
    when: "fix",
    title: text("let the scan yield", "让扫描过程让出 CPU"),
    steps: [
      {
        text: text(
          "a kernel whose reclaim loops call cond_resched(), or CONFIG_PREEMPT; shrinkers that stop at their batch",
          "使用在回收循环中调用 cond_resched() 的内核，或打开 CONFIG_PREEMPT；shrinker 应按批停止",
        ),
      },
    ],
    appliesIf: text("the scan is long but makes progress", "扫描时间长但仍有进展"),
    risk: text("none beyond a kernel change", "除更换内核外没有额外风险"),
    references: ["mm/vmscan.c: balance_pgdat()"],
  },
];
