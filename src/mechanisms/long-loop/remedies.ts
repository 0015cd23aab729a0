// Long loops: less to loop over now, a scheduling point for good.

import { text } from "#base/text.ts";
import { backtracesOfAllCpus, sampleWithNmi, vmcore } from "../collecting.ts";
import type { RemedyRule } from "../mechanism.ts";

export const longLoopRemedies: readonly RemedyRule[] = [
  {
    id: "less-to-walk",
    when: "now",
    title: text("give it less to walk, or leave it time", "减少遍历对象，或给它足够时间"),
    steps: [
      {
        text: text(
          "smaller cgroup trees, guests, memory blocks, routes or mounts, whatever the function walks; if it ends by itself, raise the threshold during that operation",
          "减少该函数遍历的对象（cgroup、虚拟机内存、内存块、路由、挂载点等）；若它会自行结束，可在该操作期间提高阈值",
        ),
        command: "sysctl -w kernel.watchdog_thresh=30",
      },
    ],
    appliesIf: text("the loop is long but ends", "循环很长但会结束"),
    risk: text("a longer threshold reports real lockups later", "提高阈值会使真正的锁死更晚上报"),
    references: ["Documentation/admin-guide/lockup-watchdogs.rst"],
  },
  sampleWithNmi,
  backtracesOfAllCpus,
  vmcore,
  {
    id: "fix-yield",
    when: "fix",
    title: text("a scheduling point in the loop", "在循环中加入调度点"),
    steps: [
      {
        text: text(
          "cond_resched() outside of locks, or drop the lock when need_resched() and go on where it left off; look upstream for the fix of this function",
          "在锁外调用 cond_resched()，或在 need_resched() 时释放锁并从断点继续；先在上游查找该函数的修复",
        ),
        command: "git log --oneline --grep=cond_resched -- <file>",
      },
    ],
    appliesIf: text("the loop is in task context and may sleep", "循环位于任务上下文且允许睡眠"),
    risk: text(
      "state may change while the lock is dropped: check again",
      "释放锁期间状态可能改变，须重新检查",
    ),
    references: [
      "commit 6c635caef410 (blkcg_destroy_blkgs, in 5.10.16)",
      "commit 2836615aa22d (ops_exit_list, in 5.10.94)",
      "commit a835429cda91 (KVM MMU zap)",
    ],
  },
  {
    id: "fix-better-search",
    when: "fix",
    title: text("a search that scales", "使用可扩展的查找方式"),
    steps: [
      {
        text: text(
          "replace linear searches inside loops by an index (xarray, hash, tree)",
          "把循环内的线性查找换成索引（xarray、哈希、树）",
        ),
      },
    ],
    appliesIf: text(
      "the time grows with the square of the number of objects",
      "耗时随对象数量的平方增长",
    ),
    risk: text("memory for the index", "索引需要额外内存"),
    references: ["Documentation/core-api/xarray.rst"],
  },
];
