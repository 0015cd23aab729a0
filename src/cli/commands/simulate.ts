// stallscope simulate: the code-patching protocol, one interleaving or all of them.

import { readFile } from "node:fs/promises";
import { simulate } from "#app/simulate.ts";
import { AppError } from "#base/app-error.ts";
import type { SimulationV1 } from "#contract/simulation.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { oneOf, parseFlags } from "../flags.ts";
import { LANGUAGES, type Language } from "../render.ts";
import { writeResult } from "../write-result.ts";

const HELP = `usage: stallscope simulate [OPTION...] SCENARIO|-
       stallscope simulate --perf-data FILE [--at ADDRESS [--time SECONDS]]

Runs the kernel's code patching (INT3, three synchronizations by interrupt) as a model: which step
guards what, what each CPU would execute, what a trace decoder sees. With --explore every
interleaving is tried; without it the seed picks one. Scenario files: examples/scenarios.

  --cpus N          CPUs instead of the scenario's
  --sites N         patch sites: the scenario's first N
  --seed S          which interleaving to show
  --kernel ID       per-site, batched, recorded, concurrent, conditional, no-rerun,
                    per-cpu-references
  --fetch MODEL     coherent: an instruction's bytes are of one instant; stale: of any instant since
                    the CPU last serialized
  --explore         every interleaving, with the shortest way to break each invariant
                    (3 CPUs and 2 sites at most unless --cpus and --sites say more)
  --mutant ID       take a part out of the protocol: no-sync-1, no-sync-2, no-sync-3, …
  --perf-data FILE  instead of a scenario: the text-poke records of a real recording, and with
                    --at ADDRESS --time SECONDS the code at an address at a time
  --format FORMAT   terminal (default), json, trace (opens in https://ui.perfetto.dev)
  --verbose         with terminal: also the steps that change nothing shown
  --lang LANG       en (default), zh
  --exit-code       exit 1 when an invariant can be broken
  -o, --output FILE write there instead of standard output

exit codes: 0 done, 1 broken (--exit-code), 2 usage, 3 scenario unreadable, 4 internal error

example: stallscope simulate examples/scenarios/netstamp-enable.scenario
example: stallscope simulate --perf-data perf.data --at ffffffff817d97dd --time 2.25
example: stallscope simulate --explore --mutant no-sync-2 --fetch stale examples/scenarios/netstamp-enable.scenario
`;

const OPTIONS = {
  cpus: { type: "string" },
  sites: { type: "string" },
  seed: { type: "string" },
  kernel: { type: "string" },
  fetch: { type: "string" },
  explore: { type: "boolean", default: false },
  mutant: { type: "string" },
  format: { type: "string", default: "terminal" },
  verbose: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
  output: { type: "string", short: "o" },
  "exit-code": { type: "boolean", default: false },
  "perf-data": { type: "string" },
  at: { type: "string" },
  time: { type: "string" },
} as const;

const FORMATS = ["terminal", "json", "trace"] as const;

/** A scenario is a page of text; anything longer is not one. */
const MAX_SCENARIO_BYTES = 1 << 20;

export const command: Command = {
  summary: "run or explore the code-patching protocol",
  help: HELP,
  run: runSimulate,
};

async function runSimulate(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("simulate", OPTIONS, args);
  const format = oneOf("format", values.format, FORMATS);
  const language = oneOf("lang", values.lang, LANGUAGES);
  if (values["perf-data"] !== undefined) {
    const { showPokes } = await import("../text-pokes.ts");
    const text = showPokes(values["perf-data"], values.at, values.time);
    await writeResult(text, values.output, streams);
    return EXIT.done;
  }
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) {
    throw new AppError("usage", "one scenario is needed", "see stallscope simulate --help");
  }
  const fetch =
    values.fetch === undefined ? undefined : oneOf("fetch", values.fetch, ["coherent", "stale"]);
  const cpus = toCount("cpus", values.cpus);
  const sites = toCount("sites", values.sites);
  const seed = toCount("seed", values.seed);
  const simulation = simulate(await readScenario(name), name, {
    version: STALLSCOPE_VERSION,
    explore: values.explore,
    now: () => performance.now() / 1000,
    ...(cpus === undefined ? {} : { cpus }),
    ...(sites === undefined ? {} : { sites }),
    ...(seed === undefined ? {} : { seed }),
    ...(fetch === undefined ? {} : { fetch }),
    ...(values.mutant === undefined ? {} : { mutant: values.mutant }),
    ...(values.kernel === undefined ? {} : { kernel: values.kernel }),
  });
  const color = streams.outIsTerminal && values.output === undefined && !process.env.NO_COLOR;
  const width = streams.outIsTerminal ? streams.columns : 100;
  const view = { lang: language, color, width, verbose: values.verbose };
  await writeResult(await renderAs(format, simulation, view), values.output, streams);
  return values["exit-code"] && isBroken(simulation) ? EXIT.incident : EXIT.done;
}

interface View {
  readonly lang: Language;
  readonly color: boolean;
  readonly width: number;
  readonly verbose: boolean;
}

async function renderAs(
  format: (typeof FORMATS)[number],
  simulation: SimulationV1,
  view: View,
): Promise<string> {
  switch (format) {
    case "json":
      return `${JSON.stringify(simulation, undefined, 2)}\n`;
    case "trace": {
      if (simulation.exploration?.counterexamples.length === 0) {
        const advice = "leave out --explore for a run, or take a part out with --mutant";
        throw new AppError("usage", "nothing breaks, so there is no path to draw", advice);
      }
      const { renderTrace } = await import("#report/trace/simulation-trace.ts");
      return renderTrace(simulation, view.lang);
    }
    case "terminal": {
      const { renderSimulation } = await import("#report/timeline/timeline.ts");
      return renderSimulation(simulation, view);
    }
  }
}

function isBroken({ run, exploration }: SimulationV1): boolean {
  return exploration === undefined
    ? run?.steps.some((step) => step.broken !== undefined) === true
    : exploration.verdict === "broken";
}

async function readScenario(name: string): Promise<string> {
  try {
    const bytes = name === "-" ? await readStandardInput() : await readFile(name);
    if (bytes.length > MAX_SCENARIO_BYTES) {
      throw new AppError(
        "file/too-large",
        `${name} is no scenario`,
        "a scenario is a page of text",
      );
    }
    return bytes.toString("utf8");
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
    throw new AppError(
      "file/unreadable",
      `cannot read ${name} (${reason})`,
      "check the name",
      error,
    );
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function toCount(flag: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d{1,9}$/.test(value)) {
    throw new AppError("usage", `--${flag} ${value} is no number`, `use --${flag} 4, for example`);
  }
  return Number(value);
}
