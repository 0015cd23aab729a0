// Everything a report can name can be explained, in both languages, and an unknown word gets a suggestion.

import { describe, expect, test } from "vitest";
import { mechanisms } from "#mechanisms/mechanisms.ts";
import { TAINT_LETTERS } from "../taint-meaning.ts";
import { explain } from "./explain.ts";
import { FAULT_REPORTS } from "./fault-reports.ts";
import { KERNEL_MESSAGES } from "./kernel-messages.ts";
import { STALL_REPORTS } from "./stall-reports.ts";
import { allTopics } from "./topics.ts";

const ids = (term: string) => explain(term, "0").topics.map(({ id }) => id);
const topics = allTopics();

describe("what can be explained", () => {
  test.each(mechanisms.map(({ id }) => id))("mechanism %s", (id) => {
    expect(explain(id, "0").topics[0]).toMatchObject({ id, kind: "mechanism" });
  });

  test.each(TAINT_LETTERS)("taint letter %s", (flag) => {
    expect(ids(flag)).toContain(`taint-${flag}`);
    expect(ids(`taint ${flag}`)).toEqual([`taint-${flag}`]);
  });

  test("every report answers all four questions", () => {
    for (const topic of [...STALL_REPORTS, ...FAULT_REPORTS, ...KERNEL_MESSAGES]) {
      expect(topic.printedBy.length, topic.id).toBeGreaterThan(0);
      for (const said of [topic.proves, topic.provesNot, topic.next.text]) {
        expect(said.en.length, topic.id).toBeGreaterThan(10);
      }
    }
  });

  test("every sentence is there in both languages", () => {
    for (const topic of topics) {
      for (const said of [topic.what, topic.proves, topic.provesNot, topic.next?.text]) {
        if (said === undefined) continue;
        expect(said.zh, topic.id).toMatch(/\p{Script=Han}/u);
        expect(said.en, topic.id).not.toMatch(/\p{Script=Han}/u);
      }
    }
  });

  test("ids are unique, and what is referred to exists", () => {
    const known = new Set(topics.map(({ id }) => id));
    expect(known.size).toBe(topics.length);
    const missing = topics.flatMap(({ related }) => (related ?? []).filter((id) => !known.has(id)));
    expect(missing).toEqual([]);
  });
});

describe("how a term is found", () => {
  test.each([
    ["stuck for", "soft-lockup"],
    ["SOFT LOCKUP", "soft-lockup"],
    ["软锁死", "soft-lockup"],
    ["csd", "csd-stall"],
    ["IPI", "ipi"],
    ["netstamp_clear", "netstamp_clear"],
    ["text_poke_bp_batch", "text_poke_bp_batch"],
    ["text_poke_bp_batch+0xed/0x290", "text_poke_bp_batch"],
    ["taint l", "taint-L"],
    ["idle=", "rcu-idle"],
    ["<IRQ>", "context-marks"],
    ["ruled out", "ruled out"],
    ["EFLAGS", "IF"],
  ])("%s is %s", (term, id) => {
    expect(ids(term)).toEqual([id]);
  });

  test.each([
    ["soft lokcup", /did you mean 'soft-lockup'/],
    ["netstamp_claer", /did you mean 'netstamp_clear'/],
    ["hogged", /'workqueue-hog'/],
    ["qwertyuiop", /--list/],
  ])("%s is unknown, with what is near", (term, advice) => {
    expect(() => explain(term, "0")).toThrow(
      expect.objectContaining({ advice: expect.stringMatching(advice) }),
    );
  });

  test("a term of any length is refused in one short line", () => {
    expect(() => explain("ab".repeat(1 << 20), "0")).toThrow(/^'(ab){40}…' is not known$/);
  });
});
