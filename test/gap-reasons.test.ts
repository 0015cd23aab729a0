// Why a report is incomplete is said in both languages: every reason that the corpus' logs give has its words.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { zh } from "#report/messages/zh.ts";
import { haveShared, SHARED } from "./analyze-log.ts";
import { readEvents } from "./interleaving/reports.ts";

const have = haveShared("corpus");
const files: readonly string[] = have
  ? // The index lists objects with a `file` each.
    (JSON.parse(readFileSync(`${SHARED}corpus/index.json`, "utf8")) as { file: string }[]).map(
      ({ file }) => `${SHARED}corpus/${file}`,
    )
  : [];
/** `12 lines in the middle …` is shown as it is; so are the words of a joined report. */
const COUNTED = /^\d|^the log begins below this report's headline/;

describe.skipIf(!have)("the reasons for incomplete reports", () => {
  test("have Chinese words", () => {
    const reasons = new Set(
      files
        .flatMap((file) => readEvents(readFileSync(file, "latin1")))
        .flatMap(({ gaps }) => gaps.map(({ reason }) => reason)),
    );
    expect(reasons.size).toBeGreaterThan(10);
    const unknown = [...reasons].filter(
      (reason) => !COUNTED.test(reason) && !Object.hasOwn(zh.vocabulary.gap, reason),
    );
    expect(unknown).toEqual([]);
  });
});
