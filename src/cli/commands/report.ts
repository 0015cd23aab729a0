// stallscope report: the incident report, the document one hands on.

import type { Command } from "../command.ts";
import { runAnalyze } from "./analyze.ts";

const HELP = `usage: stallscope report [OPTION...] FILE...

The incident report as Markdown: description, analysis, context, what to do. The same as
stallscope analyze --format markdown; see stallscope analyze --help for the options.

example: stallscope report --lang zh -o report.md /var/log/messages
`;

export const command: Command = {
  summary: "the incident report in Markdown",
  help: HELP,
  run: (args, streams) => runAnalyze("report", args, streams),
};
