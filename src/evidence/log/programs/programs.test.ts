import { readdirSync, readFileSync } from "node:fs";
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
import { DMESG, JOURNAL, KMSG, SYSLOG } from "./system.fixture.ts";

const LAB = "corpus/lab";
const LOGS = readdirSync(LAB)
  .filter((name) => name.endsWith(".log"))
  .map((name) => readMessages(readFileSync(`${LAB}/${name}`, "utf8")))
  .filter((messages) => messages.length > 0);
const ALL = { DMESG, SYSLOG, JOURNAL, KMSG, CONSOLES, LABS, ANDROID, MARKUP, PASTED, ENCODINGS };

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
