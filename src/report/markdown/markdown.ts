// The incident report as Markdown: what one hands to a customer or attaches to a ticket.

import type { ReportV1 } from "#contract/report.ts";
import type { Block, ListItem } from "../document.ts";
import { reportDocument } from "../document-report.ts";
import { cleanLines } from "../escape.ts";
import type { SourceLines } from "../excerpt.ts";
import type { Language } from "../messages/messages.ts";
import { blockFence, markdownCell, markdownHeading, markdownLine } from "./escape.ts";

export interface MarkdownOptions {
  readonly lang: Language;
  /** The log's own lines for excerpts; without it they come from the report, without their prefix. */
  readonly sourceLines?: SourceLines;
}

/** The document with a trailing newline. */
export function renderMarkdown(report: ReportV1, options: MarkdownOptions): string {
  const blocks = reportDocument(report, options.lang, options.sourceLines);
  return `${blocks.map(block).join("\n\n")}\n`;
}

function block(one: Block): string {
  switch (one.kind) {
    case "heading":
      return `${"#".repeat(Math.min(6, one.level))} ${markdownHeading(one.text)}`;
    case "paragraph":
      return markdownLine(one.text);
    case "list":
      return list(one.items, one.ordered);
    case "table":
      return [row(one.head), `|${" --- |".repeat(one.head.length)}`, ...one.rows.map(row)].join(
        "\n",
      );
    case "code":
      return fenced(one.language, one.lines, "");
  }
}

function list(items: readonly ListItem[], ordered: boolean): string {
  return items
    .map((item, index) => {
      const marker = ordered ? `${index + 1}. ` : "- ";
      const first = `${marker}${markdownLine(item.text)}`;
      if (item.code === undefined) return first;
      const lines = item.code.flatMap(cleanLines);
      return `${first}\n\n${fenced("bash", lines, " ".repeat(marker.length))}\n`;
    })
    .join("\n")
    .trimEnd();
}

function row(cells: readonly string[]): string {
  return `| ${cells.map(markdownCell).join(" | ")} |`;
}

function fenced(language: string, lines: readonly string[], indent: string): string {
  const fence = blockFence(lines);
  return [`${fence}${language}`, ...lines, fence].map((line) => indent + line).join("\n");
}
