// Three unrelated incidents on two boots are three, and none rests on another's lines: logs of the lab, one
// boot after another in one file as a console capture has them, and the same under syslog's framing and from
// two hosts in turns.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Evidence, Incident, ReportV1 } from "#contract/report.ts";
import { analyzeText, haveShared, SHARED } from "./analyze-log.ts";

const present = haveShared("lab");

/** A fault and, 900 s later in the same boot, a stall of another CPU; then a boot with a hung task. */
const FAULT = "v6.1-null.log";
const STALL = "v6.1-rcu.log";
const NEXT_BOOT = "v6.1-mutex.log";

/** Lines of the file, 1-based, that one incident may rest on. */
interface Piece {
  readonly first: number;
  readonly last: number;
}

describe.skipIf(!present)("three unrelated incidents on two boots", () => {
  test("one boot after another in one console capture", async () => {
    const fault = linesOf(FAULT);
    const stall = later(reportsOf(STALL), 900);
    const next = linesOf(NEXT_BOOT);
    const report = await analyzeText(join(fault, stall, next));
    expectThree(report, piecesOf(fault, stall, next));
    expect(bootsOf(report)).toEqual([0, 0, 1]);
    expect(new Set(report.incidents.map((incident) => incident.signature)).size).toBe(3);
  });

  test("as syslog wrote it", async () => {
    const fault = syslog(linesOf(FAULT), "alpha", 0);
    const stall = syslog(later(reportsOf(STALL), 900), "alpha", 0);
    const next = syslog(linesOf(NEXT_BOOT), "alpha", 7200);
    const report = await analyzeText(join(fault, stall, next));
    expectThree(report, piecesOf(fault, stall, next));
    expect(bootsOf(report)).toEqual([0, 0, 1]);
  });

  test("one host's log interleaved with another's, stalled at the same time", async () => {
    const alpha = syslog(linesOf(STALL), "alpha", 0);
    const beta = syslog(linesOf(NEXT_BOOT), "beta", 0);
    const mixed = interleave(alpha, beta);
    const report = await analyzeText(join(mixed));
    expect(report.incidents.map((incident) => incident.host)).toEqual(["alpha", "beta"]);
    for (const incident of report.incidents) {
      for (const line of evidenceLines(incident))
        expect(mixed[line - 1]).toContain(` ${incident.host} kernel: `);
    }
    expect(report.incidents.map(kindOf(report))).toEqual(["soft-lockup", "hung-task"]);
  });
});

function expectThree(report: ReportV1, pieces: readonly Piece[]): void {
  expect(report.incidents.map(kindOf(report))).toEqual([
    "null-dereference",
    "soft-lockup",
    "hung-task",
  ]);
  // What the boot states about the machine belongs to every incident of that boot.
  const configuration = new Set(
    (report.boots ?? []).flatMap((boot) => boot.facts.map((fact) => fact.from.firstLine)),
  );
  report.incidents.forEach((incident, i) => {
    const piece = pieces[i] ?? { first: 0, last: 0 };
    const lines = evidenceLines(incident);
    expect(lines.length).toBeGreaterThan(0);
    const foreign = lines.filter(
      (line) => (line < piece.first || line > piece.last) && !configuration.has(line),
    );
    expect(foreign, incident.title.en).toEqual([]);
  });
  const events = report.incidents.flatMap((incident) => incident.events);
  expect(new Set(events).size).toBe(events.length);
}

function kindOf(report: ReportV1) {
  return (incident: Incident): string =>
    incident.title.en.startsWith("soft lockup")
      ? "soft-lockup"
      : (report.events.find((event) => event.id === incident.events[0])?.kind ?? "none");
}

function bootsOf(report: ReportV1): readonly (number | undefined)[] {
  const boots = report.incidents.map(
    (incident) => report.events.find((event) => event.id === incident.events[0])?.boot,
  );
  const first = boots[0] ?? 0;
  return boots.map((boot) => (boot === undefined ? undefined : boot - first));
}

/** Every line that waits, culprit, mechanism, hypotheses and findings rest on. */
function evidenceLines(incident: Incident): number[] {
  const evidence: readonly Evidence[] = [
    ...incident.waits.flatMap((wait) => wait.evidence),
    ...(incident.culprit?.evidence ?? []),
    ...(incident.mechanism?.evidence ?? []),
    ...incident.hypotheses.flatMap((h) => [...h.for, ...h.against]),
    ...incident.findings.flatMap((finding) => finding.evidence),
  ];
  return evidence.flatMap((piece) =>
    "firstLine" in piece ? [piece.firstLine, piece.lastLine] : [],
  );
}

function linesOf(file: string): string[] {
  return readFileSync(`${SHARED}lab/${file}`, "utf8").replaceAll("\r", "").trimEnd().split("\n");
}

/** Without the boot: from the first line of the kernel's complaint on. */
function reportsOf(file: string): string[] {
  const lines = linesOf(file);
  const first = lines.findIndex((line) => /rcu: INFO|watchdog: BUG|INFO: task/.test(line));
  return lines.slice(first);
}

const STAMP = /^\[ *(\d+)\.(\d{6})\] /;

function later(lines: readonly string[], seconds: number): string[] {
  return lines.map((line) =>
    line.replace(STAMP, (_, whole, micros) => {
      return `[${String(Number(whole) + seconds).padStart(5)}.${micros}] `;
    }),
  );
}

/** Seconds since noon as syslog prints them, the kernel's own stamp kept behind. */
function syslog(lines: readonly string[], host: string, bootedAfter: number): string[] {
  let seconds = 0;
  return lines.map((line) => {
    seconds = Number(STAMP.exec(line)?.[1] ?? seconds);
    const at = new Date(Date.UTC(2025, 5, 28, 12) + (seconds + bootedAfter) * 1000);
    return `Jun 28 ${at.toISOString().slice(11, 19)} ${host} kernel: ${line}`;
  });
}

/** Both in order of their syslog time, turn by turn within a second. */
function interleave(a: readonly string[], b: readonly string[]): string[] {
  const merged: string[] = [];
  let [i, j, turn] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]?.slice(7, 15) ?? "", b[j]?.slice(7, 15) ?? ""];
    const first = x === y ? turn++ % 2 === 0 : x < y;
    merged.push((first ? a[i++] : b[j++]) ?? "");
  }
  return [...merged, ...a.slice(i), ...b.slice(j)];
}

function join(...pieces: readonly (readonly string[])[]): string {
  return `${pieces.map((lines) => lines.join("\n")).join("\n")}\n`;
}

function piecesOf(...pieces: readonly (readonly string[])[]): readonly Piece[] {
  let last = 0;
  return pieces.map((lines) => {
    const first = last + 1;
    last += lines.length;
    return { first, last };
  });
}
