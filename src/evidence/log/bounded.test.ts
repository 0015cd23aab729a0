// What a log makes the reader hold, however it is made: peak of the heap over a log far larger than it.

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, test } from "vitest";
import { openLog } from "./open-log.ts";

const MEBIBYTE = 1 << 20;
/** All of it is garbage at once or bounded; what is held without bound would be several times as much. */
const MOST_HEAP = 96 * MEBIBYTE;
const LINES = 160;
const collect = openCollector();

describe("memory stays bounded by", () => {
  test.each<[string, (index: number) => string]>([
    ["lines of a mebibyte before any stamp", (i) => `x${i} `.padEnd(MEBIBYTE, "y")],
    [
      "prose of a mebibyte",
      (i) => (i === 0 ? "```\n[ 1.000000] a\n```" : `p${i}`.padEnd(MEBIBYTE)),
    ],
    [
      "headlines of a mebibyte",
      (i) =>
        `[ ${i}.000000] BUG: unable to handle page fault for address: ${i}${"z".repeat(MEBIBYTE)}`,
    ],
    [
      "notices of a mebibyte",
      (i) => `[ ${i}.000000] net_ratelimit: 34 callbacks suppressed${"z".repeat(MEBIBYTE)}`,
    ],
    [
      "boots with hosts and versions of a quarter of a mebibyte",
      (i) =>
        JSON.stringify({
          MESSAGE: `Linux version 5.${i} #1 ${"v".repeat(MEBIBYTE / 4)}`,
          _TRANSPORT: "kernel",
          _HOSTNAME: `${"h".repeat(MEBIBYTE / 4)}${i}`,
        }),
    ],
    [
      "reports with long lines",
      (i) =>
        [
          `[ ${i}.000000] WARNING: CPU: 1 PID: 2 at kernel/f${i}.c:1 f${i}+0x1/0x2`,
          `[ ${i}.000000] Call Trace:`,
          ...Array.from(
            { length: 100 },
            () => `[ ${i}.000000]  ? f${i}+0x1/0x2 [${"m".repeat(8000)}]`,
          ),
          `[ ${i}.000000] ---[ end trace 0 ]---`,
        ].join("\n"),
    ],
    [
      "fields of a journal entry",
      (i) => `${i === 0 ? "__CURSOR=a\n" : ""}FIELD_${i}=${"f".repeat(MEBIBYTE)}`,
    ],
  ])("%s", (_, line) => {
    const log = openLog({ id: "s1", name: "log" });
    let most = 0;
    for (let i = 0; i < LINES; i += 1) {
      log.push(Buffer.from(`${line(i)}\n`));
      if (i % 40 === 39) most = Math.max(most, heapNow());
    }
    log.end();
    expect(most).toBeLessThan(MOST_HEAP);
  });
});

/** What is really held: garbage is collected first. */
function heapNow(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

function openCollector(): () => void {
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}
