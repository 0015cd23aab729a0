// Which renderer a format means; each is loaded only when asked for.

import type { ReportV1 } from "#contract/report.ts";

export const FORMATS = ["terminal", "json", "markdown", "html"] as const;
export const LANGUAGES = ["en", "zh"] as const;
export type Format = (typeof FORMATS)[number];
export type Language = (typeof LANGUAGES)[number];

export interface RenderOptions {
  readonly format: Format;
  readonly language: Language;
  readonly color: boolean;
  readonly width: number;
  readonly code: boolean;
  readonly verbose: boolean;
}

export async function render(report: ReportV1, options: RenderOptions): Promise<string> {
  switch (options.format) {
    case "terminal": {
      const { renderTerminal } = await import("#report/terminal/terminal.ts");
      return renderTerminal(report, {
        lang: options.language,
        color: options.color,
        width: options.width,
        verbose: options.verbose,
        code: options.code,
      });
    }
    case "json": {
      const { renderJson } = await import("#report/json/json.ts");
      return renderJson(report);
    }
    case "markdown": {
      const { renderMarkdown } = await import("#report/markdown/markdown.ts");
      return renderMarkdown(report, { lang: options.language });
    }
    case "html": {
      const { renderHtml } = await import("#report/html/html.ts");
      return renderHtml(report, { lang: options.language });
    }
  }
}
