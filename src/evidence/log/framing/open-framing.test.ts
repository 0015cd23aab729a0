import { describe, expect, test } from "vitest";
import type { LogRecord } from "../record.ts";
import { openFraming } from "./open-framing.ts";

describe("openFraming", () => {
  test.each([
    ["dmesg", "[  176044.013351] foo: bar", { monotonic: 176044013351000n }],
    ["dmesg", "<4>[  176044.013351][ T1234]  foo: bar", { monotonic: 176044013351000n }],
    [
      "dmesg-time",
      "[Sat Jun 28 20:15:54 2025] foo: bar",
      { wall: "2025-06-28T20:15:54", yearFrom: "log" },
    ],
    [
      "syslog",
      "Jun 28 20:15:54 host-1 kernel: [176044.013351] foo: bar",
      { monotonic: 176044013351000n, wall: "--06-28T20:15:54" },
    ],
    ["syslog", "44817 Jun 28 20:15:54 host-1 kernel: foo: bar", { wall: "--06-28T20:15:54" }],
    ["kmsg", "4,1234,176044013351,-,caller=T12;foo: bar", { monotonic: 176044013351000n }],
    [
      "journal-json",
      '{"MESSAGE":"foo: bar","_TRANSPORT":"kernel","_SOURCE_MONOTONIC_TIMESTAMP":"176044013351","__REALTIME_TIMESTAMP":"1751112954013351"}',
      { monotonic: 176044013351000n, wall: "2025-06-28T12:15:54.013351Z", yearFrom: "log" },
    ],
  ])("reads %s", (framing, line, time) => {
    const [record] = readRecords(`${line}\r\n`);
    expect(record).toMatchObject({ framing, time, kernel: true, firstLine: 1, lastLine: 1 });
    expect(record?.text.trimStart()).toBe("foo: bar");
  });

  test("gives the year of the file's name, and the year before to a December line in January", () => {
    const records = readRecords(
      "Dec 31 23:59:59 h kernel: a\nJan  1 00:00:01 h kernel: b\n",
      "messages-20260104",
    );
    expect(records.map((record) => record.time?.wall)).toEqual([
      "2025-12-31T23:59:59",
      "2026-01-01T00:00:01",
    ]);
  });

  test("keeps other programs apart from the kernel and plain text as it is", () => {
    const records = readRecords("Jun 28 20:15:54 h sshd[12]: [  1.000000] no\nBUG: bare\n");
    expect(records).toMatchObject([
      { program: "sshd", host: "h", kernel: false, text: "[  1.000000] no" },
      { framing: "bare", kernel: false, text: "BUG: bare", firstLine: 2 },
    ]);
  });

  test("takes escape sequences and NUL bytes out and says which of them is damage", () => {
    const records = readRecords("\u001b[0;32m[    1.000000] a\u001b[0m\n\0\0\0[    2.000000] b\n");
    expect(records).toMatchObject([{ text: "a" }, { text: "b", damage: ["nul-bytes"] }]);
    expect(records[0]?.damage).toBeUndefined();
  });
});

function readRecords(text: string, name?: string): LogRecord[] {
  const records: LogRecord[] = [];
  const machine = openFraming({
    source: "s1",
    sink: { record: (record) => records.push(record), end: () => undefined },
    ...(name === undefined ? {} : { name }),
  });
  machine.push(new TextEncoder().encode(text));
  machine.end();
  return records;
}
