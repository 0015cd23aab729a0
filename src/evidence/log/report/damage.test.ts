import { describe, expect, test } from "vitest";
import { readEvent, readLines } from "./read-report.fixture.ts";

const HUNG = "INFO: task a:7 blocked for more than 143 seconds.";
const USING = "BUG: using __this_cpu_read() in preemptible [00000000] code: a/7";
const WARNING = "WARNING: CPU: 1 PID: 1798 at fs/a.c:9 warned+0x1/0x2";

describe("a damaged report is not complete", () => {
  test.each([
    [
      "the log ends inside its trace",
      `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n ? schedule+0x1/0x2`,
      "ends in the call trace",
    ],
    [
      "its trace ends in the reporting",
      `${USING}\nCall Trace:\n dump_stack+0x1/0x2\n check_preemption_disabled+0x1/0x2\nother`,
      "does not reach the code",
    ],
    [
      "its trace is a list of addresses on the stack",
      `${HUNG}\nCall Trace:\n ? __schedule+0x1/0x2\n ? p9_client_rpc+0x1/0x2\n ? entry_SYSCALL_64+0x1/0x2\nother`,
      "sure of no frame",
    ],
    [
      "a panic has lost the report before it",
      "Kernel panic - not syncing: Fatal exception",
      "led to this panic",
    ],
    [
      "printk dropped lines of it",
      `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n** 24 printk messages dropped **\n a+0x1/0x2\n ret_from_fork+0x1/0x2`,
      "the console dropped messages",
    ],
    [
      "another program's words tear a frame",
      `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n ? save_packet: Broken pipe\n a+0x1/0x2\n ret_from_fork+0x1/0x2`,
      "torn",
    ],
  ])("when %s", (_, text, reason) => {
    const event = readEvent(text);
    expect(event.complete).toBe(false);
    expect(event.gaps.map((gap) => gap.reason).join()).toContain(reason);
  });

  test.each([
    [
      "the log ends with its trace",
      `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n a+0x1/0x2\n ret_from_fork+0x1/0x2`,
    ],
    [
      "RIP stands above a doubtful trace",
      "BUG: unable to handle page fault for address: 1\nRIP: 0010:a+0x1/0x2\nCall Trace:\n ? b+0x1/0x2\nother",
    ],
    ["a leak's backtrace is short", "BUG: memory leak\nbacktrace:\n __kmalloc+0x1/0x2\n a+0x1/0x2"],
    [
      "a panic is nobody's end",
      "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)",
    ],
  ])("but it is when %s", (_, text) => {
    expect(readEvent(text).complete).toBe(true);
  });
});

describe("what another task prints between the lines of a report is not read as its own", () => {
  const own = `CPU: 1 PID: 1798 Comm: own Not tainted 4.14.90+ #1
Call Trace:
 dump_stack+0x1/0x2
 panic+0x1/0x2
RIP: 0010:warned+0x1/0x2
 own_caller+0x1/0x2
 ret_from_fork+0x1/0x2`;

  test("where the report says whose dump it is", () => {
    const { events } = readLines(`${WARNING}
CPU: 0 PID: 26531 Comm: other Not tainted 4.14.90+ #1
Kernel panic - not syncing: panic_on_warn set ...
Call Trace:
 dump_stack+0x1/0x2
 other_caller+0x1/0x2
RIP: 0033:0x457ec9
${own}`);
    expect(events[0]).toMatchObject({ cpu: 1, task: { comm: "own", pid: 1798 }, complete: false });
    expect(events[0]?.trace?.map((frame) => frame.symbol)).not.toContain("other_caller");
    expect(events[0]?.trace?.map((frame) => frame.symbol)).toContain("own_caller");
  });

  test("where it is a forced failure's trace", () => {
    const event = readEvent(`${HUNG}
CPU: 1 PID: 9 Comm: forced Not tainted 4.14.90+ #1
Call Trace:
 dump_stack+0x1/0x2
 should_fail.cold+0xa/0x10
 should_failslab+0x1/0x2
 __alloc_skb+0x1/0x2`);
    expect(event.function).toBeUndefined();
    expect(event.complete).toBe(false);
  });

  test("where lockdep's own trace has not begun", () => {
    const event = readEvent(`[ BUG: bad unlock balance detected! ]
CPU: 0 PID: 1 Comm: other Not tainted 4.9.65 #98
Call Trace:
 [<ffffffff81d90469>] dump_stack+0xc1/0x128
 [<ffffffff838a9745>] other_caller+0x23/0xc6
own/2 is trying to release lock (mrt_lock) at:
[<ffffffff834dea24>] seq_stop+0xe4/0x140
but there are no more locks to release!
stack backtrace:
CPU: 1 PID: 2 Comm: own Not tainted 4.9.65 #98
Call Trace:
 [<ffffffff81d90469>] dump_stack+0xc1/0x128
 [<ffffffff834dea24>] seq_stop+0xe4/0x140`);
    expect(event).toMatchObject({ function: "seq_stop", cpu: 1, task: { comm: "own" } });
    expect(event.complete).toBe(false);
  });

  test("a held lock's place is no frame of RCU's report", () => {
    const event = readEvent(`WARNING: suspicious RCU usage
1 lock held by a/3985:
 #0: (&vcpu->mutex){+.+.+.}, at:
[<ffffffff81055862>] vcpu_load+0x22/0x70`);
    expect(event.function).toBeUndefined();
    expect(event.complete).toBe(false);
  });
});

describe("a trace that reaches the entry code is whole", () => {
  // 6.1 arch/*/kernel: entry.S, genex.S, scall*.S, syscalls.S
  test.each([
    ["loongarch", "handle_syscall"],
    ["sparc64", "linux_sparc_syscall"],
    ["riscv", "handle_exception"],
    ["s390", "pgm_check_handler"],
    ["s390", "psw_idle_exit"],
    ["mips", "handle_sys64"],
    ["mips", "syscall_common"],
    ["alpha", "entSys"],
    ["arm", "__irq_usr"],
    ["arc", "EV_Trap"],
    ["csky", "csky_systemcall"],
    ["nios2", "handle_system_call"],
    ["openrisc", "_sys_call_handler"],
    ["parisc", "intr_return"],
    ["xtensa", "user_exception"],
    ["ia64", "ia64_ret_from_syscall"],
  ])("of %s: %s", (_, entry) => {
    const text = `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n a+0x1/0x2\n ${entry}+0x1/0x2`;
    expect(readEvent(text).gaps).toEqual([]);
  });

  test.each(["handle_mm_fault", "handle_irq_event", "trapped", "vfs_write"])(
    "and one that ends in %s is not",
    (name) => {
      const text = `${HUNG}\nCall Trace:\n __schedule+0x1/0x2\n ${name}+0x1/0x2`;
      expect(readEvent(text).gaps[0]?.reason).toContain("ends in the call trace");
    },
  );
});
