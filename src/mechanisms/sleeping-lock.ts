// Why a sleeping lock (mutex, rwsem) is not released: the rivals. The hung task is the victim; what its
// holder waits for is the subject (KERNEL.md 3.6).

import { text } from "#base/text.ts";
import type { FactView, SleepFact } from "#model/fact.ts";
import { because, evidenceOf, no, notObservable, observe, shown, yes } from "./find.ts";
import { FOLIO_LOCK, IO_WAIT, QUEUE_WAIT } from "./frame-names.ts";
import type { HypothesisRule, MissingRule, RemedyRule } from "./mechanism.ts";
import { hungIn, sleepers, stalledSamples } from "./stalled.ts";

type Locks = readonly SleepFact["on"][];

/** Tasks reported as hung that wait for something else: one of them may hold the lock. */
function otherSleepers(facts: FactView, locks: Locks): readonly SleepFact[] {
  return facts.all("asleep-on").filter((sleep) => !locks.includes(sleep.on));
}

export function whyHeld(locks: Locks): readonly HypothesisRule[] {
  return [holderSleeps(locks), holderWaitsForIo, cycle, holderSpins, folioLock];
}

function holderSleeps(locks: Locks): HypothesisRule {
  return {
    id: "holder-sleeps",
    title: text(
      "the holder sleeps for something else while it holds the lock",
      "持有者在持锁期间因其他原因而睡眠",
    ),
    predictions: [
      {
        what: text("another hung task waits for something else", "另有挂起任务在等待别的东西"),
        ifYes: "likely",
        look: (facts) => {
          const others = evidenceOf(otherSleepers(facts, locks));
          if (others) return yes(others);
          const all = sleepers(facts, locks);
          const evidence = all.length > 1 ? evidenceOf(all) : undefined;
          return evidence
            ? no(
                because(
                  evidence,
                  "all reported tasks wait for such a lock",
                  "所有上报的任务都在等待这类锁",
                ),
              )
            : notObservable;
        },
      },
    ],
    atMost: "likely",
    nextStep: {
      text: text(
        "print all blocked tasks and look for the one that waits for something else",
        "打印所有阻塞任务，找出在等待别的东西的那个",
      ),
      command: "echo w > /proc/sysrq-trigger",
    },
  };
}

const holderWaitsForIo: HypothesisRule = {
  id: "holder-waits-for-io",
  title: text("the holder waits for I/O", "持有者在等待 I/O"),
  predictions: [
    {
      what: text(
        "a hung task sleeps for I/O or on a request queue",
        "有挂起任务在等待 I/O 或请求队列",
      ),
      ifYes: "likely",
      look: (facts) => observe(hungIn(new Set([...IO_WAIT, ...QUEUE_WAIT])), notObservable, facts),
    },
    {
      what: text("I/O error lines nearby", "附近有 I/O 错误日志"),
      look: (facts) =>
        observe(
          shown("neighbor", (n) => n.notice === "io-error"),
          notObservable,
          facts,
        ),
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text("look at requests in flight per disk", "查看各磁盘上未完成的请求"),
    command: "grep . /sys/block/*/inflight",
  },
};

const cycle: HypothesisRule = {
  id: "cycle",
  title: text(
    "a cycle: the holder waits for what a waiter holds",
    "死锁环：持有者在等待某个等待者持有的东西",
  ),
  predictions: [
    {
      what: text("two or more tasks are hung together", "两个或更多任务同时挂起"),
      ifNo: "unlikely",
      look: (facts) => {
        const all = facts.all("asleep-on");
        const evidence = evidenceOf(all);
        if (!evidence) return notObservable;
        return all.length > 1
          ? yes(evidence)
          : no(because(evidence, "only one task is reported", "只上报了一个任务"));
      },
    },
    {
      what: text("the kernel names owners that are hung themselves", "内核指出的持有者自身也挂起"),
      ifYes: "likely",
      look: (facts) => {
        const hung = new Set(facts.all("asleep-on").flatMap((s) => s.task.pid ?? []));
        return observe(
          shown("asleep-on", (s) => s.owner?.pid !== undefined && hung.has(s.owner.pid)),
          notObservable,
          facts,
        );
      },
    },
  ],
  atMost: "likely",
  nextStep: {
    text: text(
      "compare what each hung task holds: lockdep's list of held locks, or owners in a vmcore",
      "比较每个挂起任务持有的锁：lockdep 的持锁列表，或 vmcore 中的 owner",
    ),
    command: "echo d > /proc/sysrq-trigger   # needs lockdep",
  },
};

const holderSpins: HypothesisRule = {
  id: "holder-spins",
  title: text("the holder runs and never releases it", "持有者一直在运行而不释放"),
  predictions: [
    {
      what: text("a CPU is stuck at the same time", "同时有 CPU 锁死"),
      ifYes: "likely",
      look: (facts) => {
        const running = evidenceOf(stalledSamples(facts));
        return running ? yes(running) : notObservable;
      },
    },
  ],
  atMost: "likely",
};

const folioLock: HypothesisRule = {
  id: "folio-lock",
  title: text("it is a page lock in disguise, not this lock", "实际是页锁，而非这把锁"),
  appliesTo: (facts) => hungIn(FOLIO_LOCK)(facts) !== undefined,
  predictions: [
    {
      what: text("a hung task waits for a folio bit", "有挂起任务在等待页标志位"),
      ifYes: "likely",
      look: (facts) => observe(hungIn(FOLIO_LOCK), notObservable, facts),
    },
  ],
  atMost: "possible",
};

export const heldLocksOfTasks: MissingRule = {
  what: text("which task holds the lock", "哪个任务持有该锁"),
  why: text(
    "newer kernels print the owner; older ones need the owner field of the lock",
    "较新的内核会打印持有者；较旧的内核需要读取锁的 owner 字段",
  ),
  command: "crash> struct mutex.owner <address> ; struct rw_semaphore.owner <address>",
  isMissing: (facts) => !facts.all("asleep-on").some((sleep) => sleep.owner !== undefined),
};

export const waitLonger: RemedyRule = {
  id: "do-not-add-waiters",
  when: "now",
  title: text("do not add waiters", "不要增加等待者"),
  steps: [
    {
      text: text(
        "every further command that needs the lock hangs as well: stop monitoring scripts and retries that touch the same subsystem",
        "每个需要该锁的命令都会跟着挂起：停止会触及同一子系统的监控脚本和重试",
      ),
    },
  ],
  appliesIf: text("tasks pile up behind the lock", "任务不断堆积在该锁之后"),
  risk: text("none; tasks in D state cannot be killed", "没有风险；D 状态的任务无法被杀死"),
  references: ["Documentation/admin-guide/sysctl/kernel.rst: hung_task_timeout_secs"],
};

export const fixHoldingWhileSleeping: RemedyRule = {
  id: "fix-holding-while-sleeping",
  when: "fix",
  title: text("do not sleep for events with the lock held", "不要在持锁期间等待事件"),
  steps: [
    {
      text: text(
        "wait before taking the lock, or drop and retake it; keep one order of locks on all paths; lockdep shows the order that is broken",
        "在获取锁之前等待，或先释放再重新获取；所有路径保持一致的加锁顺序；lockdep 会指出被破坏的顺序",
      ),
    },
  ],
  appliesIf: text(
    "the holder's stack shows the wait inside the section",
    "持有者的调用栈显示其在临界区内等待",
  ),
  risk: text(
    "state must be checked again after retaking the lock",
    "重新获取锁之后必须重新检查状态",
  ),
  references: [
    "Documentation/locking/mutex-design.rst",
    "Documentation/locking/lockdep-design.rst",
  ],
};
