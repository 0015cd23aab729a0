import { describe, expect, test } from "vitest";
import { findNotice } from "./notices.ts";
import { readEvent, readLines } from "./read-report.fixture.ts";

describe("a line that is a witness and no report", () => {
  test.each([
    // 2.6.32 arch/x86/kernel/cpu/mcheck/mce.c: print_mce()
    ["CPU 7: Machine Check Exception:                4 Bank 5: be00000000800400", "mce"],
    // 6.12, 4.19 arch/powerpc/kernel/mce.c: machine_check_print_event_info()
    ["MCE: CPU7: machine check (Severe) Host UE Load/Store [Not recovered]", "mce"],
    ["Severe Machine check interrupt [Recovered]", "mce"],
    // arch/x86/kernel/nmi.c: pci_serr_error()
    ["NMI: PCI system error (SERR) for reason b1 on CPU 0.", "mce"],
    // mm/page_alloc.c: warn_alloc() of 4.4 and 2.6.32; stalls
    ["swapper/0: page allocation failure: order:4, mode:0x20", "other"],
    ["swapper: page allocation failure. order:0, mode:0x20", "other"],
    ["kworker/0:1: page allocation stalls for 10442ms, order:0, mode:0x14000c0(GFP_KERNEL)", "oom"],
    // kernel/dma/swiotlb.c
    ["ahci 0000:00:1f.2: swiotlb buffer is full (sz: 4096 bytes), total 32768 (slots)", "iommu"],
    // kernel/sched/ext.c, arch/powerpc/kernel/watchdog.c, kernel/irq/spurious.c
    ["sched_ext: Soft lockup - CPU 7 stuck for 22s, disabling BPF scheduler", "other"],
    ["watchdog: CPU 7 became unstuck TB:123456", "other"],
    ["irq event 16: bogus return value 8", "irq-nobody-cared"],
    // kernel/rcu/tree_stall.h
    [
      "rcu: rcu_preempt kthread timer wakeup didn't happen for 20998 jiffies! g72 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x402",
      "rcu-kthread",
    ],
  ])("%s", (text, kind) => {
    expect(findNotice(text)).toBe(kind);
    expect(readLines(text).events).toEqual([]);
  });
});

describe("a dump of all tasks", () => {
  test("is one event, in the words of 6.12 (kernel/sched/core.c: sched_show_task)", () => {
    const { events } = readLines(`
      [  100.000001] sysrq: Show State
      [  100.000002] task:systemd         state:S stack:0     pid:1     tgid:1     ppid:0      flags:0x00000002
      [  100.000003] Call Trace:
      [  100.000004]  <TASK>
      [  100.000005]  __schedule+0x3bc/0x9a0
      [  100.000006]  </TASK>
      [  100.000007] task:kswapd0         state:D stack:0     pid:26    tgid:26    ppid:2      flags:0x00004000
      [  100.000008] Call Trace:
      [  100.000009]  <TASK>
      [  100.000010]  __schedule+0x3bc/0x9a0
      [  100.000011]  </TASK>`);
    expect(events.map((event) => event.kind)).toEqual(["sysrq-backtrace"]);
  });

  test("is one event, in the words of 2.6.32 (kernel/sched.c: show_state_filter)", () => {
    const { events } = readLines(`
      [  100.000001] SysRq : Show State
      [  100.000002]   task                        PC stack   pid father
      [  100.000003] init          S ffff88003fc13a00     0     1      0 0x00000000
      [  100.000004]  ffff88003d1c2908 0000000000000086 0000000000000000 ffff88003d1c28d8
      [  100.000005] Call Trace:
      [  100.000006]  [<ffffffff8151b2c5>] schedule_timeout+0x215/0x2e0
      [  100.000007] kswapd0       D ffff88003fc13a00     0    26      2 0x00000000
      [  100.000008]  ffff88003d1c2908 0000000000000046 0000000000000000 ffff88003d1c28d8
      [  100.000009] Call Trace:
      [  100.000010]  [<ffffffff8151b2c5>] schedule_timeout+0x215/0x2e0`);
    expect(events.map((event) => event.kind)).toEqual(["sysrq-backtrace"]);
  });
});

test("the busiest interrupts stand behind a tab (6.12 kernel/watchdog.c: print_irq_counts)", () => {
  const { utilization } = readEvent(`
    watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [bash:812]
    CPU#0 Utilization every 4000ms during lockup:
    \t#1:   0% system,\t  0% softirq,\t100% hardirq,\t  0% idle
    CPU#0 Detect HardIRQ Time exceeds 50%. Most frequent HardIRQs:
    \t#1: 330945    \tirq#4
    \t#2: 1234567890\tirq#27`);
  expect(utilization?.frequentIrqs).toEqual([
    { irq: 4, count: 330945 },
    { irq: 27, count: 1234567890 },
  ]);
});
