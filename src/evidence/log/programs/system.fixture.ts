// What the machine's own programs write: dmesg, syslog daemons, the journal, /dev/kmsg, netconsole.

import {
  bsd,
  clock,
  console,
  ctime,
  delta,
  fraction,
  HOST,
  iso,
  isoMicros,
  lines,
  type Message,
  type Program,
  realMicros,
  seconds,
  stamp,
  utf8Length,
} from "./message.fixture.ts";

const LEVELS = ["emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"];
const levelName = (m: Message): string => LEVELS[m.level] ?? "info";
const decoded = (m: Message): string => `kern  :${levelName(m).padEnd(6)}: `;
/** `[` and the seconds since the message before, as dmesg -d writes them. */
const deltaStamp = (m: Message, before: Message | undefined): string =>
  `<${delta(m, before).padStart(12)}>`;
/** dmesg -L: time green, subsystem brown, message of a level in bold. */
const colored = (head: string, m: Message): string => {
  const colon = /^[^:[\]]{1,40}: /.exec(m.text)?.[0] ?? "";
  return `\u001b[32m${head} \u001b[0m\u001b[33m${colon}\u001b[0m\u001b[1m${m.text.slice(colon.length)}\u001b[0m`;
};
const minute = (m: Message): string => `Nov${iso(m).slice(8, 10)} ${clock(m).slice(0, 5)}`;
const human = (m: Message, before: Message | undefined): string =>
  before === undefined || minute(m) !== minute(before)
    ? `[${minute(m)}]`
    : `[${delta(m, before)
        .replace(/^(?!-)/, "+")
        .padStart(11)}]`;

