// Bodies of kernels and architectures the corpus holds few logs of, written from the format strings of the
// functions named.

import { describe, expect, test } from "vitest";
import { readEvent } from "../read-report.fixture.ts";

describe("an RCU stall on one line", () => {
  test("names CPUs, tasks and the detector (3.13 kernel/rcu/tree.c: print_other_cpu_stall)", () => {
    const { rcu, cpu } = readEvent(
      "INFO: rcu_sched detected stalls on CPUs/tasks: { 3 5 P812} (detected by 2, t=21002 jiffies, g=72, c=71, q=12)",
    );
    expect(cpu).toBe(3);
    expect(rcu?.stalled.map((one) => one.cpu)).toEqual([3, 5]);
    expect(rcu?.stalledTasks.map((one) => one.pid)).toEqual([812]);
    expect(rcu).toMatchObject({ detectedBy: 2, jiffies: 21002, gracePeriod: 72, queued: 12 });
  });

  test("names the CPU that stalls itself (3.13 kernel/rcu/tree.c: print_cpu_stall)", () => {
    const { rcu, cpu } = readEvent(
      "INFO: rcu_sched self-detected stall on CPU { 11}  (t=60001 jiffies g=72 c=71 q=12)",
    );
    expect(cpu).toBe(11);
    expect(rcu).toMatchObject({ selfDetected: true, jiffies: 60001, queued: 12 });
  });

  test("has no braces in 2.6.32 (kernel/rcutree.c)", () => {
    const { rcu } = readEvent(
      "INFO: RCU detected CPU stalls: 1 3 (detected by 0, t=10002 jiffies)",
    );
    expect(rcu?.stalled.map((one) => one.cpu)).toEqual([1, 3]);
    expect(rcu).toMatchObject({ detectedBy: 0, jiffies: 10002 });
    const own = readEvent("INFO: RCU detected CPU 3 stall (t=10002 jiffies)");
    expect(own.cpu).toBe(3);
    expect(own.rcu).toMatchObject({ selfDetected: true, jiffies: 10002 });
  });

  test("says `?` for a CPU whose irq_work is not built in (kernel/rcu/tree_stall.h)", () => {
    const { rcu } = readEvent(`
      rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:
      rcu: \t2-...?: (1 GPs behind) idle=b3c/1/0x4000000000000000 softirq=12/12 fqs=26`);
    expect(rcu?.stalled.map((one) => one.flags)).toEqual(["...?"]);
  });
});

describe("what a hung task waits for (7.2 kernel/hung_task.c: debug_show_blocker)", () => {
  test.each([
    ["is blocked on a mutex likely owned by task holder:34.", "mutex", "holder"],
    ["blocked on a semaphore likely last held by task holder:34", "semaphore", "holder"],
    [
      "<reader> blocked on an rw-semaphore likely owned by task holder:34 <writer>",
      "rwsem",
      "holder",
    ],
    ["is blocked on an rw-semaphore, but the owner is not found.", "rwsem", undefined],
  ])("%s", (words, kind, owner) => {
    const { blockedOn } = readEvent(`
      INFO: task stuck:12 blocked for more than 122 seconds.
            Not tainted 6.17.0 #1
      INFO: task stuck:12 ${words}`);
    expect(blockedOn?.kind).toBe(kind);
    expect(blockedOn?.owner?.comm).toBe(owner);
  });
});

