import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../record.ts";
import { openFraming } from "./open-framing.ts";
import { REFRAMINGS, readPlainMessages } from "./reframe.fixture.ts";

const LAB = "../shared/lab";
const files = existsSync(LAB) ? readdirSync(LAB).filter((name) => name.endsWith(".log")) : [];
if (files.length === 0) console.log(`skipped: ${LAB} is not there`);

describe.skipIf(files.length === 0)("the lab's logs in another framing", () => {
  test.each(REFRAMINGS)("$name: the same messages", ({ frame, loses = [] }) => {
    for (const file of files) {
      const messages = readPlainMessages(readFileSync(`${LAB}/${file}`, "utf8"));
      const records = readRecords(frame(messages)).filter((record) => record.kernel);
      expect(records.map((record) => record.text.trimEnd())).toEqual(
        messages.map((message) => message.text.trimEnd()),
      );
      if (loses.includes("monotonic")) continue;
      expect(records.map((record) => record.time?.monotonic)).toEqual(
        messages.map((message) => BigInt(message.micros) * 1000n),
      );
    }
  });
});

function readRecords(text: string): LogRecord[] {
  const records: LogRecord[] = [];
  const machine = openFraming({
    source: "s1",
    sink: { record: (record) => records.push(record), end: () => undefined },
  });
  machine.push(new TextEncoder().encode(text));
  machine.end();
  return records;
}
