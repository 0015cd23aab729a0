// stallscope explain: what a word of a report or of a log means.

import { explain, explainAll } from "#app/explain/explain.ts";
import { AppError } from "#base/app-error.ts";
import { renderExplanation } from "#report/explanation/explanation.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { oneOf, parseFlags } from "../flags.ts";
import { LANGUAGES } from "../render.ts";

const HELP = `usage: stallscope explain [OPTION...] TERM
       stallscope explain --list [OPTION...]

Says what a stall mechanism, kernel message, taint flag, field of a report, verdict word or kernel
symbol is: what prints it, what it proves, what it does not prove, what to do next. TERM is taken as
it stands in a log (stuck for, taint L, idle=, text_poke_bp_batch+0xed/0x290, 软锁死).

  --list            every term
  --lang LANG       en (default), zh
  --format FORMAT   terminal (default), json

exit codes: 0 explained, 2 usage or unknown term, 4 internal error

example: stallscope explain soft lockup
example: stallscope explain --lang zh text-poke
`;

const OPTIONS = {
  list: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
  format: { type: "string", default: "terminal" },
} as const;

export const command: Command = {
  summary: "what a mechanism, message, flag or symbol is",
  help: HELP,
  run: runExplain,
};

async function runExplain(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("explain", OPTIONS, args);
  const lang = oneOf("lang", values.lang, LANGUAGES);
  const format = oneOf("format", values.format, ["terminal", "json"]);
  const term = positionals.join(" ");
  if (values.list === (term.trim() !== "")) {
    throw new AppError("usage", "one TERM or --list is needed", "see stallscope explain --help");
  }
  const document = values.list ? explainAll(STALLSCOPE_VERSION) : explain(term, STALLSCOPE_VERSION);
  const width = streams.outIsTerminal ? streams.columns : 80;
  await streams.out(
    format === "json"
      ? `${JSON.stringify(document, undefined, 2)}\n`
      : renderExplanation(document, { lang, width }),
  );
  return EXIT.done;
}
