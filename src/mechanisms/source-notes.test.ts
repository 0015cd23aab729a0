import { describe, expect, test } from "vitest";
import { notesForFunction, SOURCE_NOTES } from "./source-notes.ts";

describe("notes beside the source", () => {
  test("the same text is told apart by how often it stood before", () => {
    const lines = ["text_poke_sync();", "work();", "text_poke_sync();"].map((text, at) => ({
      n: 10 + at,
      text,
    }));
    const notes = notesForFunction("text_poke_bp_batch", lines);
    expect([...notes.keys()]).toEqual([10, 12]);
    expect(notes.get(10)?.en).toContain("First wait");
    expect(notes.get(12)?.zh).toContain("第二次等待");
  });

  test("source that reads otherwise gets no note, a function nobody knows neither", () => {
    expect(notesForFunction("netstamp_clear", [{ n: 1, text: "something else" }]).size).toBe(0);
    expect(notesForFunction("main", [{ n: 1, text: "llist_add(" }]).size).toBe(0);
  });

  test("every note is said in both languages", () => {
    for (const note of Object.values(SOURCE_NOTES).flat()) {
      expect(note.note.en).toMatch(/^[\x20-\x7e]+$/);
      expect(note.note.zh).toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
