// Files, directories and standard input as streams of log bytes.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { LogInput } from "#app/analyze.ts";

export function* openInputs(names: readonly string[]): Iterable<LogInput> {
  for (const name of names) {
    yield { name, chunks: name === "-" ? process.stdin : open(name) };
  }
}

function open(name: string): AsyncIterable<Uint8Array> {
  const stream = createReadStream(name, { highWaterMark: 1024 * 1024 });
  return name.endsWith(".gz") ? stream.pipe(createGunzip()) : stream;
}
