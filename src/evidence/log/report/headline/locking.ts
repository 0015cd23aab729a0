// Reports about locks and contexts: kernel/locking/lockdep.c, kernel/locking/spinlock_debug.c,
// kernel/sched/core.c, include/linux/rcupdate.h, lib/smp_processor_id.c.
// Up to 4.9 lockdep framed its headlines: `[ INFO: possible circular locking dependency detected ]`.

import type { Headline } from "./headline.ts";

export const LOCKING: readonly Headline[] = [
  {
    id: "lockdep-deadlock",
    kind: "lockdep",
    literal: "ossible ",
    pattern:
      /^(?:\[ )?(?:INFO|WARNING|BUG): [Pp]ossible (?:circular locking dependency|recursive locking|irq lock inversion dependency|nested lock|unsafe locking|\w+ lock inversion)/,
    title: "possible deadlock in {function}",
    naming: "lock",
  },
  {
    id: "lockdep-unsafe",
    kind: "lockdep",
    literal: " lock order detected",
    pattern: /^(?:\[ )?(?:INFO|WARNING): \S+-safe -> \S+-unsafe lock order detected/,
    title: "possible deadlock in {function}",
    naming: "holder",
  },
  {
    id: "lockdep-inconsistent",
    kind: "lockdep",
    literal: "nconsistent lock state",
    pattern: /^(?:\[ )?(?:INFO|WARNING|BUG): [Ii]nconsistent lock state/,
    title: "inconsistent lock state in {function}",
    naming: "lock",
  },
  {
    id: "lockdep-wait-context",
    kind: "lockdep",
    literal: "BUG: Invalid wait context",
    pattern: /^(?:\[ )?BUG: Invalid wait context/,
    title: "BUG: Invalid wait context in {function}",
    naming: "lock",
  },
  {
    id: "lockdep-held",
    kind: "lockdep",
    literal: "lock",
    pattern:
      /^(?:\[ )?(?:BUG|WARNING|INFO): (?<what>held lock freed|bad unlock balance detected|lock held (?:when|at)[\w ]*|lock held when returning to user space|still has locks held|[Nn]ested lock was not taken|nested lock error|\S+ still has locks held)/,
    title: "WARNING: {what} in {function}",
    naming: "lock",
  },
  {
    // kernel/locking/lockdep.c: print_lock_contention_bug(); it names no lock in its headline.
    id: "lockdep-contention",
    kind: "lockdep",
    literal: "bad contention detected",
    pattern: /^(?:\[ )?(?:BUG|WARNING|INFO): (?<what>bad contention detected)/,
    title: "WARNING: {what} in {function}",
    naming: "lock",
  },
  {
    // kernel/locking/lockdep.c: print_collision()
    id: "lockdep-collision",
    kind: "lockdep",
    literal: "chain_key collision",
    pattern: /^(?:\[ )?WARNING: chain_key collision/,
    title: "WARNING: chain_key collision in {function}",
  },
  {
    // kernel/locking/rtmutex-debug.c: debug_rt_mutex_print_deadlock(), up to 5.14.
    id: "rtmutex-deadlock",
    kind: "lockdep",
    literal: "circular locking deadlock detected",
    pattern: /^(?:\[ )?(?:BUG|WARNING): circular locking deadlock detected!/,
    title: "possible deadlock in {function}",
  },
  {
    id: "lockdep-key",
    kind: "lockdep",
    literal: "trying to register non-static key",
    pattern: /^INFO: trying to register non-static key/,
    title: "INFO: trying to register non-static key in {function}",
  },
  {
    id: "suspicious-rcu",
    kind: "rcu-usage",
    literal: "uspicious ",
    pattern: /^(?:\[ )?(?:INFO|WARNING): [Ss]uspicious (?:RCU|rcu_dereference\S*) usage/,
    title: "WARNING: suspicious RCU usage in {function}",
  },
  {
    id: "rcu-note",
    kind: "rcu-usage",
    literal: "voluntary context switch within RCU",
    pattern: /^Voluntary context switch within RCU read-side critical section/,
    title: "WARNING: context switch in RCU read-side critical section in {function}",
  },
  {
    id: "spinlock",
    kind: "locking-bug",
    literal: "BUG: ",
    pattern:
      /^(?:watchdog: )?BUG: (?<what>(?:spinlock|rwlock) (?:bad magic|lockup suspected|lockup|already unlocked|recursion|wrong owner|wrong CPU|cpu recursion|trylock failure on UP|bad \S+|\S+ lockup)|rwlock-\S+)/,
    title: "BUG: {what} in {function}",
  },
  {
    id: "mutex-bug",
    kind: "warning",
    literal: "DEBUG_LOCKS_WARN_ON",
    pattern: /^DEBUG_(?:RWSEMS|LOCKS)_WARN_ON\(/,
    title: "WARNING: locking bug in {function}",
  },
  {
    id: "sleeping-invalid",
    kind: "atomic-sleep",
    literal: "sleeping function called from invalid context",
    pattern: /^BUG: sleeping function called from invalid context at (?<what>\S+)/,
    title: "BUG: sleeping function called from invalid context in {function}",
  },
  {
    id: "scheduling-atomic",
    kind: "atomic-sleep",
    literal: "cheduling while atomic",
    //         BUG: scheduling while atomic: swapper/0/1/0x00000002
    pattern: /^(?:BUG|bad): scheduling while atomic(?:: (?<comm>.+)\/(?<pid>\d+)\/0x[0-9a-f]+)?/,
    title: "BUG: scheduling while atomic in {function}",
  },
  {
    // kernel/sched/idle.c: dequeue_task_idle()
    id: "scheduling-idle",
    kind: "atomic-sleep",
    literal: "scheduling from the idle thread",
    pattern: /^bad: scheduling from the idle thread!/,
    title: "BUG: scheduling from the idle thread in {function}",
  },
  {
    id: "preemptible",
    kind: "locking-bug",
    literal: " in preemptible ",
    //         BUG: using smp_processor_id() in preemptible [00000000] code: kworker/0:1/12
    pattern:
      /^BUG: using (?<what>\S+) in preemptible \[[0-9a-f]+\](?: code: (?<comm>.+)\/(?<pid>\d+))?/,
    title: "BUG: using {what} in preemptible code in {function}",
  },
  {
    id: "workqueue-leaked",
    kind: "locking-bug",
    literal: "BUG: workqueue leaked",
    pattern: /^BUG: workqueue leaked (?:lock or |atomic, lock or )?(?:atomic|RCU)/,
    title: "BUG: workqueue leaked lock or atomic in {function}",
    naming: "named",
  },
];
