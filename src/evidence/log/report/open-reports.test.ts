import { describe, expect, test } from "vitest";
import { readEvent, readLines, readRecords, recordOf } from "./read-report.fixture.ts";

const TRACE = `
CPU: 2 PID: 105 Comm: spinner Tainted: G           OE      6.1.0-56-amd64 #1  Debian 6.1.192-2
RIP: 0010:spin_here+0x33/0xa0 [stall]
RSP: 0018:ff78ed5900343ef8 EFLAGS: 00000287
Call Trace:
 <TASK>
 kthread+0xda/0x100
 ret_from_fork+0x22/0x30
 </TASK>`;

describe("an RCU stall that asks for backtraces", () => {
  const { events } = readLines(`[   27.861098] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
[   27.861877] rcu: \t2-...0: (8 ticks this GP) idle=10bc/1/0x4000000000000000 softirq=129/130 fqs=1044
[   27.862395] \t(detected by 3, t=5252 jiffies, g=-891, q=2 ncpus=4)
[   27.862812] Sending NMI from CPU 3 to CPUs 2:
[   27.601406] NMI backtrace for cpu 2${TRACE.replaceAll("\n", "\n[   27.601406] ")}
[   27.601406] rcu: rcu_preempt kthread starved for 5249 jiffies! g-891 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=1
[   27.601406] rcu: RCU grace-period kthread stack dump:
[   27.601406] Call Trace:
[   27.601406]  rcu_gp_fqs_loop+0x100/0x200`);
  const [stall, backtrace] = events;

  test("is named by the stalled CPU's backtrace, which says who asked", () => {
    expect(stall).toMatchObject({
      kind: "rcu-stall",
      cpu: 2,
      function: "spin_here",
      complete: true,
    });
    expect(backtrace).toMatchObject({ kind: "nmi-backtrace", cpu: 2, askedBy: stall?.id });
  });

  test("decodes the CPU's line and its own lines after the backtrace", () => {
    expect(stall?.rcu).toMatchObject({
      detectedBy: 3,
      jiffies: 5252,
      gracePeriod: -891,
      queued: 2,
      stalled: [
        {
          cpu: 2,
          ticks: 8,
          idle: "10bc/1/0x4000000000000000",
          softirqs: [129, 130],
          fqs: 1044,
          flags: "...0",
          interrupts: "not-taken",
        },
      ],
      kthreadStarved: { jiffies: 5249, state: "0x0", cpu: 1 },
    });
    expect(stall?.trace).toBeUndefined();
  });
});

test("an idle CPU's answer is a backtrace without a trace", () => {
  const { events } =
    readLines(`watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [spinner:105]${TRACE}
Sending NMI from CPU 2 to CPUs 0:
NMI backtrace for cpu 0 skipped: idling at native_safe_halt+0xe/0x20
INFO: NMI handler (nmi_cpu_backtrace_handler) took too long to run: 1.474 msecs`);
  expect(events[1]).toMatchObject({
    kind: "nmi-backtrace",
    cpu: 0,
    idle: true,
    askedBy: "e1",
    complete: true,
  });
});

