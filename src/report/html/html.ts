// The report as one self-contained page, both languages in it, switched by two radio buttons and CSS.
// Nothing is loaded and nothing runs; the content security policy says so to the browser as well.

import type { ReportV1 } from "#contract/report.ts";
import type { Block, ListItem } from "../document.ts";
import { reportDocument } from "../document-report.ts";
import { cleanLines } from "../escape.ts";
import type { SourceLines } from "../excerpt.ts";
import { LANGUAGES, type Language, messagesFor } from "../messages/messages.ts";
import { plain } from "../rich.ts";
import { escapeHtml, htmlLine } from "./escape.ts";
import { STYLE } from "./style.ts";

export interface HtmlOptions {
  /** The language shown first; the other is one click away. */
  readonly lang: Language;
  readonly sourceLines?: SourceLines;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src 'none'; base-uri 'none'; form-action 'none'";

/** A complete HTML document with a trailing newline. */
export function renderHtml(report: ReportV1, options: HtmlOptions): string {
  const documents = LANGUAGES.map((lang) => ({
    lang,
    blocks: reportDocument(report, lang, options.sourceLines),
  }));
  const first = documents.find((one) => one.lang === options.lang);
  return [
    "<!doctype html>",
    `<html lang="${messagesFor(options.lang).tag}">`,
    "<head>",
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    `<title>${escapeHtml(titleOf(first?.blocks ?? []))}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    ...LANGUAGES.map((lang) => radio(lang, lang === options.lang)),
    `<nav class="languages">${LANGUAGES.map(choice).join("")}</nav>`,
    ...documents.map(({ lang, blocks }) => part(lang, blocks)),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function titleOf(blocks: readonly Block[]): string {
  const first = blocks.find((block) => block.kind === "heading");
  return first === undefined ? "" : plain(first.text);
}

function radio(lang: Language, checked: boolean): string {
  return `<input class="choice" type="radio" name="language" id="${lang}"${checked ? " checked" : ""}>`;
}

function choice(lang: Language): string {
  return `<label for="${lang}">${escapeHtml(messagesFor(lang).language)}</label>`;
}

function part(lang: Language, blocks: readonly Block[]): string {
  return `<main lang="${messagesFor(lang).tag}">\n${blocks.map(block).join("\n")}\n</main>`;
}

function block(one: Block): string {
  switch (one.kind) {
    case "heading": {
      const tag = `h${Math.min(6, one.level)}`;
      return `<${tag}>${htmlLine(one.text)}</${tag}>`;
    }
    case "paragraph":
      return `<p>${htmlLine(one.text)}</p>`;
    case "list": {
      const tag = one.ordered ? "ol" : "ul";
      return `<${tag}>\n${one.items.map(item).join("\n")}\n</${tag}>`;
    }
    case "table":
      return table(one.head, one.rows);
    case "code":
      return preformatted(one.lines);
  }
}

function item(one: ListItem): string {
  const code = one.code === undefined ? "" : preformatted(one.code.flatMap(cleanLines));
  return `<li>${htmlLine(one.text)}${code}</li>`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag}>${htmlLine(cell)}</${tag}>`).join("")}</tr>`;
  return [
    '<div class="scroll"><table>',
    `<thead>${cells("th", head)}</thead>`,
    `<tbody>${rows.map((row) => cells("td", row)).join("\n")}</tbody>`,
    "</table></div>",
  ].join("\n");
}

function preformatted(lines: readonly string[]): string {
  return `<pre><code>${lines.map(escapeHtml).join("\n")}</code></pre>`;
}
