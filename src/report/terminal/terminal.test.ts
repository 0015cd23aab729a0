import { describe, expect, test } from "vitest";
import { foundingReport } from "../founding.fixture.ts";
import { LANGUAGES, type Language } from "../messages/messages.ts";
import { allReports, cleanReport, hostileReports, threeReport } from "../reports.fixture.ts";
import { displayWidth } from "../width.ts";
import { renderTerminal } from "./terminal.ts";

describe("renderTerminal", () => {
  test("answers before it explains and explains before it advises", () => {
    const screen = show("en");
    const [answer, why, todo] = [
      screen.indexOf("text_poke_bp_batch+0xed/0x290"),
      screen.indexOf("-- WHY"),
      screen.indexOf("-- WHAT TO DO"),
    ];
    expect(answer).toBeGreaterThan(0);
    expect(answer).toBeLessThan(why);
    expect(why).toBeLessThan(todo);
  });

  test.each([
    ["en", "[ruled out] CPU 4 was still waiting"],
    ["en", "line 44822: RIP is in straight-line code"],
    ["en", "Culprit    not shown by this log"],
    ["zh", "[已排除] CPU 4 仍在等待其他 CPU 对处理器间中断的应答"],
    ["zh", "阻塞源头  本日志无法判断"],
    ["zh", "CPU 4 等待日志未指明的 CPU"],
  ] as const)("in %s says %j", (lang, words) => {
    expect(show(lang)).toContain(words);
  });

  test("says in one line that nothing was found, and what was read", () => {
    expect(renderTerminal(cleanReport, plain("en")).trim()).toBe(
      "No incident found. Read: lab/v6.1-clean.log (412 lines, dmesg), 1 boot, 0 kernel\nreports, 0 lines worth knowing.",
    );
  });

  test("begins with a table where there are several incidents", () => {
    const lines = renderTerminal(threeReport, plain("en")).split("\n");
    expect(lines.slice(0, 10).join("\n")).toContain("3 incidents");
    expect(lines.filter((line) => /^ {2}[123] {2}/.test(line))).toHaveLength(3);
  });

  test("asks nobody who holds up a fault", () => {
    const fault = renderTerminal(threeReport, plain("en")).split("\n2. ")[1]?.split("\n3. ")[0];
    expect(fault).toContain("NULL dereference");
    expect(fault).not.toContain("Culprit");
  });

  test("tells the same evidence once", () => {
    expect(show("en").match(/RIP is in straight-line code/g)).toHaveLength(1);
    expect(show("en")).toContain("[ruled out] CPU 4 was still waiting");
  });

  test("color adds no word", () => {
    for (const [, report] of allReports) {
      const colored = renderTerminal(report, { lang: "zh", color: true, width: 80 });
      expect(colored.replace(/\u001b\[[0-9;]*m/g, "")).toBe(renderTerminal(report, plain("zh")));
    }
  });

  test("fits one screen for the founding incident", () => {
    for (const lang of LANGUAGES) expect(show(lang).split("\n").length).toBeLessThanOrEqual(62);
  });

  test.each([40, 80, 132])("stays within %d columns, commands aside", (width) => {
    for (const report of [...allReports.map(([, one]) => one), ...hostileReports]) {
      for (const lang of LANGUAGES) expect(tooWide(report, lang, width)).toEqual([]);
    }
  });

  test("lets no control character of the evidence through", () => {
    for (const report of hostileReports) {
      for (const lang of LANGUAGES) {
        const screen = renderTerminal(report, { ...plain(lang), verbose: true });
        expect(screen.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u);
      }
    }
  });

  test("quotes a file name in the command it offers", () => {
    expect(renderTerminal(threeReport, plain("en"))).toContain("'serial console.log'");
  });

  test("shows the machine code around RIP when asked", () => {
    const screen = renderTerminal(foundingReport, { ...plain("en"), code: true });
    expect(screen).toContain("> +0xed  49 63 7d f6     movslq -0xa(%r13),%rdi");
    expect(show("en")).not.toContain("movslq");
  });

  test("verbose shows what the screen leaves out", () => {
    const all = renderTerminal(foundingReport, { ...plain("en"), verbose: true });
    expect(all).toContain("nothing seen contradicts it");
    expect(all).not.toContain("more");
  });
});

function plain(lang: Language): { lang: Language; color: boolean; width: number } {
  return { lang, color: false, width: 80 };
}

function show(lang: Language): string {
  return renderTerminal(foundingReport, plain(lang));
}

function tooWide(report: typeof foundingReport, lang: Language, width: number): string[] {
  return renderTerminal(report, { lang, color: false, width })
    .split("\n")
    .filter((line) => displayWidth(line) > width)
    .filter((line) => !/^ {5}(\$ |crash)/.test(line) && !line.includes("stallscope report"));
}