describe("a panic", () => {
  test("is an event of its own and marks what led to it", () => {
    const { events } =
      readLines(`watchdog: BUG: soft lockup - CPU#2 stuck for 22s! [spinner:105]${TRACE}
Kernel panic - not syncing: softlockup: hung tasks
CPU: 2 PID: 105 Comm: spinner Tainted: G             L     6.1.0-56-amd64 #1
Call Trace:
 <IRQ>
 dump_stack+0x194/0x257
 panic+0x1e4/0x41c
 watchdog_timer_fn+0x314/0x320
 hrtimer_interrupt+0x1d4/0x5f0
 apic_timer_interrupt+0x9d/0xb0
 </IRQ>
RIP: 0010:spin_here+0x364/0x560
 kthread+0xda/0x100
---[ end Kernel panic - not syncing: softlockup: hung tasks ]---`);
    expect(events.map((event) => [event.kind, event.function, event.panicked])).toEqual([
      ["soft-lockup", "spin_here", true],
      ["panic", "spin_here", undefined],
    ]);
    expect(events[1]?.trace?.filter((frame) => frame.detector).length).toBe(5);
  });

  test("lends its trace to the warning that panicked before printing one", () => {
    const { events } = readLines(`WARNING: CPU: 1 PID: 7 at lib/x.c:403 kvmalloc_node+0xc3/0xd0
Kernel panic - not syncing: panic_on_warn set ...
CPU: 1 PID: 7 Comm: tester Not tainted 4.16.0-rc1+ #12
Call Trace:
 dump_stack+0x194/0x257
 panic+0x1e4/0x41c
 __warn+0x1dc/0x200
RIP: 0010:kvmalloc_node+0xc3/0xd0
 map_update+0x10/0x20`);
    expect(events[0]).toMatchObject({
      kind: "warning",
      function: "map_update",
      complete: true,
      task: { comm: "tester", pid: 7 },
    });
  });

  test("is not laid on a report of another kind than it speaks of", () => {
    const { events } =
      readLines(`[  100.000000] INFO: task kworker/u8:2:6312 blocked for more than 720 seconds.
[  101.000000] Kernel panic - not syncing: softlockup: hung tasks
[  101.000040] CPU: 0 PID: 1 Comm: swapper Tainted: G             L  4.8.0 #131
[  101.000080] Call Trace:
[  101.000120]  watchdog_timer_fn+0x245/0x271
[  101.000160]  rbtree_test_init+0x200/0x317`);
    expect(
      events.map(({ kind, panicked, cpu, trace }) => [kind, panicked, cpu, trace?.length]),
    ).toEqual([
      ["hung-task", undefined, undefined, undefined],
      ["panic", undefined, 0, 2],
    ]);
  });

  test("known only by its closing words is found once", () => {
    const { events } = readLines("---[ end Kernel panic - not syncing: Fatal exception ]---");
    expect(events.map((event) => event.kind)).toEqual(["panic"]);
  });
});

describe("lines of two reports mixed", () => {
  test("are told apart by caller", () => {
    const { events } =
      readLines(`[   10.000001][   T11] BUG: soft lockup - CPU#1 stuck for 22s! [one:11]
[   10.000002][   T12] BUG: soft lockup - CPU#2 stuck for 22s! [two:12]
[   10.000003][   T11] CPU: 1 PID: 11 Comm: one Not tainted 6.1.0 #1
[   10.000004][   T12] CPU: 2 PID: 12 Comm: two Not tainted 6.1.0 #1
[   10.000005][   T12] RIP: 0010:second+0x1/0x2
[   10.000006][   T11] RIP: 0010:first+0x1/0x2
[   10.000007][   T11] Call Trace:
[   10.000008][   T12] Call Trace:
[   10.000009][   T12]  kthread+0x1/0x2
[   10.000009][   T11]  kthread+0x1/0x2`);
    expect(events.map((event) => [event.task?.comm, event.function, event.complete])).toEqual([
      ["one", "first", true],
      ["two", "second", true],
    ]);
  });

  test("without caller go to the report that has a place for them", () => {
    const { events } = readLines(`[   10.000001] BUG: soft lockup - CPU#1 stuck for 22s! [one:11]
[   10.000002] BUG: soft lockup - CPU#2 stuck for 22s! [two:12]
[   10.000003] CPU: 1 PID: 11 Comm: one Not tainted 6.1.0 #1
[   10.000004] RIP: 0010:first+0x1/0x2
[   10.000005] CPU: 2 PID: 12 Comm: two Not tainted 6.1.0 #1
[   10.000006] RIP: 0010:second+0x1/0x2`);
    expect(events.map((event) => [event.task?.comm, event.function])).toEqual([
      ["one", "first"],
      ["two", "second"],
    ]);
  });

  test("are nobody's where both reports have a place for them, and both say so", () => {
    const { events } = readLines(`[   10.000001] BUG: soft lockup - CPU#1 stuck for 22s! [one:11]
[   10.000002] BUG: soft lockup - CPU#2 stuck for 22s! [two:12]
[   10.000003] CPU: 1 PID: 11 Comm: one Not tainted 6.1.0 #1
[   10.000004] CPU: 2 PID: 12 Comm: two Not tainted 6.1.0 #1
[   10.000005] RIP: 0010:first+0x1/0x2
[   10.000006] RIP: 0010:second+0x1/0x2
[   10.000007] RAX: 0000000000000001 RBX: 0000000000000002`);
    expect(events.map(({ cpu, rip, registers }) => [cpu, rip, registers])).toEqual([
      [1, undefined, undefined],
      [2, undefined, undefined],
    ]);
    for (const event of events) expect(event.gaps[0]?.reason).toContain("interleaved");
  });

  test("a second CPU's oops below the first one's cause does not take its registers", () => {
    const { events } =
      readLines(`[   10.000001] BUG: kernel NULL pointer dereference, address: 0000000000000010
[   10.000002] WARNING: CPU: 2 PID: 12 at mm/slub.c:1 second+0x1/0x2
[   10.000003] Oops: 0000 [#1] PREEMPT SMP
[   10.000004] CPU: 1 PID: 11 Comm: one Not tainted 6.1.0 #1
[   10.000005] RIP: 0010:first+0x1/0x2
[   10.000006] CPU: 2 PID: 12 Comm: two Not tainted 6.1.0 #1
[   10.000007] RIP: 0010:second+0x1/0x2`);
    expect(events.map(({ kind, cpu, rip }) => [kind, cpu, rip?.symbol])).toEqual([
      ["null-dereference", 1, "first"],
      ["warning", 2, "second"],
    ]);
  });
});

