// What to do about a spinning lock that is not released; shared by spinlocks and rwlocks.

import { text } from "#base/text.ts";
import type { RemedyRule } from "./mechanism.ts";

export const lessContention: RemedyRule = {
  id: "less-contention",
  when: "now",
  title: text("take load off the lock", "降低对该锁的争用"),
  steps: [
    {
      text: text(
        "fewer parallel users of the subsystem named by the waiters: smaller process groups, fewer readers of /proc, fewer queues",
        "减少等待者所指子系统的并发使用者：缩小进程组、减少 /proc 读取者、减少队列数量",
      ),
    },
  ],
  appliesIf: text(
    "the waiters change between reports: contention, not deadlock",
    "各次报告中的等待者在变化：属于争用而非死锁",
  ),
  risk: text("does nothing against a deadlock", "对死锁无效"),
  references: ["Documentation/locking/spinlocks.rst"],
};

export const lockStatistics: RemedyRule = {
  id: "collect-lock-contention",
  when: "collect",
  title: text("measure who holds which lock how long", "测量谁持有哪把锁、持有多久"),
  steps: [
    {
      text: text("without a rebuild of the kernel", "无需重新编译内核"),
      command: "perf lock contention -a -b -- sleep 10",
    },
  ],
  appliesIf: text("the stall recurs under a known load", "停顿可在已知负载下复现"),
  risk: text(
    "some overhead; it patches tracepoints in, so start it before the load",
    "有一定开销；会启用跟踪点，应在加压前启动",
  ),
  references: ["tools/perf/Documentation/perf-lock.txt"],
};

export const fixTheHolder: RemedyRule = {
  id: "fix-the-holder",
  when: "fix",
  title: text("fix the holder", "修复持有者"),
  steps: [
    {
      text: text(
        "long section: do the work outside the lock or in batches; taken from interrupts: use the _irqsave or _bh form everywhere; taken twice: split the path",
        "临界区过长：把工作移出锁外或分批执行；中断中也会获取：所有路径改用 _irqsave 或 _bh 形式；重复获取：拆分路径",
      ),
    },
  ],
  appliesIf: text("the holder's stack is known", "已有持有者的调用栈"),
  risk: text(
    "locking changes need lockdep runs before they ship",
    "修改加锁方式后须先用 lockdep 验证再发布",
  ),
  references: ["Documentation/locking/locktypes.rst", "Documentation/kernel-hacking/locking.rst"],
};
