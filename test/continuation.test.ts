// A log that goes on in the next file, cut wherever a rotation may cut it, is read as if it were one.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLog } from "#evidence/log/open-log.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { Reading } from "#model/reading.ts";

const LAB = new URL("../corpus/lab/", import.meta.url).pathname;
const LOGS = readdirSync(LAB).filter((name) => name.endsWith(".log"));

describe.each(LOGS)("%s cut in two", (name) => {
  const lines = linesOf(name);
  const whole = read([lines.join("")]);
  const [first] = whole.events;

  test("after every line of its first report tells the same events", () => {
    const from = first?.range.firstLine ?? 1;
    const to = first?.range.lastLine ?? 1;
    for (let cut = Math.max(1, from - 2); cut <= to + 2; cut += 1) expectSame(cut);
  });

  test("after lines anywhere else tells the same events", () => {
    const step = Math.max(1, Math.floor(lines.length / 40));
    for (let cut = 1; cut < lines.length; cut += step) expectSame(cut);
  });

  function expectSame(cut: number): void {
    const parts = [lines.slice(0, cut).join(""), lines.slice(cut).join("")];
    const reading = read(parts);
    expect(reading.events.map(told), `cut after line ${cut}`).toEqual(whole.events.map(told));
    expect(reading.boots.length, `cut after line ${cut}`).toBe(whole.boots.length);
    expect(reading.events.map((event) => placed(event, cut))).toEqual(
      whole.events.map((event) => placed(event, Number.POSITIVE_INFINITY)),
    );
  }
});

describe.each(LOGS.slice(0, 6))("%s cut inside a line", (name) => {
  const text = readFileSync(LAB + name, "utf8");
  const whole = read([text]);
  const first = whole.events[0]?.range;
  const cuts = cutsInside(text, first?.firstLine ?? 1, first?.lastLine ?? 1);

  test("by its bytes is read as the whole", () => {
    for (const cut of cuts) {
      const { events } = read([text.slice(0, cut), text.slice(cut)], "pieces");
      expect(events.map(told), `cut at ${cut}`).toEqual(whole.events.map(told));
    }
  });

  // A log pasted with line numbers is no file of a rotation: half a number looks like a number.
  if (name !== "founding.log") {
    test("by a rotation says so, and tells the same", () => {
      for (const cut of cuts) {
        const { events } = read([text.slice(0, cut), text.slice(cut)]);
        expect(events.map(withoutGaps), `cut at ${cut}`).toEqual(whole.events.map(withoutGaps));
        const [event] = events;
        expect(event?.gaps.map((gap) => gap.reason).join(), `cut at ${cut}`).toContain(
          "a file ends inside this line",
        );
        expect(event?.complete).toBe(false);
      }
    });
  }
});

