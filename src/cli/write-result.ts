// Results go to standard output or to the file asked for; a file is written whole or not at all.

import { rename, rm, writeFile } from "node:fs/promises";
import { AppError } from "#base/app-error.ts";
import type { Streams } from "./command.ts";

export async function writeResult(
  text: string,
  path: string | undefined,
  streams: Streams,
): Promise<void> {
  if (path === undefined || path === "-") {
    await streams.out(text);
    return;
  }
  const partial = `${path}.partial`;
  try {
    await writeFile(partial, text);
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
    throw new AppError(
      "file/unreadable",
      `cannot write ${path} (${reason})`,
      "check the folder and its permissions",
      error,
    );
  }
}
