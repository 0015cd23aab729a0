import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { openLog } from "../open-log.ts";
import { ANDROID, CONSOLES, ENCODINGS, LABS, MARKUP, PASTED } from "./carrier.fixture.ts";
import {
  console,
  iso,
  lines,
  type Message,
  type Program,
  readMessages,
} from "./message.fixture.ts";
import { DMESG, JOURNAL, KMSG, OTHER_DAEMONS, SYSLOG } from "./system.fixture.ts";

/** Of each kind one: every log in every program's lines would take half a minute. */
const NAMES = ["v5.10-netstamp", "v6.1-null", "v6.1-rcu", "v6.1-warn", "v6.1-work"];
const LOGS = NAMES.map((name) => readMessages(readFileSync(`corpus/lab/${name}.log`, "utf8")));
const ALL = {
  DMESG,
  SYSLOG,
  OTHER_DAEMONS,
  JOURNAL,
  KMSG,
  CONSOLES,
  LABS,
  ANDROID,
  MARKUP,
  PASTED,
  ENCODINGS,
};

describe.each(Object.entries(ALL))("%s", (_, programs) => {
  test.each(programs)("$name: the events of the console", (program) => {
    for (const messages of LOGS) {
      const written = readEvents(program.write(messages));
      expect(written.map(outline)).toEqual(eventsOfConsole(messages).map(outline));
      expect(written.map((event) => clocksOf(event, program))).toEqual(
        eventsOfConsole(messages).map((event) => clocksOfConsole(event, messages, program)),
      );
    }
  });
});

const WARNING = excerpt(/^WARNING: /, 0);
/** Later by the clock of the same boot. */
const FAULT = excerpt(/^BUG: kernel NULL pointer/, 40e6);
/** What has an end of its own, or widths that only hold for itself. */
const WHOLE =
  /^UTF-16|tracker|^Markdown (?:fence|list)|wrapped|flowed|^quoted|^base64|no line feeds|boot loader/;
const PAIRED = Object.values(ALL)
  .flat()
  .filter(({ name }) => !WHOLE.test(name));

describe("two programs' lines in one file", () => {
  test.each([1, 2, 29, 83])("each followed by the %ith behind it: both events", (step) => {
    const expected = readEvents(lines(console)([...WARNING, ...FAULT])).map(outline);
    expect(expected).toHaveLength(2);
    for (const [at, program] of PAIRED.entries()) {
      const next = PAIRED[(at + step) % PAIRED.length] ?? program;
      const both = [program.write(WARNING), next.write(FAULT)].map((part) => Buffer.from(part));
      const events = readEvents(Buffer.concat(both));
      expect(events.map(outline), `${program.name}, ${next.name}`).toEqual(expected);
    }
  });

  test.each(ENCODINGS)("$name in chunks of a few bytes: the same events", ({ write }) => {
    const bytes = Buffer.from(write(WARNING));
    for (const size of [1, 3, 7]) {
      const log = openLog({ id: "s1", name: "a.log" });
      for (let at = 0; at < bytes.length; at += size) log.push(bytes.subarray(at, at + size));
      expect(log.end().events.map(outline)).toEqual(readEvents(bytes).map(outline));
    }
  });
});

