import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../record.ts";
import { openFraming } from "./open-framing.ts";

const SEED = "../shared/seeds/netstamp-clear-soft-lockup.md";
if (!existsSync(SEED)) console.log(`skipped: ${SEED} is not there`);

describe.skipIf(!existsSync(SEED))("the incident's ticket", () => {
  const document = existsSync(SEED) ? readFileSync(SEED, "utf8") : "";
  const { records, document: prose } = read(document);
  const log = records.filter((record) => record.originalLine !== undefined);

  test("gives its fenced log as records, with the blanks of the editor's window taken out", () => {
    expect(log.map((record) => record.originalLine)).toEqual(
      Array.from({ length: 27 }, (_, i) => 44817 + i),
    );
    expect(log[1]?.text).toContain(" edac_mce_amd ast drm_vram_helper ");
    expect(log[1]?.text).toContain(" virtio_net net_failover failover dm_mirror ");
    expect(log[6]?.text).toContain(" 4c 89 e9 48 8d 74 24 ");
    expect(log[2]?.text).toContain("Tainted: G             L    5.10.0");
    expect(log[0]).toMatchObject({
      time: { wall: "2025-06-28T20:15:54", yearFrom: "file-name", monotonic: 176044013351000n },
      originalFile: "/var/log/messages-20250629",
    });
  });

  test("gives its prose as sentences and none of it as the kernel's words", () => {
    expect(prose).toContain(
      "3. 故障现象：watchdog: BUG: soft lockup - CPU#4 stuck for 22s! [kworker/4:1:3759981]",
    );
    expect(records.filter((record) => record.text.includes("CPU#114"))).toEqual([]);
  });

  test("gives the same records when its log is wrapped again at any column", () => {
    const lines = log.map(
      (record) =>
        `${record.originalLine} Jun 28 20:15:54 gaoji-10-8-94-99 kernel: ${stampOf(record)} ${record.text}`,
    );
    const texts = log.map((record) => record.text);
    fc.assert(
      fc.property(
        fc.integer({ min: 40, max: 200 }),
        fc.constantFrom("", "      ", "    "),
        fc.constantFrom(wrapAtColumn, wrapAtWord),
        (width, indent, wrap) => {
          const wrapped = lines.flatMap((line) => wrap(line, width, indent)).join("\n");
          const again = read(wrapped).records;
          expect(again.map((record) => record.text)).toEqual(texts);
          expect(again.every((record) => record.kernel && record.program === "kernel")).toBe(true);
        },
      ),
      { seed: 44817, numRuns: 400 },
    );
  });
});

function stampOf(record: LogRecord): string {
  const micros = (record.time?.monotonic ?? 0n) / 1000n;
  return `[${micros / 1_000_000n}.${String(micros % 1_000_000n).padStart(6, "0")}]`;
}

function wrapAtColumn(line: string, width: number, indent: string): string[] {
  const rows = [line.slice(0, width)];
  for (let at = width; at < line.length; at += width - indent.length) {
    rows.push(indent + line.slice(at, at + width - indent.length));
  }
  return rows;
}

/** As `fold -s` and mail programs do; a word that alone is too long is torn. */
function wrapAtWord(line: string, width: number, indent: string): string[] {
  const rows: string[] = [];
  let rest = line;
  let lead = "";
  while (lead.length + rest.length > width) {
    const room = width - lead.length;
    const blank = rest.slice(0, room + 1).search(/ \S*$/);
    const at = blank > 0 ? blank : room;
    rows.push(lead + rest.slice(0, at));
    rest = blank > 0 ? rest.slice(at + 1) : rest.slice(at);
    lead = indent;
  }
  return [...rows, lead + rest];
}

function read(text: string): { records: LogRecord[]; document: string[] } {
  const records: LogRecord[] = [];
  const machine = openFraming({
    source: "s1",
    sink: { record: (record) => records.push(record), end: () => undefined },
  });
  machine.push(new TextEncoder().encode(text));
  return { records, document: machine.end().document.map((line) => line.text) };
}
