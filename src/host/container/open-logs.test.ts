import { execFileSync } from "node:child_process";
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AppError } from "#base/app-error.ts";
import { openLogs } from "./open-logs.ts";

const LOG = "[    1.000000] one\n[    2.000000] two\n".repeat(50_000);
let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "open-logs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("openLogs", () => {
  test.each([
    ["gzip", ["-c"]],
    ["bzip2", ["-c"]],
    ["xz", ["-c"]],
    ["zstd", ["-c", "-q"]],
  ])("reads what %s wrote, whatever the file is called", async (tool, args) => {
    const packed = pack(tool, args, Buffer.from(LOG));
    if (packed === undefined) return;
    const [log] = await readAll([put(`${tool}.dat`, packed)]);
    expect(log?.text === LOG).toBe(true);
  });

  test.each(["gzip", "bzip2"])("reads %s streams that follow one another", async (tool) => {
    const half = pack(tool, ["-c"], Buffer.from(LOG));
    if (half === undefined) return;
    const [log] = await readAll([put(`${tool}.two`, Buffer.concat([half, half]))]);
    expect(log?.text.length).toBe(2 * LOG.length);
  });

  test("keeps what came before the end of a cut file and says so", async () => {
    const packed = gzipSync(randomText(400_000));
    const warnings: string[] = [];
    const [log] = await readAll([put("cut.gz", packed.subarray(0, packed.length / 2))], warnings);
    expect(log?.text.length).toBeGreaterThan(100_000);
    expect(warnings).toEqual([expect.stringContaining("breaks off")]);
  });

  test("reads a growing file up to the size it had, and a shrinking one up to its end", async () => {
    const path = put("growing.log", Buffer.from(LOG));
    const opened = openLogs([path], { warn: () => undefined });
    const { value } = await opened.next();
    appendFileSync(path, LOG);
    expect(value && (await lengthOf(value.chunks))).toBe(LOG.length);
    truncateSync(path, 100);
    const again = await readAll([path]);
    expect(again[0]?.text).toBe(LOG.slice(0, 100));
  });

  test("refuses a file that unpacks to hundreds of times its size without end", async () => {
    const zeros = gzipSync(Buffer.alloc(1 << 26), { level: 9 });
    const bomb = put("bomb.gz", Buffer.concat(new Array(20).fill(zeros)));
    const opened = openLogs([bomb], { warn: () => undefined });
    const { value } = await opened.next();
    await expect(value && lengthOf(value.chunks)).rejects.toMatchObject({ code: "file/too-large" });
  });

  test("gives rotated logs oldest first and passes other files over", async () => {
    const logs = join(folder, "log");
    mkdirSync(logs);
    for (const name of ["messages", "messages.1", "messages.2.gz", "messages.10.gz"]) {
      const text = Buffer.from(`[    1.000000] ${name}\n`);
      writeFileSync(join(logs, name), name.endsWith(".gz") ? gzipSync(text) : text);
    }
    writeFileSync(join(logs, "wtmp"), Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]));
    const names = (await readAll([logs], [])).map((log) => log.name.slice(logs.length + 1));
    expect(names).toEqual(["messages.10.gz", "messages.2.gz", "messages.1", "messages"]);
  });

  test("says which file a log goes on in, unless one between them is cut or no log", async () => {
    const logs = join(folder, "rotated");
    mkdirSync(logs);
    const text = Buffer.from(LOG.slice(0, 4000));
    writeFileSync(join(logs, "messages.4.gz"), gzipSync(text));
    writeFileSync(join(logs, "messages.3.gz"), gzipSync(randomText(4000)).subarray(0, 1500));
    writeFileSync(join(logs, "messages.2"), text);
    writeFileSync(join(logs, "messages.1"), "");
    writeFileSync(join(logs, "messages"), text);
    const links = new Map<string, string | undefined>();
    for await (const { name, chunks, continues } of openLogs([logs], { warn: () => undefined })) {
      links.set(name.slice(logs.length + 1), continues);
      await lengthOf(chunks);
    }
    expect([...links]).toEqual([
      ["messages.4.gz", undefined],
      ["messages.3.gz", "numbered"],
      ["messages.2", undefined],
      ["messages", "numbered"],
    ]);
  });

  test("finds the logs of a packed archive and puts them in order", async () => {
    const root = join(folder, "sosreport");
    mkdirSync(join(root, "var/log"), { recursive: true });
    mkdirSync(join(root, "etc"), { recursive: true });
    writeFileSync(join(root, "var/log/messages"), "b\n");
    writeFileSync(join(root, `var/log/messages-20250629`), "a\n");
    writeFileSync(join(root, "etc/rsyslog.conf"), "no log\n");
    const archive = join(folder, "sos.tgz");
    execFileSync("tar", ["-czf", archive, "-C", folder, "sosreport"]);
    const logs = await readAll([archive]);
    expect(logs.map((log) => [log.name.slice(archive.length), log.text])).toEqual([
      [":sosreport/var/log/messages-20250629", "a\n"],
      [":sosreport/var/log/messages", "b\n"],
    ]);
  });

  test.each([
    ["a JPEG", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 1, 2]), "file/not-a-log"],
    ["an ELF file", Buffer.from("\x7fELF\x02\x01\x01"), "file/not-a-log"],
    [
      "random bytes",
      Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 31) % 256)),
      "file/not-a-log",
    ],
    ["an empty file", Buffer.alloc(0), "file/empty"],
    ["broken gzip", Buffer.from([0x1f, 0x8b, 8, 0, 9, 9, 9, 9, 9, 9, 9, 9, 9]), "file/unreadable"],
  ])("refuses %s with a code", async (name, bytes, code) => {
    await expect(readAll([put(name, bytes)])).rejects.toMatchObject({ code });
  });

  test("in a folder with logs reads only what is named like one; without any such name, all text", async () => {
    const mixed = join(folder, "mixed");
    mkdirSync(mixed);
    writeFileSync(join(mixed, "messages"), "[    1.000000] one\n");
    writeFileSync(join(mixed, "notes.txt"), "[    2.000000] two\n");
    expect((await readAll([mixed])).map(({ name }) => name)).toEqual([join(mixed, "messages")]);
    const plain = join(folder, "plain");
    mkdirSync(plain);
    writeFileSync(join(plain, "capture.txt"), "[    2.000000] two\n");
    expect((await readAll([plain])).map(({ name }) => name)).toEqual([join(plain, "capture.txt")]);
  });

  test("refuses a missing file and a folder without logs", async () => {
    await expect(readAll([join(folder, "none")])).rejects.toMatchObject({ code: "file/missing" });
    mkdirSync(join(folder, "empty"));
    const error: unknown = await readAll([join(folder, "empty")]).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AppError);
  });

  test("takes UTF-16 and NUL bytes for text", async () => {
    const utf16 = Buffer.from("\ufeff[    1.000000] one\n", "utf16le");
    const nul = Buffer.concat([Buffer.alloc(8192), Buffer.from("[    1.000000] one\n")]);
    const logs = await readAll([put("utf16", utf16), put("nul", nul)]);
    expect(logs.map((log) => log.text.replaceAll("\0", "").trim())).toEqual(
      Array(2).fill("[    1.000000] one"),
    );
  });
});

async function lengthOf(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let length = 0;
  for await (const chunk of chunks) length += chunk.length;
  return length;
}

function put(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

function pack(tool: string, args: readonly string[], input: Buffer): Buffer | undefined {
  try {
    return execFileSync(tool, args, { input, maxBuffer: 1 << 28 });
  } catch {
    console.log(
      `skipped: ${tool} is missing (Debian package ${tool === "xz" ? "xz-utils" : tool})`,
    );
    return undefined;
  }
}

async function readAll(
  names: readonly string[],
  warnings: string[] = [],
): Promise<{ name: string; text: string }[]> {
  const logs: { name: string; text: string }[] = [];
  for await (const { name, chunks } of openLogs(names, { warn: (text) => warnings.push(text) })) {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    logs.push({ name, text: Buffer.concat(parts).toString("utf8") });
  }
  return logs;
}

/** Text that does not compress to almost nothing, the same on every run. */
function randomText(length: number): string {
  let state = 1;
  let text = "";
  while (text.length < length) {
    state = (state * 48271) % 2147483647;
    text += state.toString(36);
  }
  return text;
}
