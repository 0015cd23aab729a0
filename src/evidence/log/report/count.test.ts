import { describe, expect, test } from "vitest";
import { readEvent } from "./read-report.fixture.ts";

const DIGITS = "9".repeat(400);
const BODY = `[  100.000003] Call Trace:\n[  100.000004]  foo+0x10/0x20\n`;

describe("numbers beyond any machine are unknown, not rounded", () => {
  test.each(["99999999999999999999", DIGITS])("soft lockup with %s", (digits) => {
    const event = readEvent(
      `[  100.000000] watchdog: BUG: soft lockup - CPU#${digits} stuck for ${digits}s! [foo:${digits}]\n${BODY}`,
    );
    expect(event).toMatchObject({ kind: "soft-lockup", task: { comm: "foo" } });
    expect(event).not.toHaveProperty("cpu");
    expect(event).not.toHaveProperty("stuckSeconds");
    expect(event.task).not.toHaveProperty("pid");
  });

  test.each([
    `rcu: INFO: rcu_sched self-detected stall on CPU\n	4-....: (${DIGITS} ticks this GP) idle=b3c/1/0x4 softirq=${DIGITS}/1 fqs=${DIGITS}\n	(t=${DIGITS} jiffies g=${DIGITS} q=${DIGITS})`,
    `rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\n	4-....: (1 ticks this GP) idle=b3c/1/0x4 softirq=${DIGITS}/1 fqs=${DIGITS}\n	(detected by ${DIGITS}, t=${DIGITS} jiffies, g=${DIGITS}, q=${DIGITS})`,
    `rcu: INFO: rcu_sched detected expedited stalls on CPUs/tasks: { ${DIGITS}-...D P${DIGITS} } ${DIGITS} jiffies s: ${DIGITS} root: 0x1/.`,
    `rcu: INFO: rcu_sched self-detected stall on CPU\nrcu: rcu_sched kthread starved for ${DIGITS} jiffies! g1 f0x0 RCU_GP_WAIT_FQS(5) ->state=0x0 ->cpu=${DIGITS}`,
    `INFO: task foo:${DIGITS} blocked for more than ${DIGITS} seconds.\nINFO: task foo:1 is blocked on a mutex likely owned by task b:${DIGITS}.`,
    `WARNING: CPU: ${DIGITS} PID: ${DIGITS} at kernel/f.c:${DIGITS} foo+0x1/0x2\nCPU: ${DIGITS} PID: ${DIGITS} Comm: foo Not tainted 6.1.0 #1`,
    `smp: csd: Detected non-responsive CSD lock (#1) on CPU#${DIGITS}, waiting ${DIGITS} ns for CPU#${DIGITS} foo+0x0/0x60(0x0).`,
    `watchdog: BUG: soft lockup - CPU#4 stuck for 26s! [a:1]\nCPU#4 Utilization every 4s during lockup:\n#1: ${DIGITS}% system, 0% softirq, 0% hardirq, 0% idle`,
  ])("%.60s…", (text) => {
    const event = readEvent(`${text}\n${BODY}`);
    expect(JSON.stringify(event, exact)).not.toMatch(/null|e\+/);
  });
});

/** `null` is what JSON makes of Infinity and NaN. */
function exact(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
