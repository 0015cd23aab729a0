// One report in several logs of one machine is one event; what only looks like it is two.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { analyze } from "#app/analyze.ts";
import type { ReportV1 } from "#contract/report.ts";

const LAB = new URL("../corpus/lab/", import.meta.url).pathname;
const LOGS = readdirSync(LAB).filter((name) => /^v.*\.log$/.test(name));
const LINES = linesOf("v6.1-null.log");
const KERNEL = `${LINES.join("\n")}\n`;

describe("the same report in several logs", () => {
  test("is one event and one incident, with all its places", async () => {
    const report = await read({
      "kern.log": syslog(LINES, "db1"),
      syslog: syslog(LINES.flatMap(withAnother), "db1"),
      dmesg: KERNEL,
    });
    const alone = await read({ "kern.log": syslog(LINES, "db1") });
    expect(report.events.map(summary)).toEqual(alone.events.map(summary));
    expect(report.incidents.length).toBe(alone.incidents.length);
    expect(report.boots?.length).toBe(1);
    expect(report.notices.length).toBe(alone.notices.length);
    const at = report.events[0]?.from.firstLine ?? 0;
    expect(report.events[0]?.alsoIn?.map(({ source, firstLine }) => [source, firstLine])).toEqual([
      ["s2", 2 * at - 1],
      ["s3", at],
    ]);
  });

  test("is told by the log that holds more of it", async () => {
    const headline = LINES.findIndex((line) => line.includes("BUG: kernel NULL"));
    const report = await read({
      "kern.log": syslog(LINES.slice(0, headline + 3), "db1"),
      syslog: syslog(LINES, "db1"),
    });
    const [event] = report.events;
    expect([event?.from.source, event?.complete, event?.alsoIn?.[0]?.source]).toEqual([
      "s2",
      true,
      "s1",
    ]);
  });

  test("is one where the logs hold no stamp of the kernel's", async () => {
    const bare = LINES.map((line) => line.replace(/^\[[ \d.]+\] /, ""));
    const report = await read({ messages: syslog(bare, "db1"), "kern.log": syslog(bare, "db1") });
    expect(report.events.length).toBe(1);
  });

  test("puts events that only one log has among those of the other, by the kernel's clock", async () => {
    const later = "[ 9000.000000] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]";
    const at = LINES.findIndex((line) => Number(line.slice(1, 13)) > 1.5);
    const early = "[    1.500000] watchdog: BUG: soft lockup - CPU#3 stuck for 22s! [b:2]";
    const report = await read({
      "kern.log": syslog([...LINES, later], "db1"),
      dmesg: [...LINES.slice(0, at), early, ...LINES.slice(at)].join("\n"),
    });
    expect(report.events.map(({ cpu, host }) => [cpu, host])).toEqual([
      [3, "db1"],
      [2, "db1"],
      [1, "db1"],
    ]);
    expect(report.events.map(({ id }) => id)).toEqual(["e1", "e2", "e3"]);
    expect(report.incidents.length).toBe(3);
  });
});

describe("every lab log beside what a syslog daemon made of it", () => {
  test.each(LOGS)("%s: the events of one, in its order", async (name) => {
    const lines = linesOf(name);
    const alone = await read({ "kern.log": syslog(lines, "db1") });
    const both = await read({ "kern.log": syslog(lines, "db1"), dmesg: `${lines.join("\n")}\n` });
    expect(both.events.map(summary)).toEqual(alone.events.map(summary));
    expect(both.incidents.map(({ signature }) => signature)).toEqual(
      alone.incidents.map(({ signature }) => signature),
    );
  });
});

describe("two reports", () => {
  test.each([
    ["another machine's", syslog(LINES, "web7")],
    ["another day's", syslog(LINES, "db1").replaceAll("Nov  2", "Nov  5")],
    ["a later one", syslog(shifted(LINES), "db1")],
    ["another text at the same stamps", syslog(changed(LINES), "db1")],
  ])("stay two where the second is %s", async (_, second) => {
    const report = await read({ "kern.log": syslog(LINES, "db1"), other: second });
    expect(report.events.length).toBe(2);
    expect(report.events.every((event) => event.alsoIn === undefined)).toBe(true);
  });

  test("stay two in one log, also where another log holds both", async () => {
    const twice = syslog([...LINES, ...LINES.slice(-60)], "db1");
    const alone = await read({ "kern.log": twice });
    const both = await read({ "kern.log": twice, syslog: twice });
    expect(both.events.map(summary)).toEqual(alone.events.map(summary));
  });
});

function linesOf(name: string): readonly string[] {
  return readFileSync(LAB + name, "utf8")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.startsWith("["));
}

function syslog(lines: readonly string[], host: string): string {
  return lines
    .map(
      (line) => `Nov  2 10:00:03 ${host} ${line.startsWith("systemd") ? "" : "kernel: "}${line}\n`,
    )
    .join("");
}

/** Other programs write to syslog as well. */
function withAnother(line: string): readonly string[] {
  return [line, "systemd[1]: Started Session 1."];
}

function shifted(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/^\[ +(\d+)\./, (_, s) => `[${Number(s) + 700}.`));
}

/** The report's own lines below its headline say something else. */
function changed(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/\+0x[0-9a-f]+\/|: [0-9a-f]{16}\b|PID: \d+/g, "+0x9/"));
}

function summary(event: ReportV1["events"][number]): unknown {
  const { id, kind, cpu, host, boot, askedBy, complete } = event;
  return [id, kind, event.function, cpu, host, boot, askedBy, complete];
}

function read(logs: Readonly<Record<string, string>>): Promise<ReportV1> {
  const inputs = Object.entries(logs).map(([name, log]) => ({
    name,
    chunks: [new TextEncoder().encode(log)],
  }));
  return analyze(inputs, { version: "0.0.0-test" });
}
