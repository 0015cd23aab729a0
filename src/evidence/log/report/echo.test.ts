import { expect, test } from "vitest";
import { readLines } from "./read-report.fixture.ts";

const LINES = [
  "watchdog: BUG: soft lockup - CPU#2 stuck for 26s! [beta:222]",
  "CPU: 2 PID: 222 Comm: beta Tainted: G           O       6.1.0-13-amd64 #1",
  "RIP: 0010:beta_spin+0x31/0x50 [beta]",
  "RSP: 0018:ffffb00000bbbb00 EFLAGS: 00000246",
  "Call Trace:",
  " <TASK>",
  " again+0x22/0x70 [beta]",
  " again+0x22/0x70 [beta]",
  " entry_SYSCALL_64_after_hwframe+0x64/0xce",
  " </TASK>",
];
const stamped = LINES.map((line, at) => `[  100.0000${10 + at}] ${line}`);

function shown(lines: readonly string[]): unknown {
  return readLines(lines.join("\n")).events.map(({ complete, cpu, rip, registers, trace }) => [
    complete,
    cpu,
    rip?.symbol,
    registers,
    trace?.map(({ symbol }) => symbol),
  ]);
}

const once = shown(stamped);

test.each([
  ["line by line", stamped.flatMap((line) => [line, line])],
  ["the second copy without stamps", stamped.flatMap((line, at) => [line, LINES[at] ?? ""])],
  [
    "in blocks",
    [0, 3, 6, 9].flatMap((at) => [...Array(2)].flatMap(() => stamped.slice(at, at + 3))),
  ],
])("a log in which every line stands twice says the same: %s", (_, lines) => {
  expect(shown(lines)).toEqual(once);
});

test("a report printed again later is another one", () => {
  const later = LINES.map((line, at) => `[  200.0000${10 + at}] ${line}`);
  expect(readLines([...stamped, ...later].join("\n")).events.length).toBe(2);
});

test("one-line reports that the kernel repeats are counted", () => {
  const line = "BUG: Bad rss-counter state mm:00000000a1b2c3d4 type:MM_ANONPAGES val:1";
  expect(readLines(`${line}\n${line}\n${line}`).events.length).toBe(3);
});
