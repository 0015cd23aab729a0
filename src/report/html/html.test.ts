import { describe, expect, test } from "vitest";
import { foundingReport } from "../founding.fixture.ts";
import { allReports, hostileReports } from "../reports.fixture.ts";
import { renderHtml } from "./html.ts";

/** Every tag the page may contain, with the attributes this room writes. */
const TAG =
  /<(?:!doctype html|\/?(?:html|head|body|title|style|nav|main|h[1-6]|p|ul|ol|li|pre|code|strong|table|thead|tbody|tr|th|td|div|span|label)|meta|input)(?: [^<>]*)?>/g;

describe("renderHtml", () => {
  test("holds both languages and shows the one asked for first", () => {
    const page = renderHtml(foundingReport, { lang: "zh" });
    expect(page).toContain('<html lang="zh-CN">');
    expect(page).toContain('id="zh" checked');
    expect(page).toContain("<h2>解决方案</h2>");
    expect(page).toContain("<h2>Solution</h2>");
    expect(page).toContain(
      "<title>CPU 4 在执行 netstamp_clear 引发的内核代码修补时发生软锁死</title>",
    );
  });

  test("loads nothing and runs nothing", () => {
    const page = renderHtml(foundingReport, { lang: "en" });
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|\bhref=|\bsrc=/i);
  });

  test.each(allReports)("closes what it opens for %s", (_, report) => {
    expect(unbalanced(renderHtml(report, { lang: "en" }))).toEqual([]);
  });

  test("no string of the report becomes a tag, an entity or an attribute", () => {
    for (const report of hostileReports) {
      const page = renderHtml(report, { lang: "en" });
      expect(page.replace(TAG, "").replace(/<style>[\s\S]*?<\/style>/, "")).not.toMatch(/[<>]/);
      expect(unbalanced(page)).toEqual([]);
      expect(page.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
    }
  });
});

function unbalanced(page: string): string[] {
  const open: string[] = [];
  for (const [, end, name] of page.matchAll(/<(\/?)([a-z][a-z0-9]*)[^>]*>/g)) {
    if (name === undefined || name === "meta" || name === "input") continue;
    if (end === "") open.push(name);
    else if (open.pop() !== name) return [name, ...open];
  }
  return open;
}
