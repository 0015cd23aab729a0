// The kernel's persistent store as it lies on disk: one file a part, newest text first.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { analyze } from "#app/analyze.ts";
import type { ReportEvent, ReportV1 } from "#contract/report.ts";
import { openLogs } from "#host/container/open-logs.ts";

const LAB = new URL("../corpus/lab/", import.meta.url).pathname;
const LOGS = readdirSync(LAB).filter((name) => /^v6\.1-.*\.log$/.test(name));
/** The kernel writes the newest 10 KiB (fs/pstore/platform.c: kmsg_bytes); these tests take more. */
const LINES = 400;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pstore-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("parts of a dump", () => {
  test.each(LOGS)("of %s are read as the one log they were", async (name) => {
    const lines = linesOf(name);
    const whole = await read([put(`${name}.whole`, { "console.log": toText(lines) })]);
    const store = put(name, toParts(lines, "Panic#1", 176120000000000n));
    const report = await read([store]);
    expect(report.events.map(told)).toEqual(whole.events.map(told));
    for (const event of report.events) expectRealPlaces(report, event);
  });

  test("of which one is missing say so, in the report and in its event", async () => {
    const parts = toParts(linesOf("v6.1-null.log"), "Oops#1", 176120000000000n);
    const headline = Object.keys(parts).find((id) => parts[id]?.includes("BUG: kernel NULL"));
    const next = String(BigInt(headline?.slice(headline.lastIndexOf("-") + 1) ?? 0) - 1000n);
    const { [`dmesg-efi_pstore-${next}`]: lost, ...rest } = parts;
    expect(lost).toBeDefined();
    const report = await read([put("missing", rest)]);
    expect(report.gaps?.map(({ reason }) => reason)).toEqual([expect.stringMatching(/^lost-/)]);
    expect(report.events[0]?.complete).toBe(false);
    expect(report.events[0]?.gaps.map(({ reason }) => reason).join()).toMatch(
      /part of the dump is missing|parts of the dump behind this line/,
    );
  });

  test("of two dumps of one boot tell their common report once", async () => {
    const lines = linesOf("v6.1-null.log");
    const end = lines.findIndex((line) => line.includes("end trace")) + 1;
    const report = await read([
      put("two", {
        ...toParts(lines.slice(0, end || lines.length), "Oops#1", 176120000000000n),
        ...toParts(lines, "Panic#2", 176120000500000n, 2),
      }),
    ]);
    const nulls = report.events.filter(({ kind }) => kind === "null-dereference");
    expect(nulls.length).toBe(1);
    expect(nulls[0]?.alsoIn?.length).toBeGreaterThan(0);
    expect(report.boots?.length).toBe(1);
  });

  test("are read instead of the text systemd-pstore puts together, which alone is read as well", async () => {
    const lines = linesOf("v6.1-null.log");
    const parts = toParts(lines, "Panic#1", 176120000000000n);
    const names = Object.keys(parts).sort().reverse();
    const joined = names.map((name) => `${name}:\n${parts[name]}`).join("");
    const warnings: string[] = [];
    const both = await read([put("archive", { ...parts, "dmesg.txt": joined })], warnings);
    const alone = await read([put("alone", { "dmesg.txt": joined })]);
    expect(warnings).toEqual([expect.stringContaining("dmesg.txt: put together")]);
    expect(both.events.map(told)).toEqual(alone.events.map(told));
    expect(alone.events.length).toBe(1);
  });

  test("named one by one are put in order as well", async () => {
    const store = put("named", toParts(linesOf("v6.1-warn.log"), "Oops#1", 176120000000000n));
    const paths = readdirSync(store).map((name) => join(store, name));
    const byFolder = await read([store]);
    const byName = await read(paths);
    expect(byName.events.map(told)).toEqual(byFolder.events.map(told));
  });
});

test("files of the store that hold no log are named", async () => {
  const warnings: string[] = [];
  const text = toText(linesOf("v6.1-null.log"));
  const store = put("kinds", {
    "console-ramoops-0": text,
    "pmsg-ramoops-0": "I/init: started\n",
    "ftrace-ramoops-0": "CPU:0 ts:1 ffffffff81000000  ffffffff81000000  a <- b\n",
    "dmesg-ramoops-0.enc.z": "x\u0001\u0002",
  });
  const report = await read([store], warnings);
  expect(report.sources.map(({ name }) => name)).toEqual([join(store, "console-ramoops-0")]);
  expect(report.events.length).toBe(1);
  expect(warnings.map((line) => line.slice(store.length + 1)).sort()).toEqual([
    expect.stringContaining("dmesg-ramoops-0.enc.z: packed"),
    expect.stringContaining("ftrace-ramoops-0: functions"),
    expect.stringContaining("pmsg-ramoops-0: messages of user space"),
  ]);
});

function linesOf(name: string): readonly string[] {
  return readFileSync(LAB + name, "utf8")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line.startsWith("["))
    .slice(-LINES);
}

/** As kmsg_dump_get_buffer gives a record: with its level. */
function toText(lines: readonly string[]): string {
  return lines.map((line) => `<4>${line}\n`).join("");
}

/** Parts as pstore_dump and efi_pstore write them: whole lines, Part1 the newest, id of time, part, count. */
function toParts(
  lines: readonly string[],
  dump: string,
  id: bigint,
  count = 1,
): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  let end = lines.length;
  for (let part = 1; end > 0; part += 1) {
    let start = end;
    for (let size = 0; start > 0 && size < 1800; start -= 1) size += lines[start - 1]?.length ?? 0;
    const name = `dmesg-efi_pstore-${id + BigInt(part) * 1000n + BigInt(count)}`;
    files[name] = `${dump} Part${part}\n${toText(lines.slice(start, end))}`;
    end = start;
  }
  return files;
}

function put(name: string, files: Readonly<Record<string, string>>): string {
  const path = join(folder, name);
  mkdirSync(path);
  for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
  return path;
}

function read(paths: readonly string[], warnings: string[] = []): Promise<ReportV1> {
  return analyze(openLogs(paths, { warn: (line) => warnings.push(line) }), { version: "0.0.0" });
}

function told(event: ReportEvent): unknown {
  const { id, kind, title, cpu, task, trace, registers, complete, code, askedBy } = event;
  const reasons = event.gaps.map(({ reason }) => reason);
  return { id, kind, title, cpu, task, trace, registers, complete, code, askedBy, reasons };
}

/** Every line the report quotes stands where it says. */
function expectRealPlaces(report: ReportV1, event: ReportEvent): void {
  for (const { source = event.from.source, line, text } of event.excerpt ?? []) {
    const name = report.sources.find(({ id }) => id === source)?.name ?? "";
    const real = readFileSync(name, "utf8").split("\n")[line - 1] ?? "";
    expect(real).toContain(text.trim());
  }
}
