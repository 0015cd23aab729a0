// Reports of no progress: kernel/watchdog.c, kernel/watchdog_perf.c, arch/powerpc/kernel/watchdog.c,
// kernel/rcu/tree_stall.h, kernel/hung_task.c, kernel/workqueue.c (wq_watchdog), kernel/smp.c (csd lock).

import type { Headline } from "./headline.ts";

export const LOCKUPS: readonly Headline[] = [
  {
    id: "soft-lockup",
    kind: "soft-lockup",
    literal: "soft lockup - CPU#",
    //         watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:3759981]
    pattern:
      /^(?:(?:NMI )?watchdog: )?BUG: soft lockup - CPU#(?<cpu>\d+) stuck for (?<seconds>\d+)s!(?: \[(?<task>.*)\])?/,
    lead: "BUG: soft lockup - CPU#",
    title: "BUG: soft lockup in {function}",
  },
  {
    // The log ends in the headline. The number may be cut as well.
    id: "soft-lockup-cut",
    kind: "soft-lockup",
    literal: "soft lockup - CPU#",
    pattern: /^(?:(?:NMI )?watchdog: )?BUG: soft lockup - CPU#\d+$/,
    title: "BUG: soft lockup in {function}",
  },
  {
    id: "soft-lockup-detected",
    kind: "soft-lockup",
    literal: "soft lockup detected on CPU#",
    pattern: /^BUG: soft lockup detected on CPU#(?<cpu>\d+)!/,
    title: "BUG: soft lockup in {function}",
  },
  {
    id: "hard-lockup-watchdog",
    kind: "hard-lockup",
    literal: "Watchdog detected hard LOCKUP on cpu",
    pattern:
      /^(?:(?:NMI )?watchdog: )?(?:CPU\d+: )?Watchdog detected hard LOCKUP on cpu (?<cpu>\d+)/,
    title: "hard LOCKUP in {function}",
  },
  {
    id: "hard-lockup-ppc-self",
    kind: "hard-lockup",
    literal: "self-detected hard LOCKUP @",
    pattern:
      /^(?:(?:NMI )?[Ww]atchdog: )?CPU (?<cpu>\d+) self-detected hard LOCKUP @(?: (?<function>[^\s+]+))?/,
    title: "hard LOCKUP in {function}",
  },
  {
    id: "hard-lockup-ppc-other",
    kind: "hard-lockup",
    literal: "detected hard LOCKUP on other CPUs",
    pattern: /^(?:(?:NMI )?[Ww]atchdog: )?CPU \d+ detected hard LOCKUP on other CPUs (?<cpu>\d+)/,
    title: "hard LOCKUP in {function}",
  },
  {
    // 4.13 to 4.17: the first CPU is the one that noticed, the list after it is stuck.
    id: "hard-lockup-ppc-old-other",
    kind: "hard-lockup",
    literal: "detected Hard LOCKUP other CPUS",
    pattern: /^(?:Watchdog )?CPU:\d+ detected Hard LOCKUP other CPUS:(?<cpu>\d+)/,
    title: "hard LOCKUP in {function}",
  },
  {
    id: "hard-lockup-ppc-old",
    kind: "hard-lockup",
    literal: "Hard LOCKUP",
    pattern:
      /^(?:(?:NMI )?[Ww]atchdog: |Watchdog )?CPU:? ?(?<cpu>\d+) (?:detected )?Hard LOCKUP(?: other CPUS?:[\d,-]+)?/i,
    title: "hard LOCKUP in {function}",
  },
  {
    id: "hard-lockup-nmi-old",
    kind: "hard-lockup",
    literal: "NMI Watchdog detected LOCKUP",
    pattern: /^(?:BUG: )?NMI Watchdog detected LOCKUP(?: on CPU ?(?<cpu>\d+))?/,
    title: "hard LOCKUP in {function}",
  },
  {
    id: "rcu-expedited",
    kind: "rcu-stall",
    literal: "detected expedited stalls",
    pattern: /^(?:rcu: )?INFO: (?<what>\w+) detected expedited stalls on CPUs\/tasks:/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    id: "rcu-self",
    kind: "rcu-stall",
    literal: "self-detected stall on CPU",
    pattern: /^(?:rcu: )?INFO: (?<what>\w+) self-detected stalls? on CPU/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    id: "rcu-detected",
    kind: "rcu-stall",
    literal: "detected stall",
    pattern:
      /^(?:rcu: )?INFO: (?<what>\w+) (?:\w+ )?detected stalls? (?:on CPUs\/tasks|on CPU|\(t=)/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    id: "rcu-detected-csd",
    kind: "rcu-stall",
    literal: "suppressed full report due to a stuck CSD-lock",
    pattern:
      /^(?:rcu: )?INFO: (?<what>\w+) detected (?:stall|expedited stalls), but suppressed full report/,
    title: "INFO: rcu detected stall behind a stuck CSD lock",
    lone: true,
  },
  {
    // 2.6.32, kernel/rcutree.c: print_cpu_stall()   INFO: RCU detected CPU 3 stall (t=10002 jiffies)
    id: "rcu-self-2.6.32",
    kind: "rcu-stall",
    literal: "RCU detected CPU",
    pattern: /^INFO: RCU detected CPU (?<cpu>\d+) stall \(t=\d+ jiffies\)/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    // 2.6.32, kernel/rcutree.c: print_other_cpu_stall()   INFO: RCU detected CPU stalls: 1 3 (detected by 0, …
    id: "rcu-others-2.6.32",
    kind: "rcu-stall",
    literal: "RCU detected CPU stalls:",
    pattern: /^INFO: RCU detected CPU stalls:/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    // Uniprocessor, 3.5 to 4.11, kernel/rcu/tiny_plugin.h: check_cpu_stall().
    id: "rcu-tiny",
    kind: "rcu-stall",
    literal: " stall on CPU (",
    pattern: /^INFO: (?<what>\w+) stall on CPU \(\d+ ticks this GP\)/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    id: "rcu-tasks",
    kind: "rcu-stall",
    literal: "detected stalls on tasks",
    pattern: /^(?:rcu: )?INFO: (?<what>[\w_]+) detected stalls on tasks:/,
    title: "INFO: rcu detected stall in {function}",
  },
  {
    // kernel/rcu/tasks.h: check_all_holdout_tasks_trace(), 5.7 to 6.17: a stall, and no task left to name.
    id: "rcu-tasks-nobody",
    kind: "rcu-stall",
    literal: "detected stalls? (",
    pattern: /^(?:rcu: )?INFO: (?<what>\w+) detected stalls\? \(/,
    title: "INFO: rcu detected stall without a task to name",
    lone: true,
  },
  {
    id: "hung-task",
    kind: "hung-task",
    literal: "blocked",
    //         INFO: task jbd2/vda1-8:404 blocked in I/O wait for more than 120 seconds.
    pattern:
      /^(?:INFO: task )?(?<task>.+:\d+) blocked(?: in I\/O wait)? for more than (?<seconds>\d+) seconds/,
    title: "INFO: task hung in {function}",
  },
  {
    id: "hung-task-cant-die",
    kind: "hung-task",
    literal: "can't die for more than",
    pattern: /^INFO: task (?<task>.+) can't die for more than (?<seconds>\d+) seconds/,
    title: "INFO: task can't die in {function}",
  },
  {
    id: "workqueue-lockup",
    kind: "workqueue-lockup",
    literal: "BUG: workqueue lockup",
    pattern:
      /^BUG: workqueue lockup - pool(?: cpus=(?<cpu>\d+)(?!\d))?(?:.* stuck for (?<seconds>\d+)s!)?/,
    title: "BUG: workqueue lockup",
    lone: true,
  },
  {
    id: "csd-stall",
    kind: "csd-stall",
    literal: "non-responsive CSD lock",
    pattern:
      /^(?:smp: )?csd: (?:Detected|Continued) non-responsive CSD lock \(#\d+\) on CPU#(?<cpu>\d+)/,
    title: "CSD lock stall in {function}",
    lone: true,
  },
];