/** util-linux: sys-utils/dmesg.c, print_record(). */
export const DMESG: readonly Program[] = [
  { name: "dmesg", write: lines(console) },
  { name: "dmesg -r", write: lines((m) => `<${m.level}>${console(m)}`) },
  { name: "dmesg -x", write: lines((m) => decoded(m) + console(m)) },
  {
    name: "dmesg -d",
    write: lines((m, _, before) => `[${seconds(m)} ${deltaStamp(m, before)}] ${m.text}`),
  },
  {
    name: "dmesg -x -d",
    write: lines(
      (m, _, before) => `${decoded(m)}[${seconds(m)} ${deltaStamp(m, before)}] ${m.text}`,
    ),
  },
  {
    name: "dmesg --time-format delta",
    keeps: "nothing",
    write: lines((m, _, before) => `[${deltaStamp(m, before)}] ${m.text}`),
  },
  { name: "dmesg -t", keeps: "nothing", write: lines((m) => m.text) },
  { name: "dmesg -t -r", keeps: "nothing", write: lines((m) => `<${m.level}>${m.text}`) },
  { name: "dmesg -t -x", keeps: "nothing", write: lines((m) => decoded(m) + m.text) },
  { name: "dmesg -T", keeps: "wall", write: lines((m) => `[${ctime(m)}] ${m.text}`) },
  {
    name: "dmesg -T -d",
    keeps: "wall",
    write: lines((m, _, before) => `[${ctime(m)} ${deltaStamp(m, before)}] ${m.text}`),
  },
  {
    name: "dmesg -T -x",
    keeps: "wall",
    write: lines((m) => `${decoded(m)}[${ctime(m)}] ${m.text}`),
  },
  {
    name: "dmesg -T in German",
    keeps: "wall",
    write: lines((m) => `[Fr ${bsd(m)} 2026] ${m.text}`),
  },
  {
    name: "dmesg -T in French",
    keeps: "wall",
    write: lines((m) => `[ven. ${bsd(m).replace("Nov", "nov.")} 2026] ${m.text}`),
  },
  {
    name: "dmesg -T in Chinese",
    keeps: "wall",
    write: lines((m) => `[五 ${bsd(m).replace("Nov", "11月")} 2026] ${m.text}`),
  },
  {
    name: "dmesg -T in Russian",
    keeps: "wall",
    write: lines((m) => `[Пт ${bsd(m).replace("Nov", "ноя")} 2026] ${m.text}`),
  },
  {
    name: "dmesg -H",
    keeps: "wall",
    loses: "seconds",
    write: lines((m, _, before) => `${human(m, before)} ${m.text}`),
  },
  {
    name: "dmesg -H in Chinese",
    keeps: "wall",
    loses: "seconds",
    write: lines((m, _, before) => `${human(m, before).replace("Nov", "11月")} ${m.text}`),
  },
  {
    name: "dmesg -H -x",
    keeps: "wall",
    loses: "seconds",
    write: lines((m, _, before) => `${decoded(m)}${human(m, before)} ${m.text}`),
  },
  {
    name: "dmesg -H -L",
    keeps: "wall",
    loses: "seconds",
    write: lines((m, _, before) => colored(human(m, before), m)),
  },
  { name: "dmesg -L", write: lines((m) => colored(stamp(m), m)) },
  { name: "dmesg -L -x", write: lines((m) => decoded(m) + colored(stamp(m), m)) },
  {
    name: "dmesg --time-format iso",
    keeps: "wall",
    write: lines((m) => `${iso(m)},${fraction(m)}+00:00 ${m.text}`),
  },
  {
    name: "dmesg --time-format iso -x",
    keeps: "wall",
    write: lines((m) => `${decoded(m)}${iso(m)},${fraction(m)}+00:00 ${m.text}`),
  },
  { name: "dmesg -J", write: dmesgJson },
  { name: "dmesg with callers", write: lines((m) => `${stamp(m)}[    T7] ${m.text}`) },
  { name: "dmesg 2.41 with callers", write: lines((m) => `${stamp(m)} [    T7] ${m.text}`) },
  { name: "dmesg -r with callers", write: lines((m) => `<4>${stamp(m)}[  T127] ${m.text}`) },
  {
    name: "dmesg -T with callers",
    keeps: "wall",
    write: lines((m) => `[${ctime(m)}] [    C7] ${m.text}`),
  },
  {
    name: "dmesg --time-format iso with callers",
    keeps: "wall",
    write: lines((m) => `${iso(m)},${fraction(m)}+00:00 [    C7] ${m.text}`),
  },
  {
    name: "dmesg -H with callers",
    keeps: "wall",
    loses: "seconds",
    write: lines((m, _, before) => `${human(m, before)} [    C7] ${m.text}`),
  },
  { name: "busybox dmesg -r", write: lines((m) => `<${m.level}>${console(m)}`) },
  // crash: printk.c, dump_record().
  { name: "crash log -m", write: lines((m) => `${stamp(m)} <${m.level}>${m.text}`) },
  {
    name: "crash log -T",
    keeps: "wall",
    write: lines((m) => `[Fri ${bsd(m)} EDT 2026] ${m.text}`),
  },
  {
    name: "crash log -T -c -m",
    keeps: "wall",
    write: lines((m) => `[Fri ${bsd(m)} UTC 2026] [    T1] <${m.level}>${m.text}`),
  },
];

function dmesgJson(messages: readonly Message[]): string {
  const entries = messages.map(
    (m) =>
      `      {\n         "pri": ${m.level},\n         "time": ${seconds(m).padStart(12)},\n         "msg": ${JSON.stringify(m.text)}\n      }`,
  );
  return `{\n   "dmesg": [\n${entries.join(",").replaceAll("},      {", "},{")}\n   ]\n}\n`;
}

const syslog = (tag: string) => lines((m) => `${bsd(m)} ${tag}${console(m)}`);
const rfc5424 = (m: Message): string =>
  `<${m.level}>1 ${isoMicros(m)}+00:00 ${HOST} kernel - - - ${console(m)}`;

