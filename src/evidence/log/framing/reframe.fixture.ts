// One log in every framing: the messages of a serial console written as other programs would have written
// them. For tests that show that the same records and events come out.

export interface PlainMessage {
  /** Microseconds since boot. */
  readonly micros: number;
  readonly text: string;
}

export interface Reframing {
  readonly name: string;
  readonly frame: (messages: readonly PlainMessage[]) => string;
  /** What the framing loses. */
  readonly loses?: readonly ("monotonic" | "kernel")[];
}

/** The stamped lines of a console log without callers. */
export function readPlainMessages(log: string): PlainMessage[] {
  const messages: PlainMessage[] = [];
  for (const match of log.matchAll(/^\[ *(\d+)\.(\d{6})\] ([^\r\n]*)\r*$/gm)) {
    const [, seconds, micros, text = ""] = match;
    messages.push({ micros: Number(seconds) * 1e6 + Number(micros), text });
  }
  return messages;
}

const HOST = "node-7";
/** 2025-06-28T12:00:00Z, the moment of boot. */
const BOOT = Date.UTC(2025, 5, 28, 12);

const stamp = (m: PlainMessage): string =>
  `[${String(Math.floor(m.micros / 1e6)).padStart(5)}.${fraction(m)}]`;
const fraction = (m: PlainMessage): string => String(m.micros % 1e6).padStart(6, "0");
const iso = (m: PlainMessage): string => new Date(BOOT + m.micros / 1e3).toISOString().slice(0, 19);
const clock = (m: PlainMessage): string => iso(m).slice(11);
const day = (m: PlainMessage): string => iso(m).slice(8, 10);
const syslogDate = (m: PlainMessage): string => `Jun ${day(m)} ${clock(m)}`;
const lines =
  (line: (m: PlainMessage, at: number) => string) =>
  (messages: readonly PlainMessage[]): string =>
    `${messages.map(line).join("\n")}\n`;

export const REFRAMINGS: readonly Reframing[] = [
  { name: "dmesg", frame: lines((m) => `${stamp(m)} ${m.text}`) },
  { name: "dmesg with levels", frame: lines((m) => `<4>${stamp(m)} ${m.text}`) },
  { name: "dmesg with callers", frame: lines((m) => `${stamp(m)}[    T1] ${m.text}`) },
  { name: "console with CRLF", frame: lines((m) => `${stamp(m)} ${m.text}\r`) },
  {
    name: "console with colors",
    frame: lines((m) => `\u001b[32m${stamp(m)}\u001b[0m \u001b[33m${m.text}\u001b[0m`),
  },
  {
    name: "dmesg -T",
    loses: ["monotonic"],
    frame: lines((m) => `[Sat Jun ${day(m)} ${clock(m)} 2025] ${m.text}`),
  },
  { name: "dmesg -H", loses: ["monotonic"], frame: lines(humanLine) },
  { name: "dmesg -x", frame: lines((m) => `kern  :warn  : ${stamp(m)} ${m.text}`) },
  {
    name: "dmesg --time-format iso",
    loses: ["monotonic"],
    frame: lines((m) => `${iso(m)},${fraction(m)}+08:00 ${m.text}`),
  },
  { name: "syslog", frame: lines((m) => `${syslogDate(m)} ${HOST} kernel: ${stamp(m)} ${m.text}`) },
  {
    name: "syslog without stamps",
    loses: ["monotonic"],
    frame: lines((m) => `${syslogDate(m)} ${HOST} kernel: ${m.text}`),
  },
  {
    name: "busybox syslog",
    frame: lines((m) => `${syslogDate(m)} ${HOST} kern.warn kernel: ${stamp(m)} ${m.text}`),
  },
  {
    name: "rsyslog",
    frame: lines((m) => `${iso(m)}.${fraction(m)}+08:00 ${HOST} kernel: ${stamp(m)} ${m.text}`),
  },
  {
    name: "RFC 5424",
    frame: lines(
      (m) => `<4>1 ${iso(m)}.${fraction(m)}Z ${HOST} kernel - - [a b="c\\]"] ${stamp(m)} ${m.text}`,
    ),
  },
  {
    name: "journalctl short-precise",
    loses: ["monotonic"],
    frame: lines((m) => `${syslogDate(m)}.${fraction(m)} ${HOST} kernel: ${m.text}`),
  },
  {
    name: "journalctl short-iso",
    loses: ["monotonic"],
    frame: lines((m) => `${iso(m)}+0800 ${HOST} kernel: ${m.text}`),
  },
  {
    name: "journalctl short-full",
    loses: ["monotonic"],
    frame: lines((m) => `Sat ${iso(m).replace("T", " ")} CST ${HOST} kernel: ${m.text}`),
  },
  {
    name: "journalctl short-unix",
    loses: ["monotonic"],
    frame: lines(
      (m) => `${BOOT / 1e3 + Math.floor(m.micros / 1e6)}.${fraction(m)} ${HOST} kernel: ${m.text}`,
    ),
  },
  {
    name: "journalctl short-monotonic",
    frame: lines((m) => `${stamp(m)} ${HOST} kernel: ${m.text}`),
  },
  { name: "journalctl json", frame: lines((m) => JSON.stringify(journalFields(m))) },
  { name: "journalctl verbose", frame: lines(verboseEntry) },
  { name: "journalctl export", frame: lines((m) => `${exportFields(m).join("\n")}\n`) },
  { name: "/dev/kmsg", frame: lines((m, at) => `4,${at},${m.micros},-;${kmsgText(m)}`) },
  {
    name: "/dev/kmsg with fields",
    frame: lines(
      (m, at) => `4,${at},${m.micros},-,caller=T1;${kmsgText(m)}\n SUBSYSTEM=pci\n DEVICE=+pci:0`,
    ),
  },
  { name: "netconsole in fragments", frame: lines(fragments) },
  {
    name: "console of a test lab",
    frame: lines((m) => `${iso(m)}.${fraction(m).slice(0, 3)} ${stamp(m)} ${m.text}`),
  },
  {
    name: "logcat",
    frame: lines(
      (m) => `06-${day(m)} ${clock(m)}.000     0     0 W         : ${stamp(m)} ${m.text}`,
    ),
  },
  {
    name: "logread",
    frame: lines(
      (m) => `Sat Jun ${day(m)} ${clock(m)} 2025 kern.warn kernel: ${stamp(m)} ${m.text}`,
    ),
  },
  { name: "pstore", frame: pstore },
  { name: "mail quote", frame: lines((m) => `> > ${stamp(m)} ${m.text}`) },
  { name: "indented", frame: lines((m) => `    ${stamp(m)} ${m.text}`) },
  {
    name: "Markdown",
    frame: (messages) =>
      `# Hang\n\nIt hung.\n\n\`\`\`\n${lines((m) => `${stamp(m)} ${m.text}`)(messages)}\`\`\`\n`,
  },
  {
    name: "HTML",
    frame: lines(
      (m) =>
        `${stamp(m)} ${m.text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")}`,
    ),
  },
  {
    name: "cat -n",
    frame: lines((m, at) => `${String(at + 1).padStart(6)}\t${stamp(m)} ${m.text}`),
  },
  { name: "grep -n", frame: lines((m, at) => `${at + 1}:${stamp(m)} ${m.text}`) },
  {
    name: "grep -H",
    frame: lines((m) => `/var/log/messages:${syslogDate(m)} ${HOST} kernel: ${stamp(m)} ${m.text}`),
  },
  { name: "one line", frame: (messages) => messages.map((m) => `${stamp(m)} ${m.text}`).join("") },
];

