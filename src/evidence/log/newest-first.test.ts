import { describe, expect, test } from "vitest";
import { openLog } from "./open-log.ts";

const REPORT = `[   99.000000] usb 1-1: new device
[  100.000000] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [stress:77]
[  100.000101] CPU: 3 PID: 77 Comm: stress Not tainted 6.1.0 #1
[  100.000102] RIP: 0010:spin_here+0x10/0x20 [stall]
[  100.000103] RAX: 0000000000000007 RBX: 0000000000000000
[  100.000104] Call Trace:
[  100.000105]  outer+0x1/0x2
[  100.000106]  kthread+0xd8/0x110
[  100.000107]  ret_from_fork+0x22/0x30
[  101.000000] usb 1-1: gone`;

describe("a log whose newest line stands first", () => {
  test("gives the same event, its ranges where the lines stand", () => {
    const [turned] = read(REPORT.split("\n").toReversed().join("\n"));
    const [plain] = read(REPORT);
    expect(turned).toMatchObject({
      title: plain?.title,
      cpu: 3,
      registers: { rax: 7n },
      headline: { range: { firstLine: 9 } },
      range: { firstLine: 2, lastLine: 9 },
    });
    expect(turned?.trace?.map((frame) => frame.symbol)).toEqual(
      plain?.trace?.map((frame) => frame.symbol),
    );
  });

  test("with stamps of whole seconds is known by its trace", () => {
    const lines = REPORT.split("\n").map((line) => {
      const second = line.startsWith("[  101") ? 41 : 40;
      return `Jun 28 20:15:${second} node kernel: ${line.slice(15)}`;
    });
    expect(read(lines.toReversed().join("\n"))).toMatchObject([{ cpu: 3, kind: "soft-lockup" }]);
  });

  test.each([
    ["a second boot", `[ 5000.000000] old\n${REPORT}`],
    ["two CPUs a little out of order", REPORT.replace("000103", "000100")],
    ["no stamps", REPORT.replace(/^\[.{13}\] /gm, "")],
  ])("is not seen in %s", (_, log) => {
    const [event] = read(log);
    expect(event).toMatchObject({ cpu: 3, registers: { rax: 7n } });
    expect(event?.headline.range.firstLine).toBe(event?.range.firstLine);
  });
});

function read(log: string) {
  const reader = openLog({ id: "s1", name: "paste.log" });
  reader.push(new TextEncoder().encode(log));
  return reader.end().events;
}
