// Bytes of a file or of standard input as they are, for filters that must not change them.

import { createReadStream } from "node:fs";
import { AppError } from "#base/app-error.ts";

/** Chunks of the file, or of standard input for `-`; an AppError where it cannot be read. */
export async function* readRawInput(name: string): AsyncGenerator<Uint8Array> {
  const stream = name === "-" ? process.stdin : createReadStream(name);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array; // no encoding is set: chunks are bytes
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "failed";
    throw new AppError(
      "file/unreadable",
      `cannot read ${name} (${reason})`,
      "check the path",
      error,
    );
  }
}
