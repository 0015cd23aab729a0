import { describe, expect, test } from "vitest";
import { findHeadline, HEADLINES } from "./headlines.ts";

describe("a headline of the kernel", () => {
  test.each([
    ["watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:37]", "soft-lockup"],
    ["NMI watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [a b]c:12]", "soft-lockup"],
    ["BUG: soft lockup - CPU#0 stuck for 61s! [kswapd0:26]", "soft-lockup"],
    ["NMI watchdog: Watchdog detected hard LOCKUP on cpu 3", "hard-lockup"],
    ["watchdog: CPU7: Watchdog detected hard LOCKUP on cpu 3", "hard-lockup"],
    ["watchdog: CPU 1 self-detected hard LOCKUP @ spin_here+0x140/0x230", "hard-lockup"],
    ["watchdog: CPU 30 detected hard LOCKUP on other CPUs 0", "hard-lockup"],
    ["rcu: INFO: rcu_preempt self-detected stall on CPU", "rcu-stall"],
    ["INFO: rcu_sched detected stalls on CPUs/tasks:", "rcu-stall"],
    [
      "rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { 2-...D } 7 jiffies s: 9 root: 0x4/.",
      "rcu-stall",
    ],
    ["INFO: rcu_tasks detected stalls on tasks:", "rcu-stall"],
    ["INFO: task a:b:404 blocked for more than 120 seconds.", "hung-task"],
    ["INFO: task a:404 blocked in I/O wait for more than 120 seconds.", "hung-task"],
    [
      "BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 58s!",
      "workqueue-lockup",
    ],
    [
      "smp: csd: Detected non-responsive CSD lock (#1) on CPU#3, waiting 5000000013 ns for CPU#01 f+0x0/0x60(0x0).",
      "csd-stall",
    ],
    ["BUG: kernel NULL pointer dereference, address: 0000000000000010", "null-dereference"],
    ["BUG: unable to handle kernel NULL pointer dereference at (null)", "null-dereference"],
    [
      "Unable to handle kernel NULL pointer dereference at virtual address 0000000000000008",
      "null-dereference",
    ],
    ["BUG: Kernel NULL pointer dereference on read at 0x00000018", "null-dereference"],
    ["BUG: unable to handle page fault for address: ffff93098000ba00", "page-fault"],
    ["Unable to handle kernel paging request at virtual address ffff0000", "page-fault"],
    ["Unable to handle kernel pointer dereference in virtual kernel address space", "page-fault"],
    [
      "CPU 1 Unable to handle kernel paging request at virtual address 0000, epc == 80, ra == 80",
      "page-fault",
    ],
    ["Kernel attempted to read user page (588) - exploit attempt? (uid: 0)", "page-fault"],
    ["general protection fault: 0000 [#1] SMP", "general-protection"],
    [
      "Oops: general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP",
      "general-protection",
    ],
    ["divide error: 0000 [#1] SMP", "divide-error"],
    ["invalid opcode: 0000 [#1] SMP PTI", "invalid-opcode"],
    ["PANIC: double fault, error_code: 0x0", "double-fault"],
    ["BUG: TASK stack guard page was hit at ffffc90000 (stack is ffffc..ffffd)", "stack-overflow"],
    ["Insufficient stack space to handle exception!", "stack-overflow"],
    ["kernel BUG at mm/slub.c:4240!", "bug"],
    ["Kernel BUG [#1]", "bug"],
    ["Kernel bug detected[#1]:", "bug"],
    ["Internal error: Oops: 96000004 [#1] SMP", "oops"],
    ["Oops: Kernel access of bad area, sig: 11 [#1]", "oops"],
    ["Oops: 0004 ilc:2 [#1] SMP", "oops"],
    ["Oops[#1]:", "oops"],
    ["init(1): Oops [#1]", "oops"],
    ["Unhandled fault: imprecise external abort (0x1406) at 0x00000000", "oops"],
    ["Machine check in kernel mode.", "machine-check"],
    ["Kernel panic - not syncing: Fatal exception", "panic"],
    ["WARNING: CPU: 2 PID: 105 at stall.c:40 t_warn+0x20/0x30 [stall]", "warning"],
    ["WARNING: at net/ipv4/tcp_input.c:2776 some_function+0xc7a/0xd10()", "warning"],
    ["WARNING: [a > b] io/ring.c:3026 at f+0x44c/0xbc0, CPU#0: kworker/u8:0/10040", "warning"],
    ["BUG: KASAN: slab-out-of-bounds in f+0x30/0x5c", "kasan"],
    ["BUG: KMSAN: uninit-value in f+0x5dc/0x1000", "kmsan"],
    ["BUG: KCSAN: data-race in f / g", "kcsan"],
    ["BUG: KFENCE: use-after-free read in f+0x1/0x2", "kfence"],
    ["UBSAN: shift-out-of-bounds in lib/a.c:12:3", "ubsan"],
    ["BUG: memory leak", "memory-leak"],
    ["list_del corruption. prev->next should be ffff1, but was 0000", "list-corruption"],
    ["refcount_t: underflow; use-after-free.", "refcount"],
    ["WARNING: possible circular locking dependency detected", "lockdep"],
    ["[ INFO: possible recursive locking detected ]", "lockdep"],
    ["[ INFO: suspicious RCU usage. ]", "rcu-usage"],
    ["BUG: sleeping function called from invalid context at mm/fault.c:1372", "atomic-sleep"],
    ["BUG: scheduling while atomic: swapper/0/1/0x00000002", "atomic-sleep"],
    ["BUG: spinlock bad magic on CPU#3, swapper/0/0", "locking-bug"],
    ["BUG: Bad page state in process foo  pfn:11ca9c", "bug"],
    ["NMI backtrace for cpu 2", "nmi-backtrace"],
    ["sysrq: Show Blocked State", "sysrq-backtrace"],
  ])("%s is a %s", (text, kind) => {
    expect(findHeadline(text, true)?.headline.kind).toBe(kind);
  });

  test.each([
    "NMI watchdog: Enabled. Permanently consumes one hw-PMU counter.",
    "rcu: \tRCU CPU stall warnings timeout set to 60 (rcu_cpu_stall_timeout).",
    "Kernel command line: panic=1 softlockup_panic=1 oops=panic",
    "INFO: NMI handler (perf_event_nmi_handler) took too long to run: 1.2 msecs",
    "hrtimer: interrupt took 15944670 ns",
    "WARNING: region 0:",
    "WARNING: ?apc:0x168, sa:0x0, ea:0xfff",
    "BUGS? see the kernel's documentation",
    "ERST: Error Record Serialization Table (ERST) support is initialized.",
    "rcu: INFO: Stall ended before state dump start",
    "The error was: watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [a:1]",
    "mce: CPU0: Thermal monitoring enabled (TM1)",
  ])("%s is none", (text) => {
    expect(findHeadline(text, false)).toBeUndefined();
  });

  test("may follow an unfinished line where the record is surely the kernel's", () => {
    const text = "rbtree testingNMI watchdog: BUG: soft lockup - CPU#0 stuck for 23s! [swapper:1]";
    expect(findHeadline(text, true)?.fields.seconds).toBe("23");
    expect(findHeadline(text, false)).toBeUndefined();
  });

  test("names the stuck CPU, not the one that noticed", () => {
    const noticed = findHeadline("Watchdog CPU:71 detected Hard LOCKUP other CPUS:42", true);
    expect(noticed?.fields.cpu).toBe("42");
  });

  test("says which CPU, task and how long", () => {
    const text = "watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:3759981]";
    expect(findHeadline(text, true)?.fields).toMatchObject({
      cpu: "4",
      seconds: "22",
      task: "kworker/4:1:3759981",
    });
  });
});

describe("the table of headlines", () => {
  test("has unique ids", () => {
    expect(new Set(HEADLINES.map((headline) => headline.id)).size).toBe(HEADLINES.length);
  });

  test("anchors every pattern at the beginning", () => {
    expect(HEADLINES.filter(({ pattern }) => !pattern.source.startsWith("^"))).toEqual([]);
  });
});
