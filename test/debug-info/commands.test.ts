// The commands that take a vmlinux, on a program built here and a report of it: source lines, variables,
// a listing, and a vmlinux of another build.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";

const present = haveTools("gcc", "addr2line");

describe.skipIf(!present)("commands with --vmlinux", () => {
  let workshop: Workshop;
  let image = "";
  let place = "";
  let log = "";
  /** The line of the trap, by addr2line's word. */
  let line = 0;

  beforeAll(() => {
    workshop = openWorkshop();
    image = workshop.compile("kernel", ["-g"]);
    place = `other+0x0/0x${sizeOf("other").toString(16)}`;
    line = Number(/:(\d+)/.exec(workshop.run("addr2line", ["-e", image, addressOf("other")]))?.[1]);
    log = join(workshop.directory, "stall.log");
    writeFileSync(log, report(place));
  });
  afterAll(() => workshop?.remove());

  test("analyze: the line RIP stands on and the arguments in their registers", async () => {
    const run = await cli(["analyze", "--format", "json", "--vmlinux", image, log]);
    expect(run).toMatchObject({ code: 0, err: "" });
    const event = JSON.parse(run.out).events[0];
    expect(event.rip).toMatchObject({ symbol: "other", line });
    expect(event.rip.file).toMatch(/other\.c$/);
    expect(event.locals).toContainEqual(
      expect.objectContaining({
        name: "count",
        type: "long",
        value: "7",
        where: "rsi",
        state: "known",
      }),
    );
    expect(event.locals).toContainEqual(
      expect.objectContaining({ name: "loc", value: "0xffff888000001000", state: "known" }),
    );
  });

  test("analyze --source: the user's own lines around it, the trap marked", async () => {
    const run = await cli([
      "analyze",
      "--format",
      "json",
      "--vmlinux",
      image,
      "--source",
      workshop.directory,
      log,
    ]);
    const listing = JSON.parse(run.out).events[0].listing;
    expect(listing.lines.find((line: { mark?: string }) => line.mark === "*")).toMatchObject({
      n: line,
      text: expect.stringContaining("struct list *at"),
    });
  });

  test("analyze: a vmlinux of another build is said to be one, and adds nothing", async () => {
    const other = report("other+0x0/0x9999").replace("main+0x1/0x2", "main+0x1/0x9998");
    const path = join(workshop.directory, "other.log");
    writeFileSync(path, `${other}[    1.000009]  kthread+0x1/0x9997\n`);
    const run = await cli(["analyze", "--format", "json", "--vmlinux", image, path]);
    expect(run.code).toBe(0);
    expect(run.err).toMatch(/of another build/);
    expect(JSON.parse(run.out).events[0].rip).not.toHaveProperty("file");
  });

  test("symbolize: the text with places added, nothing else changed", async () => {
    const run = await cli(["symbolize", "--vmlinux", image, log]);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(new RegExp(`other\\+0x0/0x[0-9a-f]+ \\(.*other\\.c:${line}\\)`));
    expect(run.out.replace(/ \([^()]*other\.c:\d+[^()]*\)/g, "")).toBe(report(place));
  });

  test("dis -s: FILE, LINE and the function's lines", async () => {
    const run = await cli(["dis", "-s", place, "--vmlinux", image, "--source", workshop.directory]);
    expect(run.code).toBe(0);
    expect(run.out).toMatch(new RegExp(`^FILE: .*other\\.c\\nLINE: ${line}\\n`));
    expect(run.out).toMatch(new RegExp(`^\\* +${line} `, "m"));
  });

  test.each([
    [["dis", "no_such_function+0x1"], /no_such_function/],
    [["symbolize", "--vmlinux", "/no/such/vmlinux"], /no\/such\/vmlinux/],
  ])("%j is one line and no stack trace", async (args, message) => {
    const run = await cli(args[0] === "dis" ? [...args, "--vmlinux", image] : args);
    expect(run.code).not.toBe(0);
    expect(run.err).toMatch(message);
    expect(run.err.trimEnd().split("\n").length).toBe(1);
  });

  function symbolLine(symbol: string): readonly string[] {
    const lines = workshop.run("nm", ["-S", image]).split("\n");
    return lines.find((text) => text.endsWith(` ${symbol}`))?.split(" ") ?? [];
  }

  function addressOf(symbol: string): string {
    return symbolLine(symbol)[0] ?? "";
  }

  function sizeOf(symbol: string): number {
    return Number.parseInt(symbolLine(symbol)[1] ?? "0", 16);
  }
});

function report(place: string): string {
  return [
    "watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [burn:77]",
    "CPU: 1 PID: 77 Comm: burn Not tainted 6.1.0 #1",
    `RIP: 0010:${place}`,
    "RSP: 0018:ffffab073cd0fe10 EFLAGS: 00000286",
    "RDX: 0000000000000000 RSI: 0000000000000007 RDI: ffff888000001000",
    "Call Trace:",
    " kthread+0xfe/0x140",
  ]
    .map((text, i) => `[    1.00000${i}] ${text}\n`)
    .join("");
}

async function cli(args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  const out: Buffer[] = [];
  let err = "";
  const code = await main(args, {
    out: async (piece) => {
      out.push(Buffer.from(piece));
    },
    err: (text) => {
      err += text;
    },
    outIsTerminal: false,
    errIsTerminal: false,
    columns: 80,
  });
  return { code, out: Buffer.concat(out).toString(), err };
}
