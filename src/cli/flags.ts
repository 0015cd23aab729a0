// Flags mean the same everywhere. Values are checked here; a wrong one is one line and exit code 2.

import { type ParseArgsConfig, parseArgs } from "node:util";
import { AppError } from "#base/app-error.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

type Parsed<T extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>
>;

/** `stallscope analyze --help` is what to try next. */
export function parseFlags<T extends Options>(
  command: string,
  options: T,
  args: readonly string[],
): Parsed<T> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? (error.message.split(". ")[0] ?? "") : String(error);
    throw new AppError("usage", lowerFirst(message), `see stallscope ${command} --help`, error);
  }
}

export function oneOf<const T extends string>(
  flag: string,
  value: string,
  allowed: readonly T[],
): T {
  const found = allowed.find((word) => word === value);
  if (found === undefined) {
    throw new AppError(
      "usage",
      `--${flag} ${value} is not known`,
      `use one of ${allowed.join(", ")}`,
    );
  }
  return found;
}

function lowerFirst(words: string): string {
  return words.charAt(0).toLowerCase() + words.slice(1);
}
