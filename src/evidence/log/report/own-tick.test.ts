// What a report made in its own CPU's timer interrupt shows of the context that interrupt came in.

import { describe, expect, test } from "vitest";
import { readEvent } from "./read-report.fixture.ts";

const MASKED = /came from a timer interrupt/;

const lockup = (eflags: string): string => `
  watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [stress:1234]
  CPU: 3 PID: 1234 Comm: stress Not tainted 6.1.0 #1
  RIP: 0010:my_spin+0x40/0x80 [foo]
  RSP: 0018:ffffb00000bbbb00 EFLAGS: ${eflags}
  Call Trace:
   my_ioctl+0x20/0x40 [foo]
   entry_SYSCALL_64_after_hwframe+0x64/0xce`;

describe("registers that say interrupts off", () => {
  test("contradict a soft lockup where they are a mask: unknown, and a gap says why", () => {
    const event = readEvent(`
      watchdog: BUG: soft lockup - CPU#3 stuck for 23s! [stress:1234]
      CPU: 3 PID: 1234 Comm: stress Not tainted 6.1.0 #1
      pstate: 60400009 (nZCv daif +PAN -UAO)
      pc : my_spin+0x40/0x80 [foo]
      lr : my_spin+0x20/0x80 [foo]
      sp : ffff8000898b3aa0
      pmr_save: 00000060
      x29: ffff8000898b3aa0 x28: fffffdffc53973e8 x27: 00003c0005d08000
      Call trace:
       my_spin+0x40/0x80 [foo]
       el0t_64_sync+0x190/0x198`);
    expect(event.interrupts).toBeUndefined();
    expect(event.interruptsAt).toBeUndefined();
    expect(event.gaps).toMatchObject([{ reason: expect.stringMatching(MASKED) }]);
    expect(event.gaps[0]?.from.firstLine).toBe(8);
  });

  test("stand as printed where they are the processor's own flag", () => {
    expect(readEvent(lockup("00000046"))).toMatchObject({ interrupts: "off", gaps: [] });
  });

  test("contradict an RCU stall that the CPU itself detected", () => {
    const event = readEvent(`
      rcu: INFO: rcu_sched self-detected stall on CPU
      rcu: \t3-....: (5249 ticks this GP) idle=9ca/1/0x4000000000000002 softirq=38222/38222 fqs=2624
      \t(t=5250 jiffies g=96233 q=4612)
      CPU: 3 PID: 1234 Comm: stress Not tainted 6.1.0 #1
      pstate: 60400009 (nZCv daif +PAN -UAO)
      pc : my_spin+0x40/0x80 [foo]
      lr : my_spin+0x20/0x80 [foo]
      sp : ffff8000898b3aa0
      pmr_save: 00000060
      Call trace:
       my_spin+0x40/0x80 [foo]
       el0_svc+0x8/0x204`);
    expect(event.interrupts).toBeUndefined();
    expect(event.gaps.some(({ reason }) => MASKED.test(reason))).toBe(true);
  });

  test("are what a hard lockup shows: it comes from an NMI", () => {
    const event = readEvent(
      lockup("00000046").replace(
        /watchdog: BUG.*/,
        "NMI watchdog: Watchdog detected hard LOCKUP on cpu 3",
      ),
    );
    expect(event).toMatchObject({ interrupts: "off", gaps: [] });
  });

  test("stand in no soft lockup whose flags say on", () => {
    expect(readEvent(lockup("00000246"))).toMatchObject({ interrupts: "on", gaps: [] });
  });
});
