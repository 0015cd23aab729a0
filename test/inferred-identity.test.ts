// A body whose headline is lost takes CPU and task from the next headline: what rests on that is likely at most.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { analyzeText, haveShared, SHARED } from "./analyze-log.ts";

test.skipIf(!haveShared("lab"))(
  "a wait read from a headless body is likely, not proven",
  async () => {
    const lines = readFileSync(`${SHARED}lab/v5.10-netstamp.log`, "latin1").split(/\r?\n/);
    const body = lines.findIndex((line) => line.includes("RIP: 0010:smp_call_function_many_cond"));
    const end = lines.findIndex((line, i) => i > body && line.includes("ret_from_fork"));
    const repeat = lines.findIndex((line, i) => i > body && line.includes("soft lockup - CPU#0"));
    // As kernels since 5.13 print it: the time grows over repeats, so the second covers the first.
    const headline = lines[repeat]?.replace("22s", "48s") ?? "";
    const pasted = [...lines.slice(body, end + 1), headline].join("\n");
    const report = await analyzeText(`${pasted}\n`);
    const waits = report.incidents.flatMap((incident) => incident.waits);
    expect(waits).toContainEqual(
      expect.objectContaining({ for: "ipi-ack", waitsFor: { cpu: 2 }, verdict: "likely" }),
    );
    expect(report.incidents[0]?.mechanism?.verdict).toBe("likely");
    expect(report.events[0]?.complete).toBe(false);
  },
);
