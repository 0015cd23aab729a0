import { expect, test } from "vitest";
import { openLines, type PhysicalLine } from "./lines.ts";

test("a byte-order mark is no text, and a file of nothing else has one line", () => {
  expect(read("\ufeff")).toEqual({ texts: [""], lines: 1 });
  expect(read("\ufeff[    1.000000] one\ntwo\n")).toEqual({
    texts: ["[    1.000000] one", "two"],
    lines: 2,
  });
});

test("UTF-16 with its mark is read as text", () => {
  const log = Buffer.from("\ufeffone\r\ntwo\r\n", "utf16le");
  expect(read(log)).toEqual({ texts: ["one", "two"], lines: 2 });
});

function read(log: string | Uint8Array): { texts: string[]; lines: number } {
  const read: PhysicalLine[] = [];
  const machine = openLines({ line: (line) => read.push(line) });
  for (const byte of Buffer.from(log)) machine.push(Uint8Array.of(byte));
  const { lines } = machine.end();
  return { texts: read.map(({ text }) => text), lines };
}
