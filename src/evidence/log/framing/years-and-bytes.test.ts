import { describe, expect, test } from "vitest";
import type { LogRecord } from "../record.ts";
import { openFraming } from "./open-framing.ts";

describe("dates without year across New Year", () => {
  const log = "Dec 31 23:59:59 node kernel: last\nJan  1 00:00:01 node kernel: first\n";

  test("take the year of rotation for January and the year before it for December", () => {
    expect(read(log, "messages-20260104").map((record) => record.time?.wall)).toEqual([
      "2025-12-31T23:59:59",
      "2026-01-01T00:00:01",
    ]);
  });

  test("run on from a line that has its year", () => {
    const dated = "2025-12-31T23:59:58.000000+00:00 node kernel: dated\n";
    expect(read(dated + log).map((record) => record.time?.wall?.slice(0, 10))).toEqual([
      "2025-12-31",
      "2025-12-31",
      "2026-01-01",
    ]);
  });

  test("stay without year where nothing gives one", () => {
    expect(read(log).map((record) => record.time?.wall)).toEqual([
      "--12-31T23:59:59",
      "--01-01T00:00:01",
    ]);
  });
});

describe("a journal export's binary MESSAGE", () => {
  test.each([
    ["with an escape sequence in it", "BUG: soft lockup - CPU#1 stuck for 22s! [\u001bx:7]"],
    ["in Chinese", "这是一个很长的内核消息这是一个很长的内核消息"],
    ["that is short", "Call Trace:\u0001"],
    ["of more than a hundred bytes", `${"x".repeat(200)}\u0001`],
    ["of more than a kilobyte", `B${"x".repeat(1099)}`],
  ])("%s is read like any other", (_, text) => {
    const [record] = read(entryOf(text));
    expect(record).toMatchObject({ kernel: true, host: "node", level: 0 });
    expect(record?.text).toBe(text.replace("\u001bx", "").replace("\u0001", ""));
  });

  test("of several lines is several messages", () => {
    const texts = read(entryOf("first line of some forty characters\nsecond"));
    expect(texts.map((record) => record.text)).toEqual([
      "first line of some forty characters",
      "second",
    ]);
  });
});

function entryOf(text: string): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return Buffer.concat([
    Buffer.from("__CURSOR=s=1\n_TRANSPORT=kernel\nPRIORITY=0\nMESSAGE\n"),
    length,
    Buffer.from(`${text}\n_HOSTNAME=node\n\n`),
  ]);
}

function read(log: string | Uint8Array, name = "messages"): LogRecord[] {
  const records: LogRecord[] = [];
  const machine = openFraming({
    source: "s1",
    name,
    sink: { record: (record) => records.push(record), end: () => undefined },
  });
  machine.push(typeof log === "string" ? Buffer.from(log) : log);
  machine.end();
  return records;
}
