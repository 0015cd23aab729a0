import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { openLog } from "../open-log.ts";
import { CONSOLES } from "./carrier.fixture.ts";
import { console, lines, type Message, readMessages } from "./message.fixture.ts";
import { DMESG, JOURNAL, KMSG, SYSLOG } from "./system.fixture.ts";

const NAMED =
  /^(?:serial behind a boot loader|journalctl -o (?:short|json|verbose|export)|dmesg -[TH]|RFC 3164|rsyslog|\/dev\/kmsg)$/;
const PROGRAMS = [CONSOLES, JOURNAL, DMESG, SYSLOG, KMSG]
  .flat()
  .filter(({ name }) => NAMED.test(name));

/** Whole reports, one after the other by the clock of one boot. */
const PARTS = [
  excerpt("v6.1-null", /^BUG: kernel NULL/, 0),
  excerpt("v6.1-warn", /^WARNING: /, 200e6),
  excerpt("v6.1-null", /^BUG: kernel NULL/, 400e6),
];

describe("three programs' lines in one file", () => {
  test.each(PROGRAMS)("$name and two others: the events of the parts", (first) => {
    for (const [at, second] of PROGRAMS.entries()) {
      const writers = [first, second, PROGRAMS[(at + 3) % PROGRAMS.length] ?? first];
      const written = PARTS.map((part, i) => Buffer.from(writers[i]?.write(part) ?? ""));
      const expected = PARTS.flatMap((part) => titles(Buffer.from(lines(console)(part))));
      const names = writers.map(({ name }) => name).join(", ");
      expect(titles(Buffer.concat(written)), names).toEqual(expected);
    }
  });
});

/** The log around its headline, as far as its reports are whole. */
function excerpt(name: string, headline: RegExp, later: number): Message[] {
  const messages = readMessages(readFileSync(`corpus/lab/${name}.log`, "utf8"));
  const at = messages.findIndex(({ text }) => headline.test(text));
  return messages
    .slice(Math.max(0, at - 3), at + 70)
    .map((message) => ({ ...message, micros: message.micros + later }));
}

function titles(bytes: Uint8Array): unknown {
  const log = openLog({ id: "s1", name: "a.log" });
  log.push(bytes);
  return log.end().events.map(({ title, cpu, task, registers, trace, complete }) => {
    return { title, cpu, task, registers, trace: trace?.map(({ symbol }) => symbol), complete };
  });
}
