import { describe, expect, test } from "vitest";
import { readEvent, readLines } from "./read-report.fixture.ts";

const BODY = `RIP: 0010:smp_call_function_many_cond+0x11e/0x4f0
RAX: 0000000000000001 RBX: 0000000000000246 RCX: 0000000000000001
Call Trace:
 <IRQ>
 ? watchdog_timer_fn+0x1b8/0x220
 on_each_cpu_cond_mask+0x24/0x40
 process_one_work+0x1de/0x3f0
 worker_thread+0x51/0x390`;
const REPEAT = "watchdog: BUG: soft lockup - CPU#0 stuck for 105s! [kworker/0:1:31283]";

describe("a body without its headline", () => {
  test("is joined to the repeat's headline that ends the log, and says so", () => {
    const event = readEvent(`${BODY}\n </TASK>\n${REPEAT}`);
    expect(event).toMatchObject({
      kind: "soft-lockup",
      cpu: 0,
      stuckSeconds: 105,
      function: "smp_call_function_many_cond",
      headline: { range: { firstLine: 10 } },
      range: { firstLine: 1, lastLine: 10 },
      registers: { rax: 1n },
      complete: false,
    });
    expect(event.gaps[0]?.reason).toContain("taken for its repetition");
    expect(event.body.filter((line) => line.text.startsWith("RIP"))).toHaveLength(1);
  });

  test.each([
    ["a task that is no worker", REPEAT.replace("kworker/0:1", "iperf")],
    ["a duration that begins after the body", REPEAT],
  ])("is not joined to the headline of %s", (_, headline) => {
    const body = BODY.replace(" ? watchdog_timer_fn+0x1b8/0x220\n", "").replace(
      /^/gm,
      "[  100.000000] ",
    );
    const late = headline === REPEAT ? "[  144.000000]" : "[  101.000000]";
    const repeat = headline.replace("105s", headline === REPEAT ? "22s" : "105s");
    const { events } = readLines(`${body}\n${late} ${repeat}`);
    expect(events).toMatchObject([{ kind: "soft-lockup", range: { firstLine: 8 } }]);
    expect(events[0]?.registers).toBeUndefined();
  });

  test("does not take the body that the repeat has itself", () => {
    const { events } = readLines(`${BODY}\n${REPEAT}\n${BODY.replaceAll("_many_", "_other_")}`);
    expect(events.map((event) => event.function)).toEqual(["smp_call_function_other_cond"]);
  });

  test("is an event of its own where the log holds nothing else", () => {
    expect(readEvent(BODY)).toMatchObject({ kind: "other", complete: false });
  });

  test("is none further down, nor for a stray frame", () => {
    expect(readLines(` foo+0x1/0x2\nusb 1-1: new device`).events).toEqual([]);
    expect(readLines(`a\nb\nc\n${BODY}`).events).toEqual([]);
  });

  test("a headline that is cut at the number names no CPU", () => {
    const event = readEvent("watchdog: BUG: soft lockup - CPU#8");
    expect(event).toMatchObject({ kind: "soft-lockup", complete: false });
    expect(event.cpu).toBeUndefined();
  });
});