describe("lines of other eras and kinds, mixed", () => {
  test("registers are not given to a report that never prints any", () => {
    const { events } = readLines(`BUG: unable to handle kernel NULL pointer dereference at (null)
IP: [<ffffffff8107f22e>] kfifo_alloc+0x2e/0xb0
Oops: 0002 [#1] SMP
INFO: task cas_cache1_stop:27835 blocked for more than 122 seconds.
      Tainted: G S      W IO      5.10.32.x86_64 #1
CPU 1
Pid: 511, comm: modprobe Not tainted 2.6.35-6-generic #9-Ubuntu
RIP: 0010:[<ffffffff8107f22e>]  [<ffffffff8107f22e>] kfifo_alloc+0x2e/0xb0
RSP: 0018:ffff88009a579d08  EFLAGS: 00010286
RAX: ffff8800b9477000 RBX: 0000000000000000 RCX: ffffffff8107f229`);
    expect(events[1]).toMatchObject({ kind: "hung-task", task: { comm: "cas_cache1_stop" } });
    expect(events[1]).not.toHaveProperty("rip");
    expect(events[1]).not.toHaveProperty("registers");
    expect(events[1]).not.toHaveProperty("cpu");
  });

  test("what KMSAN prints without a header is not the other report's trace", () => {
    const { events } = readLines(`INFO: task writer:239 blocked for more than 188 seconds.
task:writer   state:D stack:0     pid:239   ppid:2      flags:0x0000
Call trace:
BUG: KMSAN: uninit-value in prepare_task_switch+0x284/0xd00
 __switch_to+0x1a0/0x318
 prepare_task_switch+0x284/0xd00
 __schedule+0xa38/0xf9c
 dput+0x3e1/0x640
 __bio_queue_enter+0xb8/0x178`);
    const sure = events[0]?.trace?.filter(({ reliable }) => reliable).map(({ symbol }) => symbol);
    expect(sure ?? []).not.toContain("dput");
  });

  test("a bad page's report goes on below another's headline", () => {
    const { events } = readLines(`[  103.000000] BUG: Bad page state in process ksmd  pfn:4047c06
[  103.000040] page: refcount:0 mapcount:1
[  100.000040] WARNING: CPU: 1 PID: 7 at lib/kobject.c:595 kobject_put+0x50/0x60
[  103.000320] CPU: 114 PID: 1594 Comm: ksmd Not tainted 6.11.0 #1
[  100.000080] CPU: 1 PID: 7 Comm: dmraid Not tainted 6.11.0 #1
[  103.000400] Call Trace:
[  103.000440]  bad_page+0x71/0x100
[  103.000480]  ksm_scan_thread+0x1279/0x23d0`);
    expect(events.map(({ function: name, cpu }) => [name, cpu])).toEqual([
      ["ksm_scan_thread", 114],
      ["kobject_put", 1],
    ]);
  });
});

