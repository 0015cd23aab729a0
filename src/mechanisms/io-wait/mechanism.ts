// Tasks hang because I/O does not complete or a request queue does not take requests. block/blk-core.c,
// block/blk-mq.c, fs/buffer.c; KERNEL.md 3.6, M-22.

import { text } from "#base/text.ts";
import type { FactView, SleepFact } from "#model/fact.ts";
import { everyReport } from "../collecting.ts";
import { evidenceOf, shown } from "../find.ts";
import { FOLIO_LOCK, IO_WAIT, QUEUE_WAIT } from "../frame-names.ts";
import type { Find, Mechanism } from "../mechanism.ts";
import { hungIn, isIn, sleepers } from "../stalled.ts";
import { ioWaitHypotheses } from "./hypotheses.ts";
import { ioWaitRemedies } from "./remedies.ts";

/** io_schedule() alone says little: page locks are waited for with it too. */
const FOR_DATA: ReadonlySet<string> = new Set(
  [...IO_WAIT].filter((name) => name !== "io_schedule" && name !== "io_schedule_timeout"),
);

/** The task sleeps for a folio bit, and not for writeback: a lock, from which no I/O follows. */
function onFolioLock(facts: FactView, sleep: SleepFact): boolean {
  return facts
    .all("sample")
    .some(
      (s) =>
        sleep.events.includes(s.event) &&
        isIn(s, FOLIO_LOCK, 6) &&
        !s.symbols.includes("folio_wait_writeback"),
    );
}

const waitsForIo: Find = (facts) =>
  evidenceOf(sleepers(facts, ["io"]).filter((sleep) => !onFolioLock(facts, sleep))) ??
  hungIn(FOR_DATA)(facts);

const waitsForQueue = hungIn(QUEUE_WAIT);

export const ioWait: Mechanism = {
  id: "io-wait",
  title: text("I/O does not complete", "I/O 未完成"),
  description: text(
    "Tasks sleep until a buffer, page, flush or request is done, or until a request queue takes requests again. The device, the driver, the transport or a layer in between (device mapper, loop, network block device) does not finish or is frozen. File systems then pile up behind the journal and their locks; most tasks reported are victims.",
    "任务在等待缓冲区、页面、刷盘或请求完成，或等待请求队列重新接受请求。设备、驱动、传输层或中间层（device mapper、loop、网络块设备）没有完成或被冻结。随后文件系统的操作会堆积在日志提交和锁之后，被上报的大多数任务都是受害者。",
  ),
  waitsFor: text("a device or a request queue", "某个设备或请求队列"),
  signs: [
    {
      id: "hung-for-io",
      what: text("a hung task sleeps for I/O", "挂起任务在等待 I/O"),
      carries: "likely",
      find: waitsForIo,
    },
    {
      id: "hung-on-queue",
      what: text(
        "a hung task waits to enter a request queue or for one to drain",
        "挂起任务在等待进入请求队列，或等待队列清空",
      ),
      carries: "likely",
      find: waitsForQueue,
    },
    {
      id: "io-schedule",
      what: text(
        "a hung task is in io_schedule for a folio lock: I/O is one reason among others",
        "挂起任务在 io_schedule 中等待页锁：I/O 只是可能的原因之一",
      ),
      carries: "possible",
      find: (facts) =>
        evidenceOf(facts.all("asleep-on").filter((sleep) => onFolioLock(facts, sleep))),
    },
  ],
  refusedBy: [],
  refines: [],
  outranks: ["work-item"],
  phases: [
    {
      id: "entered",
      title: text("request allowed into the queue", "请求被允许进入队列"),
      state: (facts) => {
        const waiting = waitsForQueue(facts);
        if (waiting) return { state: "here", evidence: waiting };
        const issued = waitsForIo(facts);
        return issued ? { state: "done", evidence: issued } : { state: "unknown", evidence: [] };
      },
    },
    {
      id: "completed",
      title: text("device completes it", "设备完成请求"),
      state: (facts) => {
        const issued = waitsForIo(facts);
        return issued && !waitsForQueue(facts)
          ? { state: "here", evidence: issued }
          : { state: "pending", evidence: [] };
      },
    },
  ],
  hypotheses: ioWaitHypotheses,
  remedies: ioWaitRemedies,
  missing: [
    {
      what: text(
        "requests in flight and their age, per device",
        "各设备上未完成的请求及其已等待时间",
      ),
      why: text(
        "a request that is with the driver blames the device, none at all blames a frozen or suspended queue",
        "请求停留在驱动中说明问题在设备，完全没有请求则说明队列被冻结或挂起",
      ),
      command: "grep . /sys/block/*/inflight; cat /sys/kernel/debug/block/<dev>/hctx*/busy",
      isMissing: () => true,
    },
    {
      what: text(
        "driver and transport messages before the first hung task",
        "第一个挂起任务之前的驱动和传输层日志",
      ),
      why: text(
        "resets, time-outs and link errors come minutes before the hung-task report",
        "复位、超时和链路错误会比挂起任务的报告早数分钟出现",
      ),
      command: "journalctl -k | grep -nE 'timeout|reset|I/O error|link is down|aborting' | tail",
      isMissing: (facts) => shown("neighbor", (n) => n.notice === "io-error")(facts) === undefined,
    },
    everyReport,
  ],
  confirm: [
    {
      text: text(
        "in a vmcore: requests that are started and not completed",
        "在 vmcore 中查看已开始而未完成的请求",
      ),
      command: "crash> foreach UN bt ; dev -d   # or drgn: drgn_tools.block / rq_inflight",
    },
    { text: text("latency while it lasts", "故障期间的时延"), command: "iostat -x 1; biosnoop" },
  ],
  references: [
    "block/blk-core.c: blk_queue_enter(), block/blk-mq.c: blk_mq_freeze_queue_wait()",
    "kernel/sched/core.c: io_schedule()",
    "Documentation/block/blk-mq.rst",
  ],
};
