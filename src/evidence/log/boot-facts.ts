// Boot lines that say how the machine and its kernel are set up: one row each, in the kernel's own words.

import type { BootFact } from "#model/reading.ts";

interface FactRow {
  readonly name: BootFact["name"];
  /** Text that the line must hold before the pattern is tried; keeps the many other lines cheap. */
  readonly holds: string;
  /** The first group that matched is the value. */
  readonly pattern: RegExp;
}

const ROWS: readonly FactRow[] = [
  // init/main.c
  { name: "command-line", holds: "ommand line: ", pattern: /^(?:Kernel )?[Cc]ommand line: (.*)$/ },
  // kernel/rcu/tree.c: `rcu: \tRCU restricting CPUs from NR_CPUS=8192 to nr_cpu_ids=4.`
  { name: "nr-cpu-ids", holds: "nr_cpu_ids", pattern: /\bnr_cpu_ids[:=](\d{1,6})/ },
  // kernel/smp.c: `smp: Brought up 1 node, 4 CPUs`; up to 4.x `x86: Booted up 1 node, 4 CPUs`
  { name: "cpus", holds: " up ", pattern: /(?:Brought|Booted) up \d{1,5} nodes?, (\d{1,6}) CPUs?/ },
  { name: "cpus", holds: "Brought up ", pattern: /Brought up (\d{1,6}) CPUs/ },
  // kernel/printk/printk.c: `printk: console [ttyS0] enabled`
  { name: "console", holds: "onsole [", pattern: /console \[([\w-]{1,32})\] enabled/ },
  // kernel/watchdog.c, kernel/watchdog_hld.c
  {
    name: "nmi-watchdog",
    holds: "NMI watchdog: ",
    pattern:
      /NMI watchdog: (Enabled\b.{0,120}|disabled\b.{0,120}|Perf NMI watchdog permanently disabled|.{0,40}[Ee]vent create.{0,120}failed.{0,40})/,
  },
  { name: "hypervisor", holds: "Hypervisor detected: ", pattern: /Hypervisor detected: (.{1,80})/ },
  // printed by no kernel as such, but by configurations pasted along
  { name: "hz", holds: "HZ=", pattern: /\b(?:CONFIG_)?HZ=(\d{2,5})\b/ },
  // arch/x86/kernel/setup.c: dump_kernel_offset
  {
    name: "kaslr-offset",
    holds: "Kernel Offset: ",
    pattern: /Kernel Offset: (disabled|0x[0-9a-f]{1,16})/,
  },
  // arch/x86/kernel/cpu/common.c: print_cpu_info
  { name: "cpu-model", holds: "CPU0: ", pattern: /smpboot: CPU0: (.{1,160})/ },
  { name: "dmi", holds: "DMI: ", pattern: /^DMI: (.{1,200})/ },
  // kernel/rcu/tree_plugin.h: rcu_bootup_announce_oddness
  {
    name: "rcu-stall-timeout",
    holds: "stall",
    pattern: /RCU CPU stall (?:timeout set to|warnings timeout set to) (\d{1,5})/,
  },
  // kernel/sched/core.c; before it could be switched at boot the banner alone says it
  { name: "preemption", holds: "Dynamic Preempt: ", pattern: /Dynamic Preempt: (\w{1,20})/ },
  {
    name: "preemption",
    holds: "Linux version ",
    pattern: /^Linux version .* #\d{1,6}\S* (?:SMP )?(PREEMPT(?:_\w{1,12})?)\b/,
  },
];

/** The fact a line states, if it states one. */
export function findBootFact(text: string): { name: BootFact["name"]; value: string } | undefined {
  for (const row of ROWS) {
    if (!text.includes(row.holds)) continue;
    const value = row.pattern.exec(text)?.[1];
    if (value !== undefined) return { name: row.name, value: value.trim() };
  }
  return undefined;
}
