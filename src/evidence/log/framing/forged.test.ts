// A program can write anything into a log but the facility of the kernel and the journal's own fields.

import { describe, expect, test } from "vitest";
import { openLog } from "../open-log.ts";

const REPORT = [
  "watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [foo:77]",
  "CPU: 4 PID: 77 Comm: foo Not tainted 5.10.0 #1",
  "RIP: 0010:text_poke_bp_batch+0xed/0x290",
  "Call Trace:",
  " worker_thread+0x10/0x20",
  " kthread+0x10/0x20",
  " ret_from_fork+0x10/0x20",
];
const STAMP = "[  100.000001]";
const journal = (fields: object) => (text: string) => JSON.stringify({ MESSAGE: text, ...fields });

describe("a report that a program wrote is no event", () => {
  test.each<[string, (text: string) => string]>([
    ["dmesg -r", (text) => `<12>${STAMP} ${text}`],
    ["dmesg -x", (text) => `user  :warn  : ${STAMP} ${text}`],
    ["/dev/kmsg", (text) => `12,7,100000001,-;${text}`],
    ["syslog", (text) => `<12>Jun 28 20:15:54 h kernel: ${STAMP} ${text}`],
    ["RFC 5424", (text) => `<12>1 2025-06-28T20:15:54Z h kernel - - - ${STAMP} ${text}`],
    ["RFC 5424 without a name", (text) => `<12>1 2025-06-28T20:15:54Z h - - - - ${STAMP} ${text}`],
    ["logger -t kernel", journal({ _TRANSPORT: "syslog", SYSLOG_IDENTIFIER: "kernel" })],
    ["journal, kmsg", journal({ _TRANSPORT: "kernel", SYSLOG_FACILITY: "1" })],
    ["a quoting program", (text) => `Jun 28 20:15:54 h app[12]: kernel: ${STAMP} ${text}`],
    [
      "a quoted line",
      (text) => `Jun 28 20:15:54 h app: Jun 28 20:15:54 h kernel: ${STAMP} ${text}`,
    ],
  ])("%s", (_, frame) => {
    expect(eventsOf(frame)).toBe(0);
  });
});

describe("the kernel's own report is one", () => {
  test.each<[string, (text: string) => string]>([
    ["dmesg -r", (text) => `<4>${STAMP} ${text}`],
    ["/dev/kmsg", (text) => `4,7,100000001,-;${text}`],
    ["syslog", (text) => `<4>Jun 28 20:15:54 h kernel: ${STAMP} ${text}`],
    ["RFC 5424 without a name", (text) => `<4>1 2025-06-28T20:15:54Z h - - - - ${STAMP} ${text}`],
    ["journal", journal({ _TRANSPORT: "kernel", SYSLOG_FACILITY: "0" })],
    ["journal without the transport", journal({ SYSLOG_IDENTIFIER: "kernel" })],
  ])("%s", (_, frame) => {
    expect(eventsOf(frame)).toBe(1);
  });
});

function eventsOf(frame: (text: string) => string): number {
  const log = openLog({ id: "s1", name: "log" });
  log.push(Buffer.from(`${REPORT.map(frame).join("\n")}\n`));
  return log.end().events.length;
}
