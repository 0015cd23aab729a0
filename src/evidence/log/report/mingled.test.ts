import { expect, test } from "vitest";
import { readLines } from "./read-report.fixture.ts";

const FIRST = `watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]
RIP: 0010:one+0x1/0x2
Call Trace:
 one_a+0x1/0x2`;
const SECOND = FIRST.replaceAll("one", "two").replace("CPU#1", "CPU#2");

test("a report that begins before the trace above it ends makes both incomplete", () => {
  const { events } = readLines(`${FIRST}\n${SECOND}\n one_b+0x1/0x2\n ret_from_fork+0x1/0x2`);
  expect(events.map((event) => event.complete)).toEqual([false, false]);
});

test("reports one after the other are complete", () => {
  const end = "\n ret_from_fork+0x1/0x2\n";
  const { events } = readLines(FIRST + end + SECOND + end);
  expect(events.map((event) => event.complete)).toEqual([true, true]);
});

test("a clock that falls back inside a report makes it incomplete", () => {
  const { events } = readLines(
    FIRST.split("\n")
      .map((line, at) => `[${at === 3 ? "   50" : "  100"}.000000] ${line}`)
      .join("\n"),
  );
  expect(events[0]?.gaps[0]?.reason).toContain("backwards");
});

const sheets = (first: readonly string[], second: readonly string[]): string =>
  [...Array(Math.max(first.length, second.length)).keys()]
    .flatMap((at) => [first[at] ?? "", second[at] ?? ""])
    .join("\n");

/** Each report's trace, and whether it is vouched for: whose the two stacks are, their lines do not say. */
function traces(log: string): readonly (readonly [string, boolean])[] {
  return readLines(log)
    .events.map(
      ({ trace, complete }) =>
        [trace?.map(({ symbol }) => symbol).join(" ") ?? "", complete] as const,
    )
    .toSorted();
}

test("frames of two stacks of powerpc are told apart by their stack pointers", () => {
  const sheet = (cpu: number, name: string): string[] => [
    `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 22s! [${name}:${cpu}]`,
    `CPU: ${cpu} PID: ${cpu} Comm: ${name} Not tainted 6.1.0 #1`,
    "Call Trace:",
    ...["a", "b", "c"].map(
      (frame, at) =>
        `[c00000000${cpu}e2fc${at}0] [c0000000001b2f0c] ${name}_${frame}+0x1c/0x30 (unreliable)`,
    ),
  ];
  expect(traces(sheets(sheet(1, "one"), sheet(2, "two")))).toEqual([
    ["one_a one_b one_c", false],
    ["two_a two_b two_c", false],
  ]);
});

test("frames of two stacks of arm are told apart by the callee that each line repeats", () => {
  const sheet = (cpu: number, name: string): string[] => [
    `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 22s! [${name}:${cpu}]`,
    `CPU: ${cpu} PID: ${cpu} Comm: ${name} Not tainted 6.1.0 #1`,
    ` ${name}_a from ${name}_b+0x28/0x2c`,
    ` ${name}_b from ${name}_c+0x28/0x2c`,
    ` ${name}_c from ${name}_d+0x28/0x2c`,
  ];
  expect(traces(sheets(sheet(1, "one"), sheet(2, "two")))).toEqual([
    ["one_a one_b one_c one_d", false],
    ["two_a two_b two_c two_d", false],
  ]);
});

test("registers that either of two reports of arm64 may have printed are neither's", () => {
  const sheet = (cpu: number): string[] => [
    `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 22s! [task${cpu}:${cpu}]`,
    `CPU: ${cpu} PID: ${cpu} Comm: task${cpu} Not tainted 6.1.0 #1`,
    `x29: 000000000000000${cpu} x28: 000000000000000${cpu}`,
    `x27: 000000000000000${cpu} x26: 000000000000000${cpu}`,
  ];
  const { events } = readLines(sheets(sheet(1), sheet(2)));
  expect(events.map(({ cpu, complete, registers }) => [cpu, complete, registers])).toEqual([
    [1, false, undefined],
    [2, false, undefined],
  ]);
});

test("a line whose place is taken shows that two reports are mixed, also where lines are lost", () => {
  const { events } = readLines(`watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [alpha:111]
watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [beta:222]
CPU: 1 PID: 111 Comm: alpha Not tainted 6.1.0 #1
RIP: 0010:alpha_spin+0x31/0x50
Code: 00 11 22 <33> 44
Code: 55 66 77 <88> 99
RAX: 0000000000000001 RBX: 0000000000000002 RCX: 0000000000000003
Call Trace:
 beta_ioctl+0x22/0x70`);
  expect(events.map(({ complete }) => complete)).toEqual([false, false]);
  expect(events[0]).not.toHaveProperty("registers");
});

test("frames above the dump of the task that the headline names were another's", () => {
  const { events } = readLines(`watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [beta:222]
Call trace:
 alpha_spin+0x31/0x50
CPU: 2 PID: 222 Comm: beta Not tainted 6.1.0 #1
pstate: 60400005 (nZCv daif +PAN -UAO)
pc : beta_spin+0x31/0x50
Call trace:
 beta_spin+0x31/0x50
 beta_ioctl+0x22/0x70`);
  expect(events[0]?.function).toBe("beta_spin");
  expect(events[0]?.complete).toBe(false);
});

test("a headline that a mail wrapped before its function", () => {
  const { events } = readLines(`WARNING: CPU: 0 PID: 1 at drivers/of/base.c:134
of_bus_n_size_cells+0xc0/0xd4
CPU: 0 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.17.5 #1
Call Trace:
[e101dba0] [c048b9d0] of_bus_n_size_cells+0xc0/0xd4 (unreliable)
[e101dbc0] [c048c000] of_bus_default_count_cells+0x3c/0x68
[e101dff0] [00003420] 0x3420`);
  expect(events).toMatchObject([
    { function: "of_bus_n_size_cells", complete: true, task: { comm: "swapper/0", pid: 1 } },
  ]);
});
