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