describe("the interrupt state that registers show", () => {
  const oops = (lines: string): string =>
    `Internal error: Oops: 0000000096000004 [#1] SMP\n${lines}`;

  const pseudoNmi = (pstate: string, pmr: string): string =>
    oops(`
      ${pstate}
      pc : stuck+0x10/0x20
      lr : stuck+0x10/0x20
      sp : ffff80001000be20
      pmr_save: ${pmr}
      x29: ffff80001000be20 x28: ffff00201a2b3c4d`);

  // arch/arm64/include/asm/ptrace.h: GIC_PRIO_IRQON was 0xf0, 0xc0, 0xe0; 0xc0 masks where the GIC chooses
  test.each([
    ["000000e0", "on"],
    ["00000060", "off"],
    ["00000070", "off"],
    ["00000040", "off"],
    ["000000a0", "off"],
    ["000000c0", undefined],
    ["000000f0", undefined],
  ])("arm64 with pseudo-NMIs, pmr_save %s: %s, by that line", (pmr, state) => {
    const event = readEvent(pseudoNmi("pstate: 60400009 (nZCv daif +PAN -UAO)", pmr));
    expect(event.interrupts).toBe(state);
    const by = state === undefined ? undefined : `pmr_save: ${pmr}`;
    expect(event.interruptsAt?.text).toBe(by);
  });

  test("arm64 with PSTATE.I set is masked whatever the priority", () => {
    const masked = "pstate: 604000c9 (nZCv daIF +PAN -UAO)";
    const event = readEvent(pseudoNmi(masked, "000000f0"));
    expect(event).toMatchObject({ interrupts: "off", interruptsAt: { text: masked } });
  });

  const powerpc = (release: string, word: string): string => `
      Oops: Kernel access of bad area, sig: 11 [#1]
      CPU: 3 PID: 12 Comm: sh Not tainted ${release} #1
      NIP:  c00000000001abcc LR: c00000000001abc0 CTR: c0000000000aaf00
      MSR:  9000000000009033 <SF,HV,EE,ME,IR,DR,RI,LE>  CR: 28002822  XER: 00000000
      CFAR: c00000000000a1b0 ${word}`;

  // paca->soft_enabled turned into paca->irq_soft_mask while both were printed as SOFTE
  test.each([
    ["3.10.0-33.el7.ppc64", "SOFTE: 1", "on"],
    ["4.14.12", "SOFTE: 0", "off"],
    ["4.17.3", "SOFTE: 0", "on"],
    ["4.17.3", "SOFTE: 1", "off"],
    ["4.17.3", "SOFTE: 2", "on"],
    ["4.16.0-1-powerpc64le", "SOFTE: 0", undefined],
    ["4.18.0-305.el8.ppc64le", "IRQMASK: 0", "on"],
    ["6.1.0", "IRQMASK: 1", "off"],
    ["6.1.0", "IRQMASK: 2", "on"],
    ["6.1.0", "IRQMASK: 3", "off"],
  ])("powerpc of %s, %s: %s, by that line", (release, word, state) => {
    const event = readEvent(powerpc(release, word));
    expect(event.interrupts).toBe(state);
    const by = state === undefined ? undefined : `CFAR: c00000000000a1b0 ${word}`;
    expect(event.interruptsAt?.text.trim()).toBe(by);
  });

  test("powerpc of a release the report does not print: SOFTE says nothing", () => {
    const unnamed = powerpc("", "SOFTE: 0").replace(/^ +CPU:.*$/m, "");
    expect(readEvent(unnamed).interrupts).toBeUndefined();
    const regs = "REGS: c000000012456f60 TRAP: 0700   Not tainted  (2.6.39)\n      MSR:";
    expect(readEvent(unnamed.replace("MSR:", regs)).interrupts).toBe("off");
  });

  test.each([
    ["1000a403 KERNEL EXL IE", "on"],
    ["1000a402 KERNEL EXL", "off"],
    ["0000000c\tKUp IEp", "on"],
    ["00000008\tKUp", "off"],
  ])("mips, Status: %s: %s", (status, state) => {
    const event = readEvent(`
      Oops[#1]:
      CPU: 0 PID: 12 Comm: sh Not tainted 4.19.0 #1
      $ 0   : 00000000 00000001 00000000 80a1b2c4
      epc   : 80123456 stuck+0x10/0x20
      Status: ${status}
      Cause : 00808008 (ExcCode 02)`);
    expect(event.interrupts).toBe(state);
    expect(event.kernel?.arch).toBe("mips");
    expect(event.rip?.symbol).toBe("stuck");
  });

  test("loongarch of 6.1: CSR prmd (arch/loongarch/kernel/traps.c: __show_regs)", () => {
    const event = readEvent(`
      Oops[#1]:
      CPU: 1 PID: 12 Comm: sh Not tainted 6.1.0 #1
      $ 0   : 0000000000000000 9000000000a1b2c4 9000000100a1b2c4 9000000100a1bd00
      era   : 9000000000123456 stuck+0x10/0x20
      ra    : 9000000000123450 caller+0x8/0x20
      CSR crmd: 000000b0\t
      CSR prmd: 00000004\t`);
    expect(event).toMatchObject({ interrupts: "on", kernel: { arch: "loongarch64" } });
    expect(event.rip?.symbol).toBe("stuck");
  });
});

