// Headlines of kernels and architectures the corpus holds few logs of. Each line is what the format string
// at the place named prints; the versions are those in which the source was read.

import { describe, expect, test } from "vitest";
import { readLines } from "../read-report.fixture.ts";
import { findHeadline } from "./headlines.ts";

describe("a headline", () => {
  test.each([
    // 2.6.32 kernel/rcutree.c: print_cpu_stall(), print_other_cpu_stall()
    ["INFO: RCU detected CPU 3 stall (t=10002 jiffies)", "rcu-stall"],
    ["INFO: RCU detected CPU stalls: 1 3 (detected by 0, t=10002 jiffies)", "rcu-stall"],
    // 3.13 kernel/rcu/tree.c without CONFIG_RCU_CPU_STALL_INFO
    [
      "INFO: rcu_sched self-detected stall on CPU { 3}  (t=60001 jiffies g=72 c=71 q=12)",
      "rcu-stall",
    ],
    // 3.13, 4.4 kernel/rcu/tiny_plugin.h: check_cpu_stall()
    [
      "INFO: rcu_sched stall on CPU (4 ticks this GP) idle=140000000000000 (t=6000 jiffies q=3)",
      "rcu-stall",
    ],
    // 6.12 kernel/rcu/tree_exp.h, kernel/rcu/tasks.h
    [
      "rcu: INFO: rcu_preempt detected expedited stalls, but suppressed full report due to a stuck CSD-lock.",
      "rcu-stall",
    ],
    ["INFO: rcu_tasks_trace detected stalls? (Late IPI?)", "rcu-stall"],
    // 2.6.32 arch/x86/kernel/apic/nmi.c, arch/x86/kernel/dumpstack.c: die_nmi()
    ["BUG: NMI Watchdog detected LOCKUP on CPU1, ip ffffffff8100f5a6, registers:", "hard-lockup"],
    // 7.2 kernel/watchdog.c: watchdog_hardlockup_check()
    ["watchdog: CPU7: Watchdog detected hard LOCKUP on cpu 3", "hard-lockup"],
    // 4.19 arch/powerpc/kernel/watchdog.c
    ["watchdog: CPU 7 Hard LOCKUP", "hard-lockup"],
    // 2.6.32 kernel/softlockup.c: softlockup_tick()
    ["BUG: soft lockup - CPU#0 stuck for 61s! [events/0:9]", "soft-lockup"],
    // kernel/locking/lockdep.c, kernel/locking/rtmutex-debug.c (5.10), kernel/rtmutex-debug.c (2.6.32)
    ["WARNING: bad contention detected!", "lockdep"],
    ["WARNING: chain_key collision", "lockdep"],
    ["WARNING: circular locking deadlock detected!", "lockdep"],
    ["[ BUG: circular locking deadlock detected! ]", "lockdep"],
    // kernel/sched/idle.c: dequeue_task_idle()
    ["bad: scheduling from the idle thread!", "atomic-sleep"],
    // mm/slub.c: slab_bug() of 2.6.32, and of 4.4 for a cgroup's cache; mm/slab.c
    ["BUG kmalloc-64: Poison overwritten", "bug"],
    ["BUG dentry(12:session-1.scope) (Tainted: G    B  ): Redzone overwritten", "bug"],
    ["slab error in verify_redzone_free(): cache `size-64': double free detected", "bug"],
    ["Slab corruption (Not tainted): size-64 start=ffff88003d1c2000, len=64", "bug"],
    ["Slab corruption: size-64 start=f6ff3b40, len=64", "bug"],
    // lib/list_debug.c
    [
      "list_add double add: new=ffff88003d1c2000, prev=ffff88003d1c2000, next=ffffffff81a0.",
      "list-corruption",
    ],
    // arch/x86/mm/kmemcheck/error.c (4.4)
    [
      "WARNING: kmemcheck: Caught 32-bit read from uninitialized memory (ffff88003e4a2024)",
      "kmsan",
    ],
    // kernel/panic.c: __warn() of 6.12 and 7.2 without CONFIG_DEBUG_BUGVERBOSE; lib/bug.c of 4.4 and 2.6.32
    ["WARNING: CPU: 2 PID: 105 at t_warn+0x20/0x30 [stall]", "warning"],
    ["WARNING: at t_warn+0x20/0x30 [stall], CPU#2: insmod/105", "warning"],
    ["WARNING: at c0000000000a1b2c [verbose debug info unavailable]", "warning"],
    ["Badness at kernel/softirq.c:143", "warning"],
    ["Kernel BUG at c0000000000a1b2c [verbose debug info unavailable]", "bug"],
    // arch/x86/mm/fault.c: pgtable_bad(); arch/x86/kernel/dumpstack.c: __die_header()
    ["bash: Corrupted page table at address 7f2a1c3d4000", "page-fault"],
    ["Bad pagetable: 000d [#1] SMP", "oops"],
    ["Oops: Bad pagetable: 000d [#1] SMP NOPTI", "oops"],
    ["segment not present: 0018 [#1] SMP", "oops"],
    ["control protection fault: 0003 [#1] PREEMPT SMP", "oops"],
    ["Oops: invalid or fatal FRED event: 0000 [#1] SMP", "oops"],
    // arch/x86/entry/entry_fred.c, arch/x86/mm/extable.c, arch/x86/kernel/head_64.S (2.6.32)
    [
      "PANIC: invalid or fatal FRED event; event type 3 vector 8 error 0x0 aux 0x0 at 0010:ffffffff81000000",
      "oops",
    ],
    ["PANIC: early exception 0x0e IP 10:ffffffff81f3 error 0 cr2 0xffff888000000000", "oops"],
    ["PANIC: early exception 0e rip 10:ffffffff81f3 error 0 cr2 0", "oops"],
    // arch/s390/kernel/dumpstack.c: die() (2.6.32 has no ilc), arch/s390/kernel/traps.c
    ["illegal operation: 0001 ilc:1 [#1] SMP", "invalid-opcode"],
    ["fixpoint divide exception: 0009 ilc:1 [#1] SMP", "divide-error"],
    ["addressing exception: 0005 ilc:2 [#1] PREEMPT SMP", "oops"],
    ["specification exception: 0006 [#1] SMP", "oops"],
    ["Kernel stack overflow.", "stack-overflow"],
    // arch/arm64/kernel/entry-common.c: __panic_unhandled(), arch/arm64/mm/fault.c (5.10, 4.4)
    ["Unhandled 64-bit el1h sync exception on CPU3, ESR 0x00000000bf000002 -- SError", "oops"],
    ["Unhandled fault at 0xffff00000a1b2c3d", "oops"],
    ["Unhandled debug exception: ptrace BRK handler (0xf2000800) at 0xffffffc000081234", "oops"],
    ["Internal error: Oops - CFI: 00000000f2008238 [#1] PREEMPT SMP", "oops"],
    // arch/mips/kernel/traps.c, arch/loongarch/kernel/traps.c: die()
    ["Unhandled kernel unaligned access[#1]:", "oops"],
    ["Kernel ade access[#1]:", "oops"],
    ["Break instruction in kernel code[#3]:", "oops"],
    // arch/mips/kernel/traps.c: do_ri(); arch/arm64/kernel/traps.c: handle_bad_stack()
    ["Reserved instruction in kernel code[#1]:", "invalid-opcode"],
    ["Insufficient stack space to handle exception!", "stack-overflow"],
    // arch/riscv/kernel/traps.c, arch/csky/kernel/traps.c: die()
    ["Oops [#1]", "oops"],
    ["Oops - load access fault [#1]", "oops"],
    // arch/riscv/mm/fault.c, arch/openrisc/mm/fault.c, arch/ia64/mm/fault.c
    [
      "Unable to handle kernel access to user memory without uaccess routines at virtual address 0000003f",
      "page-fault",
    ],
    ["Unable to handle kernel access", "page-fault"],
    [
      "Unable to handle kernel NULL pointer dereference (address 0000000000000010)",
      "null-dereference",
    ],
    // arch/powerpc/kernel/traps.c, arch/powerpc/kernel/irq.c
    ["Kernel stack overflow in process swapper/0[1], r1=c00000000a1b2c3d", "stack-overflow"],
    ["do_IRQ: stack overflow: 1520", "stack-overflow"],
    ["Unrecoverable exception f60 at c00000000a1b2c3d (msr=8000000000009033)", "oops"],
    ["Unrecoverable VMX/Altivec Unavailable Exception f20 at c00000000a1b2c3d", "oops"],
    // arch/sparc: mm/fault_64.c, kernel/traps_64.c: die_if_kernel()
    ["OOPS: Bogus kernel PC [0000000000000010] in fault handler", "page-fault"],
    ["swapper/0(1): Kernel illegal instruction [#1]", "oops"],
    // arch/parisc/kernel/traps.c
    [
      "Kernel Fault: Code=26 (Data memory access rights trap) at addr 0000000000000000",
      "page-fault",
    ],
    ["swapper/0 (pid 1): Kernel bug (code 9)", "oops"],
    // arch/alpha/kernel/traps.c, arch/xtensa/kernel/traps.c, arch/sh/kernel/traps.c
    ["CPU 0 swapper(1): Oops 0", "oops"],
    ["Illegal instruction in kernel: sig: 4 [#1] PREEMPT", "oops"],
    ["Fatal Non-Maskable Interrupt: 0000 [#1]", "oops"],
    // drivers/tty/sysrq.c
    ["SysRq : Trigger a crashdump", "sysrq-backtrace"],
  ])("%s is a %s", (text, kind) => {
    expect(findHeadline(text, true)?.headline.kind).toBe(kind);
  });

  test.each([
    "Slab corruption check disabled",
    "device eth0 (pid 12): link up",
    "usb 1-1: New USB device found [#1]",
    "foo(12): bar",
    "BUG report: see the wiki",
    "IRQ lockup detection disabled",
    "jump_label: Fatal kernel bug, unexpected op at f+0x1/0x2 [00] (0f != 90)) size:5 type:1",
    "rcu: \tTasks-RCU CPU stall warnings timeout set to 600000 (rcu_task_stall_timeout).",
    // arch/mips/kernel/traps.c: do_be() prints it for user mode too; of the kernel it says `Oops[#1]:` next.
    "Data bus error, epc == 80123456, ra == 80123450",
    "Instruction bus error, epc == 80123456, ra == 80123450 in kernel code",
    "watchdog: Delayed init of the lockup detector failed: -19",
  ])("%s is none", (text) => {
    expect(findHeadline(text, true)?.headline.id).toBeUndefined();
  });
});

