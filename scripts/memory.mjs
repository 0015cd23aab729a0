// npm run memory -- [--bytes N] [KIND...]: peak memory and time of the built program on logs made to hurt
// it, fed through a pipe so that nothing lies on disk. Figures are kept in docs/hostile.md.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";

const TIME = "/usr/bin/time";
const BIN = new URL("../bin/stallscope.js", import.meta.url).pathname;
const CHUNK = 1 << 18;
const MEBIBYTE = 1 << 20;

const stamp = (i) => `[${(100 + i / 1000).toFixed(6).padStart(12)}]`;
const headline = (i) => `soft lockup - CPU#${i % 4096} stuck for 22s! [foo${i}:${i}]`;
const long = (text) => `${text.padEnd(MEBIBYTE, "y")}\n`;

/** One piece of the log by its number. */
const KINDS = {
  line: () => "abc def BUG: ".repeat(CHUNK / 13),
  nul: () => "\0".repeat(MEBIBYTE),
  mix: (i) =>
    `Jun 28 20:15:54 host${i % 3} app[${i}]: connection ${i} from 10.0.0.1 closed, bytes=${i * 7}\n`,
  headlines: (i) => `${stamp(i)} watchdog: BUG: ${headline(i)}\n`,
  callers: (i) => `${stamp(i)}[ T${i}] watchdog: BUG: ${headline(i)}\n`,
  frames: (i) =>
    i === 0
      ? `${stamp(i)} watchdog: BUG: ${headline(i)}\n${stamp(i)} Call Trace:\n`
      : `${stamp(i)}  func_${i}+0x10/0x20\n`,
  distinct: (i) =>
    [
      `${stamp(i)} WARNING: CPU: ${i % 512} PID: ${i} at kernel/f${i}.c:1 func_${i}+0x10/0x20`,
      `${stamp(i)} CPU: ${i % 512} PID: ${i} Comm: c${i} Not tainted 5.10.0 #1`,
      `${stamp(i)} Call Trace:`,
      `${stamp(i)}  a_${i}+0x1/0x2`,
      `${stamp(i)}  b_${i}+0x1/0x2`,
      `${stamp(i)} ---[ end trace 0 ]---`,
      "",
    ].join("\n"),
  cpus: (i) =>
    i === 0
      ? `${stamp(i)} rcu: INFO: rcu_sched detected stalls on CPUs/tasks:\n`
      : `${stamp(i)} rcu: \t${i}-....: (1 ticks this GP) idle=b3c/1/0x4 softirq=1/1234 fqs=2\n`,
  "long-lines": (i) => long(`x${i} `),
  "long-headlines": (i) => long(`${stamp(i)} BUG: unable to handle page fault for address: ${i} `),
  "long-notices": (i) => long(`${stamp(i)} net_ratelimit${i}: 34 callbacks suppressed `),
  boots: (i) => `[    0.000000] Linux version 5.${i} (a) #1 ${"v".repeat(900)}\n${stamp(i)} x\n`,
};

const { values, positionals } = parseArgs({
  options: { bytes: { type: "string", default: String(2 * 2 ** 30) } },
  allowPositionals: true,
});
if (!existsSync(TIME)) {
  console.log(`memory: skipped, ${TIME} is missing (Debian package time)`);
  process.exit(0);
}
for (const kind of positionals.length > 0 ? positionals : Object.keys(KINDS)) {
  console.log(await measure(kind, Number(values.bytes)));
}

async function measure(kind, bytes) {
  const args = ["-f", "%e s, %M KB", process.execPath, BIN, "analyze", "--format", "json", "-"];
  const child = spawn(TIME, args, {
    stdio: ["pipe", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  child.stdin.on("error", () => undefined);
  const ended = once(child, "close");
  await feed(child.stdin, KINDS[kind], bytes);
  await ended;
  return `${kind} ${bytes}: ${said.trim().split("\n").at(-1)}`;
}

async function feed(to, piece, bytes) {
  let text = "";
  for (let i = 0, sent = 0; sent < bytes && !to.destroyed; i += 1) {
    const next = piece(i);
    sent += next.length;
    text += next;
    if (text.length < CHUNK) continue;
    if (!to.write(text)) await drained(to);
    text = "";
  }
  to.end(text);
}

/** The reader takes more, or is gone. */
function drained(to) {
  return new Promise((resolve) => {
    const go = () => {
      to.off("drain", go);
      to.off("close", go);
      resolve();
    };
    to.on("drain", go);
    to.on("close", go);
  });
}