/** rsyslog templates, syslog-ng, busybox syslogd.c, OpenWrt ubox logread.c. */
export const SYSLOG: readonly Program[] = [
  { name: "RFC 3164", keeps: "both", loses: "year", write: syslog(`${HOST} kernel: `) },
  {
    name: "RFC 3164 on the wire",
    keeps: "both",
    loses: "year",
    write: lines((m) => `<${m.level}>${bsd(m)} ${HOST} kernel: ${console(m)}`),
  },
  {
    name: "RFC 3164 without stamps",
    keeps: "wall",
    loses: "year",
    write: lines((m) => `${bsd(m)} ${HOST} kernel: ${m.text}`),
  },
  { name: "RFC 3164 of a vmunix", keeps: "both", loses: "year", write: syslog(`${HOST} vmunix: `) },
  {
    name: "RFC 3164 with level in words",
    keeps: "both",
    loses: "year",
    write: lines((m) => `${bsd(m)} ${HOST} warning kernel: ${console(m)}`),
  },
  {
    name: "RFC 3164 with year before",
    keeps: "both",
    write: lines((m) => `2026 ${bsd(m)}.${fraction(m)} ${HOST} WARNING kernel: ${console(m)}`),
  },
  { name: "RFC 3164 without program", keeps: "both", loses: "year", write: syslog(`${HOST} `) },
  { name: "RFC 3164 of an address", keeps: "both", loses: "year", write: syslog("10.0.0.2 ") },
  { name: "RFC 3164 without host", keeps: "both", loses: "year", write: syslog("kernel: ") },
  { name: "RFC 5424", keeps: "both", write: lines(rfc5424) },
  {
    name: "RFC 5424 with structured data",
    keeps: "both",
    write: lines(
      (m) =>
        `<4>1 ${isoMicros(m)}Z ${HOST} kernel - ID47 [a@32473 b="c\\] d" e="f"][g h="i"] \ufeff${console(m)}`,
    ),
  },
  {
    name: "RFC 5424, octets counted",
    keeps: "both",
    write: lines((m) => `${utf8Length(rfc5424(m))} ${rfc5424(m)}`),
  },
  {
    name: "RFC 5424, octets counted, no line feeds",
    keeps: "both",
    write: lines((m) => `${utf8Length(rfc5424(m))} ${rfc5424(m)}`, ""),
  },
  {
    name: "rsyslog",
    keeps: "both",
    write: lines((m) => `${isoMicros(m)}+00:00 ${HOST} kernel: ${console(m)}`),
  },
  {
    name: "rsyslog of an address",
    keeps: "both",
    write: lines((m) => `${isoMicros(m)}+00:00 10.0.0.2 ${console(m)}`),
  },
  {
    name: "syslog-ng",
    keeps: "both",
    loses: "year",
    write: lines((m) => `${bsd(m)} s_src@${HOST} kernel: ${console(m)}`),
  },
  {
    name: "busybox syslogd",
    keeps: "both",
    loses: "year",
    write: lines((m) => `${bsd(m)} node-7 kern.${levelName(m)} kernel: ${console(m)}`),
  },
  { name: "busybox syslogd -S", keeps: "both", loses: "year", write: syslog("kernel: ") },
  {
    name: "logread",
    keeps: "both",
    write: lines((m) => `${ctime(m)} kern.${levelName(m)} kernel: ${console(m)}`),
  },
  {
    name: "logread -t",
    keeps: "both",
    write: lines(
      (m) => `${ctime(m)} [${(realMicros(m) / 1e6).toFixed(3)}] kern.warn kernel: ${console(m)}`,
    ),
  },
  {
    name: "Solaris",
    keeps: "both",
    loses: "year",
    write: lines((m) => `${bsd(m)} ${HOST} kernel: [ID 702911 kern.warning] ${console(m)}`),
  },
];

/** What daemontools and runit put before a line: seconds since 1970 in TAI, nanoseconds. */
const tai64n = (m: Message): string => {
  const [whole, rest] = [Math.floor(realMicros(m) / 1e6) + 10, (realMicros(m) % 1e6) * 1e3];
  return `@4${whole.toString(16).padStart(15, "0")}${rest.toString(16).padStart(8, "0")}`;
};

