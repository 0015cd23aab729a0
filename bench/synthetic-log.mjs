// Synthetic logs for the figures: a day of syslog with reports strewn in, a storm of short reports, and
// one line without an end. Written in blocks, so that making a 2 GB file needs no memory.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

const EXAMPLE = new URL("../examples/netstamp-clear.log", import.meta.url);
const BLOCK_LINES = 20_000;

const CHATTER = [
  (n) => `sshd[${1000 + (n % 30000)}]: Accepted publickey for ops from 10.1.${n % 250}.7 port ${n}`,
  (n) => `systemd[1]: Started Session ${n} of user ops.`,
  (n) => `kernel: [${stamp(n)}] device veth${n % 4096} entered promiscuous mode`,
  (n) => `CROND[${n % 30000}]: (root) CMD (/usr/lib64/sa/sa1 1 1)`,
  (n) => `kernel: [${stamp(n)}] br0: port ${n % 16}(veth${n % 4096}) entered forwarding state`,
  (n) => `dockerd[2211]: time="2025-06-28T20:15:54" level=info msg="ignoring event" container=${n}`,
];

/** About `bytes` of syslog with `reports` soft lockups at even distances. Returns bytes written. */
export function writeSyslog(path, bytes, reports) {
  const report = readFileSync(EXAMPLE, "utf8").trimEnd();
  const every = Math.floor(bytes / reports);
  let number = 0;
  let due = every;
  return writeBlocks(path, bytes, (written) => {
    const lines = [];
    for (let i = 0; i < BLOCK_LINES; i++, number++) {
      lines.push(`Jun 28 20:15:54 node7 ${CHATTER[number % CHATTER.length](number)}`);
    }
    if (written >= due) {
      lines.push(report);
      due += every;
    }
    return `${lines.join("\n")}\n`;
  });
}

/** `count` warnings of four lines from `places` call sites. */
export function writeWarnings(path, count, places = 7) {
  let number = 0;
  return writeBlocks(path, Number.POSITIVE_INFINITY, () => {
    if (number >= count) return undefined;
    let block = "";
    for (let i = 0; i < BLOCK_LINES && number < count; i++, number++)
      block += warning(number, places);
    return block;
  });
}

/** One line of `bytes` bytes, closed by a newline. */
export function writeOneLine(path, bytes) {
  const part = "x".repeat(1 << 20);
  const written = writeBlocks(path, bytes, () => part);
  const file = openSync(path, "a");
  writeSync(file, "\n");
  closeSync(file);
  return written + 1;
}

function warning(number, places) {
  const place = number % places;
  const at = `[${stamp(number)}]`;
  const prefix = `Jun 28 20:15:54 node7 kernel: ${at}`;
  return `${prefix} WARNING: CPU: ${number % 64} PID: ${number} at drivers/net/card${place}.c:${100 + place} card_poll${place}+0x5a/0x80 [card]
${prefix} Call Trace:
${prefix}  napi_poll+0x2a/0x1c0
${prefix} ---[ end trace 0000000000000000 ]---
`;
}

function writeBlocks(path, bytes, nextBlock) {
  const file = openSync(path, "w");
  let written = 0;
  try {
    while (written < bytes) {
      const block = nextBlock(written);
      if (block === undefined) break;
      written += writeSync(file, block);
    }
  } finally {
    closeSync(file);
  }
  return written;
}

function stamp(n) {
  return `${String(100 + Math.floor(n / 1000)).padStart(5)}.${String((n % 1000) * 1000).padStart(6, "0")}`;
}
