// The model held against a real kernel: what Debian's 6.1 wrote and counted under QEMU
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
const KERNEL = "6.1.0-56-amd64";
const CPUS = [2, 3, 4, 8];
/** The lab flips the key four times with the records kept. */
const FLIPS = 4;
/** Bytes of the sample id behind each record: tid, time, cpu. */
const SAMPLE_ID = 24;

describe(`Debian ${KERNEL} under QEMU`, () => {
  test.each(CPUS)("%i CPUs: records equal the model's in address, bytes and order", (cpus) => {
    expect(capturedRecords(cpus).map(words)).toEqual(modelRecords().map(words));
  });

  test.each(CPUS)(
    "%i CPUs: each record is the model's byte for byte, up to its sample id",
    (cpus) => {
      const raw = readFileSync(`${FOLDER}/${KERNEL}-${cpus}cpu.perf.data`);
      const real = capturedRecords(cpus);
      modelRecords().forEach((record, index) => {
        const bytes = toRecordBytes(record, SAMPLE_ID);
        const begin = real[index]?.offset ?? 0;
        const withoutId = bytes.length - SAMPLE_ID;
        expect([...raw.subarray(begin, begin + withoutId)]).toEqual([
          ...bytes.subarray(0, withoutId),
        ]);
      });
    },
  );

  test.each(CPUS)("%i CPUs: the records turn the first image into the last and back", (cpus) => {
    const { code } = counted(cpus);
    const records = capturedRecords(cpus).map((record, time) => ({ ...record, time, cpu: 0 }));
    const first = imageOf(code.before);
    const last = imageOf(code.after);
    for (let time = -1; time < records.length; time++) {
      const forward = imageForward(first, records, time);
      expect(sameImage(forward, imageBackward(last, records, time))).toBe(true);
    }
    expect(sameImage(imageForward(first, records, records.length), last)).toBe(true);
  });

  test.each(CPUS)("%i CPUs: a flip costs the model's interrupts within 1 %%", (cpus) => {
    const { calPerFlip, flips } = counted(cpus);
    const model = ipisPerToggle(toConfiguration({ cpus, sites: scenario().sites }));
    expect(flips).toBeGreaterThanOrEqual(1000);
    expect(Math.abs(calPerFlip - model) / model).toBeLessThan(0.01);
  });

  test.each([
    [2, 4],
    [4, 8],
  ])(
    "from %i to %i CPUs each further one costs three interrupts a flip, within 1 %%",
    (few, more) => {
      const slope = (counted(more).calPerFlip - counted(few).calPerFlip) / (more - few);
      expect(Math.abs(slope - 3) / 3).toBeLessThan(0.01);
    },
  );

  test("interrupts go to every CPU but the one that patches", () => {
    const { interrupts, flips } = counted(4);
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

function counted(cpus: number): Counted {
  return JSON.parse(readFileSync(`${FOLDER}/${KERNEL}-${cpus}cpu.json`, "utf8"));
}

function capturedRecords(cpus: number) {
  const bytes = readFileSync(`${FOLDER}/${KERNEL}-${cpus}cpu.perf.data`);
  const read = readTextPokes(bytesSource(bytes));
  if (!read.ok) throw new Error(read.error.code);
  return read.value.records;
}

function scenario(): Scenario {
  const read = parseScenario(readFileSync(`${FOLDER}/${KERNEL}.scenario`, "utf8"));
  if (!read.ok) throw new Error(read.error.message);
  return read.value;
}

/** The model flips the key as often; its sites come from the vmlinux, not from the recording. */
function modelRecords(): readonly TextPoke[] {
  const { sockets: _, ...rest } = scenario();
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