/** socklog under svlogd, metalog, rsyslog's JSON template. */
export const OTHER_DAEMONS: readonly Program[] = [
  { name: "svlogd -t", write: lines((m) => `${tai64n(m)} ${console(m)}`) },
  {
    name: "svlogd -tt",
    write: lines((m) => `${iso(m).replace("T", "_")}.${fraction(m).slice(0, 5)} ${console(m)}`),
  },
  {
    name: "socklog under svlogd",
    write: lines((m) => `${tai64n(m)} kern.${levelName(m)}: ${bsd(m)} kernel: ${console(m)}`),
  },
  {
    name: "metalog",
    keeps: "wall",
    loses: "year",
    write: lines((m) => `${bsd(m)} [kernel] ${m.text}`),
  },
  {
    name: "rsyslog, JSON",
    write: lines(
      (m) =>
        `{"ts":"${iso(m)}+00:00", "host":"${HOST}", "app":"kernel", "message":${JSON.stringify(` ${console(m)}`)}}`,
    ),
  },
];

const journalLine = (time: (m: Message) => string) =>
  lines((m) => `${time(m)} ${HOST} kernel: ${m.text}`);

/** systemd: src/shared/logs-show.c, src/shared/output-mode.c. */
export const JOURNAL: readonly Program[] = [
  { name: "journalctl -o short", keeps: "wall", loses: "year", write: journalLine(bsd) },
  {
    name: "journalctl -o short in color",
    keeps: "wall",
    loses: "year",
    write: lines(
      (m) =>
        `${bsd(m)} ${HOST} kernel: \u001b[0;1;38;5;185m\u001b[0;1;39m\u001b[0;1;38;5;185m${m.text}\u001b[0m`,
    ),
  },
  {
    name: "journalctl --no-hostname",
    keeps: "wall",
    loses: "year",
    write: lines((m) => `${bsd(m)} kernel: ${m.text}`),
  },
  {
    name: "journalctl -o short-full",
    keeps: "wall",
    write: journalLine((m) => `Fri ${iso(m).replace("T", " ")} UTC`),
  },
  { name: "journalctl -o short-iso", keeps: "wall", write: journalLine((m) => `${iso(m)}+0000`) },
  {
    name: "journalctl -o short-iso of systemd 255",
    keeps: "wall",
    write: journalLine((m) => `${iso(m)}+00:00`),
  },
  {
    name: "journalctl -o short-iso --no-hostname",
    keeps: "wall",
    write: lines((m) => `${iso(m)}+0000 kernel: ${m.text}`),
  },
  {
    name: "journalctl -o short-iso-precise",
    keeps: "wall",
    write: journalLine((m) => `${isoMicros(m)}+0000`),
  },
  {
    name: "journalctl -o short-precise",
    keeps: "wall",
    loses: "year",
    write: journalLine((m) => `${bsd(m)}.${fraction(m)}`),
  },
  { name: "journalctl -o short-monotonic", write: journalLine(stamp) },
  {
    name: "journalctl -o short-monotonic --no-hostname",
    write: lines((m) => `${stamp(m)} kernel: ${m.text}`),
  },
  {
    name: "journalctl -o short-delta",
    write: lines(
      (m, _, before) =>
        `[${seconds(m).padStart(12)} ${
          before === undefined ? " ".repeat(15) : `<${delta(m, before).padStart(12)} >`
        }] ${HOST} kernel: ${m.text}`,
    ),
  },
  {
    name: "journalctl -o short-unix",
    keeps: "wall",
    write: journalLine((m) => (realMicros(m) / 1e6).toFixed(6)),
  },
  {
    name: "journalctl -o short-unix --no-hostname",
    keeps: "wall",
    write: lines((m) => `${(realMicros(m) / 1e6).toFixed(6)} kernel: ${m.text}`),
  },
  {
    name: "the journal through Vector",
    write: lines((m) => {
      const { MESSAGE, __REALTIME_TIMESTAMP, ...rest } = fields(m);
      return JSON.stringify({ ...rest, message: MESSAGE, source_type: "journald" });
    }),
  },
  {
    name: "the journal in Google's logging",
    keeps: "both",
    write: lines((m) => JSON.stringify({ insertId: "a1", jsonPayload: fields(m) })),
  },
  {
    name: "journalctl -o with-unit",
    keeps: "wall",
    write: journalLine((m) => `Fri ${iso(m).replace("T", " ")} UTC`),
  },
  {
    name: "journalctl -o short with boot marks",
    keeps: "wall",
    loses: "year",
    write: (messages) =>
      `-- Journal begins at Fri 2026-11-27 17:43:00 UTC, ends at Fri 2026-11-27 17:44:00 UTC. --\n-- Boot c8e6a1b2d3f44e5f8a9b0c1d2e3f4a5b --\n${journalLine(bsd)(messages)}`,
  },
  { name: "journalctl -o verbose", keeps: "both", write: lines(verbose) },
  { name: "journalctl -o export", keeps: "both", write: (messages) => bytesOf(messages, false) },
  {
    name: "journalctl -o export, binary",
    keeps: "both",
    write: (messages) => bytesOf(messages, true),
  },
  { name: "journalctl -o json", keeps: "both", write: lines((m) => JSON.stringify(fields(m))) },
  {
    name: "journalctl -o json, bytes",
    keeps: "both",
    write: lines((m) =>
      JSON.stringify({ ...fields(m), MESSAGE: [...new TextEncoder().encode(m.text)] }),
    ),
  },
  { name: "journalctl -o json-pretty", keeps: "both", write: lines((m) => pretty(fields(m))) },
  {
    name: "journalctl -o json-pretty, bytes",
    keeps: "both",
    write: lines((m) => pretty({ ...fields(m), MESSAGE: [...new TextEncoder().encode(m.text)] })),
  },
  {
    name: "journalctl -o json-sse",
    keeps: "both",
    write: lines((m) => `data: ${JSON.stringify(fields(m))}\n`),
  },
  {
    name: "journalctl -o json-seq",
    keeps: "both",
    write: lines((m) => `\u001e${JSON.stringify(fields(m))}`),
  },
  { name: "journalctl -o cat", keeps: "nothing", write: lines((m) => m.text) },
];

