import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { AppError } from "#base/app-error.ts";
import { decompress } from "./decompress-stream.ts";
import { openLogs } from "./open-logs.ts";

const folder = mkdtempSync(join(tmpdir(), "stallscope-hostile-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const LOG = "[    1.000000] BUG: kernel text\n".repeat(3);

describe("openLogs", () => {
  test.each<[string, Buffer]>([
    ["garbage behind a gzip member", Buffer.concat([gzipSync(LOG), Buffer.from("x".repeat(99))])],
    ["a wrong checksum", Buffer.concat([gzipSync(LOG).subarray(0, -8), Buffer.alloc(8, 1)])],
    ["a gzip that breaks off inside another", gzipSync(gzipSync(LOG).subarray(0, -9))],
  ])("reads what stands before %s", async (name, bytes) => {
    const { texts, warnings } = await readAll([put(`${name}.gz`, bytes)]);
    expect(texts.join("").slice(0, 20)).toBe(LOG.slice(0, 20));
    expect(warnings).toEqual([expect.stringMatching(/gzip data breaks off .*: read up to there$/)]);
  });

  test("an error of what feeds gzip is its own, not an event nobody hears", async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield gzipSync(LOG).subarray(0, 20);
      throw new AppError("file/too-large", "bomb", "unpack it");
    };
    const chunks = decompress("gzip", failing(), { name: "a", warn: () => undefined });
    await expect(drain(chunks)).rejects.toThrow("bomb");
  });

  test("a file without end but for NUL bytes ends", async () => {
    const sparse = put("sparse.log", Buffer.from(LOG));
    truncateSync(sparse, 2 ** 40);
    const { texts, warnings } = await readAll([sparse]);
    expect(texts.join("").slice(0, 28)).toBe(LOG.slice(0, 28));
    expect(warnings).toEqual([expect.stringMatching(/nothing but NUL bytes for 256 MiB: read up/)]);
  });

  test.runIf(existsSync("/dev/zero"))("a device without end is refused", async () => {
    await expect(readAll(["/dev/zero"])).rejects.toThrow("nothing but NUL bytes for 256 MiB");
  });

  test("in a folder one bad file or link does not hide the others", async () => {
    const logs = join(folder, "logs");
    mkdirSync(join(logs, "deeper"), { recursive: true });
    writeFileSync(join(logs, "messages"), LOG);
    writeFileSync(join(logs, "messages.1.gz"), Buffer.concat([gzipSync(""), Buffer.alloc(30, 7)]));
    symlinkSync("..", join(logs, "deeper", "loop"));
    symlinkSync("/dev/zero", join(logs, "kern.log"));
    const { texts, warnings } = await readAll([logs]);
    expect(texts).toEqual([LOG]);
    expect(warnings).toEqual([expect.stringContaining("messages.1.gz: damaged gzip data")]);
  });
});

async function drain(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks) {
    // Only its end matters.
  }
}

async function readAll(names: readonly string[]): Promise<{ texts: string[]; warnings: string[] }> {
  const texts: string[] = [];
  const warnings: string[] = [];
  for await (const { chunks } of openLogs(names, { warn: (text) => warnings.push(text) })) {
    let text = "";
    for await (const chunk of chunks) if (!isHole(chunk)) text += Buffer.from(chunk).toString();
    texts.push(text);
  }
  return { texts, warnings };
}

function isHole(chunk: Uint8Array): boolean {
  return chunk[0] === 0;
}

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}
