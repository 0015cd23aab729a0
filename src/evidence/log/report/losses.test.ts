import { describe, expect, test } from "vitest";
import { readEvent, readRecords, recordOf } from "./read-report.fixture.ts";

const HEAD = `[  100.000000] watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [foo:77]
[  100.000001] CPU: 4 PID: 77 Comm: foo Not tainted 5.10.0 #1
[  100.000002] RIP: 0010:text_poke_bp_batch+0xed/0x290
[  100.000003] Call Trace:
[  100.000004]  text_poke_flush+0x10/0x20`;
const TAIL = `[  100.000006]  worker_thread+0x10/0x20
[  100.000007]  ret_from_fork+0x10/0x20`;

describe("a report with lines missing inside", () => {
  test.each([
    ["** 34 printk messages dropped **", "the console dropped messages between its lines"],
    [
      "[  100.000005] net_ratelimit: 34 callbacks suppressed",
      "the kernel suppressed messages between its lines",
    ],
    [
      "Jun 28 20:15:54 h last message repeated 3 times",
      "the system log counted repeated lines instead of writing them",
    ],
    [
      "message repeated 3 times: [ [  100.000005]  process_one_work+0x1/0x2]",
      "the system log counted repeated lines instead of writing them",
    ],
  ])("%s", (marker, reason) => {
    const event = readEvent(`${HEAD}\n${marker}\n${TAIL}`);
    expect(event).toMatchObject({
      complete: false,
      gaps: [{ reason, from: { firstLine: 6, lastLine: 6 } }],
      function: "text_poke_bp_batch",
      range: { firstLine: 1, lastLine: 8 },
    });
  });

  test.each([
    ["systemd-journald", "Missed 34 kernel messages"],
    ["systemd-journald", "Suppressed 34 messages from /system.slice/foo.service"],
    [
      "rsyslogd",
      "imjournal: 34 messages lost due to rate-limiting (20000 allowed within 600 seconds)",
    ],
    ["rsyslogd", "imuxsock[pid: 1]: lost 57 messages from pid 1 due to rate-limiting"],
  ])("%s: %s", (program, text) => {
    const before = HEAD.split("\n").map(recordOf);
    const marker = { ...recordOf(text, 5), kernel: false, program };
    const after = TAIL.split("\n").map((line, at) => recordOf(line, 6 + at));
    const { events } = readRecords([...before, marker, ...after]);
    expect(events).toMatchObject([{ complete: false, gaps: [{ from: { firstLine: 6 } }] }]);
  });

  test("ends where its trace was lost", () => {
    const event = readEvent(`${HEAD}\n** 34 printk messages dropped **\n[  103.0] eth0: up`);
    expect(event.gaps).toMatchObject([{ from: { firstLine: 6, lastLine: 6 } }]);
  });
});

describe("a report is whole", () => {
  test("when lines were lost behind it", () => {
    expect(readEvent(`${HEAD}\n${TAIL}\n** 34 printk messages dropped **`).complete).toBe(true);
  });

  test("when another program quotes such a marker", () => {
    const marker = { ...recordOf("Missed 3 kernel messages", 5), kernel: false, program: "app" };
    const lines = [...HEAD.split("\n").map(recordOf), marker];
    const after = TAIL.split("\n").map((line, at) => recordOf(line, 6 + at));
    expect(readRecords([...lines, ...after]).events[0]?.complete).toBe(true);
  });
});