/** In the order of a hash table, not the program's. */
function fields(m: Message): Record<string, unknown> {
  return {
    _TRANSPORT: "kernel",
    _BOOT_ID: "c8e6a1b2d3f44e5f8a9b0c1d2e3f4a5b",
    MESSAGE: m.text,
    __REALTIME_TIMESTAMP: String(realMicros(m)),
    _SOURCE_MONOTONIC_TIMESTAMP: String(m.micros),
    PRIORITY: String(m.level),
    __CURSOR: `s=7db4bdb374f3497abf211c788b9eb890;i=12e;b=c8e6;m=${m.micros.toString(16)};t=65;x=57`,
    SYSLOG_IDENTIFIER: "kernel",
    __MONOTONIC_TIMESTAMP: String(m.micros + 20),
    _HOSTNAME: HOST,
    SYSLOG_FACILITY: "0",
  };
}

function pretty(entry: Record<string, unknown>): string {
  return JSON.stringify(entry, undefined, "\t").replace(/^(\t"\w+"):/gm, "$1 :");
}

function verbose(m: Message): string {
  const { __REALTIME_TIMESTAMP, __MONOTONIC_TIMESTAMP, __CURSOR, ...rest } = fields(m);
  const head = `Fri ${isoMicros(m).replace("T", " ")} UTC [s=7db4;i=1;b=c8e6;m=14;t=6554;x=4292]`;
  return [head, ...Object.entries(rest).map(([name, value]) => `    ${name}=${value}`)].join("\n");
}

