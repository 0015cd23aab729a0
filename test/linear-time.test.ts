// No regular expression of the sources has a worst case beyond linear time. Each is looked at twice: its
// automaton is searched for repetitions that can trade a character, and it is run on text derived from its
// own repetitions. A new literal, or a pattern put together in a new file, is looked at by itself.

import { analyse } from "scslre";
import { describe, expect, test } from "vitest";
import { filesThatBuild, type Pattern, readLiterals, recordBuilt } from "./linear-time/patterns.ts";
import { findSlowness } from "./linear-time/stress.ts";

/** Patterns that may be slow, and what bounds the text they are given. */
const BOUNDED: Readonly<Record<string, string>> = {
  "/\\B(?=(?:\\d{3})+$)/g": "report/messages/en.ts: the digits of a count of ours, at most sixteen",
};

const builders = filesThatBuild();
const built = await recordBuilt(builders, () => import("#evidence/log/report/open-reports.ts"));
const all = [...readLiterals(), ...built];
const patterns = [...new Map(all.map((pattern) => [spell(pattern), pattern])).values()];

describe("the patterns", () => {
  test("are seen", () => {
    expect(patterns.length).toBeGreaterThan(600);
  });

  test("that are put together are seen where that is done", () => {
    expect([...new Set(built.map(({ file }) => file))].sort()).toEqual(builders.sort());
  });

  test("that are bounded otherwise still exist", () => {
    expect(
      Object.keys(BOUNDED).filter((spelled) => !all.some((one) => spell(one) === spelled)),
    ).toEqual([]);
  });
});

describe.each(
  patterns.filter((one) => !(spell(one) in BOUNDED)).map((one) => [label(one), one] as const),
)("%s", (_, { source, flags }) => {
  test("trades no character between its repetitions", () => {
    expect(findTrade(source, flags)).toBeUndefined();
  });

  test("takes linear time on what is made to hurt it", () => {
    expect(findSlowness(source, flags)).toBeUndefined();
  });
});

describe("the search", () => {
  test.each([/(\s+)x/, /a.*a.*b/, /\d+\w*$/, /^(a+)+$/])(
    "finds the trade of %s",
    ({ source, flags }) => {
      expect(findTrade(source, flags)).toBeDefined();
    },
  );
});

describe("the stress", () => {
  test.each([
    /(\s+)x/,
    /foo.*bar/,
    /^(?:ab)*(?:ab)*$/,
    /^do_\w*syscall\w*$/,
    /^at(?:.*, CPU#\d+: .+\/\d+)?/,
    /\.(?:isra|cold)\b.*$/,
    /^\d{1,20} path=([^\n]+)\n/m,
    /a(?=.*b)/g,
  ])("finds %s quadratic", ({ source, flags }) => {
    expect(findSlowness(source, flags)).toMatch(/^quadratic/);
  });

  test.each([/^(a+)+$/, /^(?:\w+\s?)*$/, /^(?:[0-9a-f]{8,16} ?){2,}$/, /a.*a.*a.*a.*b/])(
    "finds %s exponential",
    ({ source, flags }) => {
      expect(findSlowness(source, flags)).toMatch(/^exponential/);
    },
  );

  test("gives up where nothing else ends the pattern", () => {
    expect(findSlowness("^(?:a|a|a|a)+$", "", 300)).toMatch(/^no end/);
  });

  test.each([/^foo.*bar/, /foo.{0,80}bar/, /^(?:ab)*c/, /\d+/g])(
    "lets %s pass",
    ({ source, flags }) => {
      expect(findSlowness(source, flags)).toBeUndefined();
    },
  );
});

/** Two repetitions, or one and itself, that the same character can go on. */
function findTrade(source: string, flags: string): string | undefined {
  const [report] = analyse({ source, flags }).reports;
  if (report === undefined) return undefined;
  const { literal } = report.character;
  return `${report.type} of /${literal.source}/${literal.flags}`;
}

function spell({ source, flags }: Pattern): string {
  return `/${source}/${flags}`;
}

function label(pattern: Pattern): string {
  return `${pattern.file} ${spell(pattern).slice(0, 80)}`;
}
