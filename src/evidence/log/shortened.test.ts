import { expect, test } from "vitest";
import { openLog } from "./open-log.ts";

test("a line that a pager shortened names no function, and the report says so", () => {
  const log = openLog({ id: "s1", name: "journal.txt" });
  log.push(
    new TextEncoder().encode(`[  100.000001] WARNING: CPU: 1 PID: 1798 at stall.c:40 t_wa\u2026tall]
[  100.000002] CPU: 1 PID: 1798 Comm: warner Not tainted 6.1.0 #1
[  100.000003] Call Trace:
[  100.000004]  t_warn_thread+0x20/0x30 [stall]
[  100.000005]  ret_from_fork+0x1/0x2
`),
  );
  expect(log.end().events).toMatchObject([
    {
      function: "t_warn_thread",
      complete: false,
      gaps: [{ reason: expect.stringContaining("pager") }],
    },
  ]);
});
