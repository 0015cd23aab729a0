import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { openLog } from "../open-log.ts";
import { ANDROID, CONSOLES, LABS } from "./carrier.fixture.ts";
import { FRAMES } from "./frame.fixture.ts";
import { console, lines, type Message, readMessages } from "./message.fixture.ts";
import { DMESG, JOURNAL, KMSG, SYSLOG } from "./system.fixture.ts";

/** Those whose lines each carry a head: what has none, or several lines, does not survive a wrap. */
const NAMED =
  /^(?:dmesg(?: -[rxdTH]+| 2.41 with callers| --time-format iso)*|RFC 3164.*|rsyslog|syslog-ng|logread|journalctl (?:-o short\S*|--no-hostname)|\/dev\/kmsg|netconsole, extended|ramoops|logcat -v (?:threadtime|time)|serial, CR CR LF|IPMI SOL|Docker|Kubernetes' CRI|GitHub Actions)$/;
const PROGRAMS = [DMESG, SYSLOG, JOURNAL, KMSG, CONSOLES, LABS, ANDROID]
  .flat()
  .filter(({ name }) => NAMED.test(name));

const LOGS = [excerpt("v6.1-warn", /^WARNING: /), excerpt("v6.1-null", /^BUG: kernel NULL/)];

/** What nobody does: a carrier's own lines wrapped, or put into another carrier's time column. */
const UNREAL = [
  /^(?:GitHub Actions|Docker|Kubernetes' CRI|IPMI SOL|serial.*) \| .*(?:wrapped|flowed)/,
  /^RFC 3164 with year before \| CSV$/,
  /^(?:Docker|GitHub Actions|Kubernetes' CRI|ramoops) \| (?:kubectl logs --timestamps|Jenkins|ts|CSV|CRI|LAVA|Docker|grep -n|grep -H|bat)$/,
];

describe.each(FRAMES)("in $name", (frame) => {
  test("the events of the console, whatever program wrote the lines", () => {
    for (const [at, program] of PROGRAMS.entries()) {
      const pair = `${program.name} | ${frame.name}`;
      if (UNREAL.some((one) => one.test(pair))) continue;
      const messages = LOGS[at % LOGS.length] ?? [];
      const rows = String(program.write(messages)).split("\n").slice(0, -1);
      expect(outlines(frame.put(rows)), pair).toEqual(outlines(lines(console)(messages)));
    }
  });
});

/** Some lines of the log around its headline. */
function excerpt(name: string, headline: RegExp): Message[] {
  const messages = readMessages(readFileSync(`corpus/lab/${name}.log`, "utf8"));
  const at = messages.findIndex(({ text }) => headline.test(text));
  return messages.slice(Math.max(0, at - 3), at + 60);
}

function outlines(written: string): unknown {
  const log = openLog({ id: "s1", name: "a.log" });
  log.push(new TextEncoder().encode(written));
  return log.end().events.map(outline);
}

/** What an event says, without where and when it stands. */
function outline(event: KernelEvent): unknown {
  return {
    kind: event.kind,
    title: event.title,
    function: event.function,
    cpu: event.cpu,
    task: event.task,
    registers: event.registers,
    code: event.code?.bytes.join(),
    trace: event.trace?.map((frame) => frame.symbol),
    complete: event.complete,
  };
}
