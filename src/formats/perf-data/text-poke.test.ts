import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { codeAt, readTextPokes, type TextPokeRecord } from "./text-poke.ts";

const CAPTURED = "corpus/textpoke/6.1.0-56-amd64-4cpu.perf.data";

describe("readTextPokes", () => {
  test("reads what the kernel wrote: address, old and new bytes, who and when", () => {
    const [first] = captured();
    expect(first).toMatchObject({ address: 0xffffffff817d6f9bn, cpu: 0 });
    expect(hex(first?.old)).toBe("6690");
    expect(hex(first?.new)).toBe("eb7e");
    expect(first?.time).toBeGreaterThan(1_000_000_000n);
  });

  test("agrees with perf script record by record", ({ skip }) => {
    if (!hasPerf()) skip("perf is not installed (Debian package linux-perf)");
    const told = execFileSync("perf", ["script", "-i", CAPTURED, "--show-text-poke-events"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    expect(captured().map(asPerfPrints)).toEqual(perfPrints(told));
  });

  test("is quiet about an empty recording and says what is no recording", () => {
    expect(readTextPokes(bytesSource(new Uint8Array(0)))).toMatchObject({
      ok: false,
      error: { code: "perf/not-perf-data" },
    });
    const swapped = new TextEncoder().encode("2ELIFREP".padEnd(104, "\0"));
    expect(readTextPokes(bytesSource(swapped))).toMatchObject({
      error: { code: "perf/big-endian" },
    });
  });

  test("names where a truncated recording ends and keeps what came before", () => {
    const whole = bytes();
    const read = readTextPokes(bytesSource(whole.subarray(0, whole.length - 20)));
    expect(read.ok && read.value.records.length).toBe(captured().length - 1);
    expect(read.ok && read.value.gaps.map((gap) => gap.reason)).toContain("truncated");
  });

  test("never throws on damaged files, and every record lies inside the file", () => {
    const whole = bytes();
    fc.assert(
      fc.property(damage(whole.length), ({ cut, flips }) => {
        const damaged = whole.slice(0, cut);
        for (const { at, bit } of flips) {
          if (at < damaged.length) damaged[at] = (damaged[at] ?? 0) ^ (1 << bit);
        }
        const read = readTextPokes(bytesSource(damaged));
        if (!read.ok) return true;
        return read.value.records.every((record) => record.offset < damaged.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe("codeAt", () => {
  test("knows the code before, between and after the records, from either end", () => {
    const records = captured();
    const address = 0xffffffff817d97ddn;
    const times = records.filter((record) => record.address === address).map((r) => r.time ?? 0n);
    const at = (time: bigint) => hex(codeAt(records, address, 5, time).bytes);
    expect(at(0n)).toBe("0f1f440000");
    expect(at(times[0] ?? 0n)).toBe("e9e1000000");
    expect(at(times[1] ?? 0n)).toBe("0f1f440000");
  });

  test("does not claim bytes no record covers", () => {
    expect(codeAt(captured(), 0x1000n, 2).bytes).toEqual([undefined, undefined]);
  });
});

function bytes(): Uint8Array {
  return readFileSync(CAPTURED);
}

function captured(): readonly TextPokeRecord[] {
  const read = readTextPokes(bytesSource(bytes()));
  return read.ok ? read.value.records : [];
}

function hex(values: Iterable<number | undefined> | undefined): string {
  return [...(values ?? [])].map((byte) => (byte ?? 0).toString(16).padStart(2, "0")).join("");
}

function hasPerf(): boolean {
  return ["/usr/bin/perf", "/bin/perf"].some((path) => existsSync(path));
}

function asPerfPrints(record: TextPokeRecord): string {
  return `${record.address.toString(16)} ${hex(record.old)} ${hex(record.new)} ${record.cpu}`;
}

/** `:17 17 [000] 2.239443: PERF_RECORD_TEXT_POKE ffffffff817d6f9b  old len 2 new len 2`, then two lines of bytes. */
function perfPrints(told: string): string[] {
  const heads = [...told.matchAll(/\[(\d+)\][^\n]*TEXT_POKE ([0-9a-f]+)/g)];
  const olds = [...told.matchAll(/Old bytes: ([0-9a-f ]+)/g)];
  const news = [...told.matchAll(/New bytes: ([0-9a-f ]+)/g)];
  return heads.map((head, i) => {
    const plain = (match: RegExpMatchArray | undefined) => (match?.[1] ?? "").replaceAll(" ", "");
    return `${head[2]} ${plain(olds[i])} ${plain(news[i])} ${Number(head[1])}`;
  });
}

function damage(length: number) {
  return fc.record({
    cut: fc.integer({ min: 0, max: length }),
    flips: fc.array(
      fc.record({
        at: fc.integer({ min: 0, max: length - 1 }),
        bit: fc.integer({ min: 0, max: 7 }),
      }),
      { maxLength: 8 },
    ),
  });
}
