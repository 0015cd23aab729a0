// The committed logs and what the program says of each, as outlines beside them. A change of an answer
// shows as a diff; `npm run corpus:update` writes the new outlines after the diff was read.

import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Incident, ReportEvent } from "#contract/report.ts";
import { analyzeFile } from "./analyze-log.ts";

const folder = new URL("../corpus/lab/", import.meta.url).pathname;
const logs = readdirSync(folder).filter((name) => name.endsWith(".log"));

describe("the committed logs", () => {
  test("there are some", () => {
    expect(logs.length).toBeGreaterThanOrEqual(14);
  });

  test.each(logs)("%s", async (name) => {
    const report = await analyzeFile(`${folder}${name}`);
    const outline = {
      events: report.events.map(eventOutline),
      notices: report.notices.map((notice) => `${notice.kind} ${notice.from.firstLine}`),
      incidents: report.incidents.map(incidentOutline),
    };
    await expect(`${JSON.stringify(outline, undefined, 2)}\n`).toMatchFileSnapshot(
      `${folder}${name.replace(/\.log$/, ".expected.json")}`,
    );
  });
});

function eventOutline(event: ReportEvent): string {
  const who = event.task ? ` [${event.task.comm}:${event.task.pid ?? ""}]` : "";
  const where = event.function ? ` in ${event.function}` : "";
  const state = [event.interrupts && `irq ${event.interrupts}`, event.complete ? "" : "incomplete"];
  return `${event.kind} cpu ${event.cpu ?? "?"}${who}${where} lines ${event.from.firstLine}-${event.from.lastLine} ${state.filter(Boolean).join(" ")}`.trim();
}

function incidentOutline(incident: Incident) {
  const { mechanism, culprit } = incident;
  return {
    title: incident.title.en,
    signature: incident.signature,
    mechanism: mechanism && `${mechanism.id} ${mechanism.verdict}`,
    here: mechanism?.phases?.find((phase) => phase.state === "here")?.id,
    waits: incident.waits.map((wait) => `${wait.verdict}: ${wait.text?.en}`),
    culprit:
      culprit &&
      `${culprit.verdict}: cpu ${culprit.cpu ?? "?"} ${culprit.function ?? ""} ${culprit.why}`,
    hypotheses: incident.hypotheses.map((one) => `${one.verdict}: ${one.id}`),
    findings: incident.findings.map((finding) => finding.id),
  };
}
