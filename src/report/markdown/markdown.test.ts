import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Incident, ReportV1 } from "#contract/report.ts";
import { foundingReport } from "../founding.fixture.ts";
import { LANGUAGES } from "../messages/messages.ts";
import {
  allReports,
  cleanReport,
  hostileReports,
  threeReport,
  withStrings,
} from "../reports.fixture.ts";
import { renderMarkdown } from "./markdown.ts";
import { readStructure } from "./structure.fixture.ts";

describe("renderMarkdown", () => {
  test("has the shape of the founding document", () => {
    const { headings } = readStructure(renderMarkdown(foundingReport, { lang: "zh" }));
    expect(headings.filter(({ level }) => level === 2).map(({ text }) => text)).toEqual([
      "问题描述",
      "问题分析",
      "代码分析",
      "关联上下文",
      "解决方案",
      "本次分析的局限",
    ]);
  });

  test.each([
    ["en", "Problem description"],
    ["en", "1. Time: 2025-06-28 20:15:54 (year assumed), 176044.013351 s after boot"],
    ["en", "6. CPU: unknown: the log does not state it"],
    ["en", "44822  [176044.130137] RIP: 0010:text_poke_bp_batch+0xed/0x290"],
    ["zh", "故障节点：`gaoji-10-8-94-99`"],
    ["zh", "行号为随文粘贴的 `/var/log/messages-20250629` 中的原始行号"],
    ["zh", "**与日志矛盾** | 日志来自 gaoji-10-8-94-99 | 第 44817 行"],
    ["zh", "> +0xed  49 63 7d f6"],
    ["zh", "### 立即止损"],
    ["zh", "- **风险**：每收一个包多一次读时钟的开销"],
  ] as const)("in %s contains %j", (lang, words) => {
    expect(renderMarkdown(foundingReport, { lang })).toContain(words);
  });

  test("quotes the source's own lines where they are at hand, each number once", () => {
    const sourceLines = (): string[] => ["44817 Jun 28 20:15:54 host kernel: [1.0] watchdog: BUG"];
    const document = renderMarkdown(foundingReport, { lang: "en", sourceLines });
    expect(document).toContain("\n44817  Jun 28 20:15:54 host kernel: [1.0] watchdog: BUG\n");
  });

  test("says that the phase is unknown rather than listing unknown phases", () => {
    const report = withPhases(foundingReport, "unknown");
    const document = renderMarkdown(report, { lang: "zh" });
    expect(document).toContain("仅凭本日志无法判断操作进行到哪一步。");
    expect(document).not.toContain("在每个修补点写入 INT3 |");
  });

  test("tells lines of the ticket from lines pasted into it", () => {
    const document = renderMarkdown(withEvidenceOn(foundingReport, 99), { lang: "en" });
    expect(document).toContain("line 99 of the file");
    expect(document).toContain("line 44817");
  });

  test("gives each of several incidents its part, below an overview", () => {
    const { headings } = readStructure(renderMarkdown(threeReport, { lang: "en" }));
    const parts = headings.filter(({ level }) => level === 2).map(({ text }) => text);
    expect(parts[0]).toBe("Overview");
    expect(parts.filter((title) => /^\d\. /.test(title))).toHaveLength(3);
  });

  test("says plainly that nothing was found", () => {
    expect(renderMarkdown(cleanReport, { lang: "zh" })).toContain("未发现故障事件。已读取：");
  });

  test.each(allReports)("is sound Markdown for %s", (_, report) => {
    for (const lang of LANGUAGES) expectSound(renderMarkdown(report, { lang }));
  });

  test("stays sound whatever the strings of the report are", () => {
    for (const report of hostileReports) {
      for (const lang of LANGUAGES) expectSound(renderMarkdown(report, { lang }));
    }
  });
});

test("stays sound for random strings of what Markdown is made of", () => {
  const unit = fc.constantFrom(..."`*_[]()<>|\\~#&!:/@.- \n$'\"=+aA1软，", "www.", "://", "&lt;");
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 14 }), (value) => {
      expectSound(
        renderMarkdown(
          withStrings(threeReport, () => value),
          { lang: "en" },
        ),
      );
    }),
    { numRuns: 60 },
  );
});

function changeIncident(report: ReportV1, change: (incident: Incident) => Incident): ReportV1 {
  return { ...report, incidents: report.incidents.map(change) };
}

function withPhases(report: ReportV1, state: "unknown"): ReportV1 {
  return changeIncident(report, (incident) => {
    const { mechanism } = incident;
    if (mechanism === undefined) return incident;
    const phases = (mechanism.phases ?? []).map((phase) => ({ ...phase, state }));
    return { ...incident, mechanism: { ...mechanism, phases } };
  });
}

function withEvidenceOn(report: ReportV1, line: number): ReportV1 {
  const how = { en: "the ticket's own line", zh: "工单原文" };
  const evidence = [{ source: "s1", firstLine: line, lastLine: line, how }];
  return changeIncident(report, (incident) => ({
    ...incident,
    claims: (incident.claims ?? []).map((claim) => ({ ...claim, evidence })),
  }));
}

function expectSound(markdown: string): void {
  const { headings, tables, unexpected, fencesClosed } = readStructure(markdown);
  expect(unexpected).toEqual([]);
  expect(fencesClosed).toBe(true);
  for (const rows of tables) expect(new Set(rows).size).toBe(1);
  for (const [index, { level }] of headings.entries())
    expect(level).toBeLessThanOrEqual((headings[index - 1]?.level ?? 0) + 1);
  expect(markdown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
}