function humanLine(m: PlainMessage, at: number): string {
  return at % 7 === 0
    ? `[Jun${day(m)} ${clock(m).slice(0, 5)}] ${m.text}`
    : `[  +0.000${String(at % 1000).padStart(3, "0")}] ${m.text}`;
}

function journalFields(m: PlainMessage): Record<string, string> {
  return {
    __CURSOR: `s=1;i=${m.micros}`,
    __REALTIME_TIMESTAMP: String(BOOT * 1e3 + m.micros),
    __MONOTONIC_TIMESTAMP: String(m.micros + 17),
    _TRANSPORT: "kernel",
    _HOSTNAME: HOST,
    SYSLOG_IDENTIFIER: "kernel",
    PRIORITY: "4",
    MESSAGE: m.text,
    _SOURCE_MONOTONIC_TIMESTAMP: String(m.micros),
  };
}

function exportFields(m: PlainMessage): string[] {
  return Object.entries(journalFields(m)).map(([name, value]) => `${name}=${value}`);
}

function verboseEntry(m: PlainMessage): string {
  const fields = exportFields(m).filter((field) => !field.startsWith("__"));
  return [
    `Sat ${iso(m).replace("T", " ")}.${fraction(m)} CST [s=1;i=2;b=3;m=4;t=5;x=6]`,
    ...fields.map((field) => `    ${field}`),
  ].join("\n");
}

function kmsgText(m: PlainMessage): string {
  return m.text.replace(
    /[\\\t]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function fragments(m: PlainMessage, at: number): string {
  const text = kmsgText(m);
  const head = `4,${at},${m.micros},-`;
  if (text.length < 40) return `${head};${text}`;
  const parts = [text.slice(0, 25), text.slice(25, 50), text.slice(50)].filter(
    (part) => part !== "",
  );
  let offset = 0;
  return parts
    .map((part) => {
      const line = `${head},ncfrag=${offset}/${text.length};${part}`;
      offset += part.length;
      return line;
    })
    .join("\n");
}

/** Newest part first, as the files of one dump sort. */
function pstore(messages: readonly PlainMessage[]): string {
  const size = 60;
  const parts: string[] = [];
  for (let end = messages.length, part = 1; end > 0; end -= size, part += 1) {
    const rows = messages
      .slice(Math.max(0, end - size), end)
      .map((m) => `<4>${stamp(m)} ${m.text}`);
    parts.push([`Panic#1 Part${part}`, ...rows].join("\n"));
  }
  return `${parts.join("\n")}\n`;
}
