import { expect, test } from "vitest";
import { readLines } from "./read-report.fixture.ts";

const shown = (log: string): unknown =>
  readLines(log).events.map(({ kind, function: name, cpu }) => [kind, name, cpu]);

test("the line die() prints goes to the report whose cause it names", () => {
  expect(
    shown(`kernel BUG at drivers/md/dm.c:2190!
BUG: kernel NULL pointer dereference, address: 00000000000006fc
invalid opcode: 0000 [#1] SMP
Oops: 0002 [#2] PREEMPT SMP
CPU: 2 PID: 581 Comm: dmraid Not tainted 6.1.0 #1
RIP: 0010:dm_put+0x112/0x120`),
  ).toContainEqual(["null-dereference", undefined, undefined]);
});

test("the line die() prints goes to the report of its clock", () => {
  const { events } = readLines(`[  103.000000] BUG: kernel NULL pointer dereference, address: 0010
[  103.000010] #PF: supervisor read access in kernel mode
[  100.000000] BUG: kernel NULL pointer dereference, address: 0020
[  100.000010] #PF: supervisor read access in kernel mode
[  103.000020] Oops: 0000 [#1] PREEMPT SMP
[  103.000030] CPU: 3 PID: 33 Comm: late Not tainted 6.1.0 #1
[  100.000020] Oops: 0000 [#1] PREEMPT SMP
[  100.000030] CPU: 0 PID: 10 Comm: soon Not tainted 6.1.0 #1
[  103.000040] RIP: 0010:late_function+0x1/0x2
[  100.000040] RIP: 0010:soon_function+0x1/0x2`);
  expect(events.map(({ cpu, rip }) => [cpu, rip?.symbol])).toEqual([
    [3, "late_function"],
    [0, "soon_function"],
  ]);
});

test("a die line that several reports wait for leaves each of them in doubt", () => {
  const { events } = readLines(`BUG: kernel NULL pointer dereference, address: 0010
BUG: unable to handle page fault for address: ffffc90000000000
Oops: 0000 [#1] PREEMPT SMP
CPU: 3 PID: 33 Comm: one Not tainted 6.1.0 #1
Oops: 0002 [#2] PREEMPT SMP
CPU: 0 PID: 10 Comm: two Not tainted 6.1.0 #1
RIP: 0010:first+0x1/0x2
RIP: 0010:second+0x1/0x2`);
  expect(events.map(({ rip }) => rip)).toEqual([undefined, undefined]);
  expect(events.map(({ complete }) => complete)).toEqual([false, false]);
});

test("another CPU's warning is one of its own", () => {
  expect(
    shown(`WARNING: CPU: 1 PID: 87 at block/blk-settings.c:206 validate_limits+0x1cc/0x234
CPU: 1 PID: 87 Comm: kworker/1:1 Not tainted 6.10.0 #1
WARNING: CPU: 1 PID: 0 at kernel/context_tracking.c:128 ct_kernel_exit+0x108/0x120`),
  ).toEqual([
    ["warning", "validate_limits", 1],
    ["warning", "ct_kernel_exit", 1],
  ]);
});

test("a warning that follows its own text is the same report", () => {
  expect(
    shown(`DEBUG_LOCKS_WARN_ON(lock->magic != lock)
WARNING: CPU: 0 PID: 1 at kernel/locking/mutex.c:587 mutex_lock+0x1/0x2
CPU: 0 PID: 1 Comm: swapper/0 Not tainted 6.15.0 #1
Call Trace:
 alloc_workqueue+0x1/0x2`),
  ).toEqual([["warning", "alloc_workqueue", 0]]);
});

test("a second fault's cause below the first one's modules is no word of the first", () => {
  expect(
    shown(`Unable to handle kernel paging request at virtual address ffffffde85245d30
Internal error: Oops: 0000000096000047 [#1] PREEMPT SMP
Modules linked in:
CPU: 6 PID: 195 Comm: one Not tainted 6.8.0 #1
Unable to handle kernel paging request at virtual address 0000000000002220`),
  ).toEqual([
    ["page-fault", undefined, 6],
    ["page-fault", undefined, undefined],
  ]);
});
