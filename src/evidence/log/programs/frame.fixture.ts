// What people put lines of a log into after a program wrote them: mails, tickets, containers, listings. To
// be applied on top of any program's lines.

import { entities, flowed, quotedPrintable, wrapped } from "./carrier.fixture.ts";

export interface Frame {
  readonly name: string;
  readonly put: (rows: readonly string[]) => string;
}

const each =
  (row: (text: string, at: number) => string, end = "\n") =>
  (rows: readonly string[]): string =>
    rows.map((text, at) => row(text, at) + end).join("");
const all = each((text) => text);
const quoted = (rows: string): string => rows.replace(/^(?=.)/gm, "> ");
const time = (at: number): string => new Date(Date.UTC(2026, 10, 27, 17, 43, 0, at)).toISOString();
const micros = (at: number): string => time(at).replace("Z", "123Z");

const HEADER = `From: A <a@example.org>
Subject: machine hangs
Content-Type: text/plain; charset=utf-8
`;
const BEFORE = "\nHi,\n\nsince the update my machine hangs. This is what the log says:\n\n";
const BEHIND = "\n\nAny ideas?\n\n-- \nA\n";
const ANSWER = `${HEADER}\nOn Fri, Nov 27, 2026 at 05:43:00PM +0000, A wrote:\n> Hi,\n> \n> it hangs:\n> \n`;

const MAILS: readonly Frame[] = [
  { name: "mail", put: (rows) => HEADER + BEFORE + all(rows) + BEHIND },
  {
    name: "mail wrapped at 72",
    put: (rows) => HEADER + BEFORE + each((text) => wrapped(text, 72))(rows) + BEHIND,
  },
  {
    name: "mail wrapped at 76",
    put: (rows) => HEADER + BEFORE + each((text) => wrapped(text, 76))(rows) + BEHIND,
  },
  {
    name: "format=flowed",
    put: (rows) => HEADER + BEFORE + each((text) => flowed(text, 72))(rows) + BEHIND,
  },
  { name: "quoted", put: (rows) => ANSWER + quoted(all(rows)) + BEHIND },
  {
    name: "wrapped, then quoted",
    put: (rows) => ANSWER + quoted(each((text) => wrapped(text, 72))(rows)) + BEHIND,
  },
  {
    name: "quoted, then wrapped",
    put: (rows) => ANSWER + each((text) => wrapped(`> ${text}`, 76))(rows) + BEHIND,
  },
  {
    name: "quoted-printable",
    put: (rows) =>
      `${HEADER}Content-Transfer-Encoding: quoted-printable\n\n${quotedPrintable(all(rows))}`,
  },
  {
    name: "fence in a mail",
    put: (rows) => `${HEADER}${BEFORE}\`\`\`\n${all(rows)}\`\`\`${BEHIND}`,
  },
  {
    name: "fence in a quoted mail",
    put: (rows) => `${ANSWER}> \`\`\`\n${quoted(all(rows))}> \`\`\`${BEHIND}`,
  },
];

const TICKETS: readonly Frame[] = [
  { name: "fence", put: (rows) => `It hung.\n\n\`\`\`text\n${all(rows)}\`\`\`\n\nThanks\n` },
  {
    name: "wrapped in a fence",
    put: (rows) => `It hung.\n\n~~~\n${each((text) => wrapped(text, 80))(rows)}~~~\n`,
  },
  {
    name: "fence of a list",
    put: (rows) => `1. It hung:\n\n   \`\`\`\n${each((text) => `   ${text}`)(rows)}   \`\`\`\n`,
  },
  { name: "indented", put: (rows) => `It hung:\n\n${each((text) => `    ${text}`)(rows)}\nBye.\n` },
  {
    name: "HTML",
    put: (rows) => `<html><body><pre>\n${each(entities)(rows)}</pre></body></html>\n`,
  },
  { name: "Jira", put: (rows) => `It hung.\n{noformat}\n${all(rows)}{noformat}\nThanks\n` },
  { name: "grep -n", put: each((text, at) => `${at + 1}:${text}`) },
  { name: "grep -H", put: each((text) => `kern.log:${text}`) },
  { name: "bat", put: each((text, at) => `${String(at + 1).padStart(4)} │ ${text}`) },
  {
    name: "CSV",
    put: (rows) => `"Line"\n${each((text) => `"${text.replaceAll('"', '""')}"`)(rows)}`,
  },
];

const CARRIERS: readonly Frame[] = [
  {
    name: "Docker",
    put: each((text, at) =>
      JSON.stringify({ log: `${text}\r\n`, stream: "stdout", time: micros(at) }),
    ),
  },
  {
    name: "LAVA",
    put: each(
      (text, at) =>
        `- {"dt": "${micros(at).slice(0, -1)}", "lvl": "target", "msg": ${JSON.stringify(text)}}`,
    ),
  },
  { name: "CRI", put: each((text, at) => `${micros(at)} stdout F ${text}`) },
  { name: "kubectl logs --timestamps", put: each((text, at) => `${micros(at)} ${text}`) },
  { name: "Jenkins", put: each((text, at) => `[${time(at)}] ${text}`) },
  { name: "ts", put: each((text, at) => `Nov 27 ${time(at).slice(11, 19)} ${text}`) },
  {
    name: "telnet to a terminal server",
    put: (rows) =>
      `Trying 10.0.0.1...\r\nConnected to ts1.\r\nEscape character is '^]'.\r\n\r\n${each((text) => text, "\r\n")(rows)}\r\ntelnet> quit\r\nConnection closed.\r\n`,
  },
];

export const FRAMES: readonly Frame[] = [...MAILS, ...TICKETS, ...CARRIERS];
