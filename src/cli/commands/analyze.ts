// stallscope analyze: logs in, the answer out.

import { redact } from "#app/redact.ts";
import { analyzeInputs } from "../analyze-inputs.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { oneOf, parseFlags } from "../flags.ts";
import { FORMATS, type Format, LANGUAGES, type Language, render } from "../render.ts";
import { writeResult } from "../write-result.ts";

const HELP = `usage: stallscope analyze [OPTION...] [FILE|-|DIR]...

Reads kernel logs (dmesg, syslog, journal, kmsg, serial console, tickets with a log pasted in;
gzip, bzip2, xz, zstd, tar, directories of rotated logs, pstore) and says what happened, who waits for whom, why, and what to do.

Files of one rotation (messages.1 and messages, messages-20251101), pieces of one file (console.log.aa, .ab) and
parts of one pstore dump are read as one log, whatever order they are named in: a report that was cut between two
of them is one event. A report that several logs hold (kern.log and syslog) is told once.

  --format FORMAT   terminal (default), json, markdown, html
  --lang LANG       en (default), zh
  --vmlinux FILE    the kernel's vmlinux with debug information: source lines, inlined calls, variables
  --modules DIR     folder with the modules' debug files (found by itself beside a distribution's vmlinux)
  --source DIR      the kernel's source tree: the lines around RIP
  --redact          hosts, IP and MAC addresses, serial numbers, UUIDs, mail addresses, home folders and
                    passwords as pseudonyms, the same value the same one in all formats; names of files
                    and tasks stay
  --code            with terminal: the machine code around RIP
  --verbose         with terminal: every piece of evidence
  -o, --output FILE write there instead of standard output; an existing file is replaced
  --exit-code       exit 1 when there is an incident
  --debug           on an internal error, where it happened

exit codes: 0 analyzed, 1 incident (--exit-code), 2 usage, 3 evidence unreadable, 4 internal error

example: stallscope analyze /var/log/messages
example: stallscope analyze /var/log /sys/fs/pstore
example: dmesg | stallscope analyze --lang zh -
`;

const OPTIONS = {
  format: { type: "string", default: "terminal" },
  lang: { type: "string", default: "en" },
  output: { type: "string", short: "o" },
  "exit-code": { type: "boolean", default: false },
  vmlinux: { type: "string" },
  modules: { type: "string", multiple: true },
  source: { type: "string" },
  redact: { type: "boolean", default: false },
  code: { type: "boolean", default: false },
  verbose: { type: "boolean", default: false },
} as const;

export const command: Command = {
  summary: "read kernel logs and say what happened",
  help: HELP,
  run: (args, streams) => runAnalyze("analyze", args, streams),
};

/** Shared with `report`, which only changes the default format. */
export async function runAnalyze(
  name: "analyze" | "report",
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  const { values, positionals } = parseFlags(name, OPTIONS, args);
  const asked =
    name === "report" && !args.some((arg) => arg.startsWith("--format"))
      ? "markdown"
      : values.format;
  const format: Format = oneOf("format", asked, FORMATS);
  const language: Language = oneOf("lang", values.lang, LANGUAGES);
  const whole = await analyzeInputs(positionals, streams, {
    vmlinux: values.vmlinux,
    modules: values.modules ?? [],
    source: values.source,
  });
  const report = values.redact ? redact(whole) : whole;
  const text = await render(report, {
    format,
    language,
    color: streams.outIsTerminal && values.output === undefined && !process.env.NO_COLOR,
    width: streams.outIsTerminal ? streams.columns : 80,
    code: values.code,
    verbose: values.verbose,
  });
  await writeResult(text, values.output, streams);
  return values["exit-code"] && report.incidents.length > 0 ? EXIT.incident : EXIT.done;
}
