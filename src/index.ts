// The public API: explicit names, nothing else. test/public-api.test.ts pins the list.

export { type AnalyzeOptions, analyze, type LogInput } from "#app/analyze.ts";
export { REPORT_SCHEMA, type ReportV1 } from "#contract/report.ts";
export { renderHtml } from "#report/html/html.ts";
export { renderJson } from "#report/json/json.ts";
export { renderMarkdown } from "#report/markdown/markdown.ts";
export { renderTerminal } from "#report/terminal/terminal.ts";
