import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { foundingReport } from "../founding.fixture.ts";
import { renderMarkdown } from "../markdown/markdown.ts";
import { threeReport } from "../reports.fixture.ts";
import { en } from "./en.ts";
import { FORBIDDEN, GLOSSARY } from "./glossary.fixture.ts";
import { zh } from "./zh.ts";

describe("the catalogues", () => {
  test("have the same entries in both languages", () => {
    expect(entries(zh).map(([path]) => path)).toEqual(entries(en).map(([path]) => path));
  });

  test("have no entry that nothing says", () => {
    const sources = rendererSources();
    const unused = entries(en)
      .filter(([path]) => /^(label|heading|phrase|part)\./.test(path))
      .map(([path]) => path.split(".")[1] ?? "")
      .filter((name) => !new RegExp(`\\.${name}\\b|\\b${name}[,:}]`).test(sources));
    expect(unused).toEqual([]);
  });

  test("contain no markup of any output format", () => {
    for (const [path, words] of [...entries(en), ...entries(zh)])
      expect(`${path}: ${words}`).not.toMatch(/[`*<>|]|\]\(|\u001b/);
  });

  test("count in the plural where there is more than one", () => {
    expect(en.phrase.lines(1)).toBe("1 line");
    expect(en.phrase.lines(2)).toBe("2 lines");
    expect(en.phrase.lines(48_213)).toBe("48,213 lines");
    expect(zh.phrase.lines(2)).toBe("2 行");
  });
});

describe("Chinese", () => {
  const document = [foundingReport, threeReport]
    .map((report) => renderMarkdown(report, { lang: "zh" }))
    .join("\n");
  const all = `${entries(zh)
    .map(([, words]) => words)
    .join("\n")}\n${document}`;

  test.each(GLOSSARY)("says %s for %s", (term) => {
    expect(all).toContain(term);
  });

  test.each(FORBIDDEN)("never says %s", (literal) => {
    expect(all).not.toContain(literal);
  });

  test("uses full-width punctuation between Chinese characters", () => {
    for (const [path, words] of entries(zh))
      expect(`${path}: ${words}`).not.toMatch(/\p{sc=Han}[,;:!?()]|[,;!?()]\p{sc=Han}/u);
  });
});

/** Path and words of every entry; functions are called with values that cannot be mistaken for words. */
function entries(value: unknown, path = ""): [string, string][] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value("7", "7", "7"))]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    entries(inner, path === "" ? key : `${path}.${key}`),
  );
}

function rendererSources(): string {
  return readdirSync("src/report", { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/messages\/|\.test\.ts$|\.fixture\.ts$/.test(file))
    .map((file) => readFileSync(`src/report/${file}`, "utf8"))
    .join("\n");
}