describe("a report cut off by another's headline", () => {
  test("goes on where the second line of its fault comes", () => {
    const { events } = readLines(`BUG: kernel NULL pointer dereference, address: 000000000000001c
WARNING: CPU: 43 PID: 2254 at mm/slub.c:4655 warned+0x2c7/0x300
#PF: supervisor read access in kernel mode
Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI
CPU: 60 UID: 0 PID: 2258 Comm: parser Not tainted 6.12.0-rc1 #1
RIP: 0010:faulted+0x8f/0x300
Call Trace:
 aa_unpack+0x688/0x700`);
    expect(events.map((event) => [event.kind, event.function, event.cpu])).toEqual([
      ["null-dereference", "faulted", 60],
      ["warning", "warned", 43],
    ]);
  });

  test("of the same source line is named by the other's body", () => {
    const { events } = readLines(`kernel BUG at mm/filemap.c:1615!
kernel BUG at mm/filemap.c:1615!
CPU: 1 PID: 2196 Comm: udevd Not tainted 6.2.0-rc2+ #1
RIP: 0010:folio_end_writeback+0x30/0x70
Call Trace:
 mpage_end_io+0x91/0x9b
 ret_from_fork+0x1/0x2`);
    expect(events.map((event) => [event.function, event.complete])).toEqual([
      ["folio_end_writeback", false],
      ["folio_end_writeback", true],
    ]);
  });

  test("of another source line stays without a name", () => {
    const { events } = readLines(`kernel BUG at mm/filemap.c:1615!
kernel BUG at mm/slub.c:9!
RIP: 0010:folio_end_writeback+0x30/0x70
Call Trace:
 mpage_end_io+0x91/0x9b`);
    expect(events.map((event) => event.function)).toEqual([undefined, "folio_end_writeback"]);
  });
});

test("of two faults at once each has the body below the line that numbers it", () => {
  const { events } =
    readLines(`Oops: general protection fault, probably for non-canonical address 0x2480: 0000 [#5] SMP
kernel BUG at mm/slub.c:546!
CPU: 1 PID: 952 Comm: a Not tainted 6.16.3 #1
RIP: 0010:first+0x69/0x3b0
Call Trace:
 first_caller+0x4b/0x60
Oops: invalid opcode: 0000 [#6] SMP NOPTI
CPU: 5 PID: 953 Comm: b Not tainted 6.16.3 #1
RIP: 0010:second+0x69/0x3b0
Call Trace:
 second_caller+0x4b/0x60`);
  expect(events.map(({ kind, task, rip }) => [kind, task?.comm, rip?.symbol])).toEqual([
    ["general-protection", "a", "first"],
    ["bug", "b", "second"],
  ]);
});

test("frames of another task before the report's own header are not taken for its trace", () => {
  const { events } =
    readLines(`WARNING: CPU: 0 PID: 6092 at fs/proc/generic.c:330 proc_register+0x2a4/0x370
 ? filemap_map_pages+0x919/0x15d0
Kernel panic - not syncing: panic_on_warn set ...
 ? lock_downgrade+0x980/0x980
 tun_get_user+0x17d0/0x3940
CPU: 0 PID: 6092 Comm: a Not tainted 4.15.0+ #221
Call Trace:
 panic+0x1e4/0x41c
RIP: 0010:proc_register+0x2a4/0x370
 proc_create_data+0xf8/0x180
 clusterip_tg_check+0xf9c/0x16d0`);
  expect(events[0]).toMatchObject({ function: "clusterip_tg_check", complete: false });
  expect(events[0]?.trace?.map((frame) => frame.symbol)).not.toContain("tun_get_user");
});

