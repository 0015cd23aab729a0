import { describe, expect, test } from "vitest";
import type { KernelEvent } from "#model/kernel-event.ts";
import { type HeldByAll, nothingHeld, openEventStore } from "./event-store.ts";

describe("openEventStore", () => {
  test("keeps everything of a log that is no storm, in order", () => {
    const { events, gaps } = store(300, (n) => ({ function: `f${n % 3}` }));
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: 300 }, (_, n) => `e${n}`));
    expect(gaps).toEqual([]);
  });

  test("of a storm keeps the first 200 and the last, and counts the rest with its lines", () => {
    const { events, gaps } = store(1000, () => ({}));
    expect(events.length).toBe(201);
    expect(events.at(-1)?.id).toBe("e999");
    expect(gaps).toEqual([
      {
        reason: "repeated",
        text: expect.objectContaining({
          en: expect.stringMatching(/^799 more reports .*warning in f/),
        }),
        from: { source: "s1", firstLine: 801, lastLine: 3996 },
      },
    ]);
  });

  test("the CPU of a stall tells it apart, that of a warning does not", () => {
    const of = (kind: KernelEvent["kind"]) =>
      store(400, (n) => ({ kind, cpu: n % 4 })).events.length;
    expect(of("soft-lockup")).toBe(400);
    expect(of("warning")).toBe(201);
  });

  test("a million reports that all differ are bounded too", () => {
    const { events, gaps } = store(60_000, (n) => ({ function: `f${n}` }));
    expect(events.length).toBeLessThan(15_100);
    expect(events.at(-1)?.id).toBe("e59999");
    const left = gaps.reduce((sum, gap) => sum + Number.parseInt(gap.text?.en ?? "", 10), 0);
    expect(left + events.length).toBe(60_000);
  });

  test("all logs of a folder together are bounded, and each says what it left out", () => {
    const held = nothingHeld();
    const logs = Array.from({ length: 60 }, () =>
      store(1000, (n) => ({ function: `f${n}` }), held),
    );
    const given = logs.reduce((sum, { events }) => sum + events.length, 0);
    const left = logs
      .flatMap(({ gaps }) => gaps)
      .reduce((sum, gap) => sum + Number.parseInt(gap.text?.en ?? "", 10), 0);
    expect(given).toBeLessThan(20_100);
    expect(given + left).toBe(60_000);
    expect(logs.at(-1)?.events.at(-1)?.id).toBe("e999");
  });
});

function store(count: number, change: (n: number) => Partial<KernelEvent>, held?: HeldByAll) {
  const opened = openEventStore(held);
  for (let n = 0; n < count; n++) {
    opened.add({
      id: `e${n}`,
      kind: "warning",
      title: "WARNING in f",
      headline: {
        range: { source: "s1", firstLine: 4 * n + 1, lastLine: 4 * n + 1 },
        text: "WARNING",
      },
      function: "f",
      boot: 0,
      complete: true,
      gaps: [],
      range: { source: "s1", firstLine: 4 * n + 1, lastLine: 4 * n + 4 },
      body: [],
      ...change(n),
    });
  }
  return { events: opened.events(), gaps: opened.gaps() };
}
