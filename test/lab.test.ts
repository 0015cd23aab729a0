// Real kernels stalled on purpose: what ../shared/lab/index.json expects of every log.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Incident, ReportV1 } from "#contract/report.ts";
import { analyzeFile, haveShared, SHARED } from "./analyze-log.ts";

interface LabCase {
  readonly file: string;
  readonly truth: string;
  readonly expect: {
    readonly events: readonly {
      kind: string;
      cpu?: number;
      comm?: string;
      stuckSeconds?: number;
      function?: string;
    }[];
    readonly incidents: number;
    readonly mechanism?: string;
    readonly waits?: readonly { waiterCpu: number; waitsForCpu?: number; for: string }[];
    readonly culpritCpu?: number;
    readonly culpritFunction?: string;
    readonly culpritWhy?: string;
  };
}

const present = haveShared("lab");
const cases: readonly LabCase[] = present
  ? JSON.parse(readFileSync(`${SHARED}lab/index.json`, "utf8")).cases
  : [];

/** Events the expectation may leave out: backtraces another event asked for. */
const BACKTRACES = ["nmi-backtrace", "sysrq-backtrace"];

describe.skipIf(!present)("logs of the lab", () => {
  test("the whole set is there", () => {
    expect(cases.length).toBe(13);
  });

  test.each(cases)("$file: its events are found, and no others of a reported kind", async (lab) => {
    const report = await analyzeFile(`${SHARED}lab/${lab.file}`);
    const events = report.events.filter((event) => !BACKTRACES.includes(event.kind));
    for (const [i, expected] of inOrder(events, lab.expect.events).entries()) {
      expect(expected.found, `event ${i}: ${JSON.stringify(expected.wanted)}`).toBeDefined();
    }
    if (lab.expect.events.length === 0) expect(report.events).toEqual([]);
    expect(report.incidents.length).toBe(lab.expect.incidents);
  });

  test.each(cases.filter((lab) => lab.expect.incidents > 0))(
    "$file: mechanism, waits and culprit",
    async (lab) => {
      const report = await analyzeFile(`${SHARED}lab/${lab.file}`);
      const incident = report.incidents[0];
      expect(incident).toBeDefined();
      if (incident) expectDiagnosis(incident, lab.expect);
    },
  );
});

function inOrder(events: ReportV1["events"], wanted: LabCase["expect"]["events"]) {
  let from = 0;
  return wanted.map((want) => {
    const at = events.findIndex((event, i) => i >= from && matches(event, want));
    if (at >= 0) from = at + 1;
    return { wanted: want, found: at < 0 ? undefined : events[at] };
  });
}

function matches(
  event: ReportV1["events"][number],
  want: LabCase["expect"]["events"][number],
): boolean {
  return (
    event.kind === want.kind &&
    (want.cpu === undefined || event.cpu === want.cpu) &&
    (want.comm === undefined || event.task?.comm === want.comm) &&
    (want.stuckSeconds === undefined || event.stuckSeconds === want.stuckSeconds) &&
    (want.function === undefined || event.function === want.function)
  );
}

function expectDiagnosis(incident: Incident, want: LabCase["expect"]): void {
  if (want.mechanism) expect(incident.mechanism?.id).toBe(want.mechanism);
  if (want.culpritCpu !== undefined) expect(incident.culprit?.cpu).toBe(want.culpritCpu);
  if (want.culpritFunction) expect(incident.culprit?.function).toBe(want.culpritFunction);
  if (want.culpritWhy) expect(incident.culprit?.why).toBe(want.culpritWhy);
  for (const wait of want.waits ?? []) {
    expect(incident.waits.map(toPair)).toContainEqual([wait.waiterCpu, wait.waitsForCpu, wait.for]);
  }
}

function toPair(wait: Incident["waits"][number]) {
  return [wait.waiter.cpu, wait.waitsFor === "unknown" ? undefined : wait.waitsFor.cpu, wait.for];
}