describe("who was running, on lines of their own", () => {
  test("arm of 2.6.32 (arch/arm/kernel/process.c: __show_regs, traps.c: __die)", () => {
    const event = readEvent(`
      Unable to handle kernel NULL pointer dereference at virtual address 00000010
      pgd = c7a50000
      [00000010] *pgd=87a41031, *pte=00000000, *ppte=00000000
      Internal error: Oops: 17 [#1] PREEMPT
      Modules linked in:
      CPU: 0    Not tainted  (2.6.32.9 #12)
      PC is at stuck+0x10/0x20
      LR is at caller+0x8/0x20
      pc : [<c0123456>]    lr : [<c0123450>]    psr: 60000093
      Process kswapd0 (pid: 26, stack limit = 0xc7b8a270)
      [<c0123456>] (stuck+0x10/0x20) from [<c0123400>] (caller+0x8/0x20)`);
    expect(event).toMatchObject({
      cpu: 0,
      task: { comm: "kswapd0", pid: 26 },
      kernel: { release: "2.6.32.9", version: "#12" },
      interrupts: "off",
    });
  });

  test("x86-64 of 2.6.32 (arch/x86/kernel/dumpstack_64.c: show_registers)", () => {
    const event = readEvent(`
      BUG: unable to handle kernel NULL pointer dereference at 0000000000000010
      IP: [<ffffffff81123456>] stuck+0x10/0x20
      Oops: 0000 [#1] SMP
      CPU 3
      Modules linked in: ext4
      Pid: 26, comm: kswapd0 Not tainted 2.6.32-754.el6.x86_64 #1 HP ProLiant DL380 G7
      RIP: 0010:[<ffffffff81123456>]  [<ffffffff81123456>] stuck+0x10/0x20
      Process kswapd0 (pid: 26, threadinfo ffff88003d1c2000, task ffff88003d1a8ae0)`);
    expect(event).toMatchObject({ cpu: 3, task: { comm: "kswapd0", pid: 26 } });
  });

  test("powerpc of 2.6.32 (arch/powerpc/kernel/process.c: show_regs)", () => {
    const event = readEvent(`
      Unable to handle kernel paging request for data at address 0x00000010
      Faulting instruction address: 0xc0123456
      Oops: Kernel access of bad area, sig: 11 [#1]
      NIP: c0123456 LR: c0123450 CTR: c0012340
      REGS: c7b8be20 TRAP: 0300   Not tainted  (2.6.32)
      MSR: 00009032 <EE,ME,IR,DR>  CR: 28002822  XER: 00000000
      TASK = c7a50000[26] 'kswapd0' THREAD: c7b8a000 CPU: 1
      NIP [c0123456] stuck+0x10/0x20`);
    expect(event).toMatchObject({ cpu: 1, task: { comm: "kswapd0", pid: 26 } });
  });

  test("s390 of 2.6.32 (arch/s390/kernel/traps.c: show_registers)", () => {
    const event = readEvent(`
      illegal operation: 0001 [#1] SMP
      CPU: 1 Not tainted 2.6.32-5-s390x #1
      Process kswapd0 (pid: 26, task: 000000003d1a8ae0, ksp: 000000003d1c2000)
      Krnl PSW : 0704000180000000 0000000000123456 (stuck+0x10/0x20)
                 R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:0 CC:0 PM:0 EA:3
      Call Trace:
      ([<0000000000123400>] caller+0x8/0x20)
       [<0000000000123300>] outer+0x8/0x20`);
    expect(event).toMatchObject({
      cpu: 1,
      task: { comm: "kswapd0", pid: 26 },
      kernel: { release: "2.6.32-5-s390x", arch: "s390x" },
      interrupts: "on",
      rip: { symbol: "stuck" },
    });
  });
});

describe("s390 (arch/s390/kernel/dumpstack.c: show_regs)", () => {
  const LOCKUP = `
      watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [beta:222]
      CPU: 2 PID: 222 Comm: beta Tainted: G           O       6.8.0 #1
      Krnl PSW : 0704c00180000000 000003ff801a2c2a (foo_spin+0x2a/0x40 [foo])
                 R:0 T:1 IO:1 EX:1 Key:0 M:1 W:0 P:0 AS:3 CC:0 PM:0 RI:0 EA:3
      Krnl GPRS: 0000000000000001 0000000000000000 0000000000000000 0000000000000000
                 0000000000000000 0000000000000000 0000000000000000 0000000000000000
      Call Trace:
       [<000003ff801a2c2a>] foo_spin+0x2a/0x40 [foo]
       [<0000000000a0312a>] __do_syscall+0x25a/0x2c8
       [<0000000000a1412a>] system_call+0x72/0x98`;

  test("the last breaking event is a branch's origin, no caller", () => {
    const event = readEvent(`${LOCKUP}
      Last Breaking-Event-Address:
       [<000003ff801a2c26>] foo_spin+0x26/0x40 [foo]`);
    expect(event.trace?.map(({ symbol }) => symbol)).toEqual([
      "foo_spin",
      "__do_syscall",
      "system_call",
    ]);
    expect(event.gaps).toEqual([]);
  });

  test("the PSW tells the architecture, its address is a register", () => {
    const event = readEvent(LOCKUP);
    expect(event).toMatchObject({ kernel: { arch: "s390x" }, interrupts: "on" });
    expect(event.registers).toMatchObject({ psw: 0x0704c00180000000n });
  });

  test("a PSW of user mode tells nothing of the kernel's interrupts", () => {
    const user = LOCKUP.replaceAll("Krnl", "User").replace(/ \(foo_spin.*\)/, "");
    expect(readEvent(user).interrupts).toBeUndefined();
  });

  test("a tick's entry names no report", () => {
    const event = readEvent(`
      rcu: INFO: rcu_sched self-detected stall on CPU
      rcu: \t2-....: (2099 ticks this GP) idle=2ee/1/0x4000000000000002 softirq=288/288 fqs=1050
      \t(t=2100 jiffies g=401 q=23)
      Task dump for CPU 2:
      task:stress          state:R  running task     stack:0     pid:812   ppid:700    flags:0x00000000
      Call Trace:
      ([<0000000000113ac0>] show_regs+0x0/0x28)
       [<00000000001a3b2a>] rcu_sched_clock_irq+0x5ea/0xb40
       [<0000000000103b2a>] do_ext_irq+0x6a/0x90
       [<0000000000a03b2a>] ext_int_handler+0x12a/0x130
       [<000003ff80123b2a>] foo_spin+0x2a/0x40 [foo]
       [<000003ff80123cca>] foo_write+0x4a/0x80 [foo]
       [<0000000000a0312a>] system_call+0xdc/0x2c8`);
    expect(event.function).toBe("foo_spin");
  });
});

