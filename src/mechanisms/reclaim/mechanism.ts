// Memory reclaim runs and runs, or tasks hang in it. mm/vmscan.c; KERNEL.md M-18.

import { text } from "#base/text.ts";
import { everyReport, secondSample, vmcoreOfTheStall } from "../collecting.ts";
import { RECLAIM, RECLAIM_WAIT } from "../frame-names.ts";
import type { Mechanism } from "../mechanism.ts";
import { hungIn, isIn, stalled } from "../stalled.ts";
import { reclaimHypotheses } from "./hypotheses.ts";
import { reclaimRemedies } from "./remedies.ts";

/** Reclaim may stand deep under the shrinkers it calls. */
const NEAR = 12;

const reclaiming = stalled((s, isWaiting) => isIn(s, RECLAIM, NEAR) && !isWaiting(s));

const hungInReclaim = hungIn(new Set([...RECLAIM, ...RECLAIM_WAIT]), NEAR);

export const reclaim: Mechanism = {
  id: "reclaim",
  title: text("memory reclaim", "内存回收"),
  description: text(
    "The kernel looks for pages to free and finds too few: kswapd or an allocating task scans page lists and shrinkers again and again, or waits until dirty pages are written. With no swap, little page cache or a zone that cannot be balanced it makes no progress; on kernels without preemption a long scan is a soft lockup.",
    "内核在寻找可释放的页面但所得太少：kswapd 或正在分配内存的任务反复扫描页面链表和 shrinker，或等待脏页写回。在没有交换空间、页缓存很少或某个内存区无法达到平衡时，回收无法取得进展；在不可抢占的内核上，长时间扫描就表现为软锁死。",
  ),
  waitsFor: text("free memory", "空闲内存"),
  signs: [
    {
      id: "stuck-in-reclaim",
      what: text(
        "the CPU that gets nowhere was sampled in reclaim",
        "没有进展的 CPU 采样时位于内存回收中",
      ),
      carries: "likely",
      find: reclaiming,
    },
    {
      id: "hung-in-reclaim",
      what: text(
        "tasks hang inside reclaim: its victims as often as its makers",
        "有任务挂起在内存回收中：它们往往同样是受害者",
      ),
      carries: "possible",
      find: hungInReclaim,
    },
  ],
  refusedBy: [],
  refines: ["long-loop"],
  outranks: ["rcu-grace-period", "work-item"],
  phases: [
    {
      id: "scan",
      title: text("scanning pages and shrinkers", "扫描页面和 shrinker"),
      state: (facts) => {
        const evidence = reclaiming(facts) ?? hungInReclaim(facts);
        return evidence ? { state: "here", evidence } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "freed",
      title: text("pages freed", "释放出页面"),
      state: () => ({ state: "pending", evidence: [] }),
    },
  ],
  hypotheses: reclaimHypotheses,
  remedies: reclaimRemedies,
  missing: [
    {
      what: text("memory state during the stall", "停顿期间的内存状态"),
      why: text(
        "free pages against watermarks per zone, swap, dirty pages and slab tell which list cannot be freed",
        "各内存区空闲页与水位线的对比、交换空间、脏页和 slab 可以说明哪类内存无法释放",
      ),
      command:
        "echo m > /proc/sysrq-trigger; cat /proc/meminfo /proc/zoneinfo /proc/pressure/memory",
      isMissing: () => true,
    },
    secondSample,
    everyReport,
    vmcoreOfTheStall,
  ],
  confirm: [
    {
      text: text(
        "scan and steal rates, and who stalls for memory",
        "扫描与回收速率，以及因内存而停顿的任务",
      ),
      command:
        "vmstat 1; grep -E 'pgscan|pgsteal|allocstall' /proc/vmstat; cat /proc/pressure/memory",
    },
    {
      text: text("which shrinker takes the time", "哪个 shrinker 耗时最多"),
      command:
        "perf record -a -e vmscan:mm_shrink_slab_start -e vmscan:mm_shrink_slab_end -- sleep 5",
    },
  ],
  references: [
    "mm/vmscan.c: balance_pgdat(), shrink_node(), do_shrink_slab()",
    "Documentation/admin-guide/mm/concepts.rst",
    "Documentation/accounting/psi.rst",
  ],
};
