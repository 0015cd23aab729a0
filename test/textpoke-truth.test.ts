// The model held against real kernels: what Debian's 6.1 and 6.12 wrote and counted under QEMU
// (scripts/lab/textpoke), committed under corpus/textpoke.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { readTextPokes } from "#formats/perf-data/text-poke.ts";
import {
  type CodeImage,
  imageBackward,
  imageForward,
  sameImage,
  type TextPoke,
  toRecordBytes,
} from "#simulator/textpoke/code-image.ts";
import { toConfiguration } from "#simulator/textpoke/default-configuration.ts";
import { ipisPerToggle } from "#simulator/textpoke/program.ts";
import { run } from "#simulator/textpoke/run.ts";
import {
  parseScenario,
  type Scenario,
  scenarioConfiguration,
} from "#simulator/textpoke/scenario.ts";

const FOLDER = "corpus/textpoke";
const KERNELS = [
  {
    kernel: "6.1.0-56-amd64",
    machines: [2, 3, 4, 8],
    slopes: [
      [2, 4],
      [4, 8],
    ],
  },
  { kernel: "6.12.117+deb12-amd64", machines: [2, 4], slopes: [[2, 4]] },
] as const;
/** The lab flips the key four times with the records kept. */
const FLIPS = 4;
/** Bytes of the sample id behind each record: tid, time, cpu. */
const SAMPLE_ID = 24;

describe.each(KERNELS)("Debian $kernel under QEMU", ({ kernel, machines, slopes }) => {
  test.each(machines)("%i CPUs: records equal the model's in address, bytes and order", (cpus) => {
    expect(capturedRecords(kernel, cpus).map(words)).toEqual(modelRecords(kernel).map(words));
  });

  test.each(machines)(
    "%i CPUs: each record is the model's byte for byte, up to its sample id",
    (cpus) => {
      const raw = readFileSync(`${FOLDER}/${kernel}-${cpus}cpu.perf.data`);
      const real = capturedRecords(kernel, cpus);
      modelRecords(kernel).forEach((record, index) => {
        const bytes = toRecordBytes(record, SAMPLE_ID);
        const begin = real[index]?.offset ?? 0;
        const withoutId = bytes.length - SAMPLE_ID;
        expect([...raw.subarray(begin, begin + withoutId)]).toEqual([
          ...bytes.subarray(0, withoutId),
        ]);
      });
    },
  );

  test.each(machines)(
    "%i CPUs: the records turn the first image into the last and back",
    (cpus) => {
      const { code } = counted(kernel, cpus);
      const records = capturedRecords(kernel, cpus).map((record, time) => ({
        ...record,
        time,
        cpu: 0,
      }));
      const first = imageOf(code.before);
      const last = imageOf(code.after);
      for (let time = -1; time < records.length; time++) {
        const forward = imageForward(first, records, time);
        expect(sameImage(forward, imageBackward(last, records, time))).toBe(true);
      }
      expect(sameImage(imageForward(first, records, records.length), last)).toBe(true);
    },
  );

  test.each(machines)("%i CPUs: a flip costs the model's interrupts within 1 %%", (cpus) => {
    const { calPerFlip, flips } = counted(kernel, cpus);
    const model = ipisPerToggle(toConfiguration({ cpus, sites: scenario(kernel).sites }));
    expect(flips).toBeGreaterThanOrEqual(1000);
    expect(Math.abs(calPerFlip - model) / model).toBeLessThan(0.01);
  });

  test.each(slopes)(
    "from %i to %i CPUs each further one costs three interrupts a flip, within 1 %%",
    (few, more) => {
      const slope =
        (counted(kernel, more).calPerFlip - counted(kernel, few).calPerFlip) / (more - few);
      expect(Math.abs(slope - 3) / 3).toBeLessThan(0.01);
    },
  );

  test("interrupts go to every CPU but the one that patches", () => {
    const { interrupts, flips } = counted(kernel, 4);
    const each = interrupts.flipped.CAL.map(
      (count, cpu) => count - (interrupts.start.CAL[cpu] ?? 0),
    );
    expect(each[0]).toBe(0);
    for (const count of each.slice(1)) expect(Math.abs(count / flips - 3)).toBeLessThan(0.03);
  });
});

interface Counted {
  readonly flips: number;
  readonly calPerFlip: number;
  readonly interrupts: Readonly<Record<"start" | "flipped", { readonly CAL: readonly number[] }>>;
  readonly code: Readonly<Record<"before" | "after", Readonly<Record<string, string>>>>;
}

function counted(kernel: string, cpus: number): Counted {
  return JSON.parse(readFileSync(`${FOLDER}/${kernel}-${cpus}cpu.json`, "utf8"));
}

function capturedRecords(kernel: string, cpus: number) {
  const bytes = readFileSync(`${FOLDER}/${kernel}-${cpus}cpu.perf.data`);
  const read = readTextPokes(bytesSource(bytes));
  if (!read.ok) throw new Error(read.error.code);
  return read.value.records;
}

function scenario(kernel: string): Scenario {
  const read = parseScenario(readFileSync(`${FOLDER}/${kernel}.scenario`, "utf8"));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

/** The model flips the key as often; its sites come from the vmlinux, not from the recording. */
function modelRecords(kernel: string): readonly TextPoke[] {
  const { sockets: _, ...rest } = scenario(kernel);
  const configuration = scenarioConfiguration({ ...rest, sockets: [], toggles: FLIPS });
  return run(configuration, { seed: 1 }).records;
}

function words(record: { address: bigint; old: Uint8Array; new: Uint8Array }): string {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  return `${record.address.toString(16)} ${hex(record.old)} ${hex(record.new)}`;
}

function imageOf(code: Readonly<Record<string, string>>): CodeImage {
  const image = new Map<bigint, number>();
  for (const [address, bytes] of Object.entries(code)) {
    Buffer.from(bytes, "hex").forEach((byte, i) => {
      image.set(BigInt(`0x${address}`) + BigInt(i), byte);
    });
  }
  return image;
}
