// What keeps I/O from completing, from the device up.

import { text } from "#base/text.ts";
import { because, contrast, evidenceOf, no, notObservable, observe, shown, yes } from "../find.ts";
import { FOLIO_LOCK, IO_WAIT, QUEUE_WAIT } from "../frame-names.ts";
import type { HypothesisRule } from "../mechanism.ts";
import { hungIn } from "../stalled.ts";

const FREEZE: ReadonlySet<string> = new Set(["blk_mq_freeze_queue_wait", "blk_mq_freeze_queue"]);
const ENTER: ReadonlySet<string> = new Set(["blk_queue_enter", "__bio_queue_enter"]);

export const ioWaitHypotheses: readonly HypothesisRule[] = [
  {
    id: "device-does-not-complete",
    title: text(
      "the device or its transport does not complete requests",
      "设备或其传输层没有完成请求",
    ),
    predictions: [
      {
        what: text("I/O errors, resets or link losses nearby", "附近有 I/O 错误、复位或链路断开"),
        ifYes: "likely",
        look: (facts) =>
          observe(
            shown("neighbor", (n) => ["io-error", "link-down", "aer"].includes(n.notice)),
            notObservable,
            facts,
          ),
      },
      {
        what: text("tasks wait for data, not for the queue", "任务在等待数据而非等待队列"),
        look: (facts) => observe(hungIn(IO_WAIT), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text("requests in flight by device", "各设备上未完成的请求"),
      command: "grep . /sys/block/*/inflight",
    },
  },
  {
    id: "queue-frozen",
    title: text(
      "a queue is frozen or suspended: somebody else waits for it to drain",
      "队列被冻结或挂起：另有任务在等待它清空",
    ),
    predictions: [
      {
        what: text(
          "a hung task waits to enter a queue or for one to drain",
          "有挂起任务在等待进入队列或等待队列清空",
        ),
        ifYes: "likely",
        ifNo: "unlikely",
        look: (facts) => {
          const found = hungIn(QUEUE_WAIT)(facts);
          const all = evidenceOf(facts.all("asleep-on"));
          return contrast(found, all, "nobody waits for a queue", "没有任务在等待队列");
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "freeze depth and runtime-PM state of the device",
        "查看设备的冻结深度和运行时电源管理状态",
      ),
      command:
        "cat /sys/kernel/debug/block/<dev>/state; cat /sys/block/<dev>/device/power/runtime_status",
    },
  },
  {
    id: "freeze-cycle",
    title: text(
      "a cycle: one task freezes the queue and waits for a lock, its holder waits for the queue",
      "死锁环：一方冻结队列并等待锁，锁的持有者在等待队列",
    ),
    predictions: [
      {
        what: text(
          "one hung task at the queue, another on a lock",
          "一个挂起任务在等队列，另一个在等锁",
        ),
        ifYes: "likely",
        look: (facts) => {
          const queue = hungIn(new Set([...ENTER, ...FREEZE]))(facts);
          const lock = evidenceOf(
            facts.all("asleep-on").filter((s) => s.on === "mutex" || s.on === "rwsem"),
          );
          return queue && lock ? yes([...queue, ...lock]) : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "which lock the task inside the queue wait holds: lockdep or a vmcore",
        "确认等待队列的任务持有哪把锁：lockdep 或 vmcore",
      ),
    },
  },
  {
    id: "slow-not-stuck",
    title: text("slow, not stuck: it ends by itself", "只是慢而非卡死：最终会自行完成"),
    predictions: [
      {
        what: text("the same task is not reported again", "同一任务没有再次被上报"),
        look: (facts) => {
          const seen = new Map<string, number>();
          for (const sleep of facts.all("asleep-on")) {
            const key = `${sleep.task.comm}/${sleep.task.pid ?? ""}`;
            seen.set(key, (seen.get(key) ?? 0) + 1);
          }
          const repeated = facts
            .all("asleep-on")
            .filter((s) => (seen.get(`${s.task.comm}/${s.task.pid ?? ""}`) ?? 0) > 1);
          const evidence = evidenceOf(repeated);
          return evidence ? no(because(evidence, "reported again", "再次被上报")) : notObservable;
        },
      },
    ],
    atMost: "possible",
    nextStep: {
      text: text(
        "does the task come back; how long does a flush take there",
        "该任务是否恢复；该设备上一次刷盘需要多久",
      ),
      command: "iostat -x 1",
    },
  },
  {
    id: "folio-lock-not-io",
    title: text(
      "a folio lock held by another task, no I/O outstanding",
      "页锁被其他任务持有，并没有未完成的 I/O",
    ),
    appliesTo: (facts) => hungIn(FOLIO_LOCK)(facts) !== undefined,
    predictions: [
      {
        what: text("a hung task waits for a folio bit", "有挂起任务在等待页标志位"),
        ifYes: "likely",
        look: (facts) => observe(hungIn(FOLIO_LOCK), notObservable, facts),
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "the task that holds the folio: all blocked tasks, then a vmcore",
        "找到持有该页的任务：先看所有阻塞任务，再看 vmcore",
      ),
      command: "echo w > /proc/sysrq-trigger",
    },
  },
];