describe("words of the kernel in someone else's mouth", () => {
  test.each([
    '{"level":"info","msg":"BUG: soft lockup - CPU#4 stuck for 22s! [a:1]"}',
    '{"log":"level=info msg=\\"BUG: soft lockup - CPU#4 stuck for 22s! [a:1]\\"\\n","stream":"stdout"}',
    '- {"dt": "2026-11-27T17:43:01", "lvl": "debug", "msg": "[    1.000000] Kernel panic - not syncing: x"}',
    '"BUG: unable to handle kernel NULL pointer dereference",',
    "| BUG: soft lockup - CPU#4 stuck for 22s! | the watchdog |",
    '2026-11-27T17:43:01.1234567Z echo "Kernel panic - not syncing"',
    '\tpr_emerg("BUG: soft lockup - CPU#%d stuck for %us! [%s:%d]\\n",',
    "Nov 27 17:43:01 node-7 app[7]: [   12.345678] BUG: soft lockup - CPU#4 stuck for 22s! [a:1]",
    "11-27 17:43:01.123   812   900 E app     : Kernel panic - not syncing: x",
    "<30>systemd[1]: Kernel panic - not syncing: x",
    "30,812,1000000,-;systemd[1]: Kernel panic - not syncing: x",
    "<30>[    1.000000] systemd[1]: Kernel panic - not syncing: x",
    "Nov 27 17:43:01 node-7 kernel: <30>[    1.000000] Kernel panic - not syncing: x",
    "Nov 27 17:43:01 node-7 daemon.info kernel: [    1.000000] Kernel panic - not syncing: x",
    "Fri Nov 27 17:43:01 2026 user.notice kernel: [    1.000000] Kernel panic - not syncing: x",
    "2026-11-27T17:43:01.123456Z <12>[    1.000000] Kernel panic - not syncing: x",
    "17:43:01.123 <12>[    1.000000] Kernel panic - not syncing: x",
    "user  :notice: [Fri Nov 27 17:43:01 2026] Kernel panic - not syncing: x",
    '   {\n      "fac": "user",\n      "pri": "info",\n      "msg": "Kernel panic - not syncing: x"\n   }',
  ])("%s", (line) => {
    expect(readEvents(`${line}\n`)).toEqual([]);
  });
});

/** Some lines of the log that has the headline. */
function excerpt(headline: RegExp, later: number): Message[] {
  const messages = LOGS.find((log) => log.some(({ text }) => headline.test(text))) ?? [];
  const at = messages.findIndex(({ text }) => headline.test(text));
  return messages
    .slice(Math.max(0, at - 3), at + 45)
    .map((message) => ({ ...message, micros: message.micros + later }));
}

const known = new Map<readonly Message[], readonly KernelEvent[]>();

function eventsOfConsole(messages: readonly Message[]): readonly KernelEvent[] {
  const events = known.get(messages) ?? readEvents(lines(console)(messages));
  known.set(messages, events);
  return events;
}

function readEvents(written: string | Uint8Array): readonly KernelEvent[] {
  const log = openLog({ id: "s1", name: "a.log" });
  log.push(typeof written === "string" ? new TextEncoder().encode(written) : written);
  return log.end().events;
}

/** What an event says, without where it stands. */
function outline(event: KernelEvent): unknown {
  return {
    kind: event.kind,
    title: event.title,
    function: event.function,
    cpu: event.cpu,
    task: event.task,
    registers: event.registers,
    rip: event.rip?.symbol,
    code: event.code?.bytes.join(),
    trace: event.trace?.map((frame) => frame.symbol),
    complete: event.complete,
  };
}

function clocksOf({ time }: KernelEvent, { keeps, loses }: Program): unknown {
  if (keeps === "nothing") return "nothing";
  const wall = keeps === undefined ? undefined : time?.wall?.slice(loses === "year" ? 2 : 0);
  return {
    monotonic: keeps === "wall" ? undefined : time?.monotonic,
    wall: wall?.slice(loses === "year" ? -1000 : 0).match(/\d\d-\d\dT\d\d:\d\d/)?.[0],
  };
}

function clocksOfConsole(
  { time }: KernelEvent,
  messages: readonly Message[],
  { keeps }: Program,
): unknown {
  if (keeps === "nothing") return "nothing";
  const message = messages.find(({ micros }) => BigInt(micros) * 1000n === time?.monotonic);
  return {
    monotonic: keeps === "wall" ? undefined : time?.monotonic,
    wall: keeps === undefined || message === undefined ? undefined : iso(message).slice(5, 16),
  };
}