describe("architectures with words of their own", () => {
  test("sparc64 (arch/sparc/kernel/traps_64.c: die_if_kernel)", () => {
    const event = readEvent(`
      Unable to handle kernel NULL pointer dereference
      tsk->{mm,active_mm}->context = 0000000000000a1b
      tsk->{mm,active_mm}->pgd = fff800003d1c2000
                    \\|/ ____ \\|/
                    "@'/ .. \\\`@"
                    /_| \\__/ |_\\
                       \\__U_/
      kswapd0(26): Oops [#1]
      CPU: 3 PID: 26 Comm: kswapd0 Not tainted 6.1.0-9-sparc64 #1
      TSTATE: 0000004411001601 TPC: 0000000000456789 TNPC: 000000000045678d Y: 00000000    Not tainted
      TPC: <stuck+0x10/0x20>
      g0: 0000000000000000 g1: 0000000000000001 g2: 0000000000000002 g3: 0000000000000003
      g4: 0000000000000000 g5: 0000000000000001 g6: 0000000000000002 g7: 0000000000000003
      o0: 0000000000000000 o1: 0000000000000001 o2: 0000000000000002 o3: 0000000000000003
      RPC: <caller+0x8/0x20>
      l0: 0000000000000000 l1: 0000000000000001 l2: 0000000000000002 l3: 0000000000000003
      I7: <caller+0x8/0x20>
      Call Trace:
      [0000000000456700] caller+0x8/0x20
      [0000000000456600] outer+0x8/0x20
      Disabling lock debugging due to kernel taint
      Caller[0000000000456700]: caller+0x8/0x20`);
    expect(event).toMatchObject({ kind: "null-dereference", cpu: 3, task: { pid: 26 } });
    expect(event.rip?.symbol).toBe("stuck");
    expect(event.trace?.slice(0, 2).map((frame) => frame.symbol)).toEqual(["caller", "outer"]);
  });

  test("parisc (arch/parisc/kernel/traps.c: parisc_terminate, show_regs)", () => {
    const event = readEvent(`
      Kernel Fault: Code=26 (Data memory access rights trap) at addr 0000000000000010
      CPU: 1 PID: 26 Comm: kswapd0 Not tainted 6.1.0-9-parisc64 #1
      Hardware name: 9000/785/C8000
           YZrvWESTHLNXBCVMcbcbcbcbOGFRQPDI
      PSW: 00001000000001001111111100001111 Not tainted
      r00-03  000000ff0804ff0f 0000000040a1b2c4 0000000040123450 000000003d1c2000
      sr00-03  0000000000a1b000 0000000000000000 0000000000000000 0000000000a1b000
      IASQ: 0000000000000000 0000000000000000 IAOQ: 0000000040123456 000000004012345a
       IIR: 0f5010dc    ISR: 0000000000000000  IOR: 0000000000000010
       CPU:        1   CR30: 000000003d1c2000 CR31: ffffffffffffffff
       ORIG_R28: 0000000000000000
       IAOQ[0]: stuck+0x10/0x20
       IAOQ[1]: stuck+0x14/0x20
       RP(r2): caller+0x8/0x20
      Backtrace:
       [<0000000040123400>] caller+0x8/0x20
       [<0000000040123300>] outer+0x8/0x20`);
    expect(event).toMatchObject({ kind: "page-fault", cpu: 1, task: { comm: "kswapd0" } });
    expect(event.rip?.symbol).toBe("stuck");
    expect(event.trace?.map((frame) => frame.symbol)).toEqual(["caller", "outer"]);
  });
});
