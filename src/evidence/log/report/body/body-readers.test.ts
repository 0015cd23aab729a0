// What the lines inside a report say, one architecture or message at a time.

import { describe, expect, test } from "vitest";
import { readEvent, readLines } from "../read-report.fixture.ts";

describe("where the kernel was and whether interrupts were on", () => {
  test.each([
    [
      "x86-64",
      "RIP: 0010:here+0x33/0xa0 [mod 0123456789abcdef]\nRSP: 0018:ffffab073cd0fe10 EFLAGS: 00000286",
      "on",
    ],
    [
      "x86-64 before 4.10",
      "RIP: 0010:[<ffffffff8132969a>]  [<ffffffff8132969a>] here+0x33/0xa0\nRSP: 0000:ffff8800002a7e60  EFLAGS: 00000006",
      "off",
    ],
    [
      "i386",
      "EIP: 0060:[<c1234567>] EFLAGS: 00010246 CPU: 0\nEIP is at here+0x33/0xa0\nEAX: 00000000 EBX: f6d7a000 ECX: 00000001 EDX: 00000000",
      "on",
    ],
    ["i386 since 4.10", "EIP: here+0x33/0xa0\nEFLAGS: 00010046 CPU: 1", "off"],
    [
      "arm64",
      "pstate: 604000c5 (nZCv daIF +PAN -UAO)\npc : here+0x33/0xa0\nlr : caller+0x1/0x2\nsp : ffff8000c07679d0\nx29: ffff8000c07679d0 x28: ffff0800b09d29b0",
      "off",
    ],
    [
      "arm",
      "PC is at here+0x33/0xa0\nLR is at caller+0x1/0x2\npc : [<c0553608>]    lr : [<c05380fc>]    psr: 60000053",
      "on",
    ],
    [
      "ppc64le",
      "NIP:  c0000000017d8a84 LR: c00000000032d168 CTR: c0000000001a3c20\nREGS: c000001c03b8b0d0 TRAP: 0900   Not tainted  (6.16.0)\nMSR:  800000000280b033 <SF,VEC,VSX,EE,FP,ME,IR,DR,RI,LE>  CR: 24442220  XER: 00000010\nCFAR: 0000000000000000 IRQMASK: 1\nGPR00: 18000003852fe563 c000001c03b8b370 c000000001fb8100 c000001c297f1b0c\nNIP [c0000000017d8a84] here+0x33/0xa0",
      "off",
    ],
    [
      "s390x",
      "Krnl PSW : 0704c00180000000 0000000134f026d0 (here+0x33/0xa0)\n           R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3\nKrnl GPRS: 0000000001000000 0000000000000000 0000000000000078 00000000a5f8c200",
      "on",
    ],
    [
      "riscv64",
      "epc : here+0x33/0xa0\n ra : caller+0x1/0x2\nepc : ffffffff80014264 ra : ffffffff80014264 sp : ffff8f8000fd7860\nstatus: 0000000200000120 badaddr: 0000000000000000 cause: 0000000000000003",
      "on",
    ],
    [
      "loongarch64",
      "   ERA: 9000000000223d24 here+0x33/0xa0\n    RA: 9000000000223d24 caller+0x1/0x2\n  PRMD: 00000000 (PPLV0 -PIE -PWE)",
      "off",
    ],
  ])("%s", (_, body, interrupts) => {
    const event = readEvent(`WARNING: at kernel/x.c:12\n${body}`);
    expect(event.rip).toMatchObject({ symbol: "here", offset: 0x33, size: 0xa0 });
    expect(event.interrupts).toBe(interrupts);
  });

  test("user mode's registers are not the kernel's", () => {
    const event = readEvent(`WARNING: at kernel/x.c:12
RIP: 0010:here+0x33/0xa0
RAX: 0000000000000001
Call Trace:
 do_syscall_64+0x1/0x2
RIP: 0033:0x457099
RAX: ffffffffffffffda RBX: 0000000000000002`);
    expect(event.registers).toEqual({ rax: 1n });
  });

  test("values stand behind a segment selector", () => {
    const event = readEvent(`WARNING: at kernel/x.c:12
RSP: 0018:ffffab073cd0fe10 EFLAGS: 00000286
FS:  0000000000000000(0000) GS:ffff905a86000000(0000) knlGS:0000000000000000`);
    expect(event.registers).toMatchObject({
      rsp: 0xffffab073cd0fe10n,
      eflags: 0x286n,
      gs: 0xffff905a86000000n,
    });
    expect(event.registersAt?.gs?.range.firstLine).toBe(3);
  });
});

