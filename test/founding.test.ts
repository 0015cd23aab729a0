// The incident the project grew from, in every form it may reach a user: the pasted lines, the ticket as
// it stands, a foreign host's syslog, and rewrapped text.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ReportV1 } from "#contract/report.ts";
import { analyzeFile, analyzeText, haveShared, SHARED } from "./analyze-log.ts";

const EXAMPLE = new URL("../examples/netstamp-clear.log", import.meta.url).pathname;
const lines = readFileSync(EXAMPLE, "utf8").trimEnd().split("\n");

describe("the founding incident", () => {
  test("from the pasted lines: one incident, every field, no proven wait", async () => {
    const report = await analyzeFile(EXAMPLE);
    expectIncident(report);
    expect(report.events[0]?.originalLines).toMatchObject({ first: 44817, last: 44843 });
    expect(report.events[0]?.host).toBe("gaoji-10-8-94-99");
  });

  test("from another host's syslog without the pasted line numbers", async () => {
    const foreign = lines.map((line) =>
      line.replace(/^\d+ /, "").replace("gaoji-10-8-94-99", "db7"),
    );
    const report = await analyzeText(`${foreign.join("\n")}\n`, "messages-20250629");
    expectIncident(report);
    expect(report.events[0]?.host).toBe("db7");
    expect(report.events[0]?.time?.wall).toBe("2025-06-28T20:15:54");
  });

  test.skipIf(!haveShared("seeds"))(
    "from the ticket as it stands, with the ticket's claims checked",
    async () => {
      const report = await analyzeFile(`${SHARED}seeds/netstamp-clear-soft-lockup.md`);
      expectIncident(report);
      const claims = report.incidents[0]?.claims ?? [];
      const node = claims.find((claim) => claim.text.includes("10.8.94.98"));
      expect(node?.verdict).toBe("unlikely");
      const other = claims.find((claim) => claim.text.includes("CPU#114"));
      expect(other?.verdict).toBe("possible");
    },
  );

  test("hypotheses as KERNEL.md 2.9 has them", async () => {
    const report = await analyzeFile(EXAMPLE);
    const verdicts = new Map(report.incidents[0]?.hypotheses.map((h) => [h.id, h.verdict]));
    expect(verdicts.get("still-waiting")).toBe("ruled out");
    expect(verdicts.get("softirq-storm")).toBe("ruled out");
    expect(verdicts.get("endless-toggling")).toBe("ruled out");
    expect(verdicts.get("interrupts-off-in-poke")).toBe("unlikely");
    for (const open of [
      "released-just-before",
      "core-freeze",
      "hardirq-storm",
      "long-interrupt-handler",
    ]) {
      expect(verdicts.get(open), open).toBe("possible");
    }
    expect([...verdicts.values()]).not.toContain("proven");
    expect([...verdicts.values()]).not.toContain("likely");
  });

  // KERNEL.md 2.7 has 0.1061 ms a byte; it counts 659 characters for the module list, whose two word
  // breaks at wraps make 661.
  test("the console's pace is found in the stamps: 82 % of 115200 baud, 298 ms in all", async () => {
    const report = await analyzeFile(EXAMPLE);
    const found = report.incidents[0]?.findings.find((f) => f.id === "synchronous-console");
    expect(found?.text.en).toContain("0.1058 ms per byte");
    expect(found?.text.en).toContain("82 % of 8N1 at 115200 baud, R2 0.9998");
    expect(found?.text.en).toContain("took 298 ms");
  });

  test("stamps that do not follow the lines' length name no console", async () => {
    const flat = lines.map((line) => line.replace(/\[176044\.\d{6}\]/, "[176044.013351]"));
    const report = await analyzeText(`${flat.join("\n")}\n`);
    expect(report.incidents[0]?.findings.map((f) => f.id)).not.toContain("synchronous-console");
  });
});

function expectIncident(report: ReportV1): void {
  expect(report.incidents.length).toBe(1);
  expect(report.events.length).toBe(1);
  expect(report.events[0]).toMatchObject({
    kind: "soft-lockup",
    cpu: 4,
    task: { comm: "kworker/4:1", pid: 3759981 },
    stuckSeconds: 22,
    kernel: { release: "5.10.0-136.12.0.90.ctl3.x86_64", taint: [{ flag: "L" }] },
    workqueue: { name: "events", function: "netstamp_clear" },
    rip: { symbol: "text_poke_bp_batch", offset: 0xed, size: 0x290 },
    interrupts: "on",
    context: "task",
    complete: true,
  });
  expect(report.events[0]?.hardware).toContain("Suma MH221");
  expect(report.events[0]?.modules?.at(-1)).toBe("dm_mod");
  expect(report.incidents[0]?.mechanism?.id).toBe("text-poke");
  expect(report.incidents[0]?.waits.filter((wait) => wait.verdict === "proven")).toEqual([]);
}
