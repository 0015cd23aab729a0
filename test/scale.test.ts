// Time grows with the log and not with its square, for each thing of which a log may hold thousands. Small
// logs, so that a busy machine gets through; what a real size takes stands in docs/hostile.md.

import { describe, expect, test } from "vitest";
import { analyze, type LogInput } from "#app/analyze.ts";
import { mergeReadings } from "#app/merge.ts";
import { redact } from "#app/redact.ts";
import { diagnose } from "#diagnosis/diagnose.ts";
import { openLog } from "#evidence/log/open-log.ts";
import { chooseLogs } from "#host/container/choose-logs.ts";
import { inLogOrder } from "#host/container/log-order.ts";
import type { Trace } from "#model/reading.ts";
import { piecesOf } from "../bench/hostile-logs.mjs";

const TIMES = 4;
/** A square would be sixteen times the work; collecting garbage takes its share. */
const MOST = 8;
/** So little says nothing on a machine that does other things as well. */
const NOISE_MS = 100;
const ROUNDS = 3;

describe("four times the log takes no sixteen times the work:", () => {
  test.each<[string, number]>([
    ["stalls of many cpus", 300],
    ["stop machine of many cpus", 200],
    ["spinners and holders", 200],
    ["csd stalls", 400],
    ["hung tasks blocked by each other", 200],
    ["hung tasks and held locks", 200],
    ["prose above many incidents", 200],
  ])("diagnosing %s", async (name, count) => {
    const traces = new Map([count, count * TIMES].map((size) => [size, traceOf(name, size)]));
    await expectLinear(count, (size) => diagnose(traces.get(size) ?? traceOf(name, size)));
  });

  test.each<[string, number]>([
    ["open reports by thread", 200],
    ["waiting reports turned", 200],
    ["hosts", 1500],
    ["pstore parts", 5000],
    ["journal message of many lines", 10_000],
  ])("reading %s", async (name, count) => {
    await expectLinear(count, (size) => traceOf(name, size));
  });

  test("one log in many files", async () => {
    const log = [...piecesOf("distinct reports", 10)].join("");
    await expectLinear(12, (files) => read(Array.from({ length: files }, () => log)));
  });

  test("many small logs of one boot", async () => {
    const log =
      "[    1.000000] a\n[    2.000000] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [a:1]\n";
    await expectLinear(200, (files) => read(Array.from({ length: files }, () => log)));
  });

  test("names of hosts to be hidden", async () => {
    const boots = (size: number) =>
      Array.from({ length: size }, (_, index) => ({ index, host: `host${index}`, facts: [] }));
    const empty = await read([""]);
    await expectLinear(4000, (size) => redact({ ...empty, boots: boots(size) }));
  });

  test("folders of pstore dumps", async () => {
    await expectLinear(3000, (size) => {
      const paths = Array.from({ length: size }, (_, at) => [
        `/p/${at}/dmesg.txt`,
        `/p/${at}/dmesg-efi_pstore-${at}`,
      ]).flat();
      return chooseLogs(paths, {
        order: inLogOrder,
        headOf: () => undefined,
        leave: () => undefined,
      });
    });
  });
});

function traceOf(name: string, size: number): Trace {
  const log = openLog({ id: "s1", name: "test.log" });
  log.push(Buffer.from([...piecesOf(name, size)].join("")));
  return mergeReadings([log.end()]);
}

function read(logs: readonly string[]) {
  const inputs = logs.map(
    (log, at): LogInput => ({ name: `${at}.log`, chunks: [Buffer.from(log)] }),
  );
  return analyze(inputs, { version: "0.0.0-test" });
}

/** Looked at again where it seems not to be: another process may have taken the machine's caches. */
async function expectLinear(size: number, run: (size: number) => unknown): Promise<void> {
  await run(size);
  const seen: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const once = await milliseconds(() => run(size));
    const often = await milliseconds(() => run(size * TIMES));
    if (often <= once * MOST + NOISE_MS) return;
    seen.push(`${once.toFixed(0)} ms for ${size}, ${often.toFixed(0)} ms for ${size * TIMES}`);
  }
  expect(seen).toEqual([]);
}

/** Of the processor, whoever else uses it. */
async function milliseconds(run: () => unknown): Promise<number> {
  const from = process.cpuUsage();
  await run();
  return process.cpuUsage(from).user / 1000;
}