describe("a call trace", () => {
  test.each([
    [
      "plain",
      " foo+0x10/0x20 [mod]",
      { symbol: "foo", offset: 16, size: 32, module: "mod", reliable: true },
    ],
    ["doubtful", " ? foo+0x10/0x20", { symbol: "foo", reliable: false }],
    [
      "with addresses",
      "[<ffffffff813ebb96>] foo+0x10/0x20",
      { symbol: "foo", address: 0xffffffff813ebb96n },
    ],
    [
      "with build id",
      " foo+0x10/0x20 [mod 0123456789abcdef0123]",
      { symbol: "foo", module: "mod" },
    ],
    [
      "powerpc",
      "[c000001c03b8b420] [c00000000032d168] foo+0x10/0x20 (unreliable)",
      { symbol: "foo", reliable: false },
    ],
    ["s390x", " [<0000000134f026d0>] foo+0x10/0x20 ", { symbol: "foo" }],
    ["arm64 with a flag", " foo+0x10/0x20 (P)", { symbol: "foo", reliable: true }],
    [
      "symbolised inline",
      " foo lib/x.c:12 [inline]",
      { symbol: "foo", file: "lib/x.c", line: 12, inlined: true },
    ],
    ["symbolised", " foo+0x10/0x20 lib/x.c:12", { symbol: "foo", file: "lib/x.c", line: 12 }],
    [
      "decode_stacktrace",
      " foo (lib/x.c:12 (discriminator 3)) mod",
      { symbol: "foo", file: "lib/x.c", line: 12 },
    ],
  ])("%s", (_, text, frame) => {
    const event = readEvent(`WARNING: at kernel/x.c:12\nCall Trace:\n${text}`);
    expect(event.trace?.[0]).toMatchObject(frame);
  });

  test.each([
    ["new", " dump from first+0x28/0x2c\n first from second+0x60/0x78"],
    [
      "old",
      "[<c010f9c0>] (dump) from [<c010bb04>] (first+0x28/0x2c)\n[<c010bb04>] (first) from [<c010bb08>] (second+0x60/0x78)",
    ],
  ])("arm, %s", (_, text) => {
    const event = readEvent(`WARNING: at kernel/x.c:12\nBacktrace:\n${text}`);
    expect(event.trace?.map((frame) => frame.symbol)).toEqual(["dump", "first", "second"]);
  });

  test("context marks tell softirq from task", () => {
    const event = readEvent(`watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]
RIP: 0010:net_here+0x1/0x2
Call Trace:
 <IRQ>
 net_rx_action+0x1/0x2
 __do_softirq+0x1/0x2
 irq_exit_rcu+0x1/0x2
 </IRQ>
 <TASK>
 asm_sysvec_apic_timer_interrupt+0x1/0x2
 task_work+0x1/0x2
 </TASK>`);
    expect(event.context).toBe("softirq");
    expect(event.trace?.at(-1)).toMatchObject({ symbol: "task_work", context: "task" });
    expect(event.trace?.some((frame) => frame.detector)).toBe(false);
  });

  test("the detector's own frames (6.4 to 6.14) are marked and do not decide the context", () => {
    const event = readEvent(`watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]
RIP: 0010:queued_write_lock_slowpath+0x1/0x2
Call Trace:
 <IRQ>
 ? watchdog_timer_fn+0x1/0x2
 ? __pfx_watchdog_timer_fn+0x10/0x10
 ? __hrtimer_run_queues+0x1/0x2
 ? sysvec_apic_timer_interrupt+0x1/0x2
 </IRQ>
 <TASK>
 ? asm_sysvec_apic_timer_interrupt+0x1/0x2
 _raw_write_lock+0x1/0x2
 caller+0x1/0x2
 </TASK>`);
    expect(event).toMatchObject({ function: "_raw_write_lock", context: "task" });
    expect(event.trace?.filter((frame) => frame.detector).length).toBe(5);
  });
});