describe("a report ends", () => {
  test("with its end mark: registers repeated after it are not read", () => {
    const event = readEvent(`BUG: kernel NULL pointer dereference, address: 0000000000000010
Oops: 0002 [#1] PREEMPT SMP${TRACE}
---[ end trace 0000000000000000 ]---
RIP: 0010:other+0x1/0x2
RSP: 0018:0000000000000001 EFLAGS: 00000046`);
    expect(event).toMatchObject({ function: "spin_here", interrupts: "on" });
    expect(event.range.lastLine).toBe(13);
  });

  test("after a pause: lines a minute later are not its own", () => {
    const event = readEvent(`[   10.000001] BUG: soft lockup - CPU#1 stuck for 22s! [one:11]
[   90.000003] RIP: 0010:later+0x1/0x2`);
    expect(event.rip).toBeUndefined();
    expect(event.gaps.map((gap) => gap.reason)).toEqual(["nothing follows for a long time"]);
  });

  test("when the log ends in it", () => {
    const event = readEvent("BUG: unable to handle kernel paging request at ffff8880bfffd000");
    expect(event.complete).toBe(false);
  });
});

test("another program's words are no report", () => {
  const record = {
    ...recordOf("BUG: soft lockup - CPU#1 stuck for 22s! [one:11]", 0),
    program: "abrt",
  };
  expect(readRecords([record]).events).toEqual([]);
});

describe("notices", () => {
  test.each([
    ["hrtimer: interrupt took 15944670 ns", "hrtimer-slow"],
    [
      "perf: interrupt took too long (2501 > 2500), lowering kernel.perf_event_max_sample_rate to 79000",
      "perf-interrupt-slow",
    ],
    [
      "INFO: NMI handler (nmi_cpu_backtrace_handler) took too long to run: 1.474 msecs",
      "nmi-handler-slow",
    ],
    [
      "clocksource: timekeeping watchdog on CPU3: Marking clocksource 'tsc' as unstable because the skew is too large:",
      "clocksource-unstable",
    ],
    ["** 37 printk messages dropped **", "printk-dropped"],
    [
      "workqueue: netstamp_clear hogged CPU for >10000us 4 times, consider switching to WQ_UNBOUND",
      "workqueue-hog",
    ],
    ["NETDEV WATCHDOG: eth0 (virtio_net): transmit queue 0 timed out", "netdev-watchdog"],
    ["ixgbe 0000:01:00.0 eth0: NIC Link is Down", "link-down"],
    ["pcieport 0000:00:01.0: AER: Corrected error received: 0000:01:00.0", "aer"],
    ["mce: [Hardware Error]: Machine check events logged", "mce"],
    ["blk_update_request: I/O error, dev sda, sector 8", "io-error"],
    ["AMD-Vi: Completion-Wait loop timed out", "iommu"],
    ["stress invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0", "oom"],
    ['irq 16: nobody cared (try booting with the "irqpoll" option)', "irq-nobody-cared"],
  ])("%s", (text, kind) => {
    const { events, notices } = readLines(text);
    expect(notices.map((notice) => notice.kind)).toEqual([kind]);
    expect(events).toEqual([]);
  });

  test("a flood is cut off and counted", () => {
    const { notices } = readLines("hrtimer: interrupt took 1 ns\n".repeat(100));
    expect(notices.length).toBe(61);
    expect(notices.at(-1)?.text).toBe("40 more lines of this kind are not listed");
  });
});

test("a second headline that knows more names the kind of the report", () => {
  const event = readEvent(`Kernel attempted to read user page (18) - exploit attempt? (uid: 0)
BUG: Kernel NULL pointer dereference on read at 0x00000018
Oops: Kernel access of bad area, sig: 11 [#1]
NIP [c0000000009dcf34] here+0x10/0x20
Call Trace:
[c0000000a113f840] [c0000000009dd2bc] caller+0xfc/0x190`);
  expect(event).toMatchObject({ kind: "null-dereference", function: "here" });
});
