// Why reclaim does not get anywhere.

import { text } from "#base/text.ts";
import { contrast, evidenceOf, notObservable, observe, shown } from "../find.ts";
import { IO_WAIT } from "../frame-names.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { hungIn, isIn, stalled, stalledSamples } from "../stalled.ts";

const SHRINKERS: ReadonlySet<string> = new Set([
  "shrink_slab",
  "do_shrink_slab",
  "super_cache_scan",
  "prune_dcache_sb",
  "prune_icache_sb",
  "shrink_dentry_list",
]);

const KSWAPD: ReadonlySet<string> = new Set(["kswapd", "balance_pgdat"]);

export const reclaimHypotheses: readonly HypothesisRule[] = [
  {
    id: "nothing-to-free",
    title: text(
      "too little can be freed: no swap, little page cache, a zone below its watermark",
      "可释放的内存太少：没有交换空间、页缓存很少，或某个内存区低于水位线",
    ),
    predictions: [
      {
        what: text("kswapd itself is the stuck task", "锁死的任务正是 kswapd"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            stalled((s) => s.task?.comm.startsWith("kswapd") === true || isIn(s, KSWAPD)),
            notObservable,
            facts,
          ),
      },
      {
        what: text("out-of-memory lines nearby", "附近有内存不足日志"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("neighbor", (n) => n.notice === "oom"),
            notObservable,
            facts,
          ),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("memory and swap by zone", "按内存区查看内存和交换空间"),
      command: "echo m > /proc/sysrq-trigger; swapon --show",
    },
  },
  {
    id: "long-shrinker",
    title: text(
      "one shrinker walks a huge list: dentries, inodes, cgroups",
      "某个 shrinker 在遍历超长链表：dentry、inode 或 cgroup",
    ),
    predictions: [
      {
        what: text("a shrinker is on the stack", "调用栈中有 shrinker"),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const found = stalled((s) => isIn(s, SHRINKERS))(facts);
          const other = evidenceOf(stalledSamples(facts));
          return contrast(found, other, "no shrinker on the stack", "调用栈中没有 shrinker");
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("size of the caches", "查看各缓存的大小"),
      command: "slabtop -o | head -20; cat /proc/sys/fs/dentry-state; grep memory /proc/cgroups",
    },
  },
  {
    id: "waits-for-writeback",
    title: text("reclaim waits for dirty pages on slow storage", "回收在等待慢速存储上的脏页写回"),
    predictions: [
      {
        what: text("hung tasks wait for I/O", "有挂起任务在等待 I/O"),
        ifYes: "likely",
        look: (facts) => observe(hungIn(IO_WAIT), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("dirty and writeback pages, requests in flight", "脏页、写回页以及未完成的请求"),
      command: "grep -E 'Dirty|Writeback' /proc/meminfo; grep . /sys/block/*/inflight",
    },
  },
];