test("the CPU line: kernel, version and taint without G", () => {
  const event = readEvent(`WARNING: at kernel/x.c:12
CPU: 4 UID: 0 PID: 3759981 Comm: kworker/4:1 Kdump: loaded Tainted: G        W    L    5.10.0-136.ctl3.x86_64 #1 SMP
Hardware name: Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025
Workqueue: events netstamp_clear
Modules linked in: vfio_pci(OE) dm_mod [last unloaded: x]`);
  expect(event).toMatchObject({
    cpu: 4,
    task: { comm: "kworker/4:1", pid: 3759981 },
    kernel: {
      release: "5.10.0-136.ctl3.x86_64",
      version: "#1 SMP",
      arch: "x86_64",
      taint: ["W", "L"],
    },
    hardware: "Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025",
    workqueue: { name: "events", function: "netstamp_clear" },
  });
  expect(event.modules).toEqual(["vfio_pci(OE)", "dm_mod"]);
});

test("the CPU line of kernels before 3.10", () => {
  const event = readEvent(`BUG: unable to handle kernel paging request at f815b540
IP: [<c1234567>] here+0x1/0x2
Pid: 1402, comm: modprobe Tainted: G        W  2.6.38-1-generic #12 vendor/board`);
  expect(event).toMatchObject({
    function: "here",
    task: { pid: 1402 },
    kernel: { release: "2.6.38-1-generic" },
  });
});

test("code bytes and the one RIP points at", () => {
  const event = readEvent("WARNING: at kernel/x.c:12\nCode: 85 c9 74 14 <49> 63 7d f6");
  expect(event.code?.trapIndex).toBe(4);
  expect([...(event.code?.bytes ?? [])].slice(3, 6)).toEqual([0x14, 0x49, 0x63]);
});

