// The command line as its user meets it: messages, exit codes, formats, pipes.

import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { main } from "../src/cli/main.ts";

const EXAMPLE = new URL("../examples/netstamp-clear.log", import.meta.url).pathname;
const BUILT = new URL("../bin/stallscope.js", import.meta.url).pathname;
const isBuilt = existsSync(new URL("../dist/cli/main.js", import.meta.url).pathname);
const work = mkdtempSync(join(tmpdir(), "stallscope-cli-"));
afterAll(() => rmSync(work, { recursive: true, force: true }));

describe("what the command line refuses, in one line each", () => {
  test.each([
    [["analyze", join(work, "no-such.log")], 3, /no-such\.log/],
    [["analyze", write("empty.log", "")], 3, /empty/],
    [
      ["analyze", write("photo.log", Buffer.from("ffd8ffe000104a46494600010101", "hex"))],
      3,
      /JPEG|image|binary/i,
    ],
    [["analyze", "--colour"], 2, /--colour/],
    [["analyze", "--format", "yaml", EXAMPLE], 2, /terminal, json, markdown, html/],
    [["analyze", "--lang", "fr", EXAMPLE], 2, /en, zh/],
    [["frobnicate"], 2, /--help/],
    [["explain", "soft lokcup"], 2, /did you mean 'soft-lockup'/],
    [["explain", "\u001b[31m\u202e"], 2, /\\u\{1b\}\[31m\\u\{202e\}.*--list/],
    [["explain"], 2, /--help/],
    [["analyze", "-o", join(work, "no", "dir", "x.md"), EXAMPLE], 3, /cannot write/],
  ])("%j", async (args, code, message) => {
    const run = await cli(args);
    expect(run.code).toBe(code);
    expect(run.err).toMatch(message);
    expect(run.err.trimEnd().split("\n").length).toBe(1);
    expect(run.out).toBe("");
  });

  test("an unreadable file", async () => {
    const path = write("secret.log", "x");
    chmodSync(path, 0o000);
    if (process.getuid?.() === 0) return expect(existsSync(path)).toBe(true); // root reads everything
    const run = await cli(["analyze", path]);
    expect(run).toMatchObject({ code: 3, out: "" });
  });

  test("a name that would drive a terminal is shown, not obeyed", async () => {
    const run = await cli(["analyze", join(work, "\u001b[31mred\u202e.log")]);
    expect(run.err).not.toMatch(/[\u001b\u202e]/);
  });
});

describe("what the command line answers", () => {
  test("no argument: the summary, exit 2; --help exits 0", async () => {
    expect((await cli([])).code).toBe(2);
    expect((await cli(["--help"])).out).toContain("usage: stallscope COMMAND");
    expect((await cli(["--version"])).out).toBe("0.0.0-test\n");
  });

  test.each(["analyze", "report", "explain"])("%s --help has an example", async (name) => {
    const run = await cli([name, "--help"]);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(/example: .*stallscope/);
  });

  test("explain takes words as they stand in a log, in either language", async () => {
    expect((await cli(["explain", "stuck", "for"])).out).toContain("Does not prove");
    expect((await cli(["explain", "--lang", "zh", "软锁死"])).out).toContain("不能证明");
    expect((await cli(["explain", "--list"])).out).toMatch(/text-poke +kernel code patching/);
    const found = JSON.parse((await cli(["explain", "--format", "json", "taint L"])).out);
    expect(found.topics[0]).toMatchObject({ id: "taint-L", kind: "taint" });
  });

  test.each(["terminal", "json", "markdown", "html"])(
    "--redact hides the host in %s",
    async (format) => {
      const run = await cli(["analyze", "--redact", "--format", format, EXAMPLE]);
      expect(run.out).not.toContain("gaoji");
      expect(run.out).toContain("text_poke_bp_batch");
      expect(run.out).toContain("5.10.0-136.12.0.90.ctl3.x86_64");
    },
  );

  test("--exit-code: 1 with an incident, 0 without", async () => {
    const clean = write("clean.log", "[    1.000000] usb 1-1: new device\n");
    expect((await cli(["analyze", "--exit-code", EXAMPLE])).code).toBe(1);
    expect((await cli(["analyze", EXAMPLE])).code).toBe(0);
    expect((await cli(["analyze", "--exit-code", clean])).code).toBe(0);
  });

  test("several files are one report with one source each", async () => {
    const other = write(
      "other.log",
      readFileSync(EXAMPLE, "utf8").replaceAll("176044.", "199044."),
    );
    const run = await cli(["analyze", "--format", "json", EXAMPLE, other]);
    const report = JSON.parse(run.out);
    expect(report.sources.map((s: { id: string }) => s.id)).toEqual(["s1", "s2"]);
    expect(report.events.map((e: { id: string }) => e.id)).toEqual(["e1", "e2"]);
  });

  test("one file named twice holds one event", async () => {
    const run = await cli(["analyze", "--format", "json", EXAMPLE, EXAMPLE]);
    const [event, ...more] = JSON.parse(run.out).events;
    expect(more).toEqual([]);
    expect(event.alsoIn).toEqual([{ ...event.from, source: "s2" }]);
  });

  test("-o writes the file and nothing to standard output", async () => {
    const path = join(work, "report.md");
    const run = await cli(["report", "--lang", "zh", "-o", path, EXAMPLE]);
    expect(run).toMatchObject({ code: 0, out: "" });
    expect(readFileSync(path, "utf8")).toContain("## 解决方案");
  });

  test("a pipe gets neither colour nor progress", async () => {
    const run = await cli(["analyze", EXAMPLE]);
    expect(run.out).not.toContain("\u001b");
    expect(run.err).toBe("");
  });
});

describe.skipIf(!isBuilt)("the built program", () => {
  test("reads standard input", () => {
    const run = spawnSync(process.execPath, [BUILT, "analyze", "-"], {
      input: readFileSync(EXAMPLE),
      encoding: "utf8",
    });
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("text_poke_bp_batch+0xed/0x290");
  });

  test.each([
    ["gzip", ["-c"]],
    ["bzip2", ["-c"]],
    ["xz", ["-c"]],
    ["zstd", ["-q", "-c"]],
  ])("reads what %s packed", (tool, flags) => {
    const packed = spawnSync(tool, [...flags, EXAMPLE], { maxBuffer: 1 << 24 });
    if (packed.error) return console.log(`skipped: ${tool} is missing (Debian package ${tool})`);
    const path = write(`packed.${tool}`, packed.stdout);
    const run = spawnSync(process.execPath, [BUILT, "analyze", path], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout).toContain("text_poke_bp_batch+0xed/0x290");
  });

  test("a closed pipe is no error", () => {
    const script = `'${process.execPath}' '${BUILT}' analyze --format json '${EXAMPLE}' | head -c 10; printf "\\n%s" "\${PIPESTATUS[0]}"`;
    const run = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect(run.stderr).toBe("");
    expect(run.stdout.trimEnd().split("\n").at(-1)).toBe("0");
  });
});

function write(name: string, content: string | Buffer): string {
  const path = join(work, name);
  writeFileSync(path, content);
  return path;
}

async function cli(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await main(args, {
    out: async (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
  });
  return { code, out, err };
}