describe("two files of one rotation", () => {
  const HEAD = "watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:37]";
  const REST = ["CPU: 4 PID: 37 Comm: kworker/4:1 Not tainted 5.10.0-46-amd64 #1", "Call Trace:"];
  const FRAMES = [" text_poke_bp_batch+0xed/0x290", " worker_thread+0x4d/0x380"];
  const dmesg = (lines: readonly string[], at: number): string =>
    lines.map((line, n) => `[${(at + n / 1000).toFixed(6).padStart(12)}] ${line}\n`).join("");
  const syslog = (lines: readonly string[], clock: string, host = "db1"): string =>
    lines.map((line) => `Jun 28 ${clock} ${host} kernel: ${line}\n`).join("");
  const HUP =
    'Jun 28 03:10:01 db1 rsyslogd: [origin software="rsyslogd"] rsyslogd was HUPed, type lightweight.\n';

  test.each([
    ["dmesg stamps", dmesg([HEAD], 100), dmesg([...REST, ...FRAMES], 101)],
    ["dates alone", syslog([HEAD], "03:10:00"), HUP + syslog([...REST, ...FRAMES], "03:10:02")],
    ["no stamps at all", `${HEAD}\n`, [...REST, ...FRAMES].map((l) => `${l}\n`).join("")],
  ])("hold one report, with %s", (_, older, newer) => {
    const { events } = read([older, newer]);
    expect(events.map(({ kind, function: name }) => [kind, name])).toEqual([
      ["soft-lockup", "text_poke_bp_batch"],
    ]);
    const [event] = events;
    expect([event?.range.source, event?.continuedIn?.[0]?.source]).toEqual(["s1", "s2"]);
    expect(event?.trace?.every((frame) => frame.range.source === "s2")).toBe(true);
  });

  test.each([
    ["a minute lies between them", dmesg([HEAD], 100), dmesg([...REST, ...FRAMES], 190)],
    ["the dates lie apart", syslog([HEAD], "03:10:00"), syslog([...REST, ...FRAMES], "04:00:00")],
    [
      "the second is another machine's",
      syslog([HEAD], "03:10:00"),
      syslog([...REST, ...FRAMES], "03:10:01", "web7"),
    ],
    ["another boot begins", dmesg([HEAD], 5000), dmesg([...REST, ...FRAMES], 1)],
    ["the rest is no report", `${HEAD}\n`, "eth0: link up\neth0: renamed\n"],
  ])("hold no common report where %s", (_, older, newer) => {
    const [event] = read([older, newer]).events;
    expect(event?.kind).toBe("soft-lockup");
    expect(event?.continuedIn).toBeUndefined();
    expect(event?.trace).toBeUndefined();
  });

  test("that lie a day apart are two boots where the clocks do not agree, and one where they do", () => {
    const stamped = (clock: string, seconds: number): string =>
      `2025-06-${clock} db1 kernel: [${seconds.toFixed(6).padStart(12)}] eth0: link up\n`;
    const older = stamped("28T03:10:00+00:00", 50_000);
    expect(read([older, stamped("29T03:10:00+00:00", 136_400)]).boots.length).toBe(1);
    expect(read([older, stamped("29T03:10:00+00:00", 60_000)]).boots.length).toBe(2);
  });
});

/** Within every line of the report: behind its first character, in the middle, before its last. */
function cutsInside(text: string, firstLine: number, lastLine: number): readonly number[] {
  const cuts: number[] = [];
  let at = 0;
  for (const [index, line] of text.split("\n").entries()) {
    if (index + 1 > firstLine && index + 1 <= lastLine && line.trim().length > 3) {
      cuts.push(at + 1, at + (line.length >> 1), at + line.trimEnd().length - 1);
    }
    at += line.length + 1;
  }
  return cuts.filter((_, index) => index % 2 === 0);
}

function withoutGaps(event: KernelEvent): unknown {
  return told({ ...event, complete: true, gaps: [] });
}

function linesOf(name: string): readonly string[] {
  return readFileSync(LAB + name, "utf8").split(/(?<=\n)/);
}

function read(parts: readonly string[], link: "numbered" | "pieces" = "numbered"): Reading {
  const log = openLog({ id: "s1", name: "messages.1" });
  for (const [index, part] of parts.entries()) {
    if (index > 0) log.nextFile({ id: `s${index + 1}`, name: "messages", link });
    log.push(new TextEncoder().encode(part));
  }
  return log.end();
}

/** What a report says, whatever files it stands in. */
function told(event: KernelEvent): unknown {
  const { id, kind, title, cpu, task, trace, registers, rip, complete, boot, time } = event;
  return {
    ...{ id, kind, title, cpu, task, registers, complete, boot, time },
    function: event.function,
    rip: rip?.symbol,
    code: event.code?.bytes,
    trace: trace?.map((frame) => [frame.symbol, frame.offset, frame.reliable, frame.context]),
    askedBy: event.askedBy,
    panicked: event.panicked,
    gaps: event.gaps.map((gap) => gap.reason),
    body: event.body.map((line) => line.text),
  };
}

/** Where it stands in the uncut log: lines of the second file count on from the first. */
function placed(event: KernelEvent, cut: number): unknown {
  const at = (range: { source: string; firstLine: number; lastLine: number }): number[] => {
    const before = range.source === "s1" ? 0 : cut;
    return [range.firstLine + before, range.lastLine + before];
  };
  const covered = [event.range, ...(event.continuedIn ?? [])].map(at);
  return {
    covered: [covered[0]?.[0], covered.at(-1)?.[1]],
    headline: at(event.headline.range),
    body: event.body.map((line) => at(line.range)),
    trace: event.trace?.map((frame) => at(frame.range)),
  };
}