describe("stalls", () => {
  test("a hung task and the likely owner of what it waits for (6.16)", () => {
    const event = readEvent(`INFO: task cat:1046 blocked for more than 120 seconds.
      Tainted: G             L     6.16.0-rc1 #3
"echo 0 > /proc/sys/kernel/hung_task_timeout_secs" disables this message.
task:cat             state:D stack:0     pid:1046  tgid:1046 ppid:1   flags:0x00004000
Call Trace:
 <TASK>
 __schedule+0x34d/0xa00
 schedule+0x5a/0xd0
 schedule_preempt_disabled+0x11/0x20
 __mutex_lock.constprop.0+0x39d/0x720
 reader+0x1b/0x30
 </TASK>
INFO: task cat:1046 is blocked on a mutex likely owned by task cat:1047.`);
    expect(event).toMatchObject({
      function: "reader",
      stuckSeconds: 120,
      task: { comm: "cat", pid: 1046 },
      blockedOn: { kind: "mutex", owner: { comm: "cat", pid: 1047 } },
      kernel: { release: "6.16.0-rc1", taint: ["L"] },
    });
  });

  test("workqueue pools with what is in flight and pending", () => {
    const event =
      readEvent(`BUG: workqueue lockup - pool cpus=1 node=0 flags=0x0 nice=0 stuck for 43s!
Showing busy workqueues and worker pools:
workqueue events: flags=0x0
  pwq 2: cpus=1 node=0 flags=0x0 nice=0 active=2/256 refcnt=3
    in-flight: 22:w_burn [stall] BAR(7), 23(RESCUER):other
    pending: netstamp_clear, 2*vmstat_shepherd
pool 2: cpus=1 node=0 flags=0x0 nice=0 hung=43s workers=2 manager: 19`);
    expect(event).toMatchObject({ cpu: 1, stuckSeconds: 43 });
    expect(event.workqueueStall?.inFlight.map(({ pid, function: name }) => [pid, name])).toEqual([
      [22, "w_burn"],
      [23, "other"],
    ]);
    expect(event.workqueueStall?.pending.map((item) => item.function)).toEqual([
      "netstamp_clear",
      "vmstat_shepherd",
    ]);
  });

  test("a csd lock: who waits for whom and in what state", () => {
    const event =
      readEvent(`smp: csd: Detected non-responsive CSD lock (#1) on CPU#3, waiting 5000000013 ns for CPU#01 do_sync+0x0/0x60(0x0).
smp: \tcsd: CSD lock (#1) unresponsive.
smp: csd: Re-sending CSD lock (#1) IPI from CPU#03 to CPU#01`);
    expect(event.csd).toMatchObject({
      waiter: 3,
      target: 1,
      waitedNs: 5000000013n,
      function: "do_sync",
      state: "unresponsive",
    });
    expect(event.range.lastLine).toBe(3);
  });

  test("expedited RCU stalls name CPUs on the headline", () => {
    const event = readEvent(
      "rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: { 0-...D P42 } 2680 jiffies s: 601 root: 0x1/.",
    );
    expect(event.rcu).toMatchObject({
      expedited: true,
      jiffies: 2680,
      stalled: [{ cpu: 0, flags: "...D" }],
      stalledTasks: [{ pid: 42 }],
    });
    expect(event.rcu?.stalled[0]?.interrupts).toBeUndefined();
  });

  test.each([
    ["3-....: (4880 ticks this GP) idle=08b4/1/0x4 softirq=152/152 fqs=1671", "taken"],
    ["1-...!: (3 GPs behind) idle=19a/1/0x4 softirq=12356/12357 fqs=2", "not-asked"],
    ["0-...: (10496 ticks this GP) idle=af1/1/0 softirq=11112/11144 fqs=2387", undefined],
  ])("an RCU CPU line: %s", (text, interrupts) => {
    const { events } = readLines(`rcu: INFO: rcu_sched self-detected stall on CPU\nrcu: \t${text}`);
    expect(events[0]?.rcu?.stalled[0]?.interrupts).toBe(interrupts);
  });
});

describe("lockdep", () => {
  test("is named by the place the lock was to be taken at", () => {
    const event = readEvent(`WARNING: possible circular locking dependency detected
6.1.0 #1 Not tainted
------------------------------------------------------
syz/7 is trying to acquire lock:
ffff8880 (&tun->lock){+.+.}-{3:3}, at: taker+0x10/0x20

but task is already holding lock:
ffff8881 (rtnl_mutex){+.+.}-{3:3}, at: holder+0x10/0x20

the existing dependency chain (in reverse order) is:

-> #1 (rtnl_mutex){+.+.}-{3:3}:
       __mutex_lock+0x1/0x2
       elsewhere+0x1/0x2

stack backtrace:
CPU: 0 PID: 7 Comm: syz Not tainted 6.1.0 #1
Call Trace:
 dump_stack+0x1/0x2
 lock_acquire+0x1/0x2
 taker+0x10/0x20`);
    expect(event.function).toBe("taker");
    expect(event.trace?.map((frame) => frame.symbol)).toEqual([
      "dump_stack",
      "lock_acquire",
      "taker",
    ]);
  });
});

test("a symbol allocated or freed elsewhere is not where a KASAN report happened", () => {
  const event = readEvent(`BUG: KASAN: use-after-free in memcmp+0x30/0x5c
Read of size 8 at addr ffff8801c19175d0 by task a/1
CPU: 0 PID: 1 Comm: a Not tainted 6.1.0 #1
Call Trace:
 dump_stack+0x1/0x2
 kasan_report+0x1/0x2
 memcmp+0x30/0x5c
 user+0x1/0x2

Allocated by task 1:
 kmalloc+0x1/0x2
 allocator+0x1/0x2
==================================================================`);
  expect(event.function).toBe("user");
  expect(event.trace?.map((frame) => frame.symbol)).not.toContain("allocator");
});
