// The command line. Only the command asked for is loaded; --help and --version touch nothing else.

import type { Command, Streams } from "./command.ts";
import { EXIT } from "./command.ts";
import { printable } from "./printable.ts";

type LoadCommand = () => Promise<{ readonly command: Command }>;

const COMMANDS: Readonly<Record<string, LoadCommand>> = {
  analyze: () => import("./commands/analyze.ts"),
  report: () => import("./commands/report.ts"),
  simulate: () => import("./commands/simulate.ts"),
  dis: () => import("./commands/dis.ts"),
  explain: () => import("./commands/explain.ts"),
  symbolize: () => import("./commands/symbolize.ts"),
};

const SUMMARY = `stallscope: why a Linux machine stopped making progress

usage: stallscope COMMAND [OPTION...] [FILE|-|DIR...]

  analyze     read kernel logs and say what happened, who waits for whom, why, what to do
  report      the same as an incident report in Markdown
  explain     what a mechanism, message, flag or symbol is
  simulate    the kernel's code-patching protocol, step by step or explored
  dis         list a function of a vmlinux around an address, as crash does
  symbolize   add file:line and inlined callers to a log

  --help      this text; COMMAND --help for a command's options
  --version   the version

example: stallscope analyze /var/log/messages
`;

export async function main(args: readonly string[], streams: Streams): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-V") {
    await streams.out(`${STALLSCOPE_VERSION}\n`);
    return EXIT.done;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    await streams.out(SUMMARY);
    return name === undefined ? EXIT.usage : EXIT.done;
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    streams.err(`stallscope: ${printable(name)} is no command; stallscope --help lists them\n`);
    return EXIT.usage;
  }
  return runGuarded(load, rest, streams);
}

/** Errors of the world are one line here; anything else is a fault of the program. */
async function runGuarded(
  load: LoadCommand,
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  try {
    const { command } = await load();
    if (args.includes("--help") || args.includes("-h")) {
      await streams.out(command.help);
      return EXIT.done;
    }
    return await command.run(
      args.filter((arg) => arg !== "--debug"),
      streams,
    );
  } catch (error) {
    if (args.includes("--debug") && error instanceof Error) streams.err(`${error.stack}\n`);
    const known = asAppError(error);
    if (known) {
      streams.err(`stallscope: ${printable(known.message)}: ${known.advice}\n`);
      return known.code === "usage" ? EXIT.usage : EXIT.unreadable;
    }
    const message = error instanceof Error ? error.message : String(error);
    streams.err(
      `stallscope: internal error: ${printable(message)}: run again with --debug and report it\n`,
    );
    return EXIT.internal;
  }
}

/** By shape, so that the class need not be loaded for --help. */
function asAppError(error: unknown): { code: string; message: string; advice: string } | undefined {
  if (!(error instanceof Error) || error.name !== "AppError") return undefined;
  return error as Error & { code: string; advice: string };
}