describe("a WARN whose text stands below its line (4.4 and arm: kernel/panic.c)", () => {
  const report = (place: string, message: string): string => `
    [  100.000001] ------------[ cut here ]------------
    [  100.000002] WARNING: at ${place} reporter+0x98/0xb0()
    [  100.000003] Hardware name: ProLiant DL380 G7
    [  100.000004] ${message}
    [  100.000005] Modules linked in: ext4 mbcache jbd2
    [  100.000006] Pid: 4711, comm: stress Not tainted 2.6.39.4 #1
    [  100.000007] Call Trace:
    [  100.000008]  [<ffffffff8106e3e7>] ? warn_slowpath_common+0x87/0xc0
    [  100.000009]  [<ffffffff8106e4d6>] ? warn_slowpath_fmt+0x46/0x50
    [  100.000010]  [<ffffffff810daee8>] ? stuck_here+0x98/0xb0
    [  100.000011] ---[ end trace 1234567890abcdef ]---`;

  test("is one report where it says what the WARN is about", () => {
    const message = "refcount_t: underflow; use-after-free.";
    const { events } = readLines(report("lib/refcount.c:187", message));
    expect(events.map((event) => event.kind)).toEqual(["refcount"]);
    expect(events[0]?.task).toEqual({ comm: "stress", pid: 4711 });
    expect(events[0]?.trace?.length).toBe(3);
  });

  test.each([
    ["kernel/watchdog.c:245", "Watchdog detected hard LOCKUP on cpu 3", "hard-lockup"],
    [
      "lib/list_debug.c:51",
      "list_del corruption. prev->next should be f6ff, but was 0001",
      "list-corruption",
    ],
  ])("%s: the trace belongs to what the text says", (place, message, kind) => {
    const { events } = readLines(report(place, message));
    expect(events.at(-1)?.kind).toBe(kind);
    expect(events.at(-1)?.trace?.length).toBe(3);
  });
});
