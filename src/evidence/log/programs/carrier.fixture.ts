// What stands around the lines: serial consoles and their loggers, test labs, containers, Android, mails,
// tickets, editors, files of other encodings.

import {
  bsd,
  clock,
  console,
  ctime,
  fraction,
  HOST,
  iso,
  isoMicros,
  lines,
  type Message,
  type Program,
  stamp,
} from "./message.fixture.ts";

const plain = lines(console);
const millis = (m: Message): string => fraction(m).slice(0, 3);
/** A line of someone else after every fifth. */
const among = (others: readonly string[]) =>
  lines(
    (m, at) => `${console(m)}${at % 5 === 4 ? `\n${others[((at / 5) % others.length) | 0]}` : ""}`,
  );
const syslog = (m: Message): string => `${bsd(m)} ${HOST} kernel: ${console(m)}`;

export const CONSOLES: readonly Program[] = [
  { name: "serial, CR CR LF", write: lines(console, "\r\r\n") },
  { name: "serial, LF CR", write: lines(console, "\n\r") },
  {
    name: "serial behind a boot loader",
    write: (messages) =>
      `\u001b[2J\u001b[1;1HSeaBIOS (version 1.16.2)\r\nBooting from ROM...\r\nU-Boot 2024.01 (Jan 08 2024 - 15:37:48 +0000)\r\nHit any key to stop autoboot:  0 \r\n${lines(console, "\r\n")(messages)}\r\nDebian GNU/Linux 12 node-7 ttyS0\r\n\r\nnode-7 login: `,
  },
  {
    name: "serial among systemd's lines",
    write: among([
      "[\u001b[0;32m  OK  \u001b[0m] Started \u001b[0;1;39mcron.service\u001b[0m - Regular background program processing daemon.",
      "         Starting \u001b[0;1;39mdbus.service\u001b[0m - D-Bus System Message Bus...",
      "[\u001b[0;1;31mFAILED\u001b[0m] Failed to start \u001b[0;1;39mfoo.service\u001b[0m.",
      "[  \u001b[0;31m*\u001b[0;1;31m*\u001b[0m\u001b[0;31m*\u001b[0m] A start job is running for bar (12s / 1min 30s)",
    ]),
  },
  {
    name: "serial among Xen's lines",
    write: among([
      "(XEN) [2026-11-27 17:43:01.123] d0v3 Unhandled: vec 2, nmi[0000]",
      "(XEN) *** Dumping CPU3 guest state (d0v3): ***",
    ]),
  },
  {
    name: "serial with prompts before the lines",
    write: lines((m, at) => `${at % 9 === 8 ? "node-7 login: " : ""}${console(m)}`),
  },
  {
    name: "serial with a shell's prompt before the lines",
    write: lines((m, at) => `${at % 9 === 8 ? "root@node-7:~# " : ""}${console(m)}`),
  },
  {
    name: "serial through a program's logger",
    write: lines(
      (m) => `${iso(m).replace("T", " ").slice(0, 19)},${millis(m)} INFO console: ${console(m)}`,
    ),
  },
  {
    name: "serial through a test runner's logger",
    write: lines(
      (m) =>
        `${iso(m).replace("T", " ").slice(0, 19)},${millis(m)} - serial0 - DEBUG - ${console(m)}`,
    ),
  },
  {
    name: "IPMI SOL",
    write: (messages) =>
      `[SOL Session operational.  Use ~? for help]\r\n${lines((m) => `\u001b[0m\u001b[37m${console(m)}\u001b[K`, "\r\n")(messages)}`,
  },
  {
    name: "IPMI SOL with cursor moves",
    write: lines((m, at) => `\u001b[${(at % 24) + 1};1H${console(m)}\u001b[0K`, "\r\n"),
  },
  {
    name: "minicom with line wrap",
    write: lines((m) => console(m).replace(/.{80}/g, "$&\r\n"), "\r\n"),
  },
  { name: "ts", keeps: "both", loses: "year", write: lines((m) => `${bsd(m)} ${console(m)}`) },
  {
    name: "ts with a format",
    keeps: "both",
    write: lines((m) => `[${isoMicros(m).replace("T", " ")}] ${console(m)}`),
  },
  { name: "ts -s", write: lines((m) => `${clock(m).replace(/^17:43/, "00:00")} ${console(m)}`) },
  { name: "clock in brackets", write: lines((m) => `[${clock(m)}] ${console(m)}`) },
  { name: "tio", write: lines((m) => `[${clock(m)}.${millis(m)}] ${console(m)}`) },
  { name: "clock before", write: lines((m) => `${clock(m)}.${millis(m)} ${console(m)}`) },
  {
    name: "conserver",
    write: among([
      `[-- MARK -- ${"Fri Nov 27 17:43:00 2026"}]`,
      "[-- root@localhost attached -- Fri Nov 27 17:43:01 2026]",
    ]),
  },
  {
    name: "conserver with stamps",
    keeps: "both",
    write: lines((m) => `[${ctime(m)}]${console(m)}`),
  },
  {
    name: "grabserial -t",
    write: lines((m) => `[${(m.micros / 1e6 + 3).toFixed(6)} 0.000012] ${console(m)}`),
  },
  {
    name: "terminal server",
    keeps: "both",
    write: lines((m) => `[${iso(m).replace("T", " ")}] ${console(m)}`),
  },
  {
    name: "terminal server, slashes",
    keeps: "both",
    write: lines((m) => `${iso(m).replace("T", " ").replaceAll("-", "/")} ${console(m)}`),
  },
  {
    name: "two messages on one line",
    write: lines((m, at) => `${console(m)}${at % 2 === 0 ? "" : "\n"}`, ""),
  },
  { name: "Xen's console of a guest", write: lines((m) => `(d1) ${console(m)}`) },
];

const github = (m: Message): string => `${isoMicros(m)}7Z ${console(m)}`;

export const LABS: readonly Program[] = [
  { name: "GitHub Actions", keeps: "both", write: lines(github) },
  {
    name: "GitHub Actions, downloaded",
    keeps: "both",
    write: lines((m) => `boot\tRun qemu\t${github(m)}`),
  },
  {
    name: "GitLab CI",
    keeps: "both",
    write: lines((m) => `${isoMicros(m)}Z 00O ${console(m)}`),
  },
  { name: "LAVA", keeps: "both", write: lines((m) => `${isoMicros(m)} ${console(m)}`) },
  {
    name: "LAVA, YAML",
    keeps: "both",
    write: lines(
      (m) => `- {"dt": "${isoMicros(m)}", "lvl": "target", "msg": ${JSON.stringify(console(m))}}`,
    ),
  },
  {
    name: "LAVA, YAML among its own",
    keeps: "both",
    write: lines(
      (m, at) =>
        `${at % 7 === 0 ? `- {"dt": "${isoMicros(m)}", "lvl": "debug", "msg": "wait for prompt ['Kernel panic - not syncing']"}\n` : ""}- {"dt": "${isoMicros(m)}", "lvl": "target", "msg": ${JSON.stringify(console(m))}}`,
    ),
  },
  {
    name: "LAVA, YAML in plain style",
    keeps: "both",
    write: lines(
      (m) => `- {dt: '${isoMicros(m)}', lvl: target, msg: '${console(m).replaceAll("'", "''")}'}`,
    ),
  },
  {
    name: "Jenkins' timestamper",
    keeps: "both",
    write: lines((m) => `[${iso(m)}.${millis(m)}Z] ${console(m)}`),
  },
  {
    name: "Docker",
    keeps: "both",
    write: lines((m) =>
      JSON.stringify({ log: `${console(m)}\n`, stream: "stdout", time: `${isoMicros(m)}789Z` }),
    ),
  },
  {
    name: "Docker of syslog lines",
    keeps: "both",
    loses: "year",
    write: lines((m) =>
      JSON.stringify({ log: `${syslog(m)}\n`, stream: "stderr", time: `${isoMicros(m)}789Z` }),
    ),
  },
  {
    name: "Kubernetes' CRI",
    keeps: "both",
    write: lines((m) => `${isoMicros(m)}789Z stdout F ${console(m)}`),
  },
  {
    name: "Kubernetes' CRI, partial lines",
    keeps: "both",
    write: lines((m) => {
      const text = console(m);
      const half = text.length >> 1;
      return `${isoMicros(m)}789Z stdout P ${text.slice(0, half)}\n${isoMicros(m)}789Z stdout F ${text.slice(half)}`;
    }),
  },
  {
    name: "CloudWatch",
    keeps: "both",
    write: lines((m) => `${iso(m)}.${millis(m)}000+00:00 i-0123456789abcdef0 ${console(m)}`),
  },
  {
    name: "Loki",
    keeps: "both",
    write: lines((m) => `${iso(m)}Z {host="node-7", job="kern"} ${console(m)}`),
  },
  {
    name: "Loki's JSON lines",
    keeps: "both",
    write: lines((m) =>
      JSON.stringify({
        labels: { host: "node-7" },
        line: console(m),
        timestamp: `${iso(m)}.${millis(m)}Z`,
      }),
    ),
  },
  {
    name: "EC2's console output",
    write: (messages) =>
      `{\n    "InstanceId": "i-0123456789abcdef0",\n    "Output": ${JSON.stringify(lines(console, "\r\n")(messages))},\n    "Timestamp": "2026-11-27T17:43:01+00:00"\n}\n`,
  },
  {
    name: "a tracker's answer",
    write: (messages) =>
      `${JSON.stringify({ id: 7, body: `It hung.\n\n\`\`\`\n${plain(messages)}\`\`\`\n`, state: "open" })}\n`,
  },
  {
    name: "docker compose",
    write: lines((m) => `vm-1  | ${console(m)}`),
  },
];

const logcat = (head: (m: Message) => string) => lines((m) => `${head(m)}${console(m)}`);
/** logd takes printk's stamp and leading blanks away and makes the first word before a colon the tag. */
const tagged = (head: (m: Message, tag: string) => string, end = "\n") =>
  lines((m) => {
    const [whole, tag = "", text = ""] = /^(?:(\w{1,20}): )?(.*)$/.exec(m.text.trimStart()) ?? [
      m.text,
    ];
    return head(m, tag.padEnd(8)) + (text === "" ? whole : text);
  }, end);
const threadtime = (m: Message): string => `${iso(m).slice(5, 10)} ${clock(m)}.${millis(m)}`;

/** Android: liblog/logprint.cpp, android_log_formatLogLine(). */
export const ANDROID: readonly Program[] = [
  {
    name: "logcat -v threadtime",
    keeps: "both",
    loses: "year",
    write: logcat((m) => `${threadtime(m)}     0     0 W         : `),
  },
  {
    name: "logcat -v threadtime,year,zone,uid",
    keeps: "both",
    write: logcat(
      (m) => `${iso(m).slice(0, 10)} ${clock(m)}.${millis(m)} +0000  root     0     0 W         : `,
    ),
  },
  {
    name: "logcat -v time",
    keeps: "both",
    loses: "year",
    write: logcat((m) => `${threadtime(m)} W/        (    0): `),
  },
  {
    name: "logcat -v threadtime of logd",
    keeps: "wall",
    loses: "year",
    write: tagged((m, tag) => `${threadtime(m)}     0     0 W ${tag}: `),
  },
  {
    name: "logcat -v time of logd",
    keeps: "wall",
    loses: "year",
    write: tagged((m, tag) => `${threadtime(m)} W/${tag}(    0): `),
  },
  {
    name: "logcat -v brief of logd",
    keeps: "nothing",
    write: tagged((_, tag) => `W/${tag}(    0): `),
  },
  {
    name: "logcat -v long of logd",
    keeps: "wall",
    loses: "year",
    write: tagged((m, tag) => `[ ${threadtime(m)}     0:    0 W/${tag} ]\n`, "\n\n"),
  },
  { name: "logcat -v brief", write: logcat(() => "W/        (    0): ") },
  { name: "logcat -v process", write: lines((m) => `W(    0) ${console(m)}  ()`) },
  { name: "logcat -v tag", write: logcat(() => "W/        : ") },
  { name: "logcat -v thread", write: logcat(() => "W(    0:    0) ") },
  {
    name: "logcat -v long",
    keeps: "both",
    loses: "year",
    write: lines((m) => `[ ${threadtime(m)}     0:    0 W/         ]\n${console(m)}\n`),
  },
  {
    name: "logcat -v epoch",
    keeps: "both",
    write: logcat(
      (m) => `${(Date.parse(`${iso(m)}Z`) / 1e3).toFixed(0)}.${millis(m)}     0     0 W         : `,
    ),
  },
  {
    name: "logcat -v monotonic",
    write: logcat((m) => `${(m.micros / 1e6).toFixed(3).padStart(9)}     0     0 W         : `),
  },
  {
    name: "logcat -v color",
    keeps: "both",
    loses: "year",
    write: lines(
      (m) => `\u001b[38;5;166m${threadtime(m)}     0     0 W         : ${console(m)}\u001b[0m`,
    ),
  },
  {
    name: "bugreport",
    write: (messages) =>
      `========================================================\n== dumpstate: 2026-11-27 17:43:01\n========================================================\n------ KERNEL LOG (dmesg) ------\n${lines((m) => `<${m.level}>${console(m)}`)(messages)}------ 0.123s was the duration of 'KERNEL LOG (dmesg)' ------\n`,
  },
  {
    name: "last_kmsg",
    write: lines((m) => `[${stamp(m).slice(1, -1)}] ${m.text}`),
  },
];

export const MARKUP: readonly Program[] = [
  { name: "mail quote", write: lines((m) => `> ${console(m)}`) },
  { name: "mail quote of a quote", write: lines((m) => `>> ${console(m)}`) },
  { name: "mail quote, indented", write: lines((m) => `>   ${console(m)}`) },
  { name: "mail quote with a name", write: lines((m) => `AB> ${console(m)}`) },
  { name: "mail quote with bars", write: lines((m) => `| ${console(m)}`) },
  {
    name: "quoted-printable",
    write: (messages) => mail("quoted-printable", quotedPrintable(plain(messages))),
  },
  { name: "base64", write: (messages) => mail("base64", base64(plain(messages))) },
  { name: "mail wrapped at 76", write: lines((m) => wrapped(console(m), 76)) },
  { name: "mail, format=flowed", write: lines((m) => flowed(console(m), 72)) },
  { name: "HTML entities", write: lines((m) => entities(console(m))) },
  {
    name: "HTML page",
    write: (messages) =>
      `<!DOCTYPE html>\n<html><head><title>Bug 1</title></head>\n<body><pre class="bz_comment_text" id="c0">\n${lines((m) => entities(console(m)))(messages)}</pre>\n</body></html>\n`,
  },
  {
    name: "HTML page, log behind its tag",
    write: (messages) =>
      `<html><body><p>It hung.</p><pre class="bz_comment_text">${lines((m) => entities(console(m)))(messages)}</pre></body></html>\n`,
  },
  {
    name: "Markdown fence",
    write: (messages) => `It hung.\n\n\`\`\`text\n${plain(messages)}\`\`\`\n`,
  },
  {
    name: "Markdown, indented code",
    write: (messages) => `It hung:\n\n${lines((m) => `    ${console(m)}`)(messages)}`,
  },
  {
    name: "Markdown list's fence",
    write: (messages) =>
      `1. It hung:\n\n   \`\`\`\n${lines((m) => `   ${console(m)}`)(messages)}   \`\`\`\n`,
  },
  {
    name: "Markdown table",
    write: (messages) => `| log |\n| --- |\n${lines((m) => `| ${console(m)} |`)(messages)}`,
  },
  {
    name: "Jira",
    write: (messages) => `It hung.\n{noformat}\n${plain(messages)}{noformat}\nThanks\n`,
  },
  {
    name: "Jira, code",
    write: (messages) =>
      `It hung.\n{code:title=dmesg|borderStyle=solid}\n${plain(messages)}{code}\n`,
  },
  { name: "MediaWiki", write: lines((m) => ` ${console(m)}`) },
  { name: "BBCode", write: (messages) => `[code]${plain(messages)}[/code]\n` },
];

export const PASTED: readonly Program[] = [
  { name: "cat -n", write: lines((m, at) => `${String(at + 1).padStart(6)}\t${console(m)}`) },
  { name: "nl -s ': '", write: lines((m, at) => `${String(at + 1).padStart(6)}: ${console(m)}`) },
  { name: "less -N", write: lines((m, at) => `${String(at + 1).padStart(7)} ${console(m)}`) },
  { name: "vim", write: lines((m, at) => `${String(at + 1).padStart(4)} ${console(m)}`) },
  { name: "bat", write: lines((m, at) => `${String(at + 1).padStart(4)} │ ${console(m)}`) },
  { name: "grep -n", write: lines((m, at) => `${at + 1}:${console(m)}`) },
  { name: "grep -Hn", write: lines((m, at) => `messages:${at + 1}:${console(m)}`) },
  {
    name: "grep -Hn of syslog",
    keeps: "both",
    loses: "year",
    write: lines((m, at) => `/var/log/kern.log.1-${at + 1}-${syslog(m)}`),
  },
  {
    name: "grep -H with a blank in the path",
    write: lines((m) => `my logs/dmesg.txt:${console(m)}`),
  },
  { name: "a leading bar", write: lines((m) => `|${console(m)}`) },
  { name: "blanks collapsed", write: lines((m) => console(m).replace(/ {2,}/g, " ")) },
  { name: "tabs for blanks", write: lines((m) => console(m).replace(/ {8}/g, "\t")) },
  { name: "no-break spaces", write: lines((m) => console(m).replaceAll(" ", "\u00a0")) },
  { name: "blank lines between", write: lines((m) => `${console(m)}\n`) },
  {
    name: "a table of a spreadsheet",
    write: lines((m) => {
      const cell = console(m);
      const isPlain = !/[",]/.test(cell);
      return `${iso(m)},node-7,${isPlain ? cell : `"${cell.replaceAll('"', '""')}"`}`;
    }),
  },
  {
    name: "a table of a log store",
    write: lines(
      (m) => `"Nov 27, 2026 @ ${clock(m)}","node-7","${console(m).replaceAll('"', '""')}"`,
    ),
  },
  { name: "quoted strings", write: lines((m) => `"${console(m).replaceAll('"', '\\"')}",`) },
  { name: "diff", write: lines((m) => `+${console(m)}`) },
];

export const ENCODINGS: readonly Program[] = [
  { name: "UTF-8 with BOM", write: (messages) => `\ufeff${plain(messages)}` },
  {
    name: "UTF-16LE with BOM",
    write: (messages) => Buffer.from(`\ufeff${lines(console, "\r\n")(messages)}`, "utf16le"),
  },
  {
    name: "UTF-16BE with BOM",
    write: (messages) =>
      Buffer.from(`\ufeff${lines(console, "\r\n")(messages)}`, "utf16le").swap16(),
  },
  {
    name: "UTF-16LE without BOM",
    write: (messages) => Buffer.from(lines(console, "\r\n")(messages), "utf16le"),
  },
  {
    name: "Latin-1",
    write: (messages) => Buffer.from(`Gerät hängt:\n${plain(messages)}`, "latin1"),
  },
];

function mail(encoding: string, body: string): string {
  return `From: a@example.org\nSubject: hang\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n`;
}

export function quotedPrintable(text: string): string {
  return text
    .split("\n")
    .map((line) => {
      const coded = line.replace(/=/g, "=3D").replace(/[ \t]$/, "=20");
      return coded.replace(/.{60,73}(?=.{4})(?<!=.?)/g, "$&=\n");
    })
    .join("\n");
}

const base64 = (text: string): string =>
  Buffer.from(text).toString("base64").replace(/.{76}/g, "$&\n");

export function wrapped(text: string, width: number): string {
  const rows: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    if (at <= 0) break;
    rows.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  return [...rows, rest].join("\n");
}

/** RFC 3676: a line that goes on ends with a blank. */
export function flowed(text: string, width: number): string {
  const rows: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    if (at <= 0) break;
    rows.push(rest.slice(0, at + 1));
    rest = rest.slice(at + 1);
  }
  return [...rows, rest].join("\n");
}

export function entities(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