/** The cursor first; a binary field is its name, a line feed, its length in eight bytes, its bytes. */
function bytesOf(messages: readonly Message[], isBinary: boolean): Uint8Array {
  const encoder = new TextEncoder();
  const parts: Uint8Array[] = [];
  for (const m of messages) {
    const { __CURSOR, MESSAGE, ...rest } = fields(m);
    const text = encoder.encode(String(MESSAGE));
    const named = Object.entries(rest).map(([name, value]) => `${name}=${value}\n`);
    parts.push(encoder.encode(`__CURSOR=${__CURSOR}\n${named.join("")}`));
    if (isBinary) {
      const length = new Uint8Array(8);
      new DataView(length.buffer).setBigUint64(0, BigInt(text.length), true);
      parts.push(encoder.encode("MESSAGE\n"), length, text, encoder.encode("\n\n"));
    } else {
      parts.push(encoder.encode(`MESSAGE=${MESSAGE}\n\n`));
    }
  }
  return Uint8Array.from(Buffer.concat(parts));
}

const escaped = (text: string): string =>
  [...new TextEncoder().encode(text)]
    .map((byte) =>
      byte < 32 || byte >= 127 || byte === 92
        ? `\\x${byte.toString(16).padStart(2, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");

const record = (m: Message, at: number, more = ""): string =>
  `${m.level},${1000 + at},${m.micros},-${more};${escaped(m.text)}`;

/** Documentation/ABI/testing/dev-kmsg, drivers/net/netconsole.c, fs/pstore. */
export const KMSG: readonly Program[] = [
  { name: "/dev/kmsg", write: lines((m, at) => record(m, at)) },
  {
    name: "/dev/kmsg with dictionary and callers",
    write: lines(
      (m, at) => `${record(m, at, ",caller=T12")}\n SUBSYSTEM=pci\n DEVICE=+pci:0000:00:1f.2`,
    ),
  },
  { name: "/dev/kmsg before 5.10, in parts", write: lines(continued) },
  { name: "netconsole", write: lines(console) },
  { name: "netconsole, extended", write: lines((m, at) => `6.1.0-56-amd64,${record(m, at)}`) },
  {
    name: "netconsole, extended, user data",
    write: lines((m, at) => `${record(m, at)}\n release=6.1.0\n cpu=3\n taskname=sh`),
  },
  { name: "netconsole, extended, in fragments", write: lines(fragments) },
  {
    name: "netconsole through a syslog receiver",
    keeps: "both",
    loses: "year",
    write: lines((m) => `${bsd(m)} 10.0.0.2 ${console(m)}`),
  },
  {
    name: "netconsole, extended, through a syslog receiver",
    write: lines((m, at) => `${bsd(m)} 10.0.0.2 ${record(m, at)}`),
  },
  {
    name: "ramoops",
    write: (messages) =>
      `====1764265381.123456-D\nPanic#1 Part1\n${lines((m) => `<${m.level}>${console(m)}`)(messages)}`,
  },
  { name: "vmcore-dmesg.txt", write: lines((m) => `[${seconds(m)}] ${m.text}`) },
];

/** `c` begins a line, `+` goes on with it. */
function continued(m: Message, at: number): string {
  const text = escaped(m.text);
  const half = text.lastIndexOf(" ", text.length / 2);
  if (half < 8) return `${m.level},${at},${m.micros},-;${text}`;
  return `${m.level},${at},${m.micros},c;${text.slice(0, half)}\n${m.level},${at},${m.micros},+;${text.slice(half)}`;
}

function fragments(m: Message, at: number): string {
  const text = escaped(m.text);
  if (text.length < 60) return record(m, at);
  const half = Math.floor(text.length / 2);
  return [0, half]
    .map((from) => {
      const part = text.slice(from, from === 0 ? half : undefined);
      return `${m.level},${1000 + at},${m.micros},-,ncfrag=${from}/${text.length};${part}`;
    })
    .join("\n");
}
