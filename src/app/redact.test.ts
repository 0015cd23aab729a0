import { describe, expect, test } from "vitest";
import type { ReportV1 } from "#contract/report.ts";
import { redact } from "./redact.ts";

describe("redact replaces", () => {
  test.each([
    ["connect to 10.8.94.99:443 failed", "connect to ipv4-1:443 failed"],
    ["10.8.94.99 and 10.8.94.98, 10.8.94.99.", "ipv4-1 and ipv4-2, ipv4-1."],
    ["link/ether 52:54:00:AB:cd:ef up", "link/ether mac-1 up"],
    ["fe80::5054:ff:fe12:3456 dev eth0", "ipv6-1 dev eth0"],
    ["2001:0db8:0:0:0:0:0:1", "ipv6-1"],
    ["Serial Number: 210200A00QH2", "Serial Number: serial-1"],
    ["logs/gaoji-10-8-94-99.log", "logs/host-1.log"],
    ["sent by gaoji-10-8-94-99.", "sent by host-1."],
  ])("%s", (before, after) => {
    expect(textOf(before)).toBe(after);
  });

  test("one value by one name in the whole report", () => {
    const report = redact(reportWith("10.0.0.1 52:54:00:ab:cd:ef", "52:54:00:AB:CD:EF 10.0.0.1"));
    expect(report.notices.map(({ text }) => text)).toEqual(["ipv4-1 mac-1", "mac-1 ipv4-1"]);
    expect(report.notices[0]?.host).toBe("host-1");
  });
});

describe("redact leaves", () => {
  test.each([
    "5.10.0-136.12.0.90.ctl3.x86_64 #1 SMP",
    "kernel 5.10.0.90",
    "BIOS 08.03.04.71.18 06/02/2025",
    "BIOS 1.2.3.4 06/02/2025",
    "driver version: 10.1.2.3",
    "mlx5_core 0000:00:1f.2: timeout",
    "0000:00:1f.2 [8086:a182]",
    "at 12:34:56 on 2025-06-28T20:15:54",
    "RIP: 0010:text_poke_bp_batch+0xed/0x290",
    "RAX: 0000000000000000 RBX: ffffffff8c1a2b3c",
    "Code: 4c 89 e9 48 8d f3 90 8b",
    "std::vector foo::bar :: softirq=12/34 300.1.2.3 1.2.3.4.5",
    "serial8250: ttyS0 at I/O 0x3f8",
    "ghost-gaoji-10-8-94-99x",
  ])("%s", (words) => {
    expect(textOf(words)).toBe(words);
  });
});

function textOf(words: string): string | undefined {
  return redact(reportWith(words)).notices[0]?.text;
}

function reportWith(...texts: readonly string[]): ReportV1 {
  return {
    schema: "stallscope.report/1",
    generator: { name: "stallscope", version: "0" },
    sources: [],
    events: [],
    incidents: [],
    notices: texts.map((text, index) => ({
      id: `n${index + 1}`,
      kind: "other",
      text,
      host: "gaoji-10-8-94-99",
      from: { source: "s1", firstLine: index + 1, lastLine: index + 1 },
    })),
  };
}
