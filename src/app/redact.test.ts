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
    ["sent by GAOJI-10-8-94-99 twice", "sent by host-1 twice"],
    ["to ::ffff:10.8.94.99 port 1", "to ::ffff:ipv4-1 port 1"],
    ["pool 10.0.0.1-10.0.0.9", "pool ipv4-1-ipv4-2"],
    ["ip-10-0-0-1 and 10.0.0.1", "ipv4-1 and ipv4-1"],
    ["52-54-00-ab-cd-ef 5254.00ab.cdef", "mac-1 mac-1"],
    ["wwpn 21:00:00:24:ff:4a:9b:3c", "wwpn mac-1"],
    ["2001:db8::192.0.2.33 fe80::1%eth0", "ipv6-1 ipv6-2%eth0"],
    ["UUID=0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", "UUID=serial-1"],
    ["xfs (0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0)", "xfs (uuid-1)"],
    ["usb 1-1: SerialNumber: 4C530001", "usb 1-1: SerialNumber: serial-1"],
    ["root=/dev/disk/by-id/ata-WDC_WD10-X_WD-WCC3F12 ro", "root=/dev/disk/by-id/ata-serial-1 ro"],
    ["nvme-eui.0025385b71b0a1c2", "nvme-eui.serial-1"],
    ["rd.iscsi.password=hunter2 quiet", "rd.iscsi.password=secret-1 quiet"],
    ["http://bob:hunter2@10.0.0.1/ks.cfg", "http://secret-1@ipv4-1/ks.cfg"],
    ["mail bob.smith+x@example.com now", "mail mail-1 now"],
    ["/home/alice/run.sh by /home/alice", "/home/user-1/run.sh by /home/user-1"],
    ["nfs: server nfs01.corp not responding", "nfs: server server-1 not responding"],
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
    "idle=b3c/1/0x4000000000000000 softirq=12/34",
    "Modules linked in: nf_tables(OE) x_tables",
    "CPU: 4 PID: 77 Comm: kworker/4:1 Not tainted 5.10.0-136.12.0.90.ctl3.x86_64 #1",
    "Hardware name: Suma MH221/62DC24-C, BIOS 08.03.04.71.18 06/02/2025",
    "FS:  0000000000000000(0000) GS:ffff9a7d3fa00000(0000) knlGS:0000000000000000",
    "Code: 4c:89:e9 at 10:20",
    "key=1 keyring: .builtin_trusted_keys",
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
