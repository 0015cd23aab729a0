// The founding incident changed in one respect each time: what depends on that respect must move, and
// nothing may stay proven that no longer follows.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Incident, ReportV1 } from "#contract/report.ts";
import { analyzeText } from "./analyze-log.ts";

const log = readFileSync(new URL("../examples/netstamp-clear.log", import.meta.url), "utf8");

/** A csd wait of the same era: RIP, code and registers of ../shared/lab/v5.10-netstamp.log. */
const CSD_WAIT: readonly (readonly [RegExp, string])[] = [
  [/RIP: .*/, "RIP: 0010:smp_call_function_many_cond+0x28d/0x2e0"],
  [
    /Code: .*/,
    "Code: e8 68 f9 3a 00 3b 05 46 15 73 01 89 c7 0f 83 07 fe ff ff 48 63 c7 49 8b 16 48 03 14 c5 40 59 38 8b 8b 42 08 a8 01 74 09 f3 90 <8b> 42 08 a8 01 75 f7 eb c9 48 c7 c2 60 05 a7 8b 4c 89 fe 44 89 f7",
  ],
  [/RAX: [0-9a-f]+/, "RAX: 0000000000000011"],
  [/RDX: [0-9a-f]+ RSI/, "RDX: ffff905a86a34ec0 RSI"],
  [/RDI: [0-9a-f]+/, "RDI: 0000000000000072"],
];

describe("the founding incident, changed", () => {
  test("as it is: step 2, entry 1 of 5, nothing proven about a wait", async () => {
    const incident = first(await analyzeText(log));
    expect(phases(incident)).toMatchObject({
      int3: "done",
      "sync-1": "done",
      tails: "here",
      "sync-2": "pending",
    });
    expect(finding(incident, "text-poke-position")).toContain("step 2 of 3, entry 1 of 5");
  });

  test("RIP moved into a csd loop: still waiting stands again, and names the CPU", async () => {
    const incident = first(await analyzeText(edit(CSD_WAIT)));
    expect(verdict(incident, "still-waiting")).toBe("proven");
    expect(incident.waits).toContainEqual(
      expect.objectContaining({ verdict: "proven", for: "ipi-ack", waitsFor: { cpu: 0x72 } }),
    );
    expect(incident.culprit).toMatchObject({ cpu: 0x72, why: "silent", verdict: "likely" });
    expect(finding(incident, "text-poke-position")).toBeUndefined();
  });

  test("registers zeroed: the position is no longer claimed", async () => {
    const incident = first(
      await analyzeText(edit([[/(R\w\w): [0-9a-f]{16}/g, "$1: 0000000000000000"]])),
    );
    expect(finding(incident, "text-poke-position") ?? "").not.toContain("entry");
    expect(incident.waits.filter((w) => w.verdict === "proven")).toEqual([]);
  });

  test("interrupt flag cleared: no longer sampled with interrupts on, and no storm of interrupts", async () => {
    const report = await analyzeText(edit([[/EFLAGS: 00000286/, "EFLAGS: 00000086"]]));
    expect(report.events[0]?.interrupts).toBe("off");
    expect(verdict(first(report), "hardirq-storm")).toBe("unlikely");
  });

  test("a duration off the grid is said to be off it", async () => {
    const incident = first(await analyzeText(edit([[/stuck for 22s/, "stuck for 25s"]])));
    expect(finding(incident, "printed-duration")).toContain(
      "not a value that checks every 4 s give",
    );
  });

  test("another CPU's report half a second earlier makes the correlated release likely", async () => {
    const incident = first(await analyzeText(withReportOf(7, "176043.513351") + log));
    expect(verdict(incident, "released-just-before")).toBe("likely");
  });

  test("many CPUs in the same second point at the machine", async () => {
    const others = [7, 8, 9, 10]
      .map((cpu) => withReportOf(cpu, `176043.9${cpu.toString().padStart(2, "0")}351`))
      .join("");
    const incident = first(await analyzeText(others + log));
    expect(verdict(incident, "machine-freeze")).toBe("likely");
  });
});

function edit(changes: readonly (readonly [RegExp, string])[]): string {
  return changes.reduce((text, [from, to]) => text.replace(from, to), log);
}

/** A short report of another CPU in a csd-free place, in the ticket's framing. */
function withReportOf(cpu: number, stamp: string): string {
  const prefix = `Jun 28 20:15:53 gaoji-10-8-94-99 kernel: [${stamp}]`;
  return [
    `watchdog: BUG: soft lockup - CPU#${cpu} stuck for 22s! [kworker/${cpu}:0:${1000 + cpu}]`,
    `CPU: ${cpu} PID: ${1000 + cpu} Comm: kworker/${cpu}:0 Kdump: loaded Tainted: G             L    5.10.0-136.12.0.90.ctl3.x86_64 #1`,
    "RIP: 0010:some_loop+0x10/0x20",
    "RSP: 0018:ffffab073cd1fe10 EFLAGS: 00000286",
    "Call Trace:",
    " process_one_work+0x1b0/0x350",
  ]
    .map((line) => `${prefix} ${line}\n`)
    .join("");
}

function first(report: ReportV1): Incident {
  const incident = report.incidents[0];
  if (!incident) throw new Error("no incident");
  expect(report.incidents.length).toBe(1);
  return incident;
}

function verdict(incident: Incident, id: string): string | undefined {
  return incident.hypotheses.find((h) => h.id === id)?.verdict;
}

function finding(incident: Incident, id: string): string | undefined {
  return incident.findings.find((f) => f.id === id)?.text.en;
}

function phases(incident: Incident): Record<string, string> {
  return Object.fromEntries((incident.mechanism?.phases ?? []).map((p) => [p.id, p.state]));
}
