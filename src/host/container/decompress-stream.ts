// Compressed streams of log text. Invariant: memory is bounded by the codec's own window, however much a
// stream unpacks to; what unpacks to absurd sizes is refused with one line.

import { pipeline, Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { Decompress } from "fzstd";
import { XzReadableStream } from "xz-decompress";
import { AppError } from "#base/app-error.ts";
import { bunzip } from "./bunzip.ts";
import type { Codec } from "./content-kind.ts";

export type Chunks = AsyncIterable<Uint8Array>;

/** No log is larger than this, and none is so uniform beyond the first gigabyte. */
const MAX_OUTPUT = 64 * 2 ** 30;
const FREE_OUTPUT = 2 ** 30;
const MAX_RATIO = 500;

export interface DecompressOptions {
  /** For messages. */
  readonly name: string;
  /** Told when a stream breaks off after part of it was read: the part stands. */
  readonly warn: (message: string) => void;
}

export async function* decompress(
  codec: Codec,
  input: Chunks,
  options: DecompressOptions,
): AsyncGenerator<Uint8Array> {
  let consumed = 0;
  let produced = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of input) {
      consumed += chunk.length;
      yield chunk;
    }
  }
  try {
    for await (const chunk of CODECS[codec](counted())) {
      produced += chunk.length;
      if (produced > MAX_OUTPUT || (produced > FREE_OUTPUT && produced > consumed * MAX_RATIO)) {
        throw new AppError(
          "file/too-large",
          `${options.name}: unpacks to more than ${Math.floor(produced / 2 ** 30)} GiB from ${consumed} bytes`,
          "unpack it yourself and pass the text if it really is a log",
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof AppError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    if (produced === 0) {
      throw new AppError(
        "file/unreadable",
        `${options.name}: damaged ${codec} data (${reason})`,
        "copy the file again, or pass the unpacked text",
        error,
      );
    }
    options.warn(`${options.name}: ${codec} data breaks off (${reason}): read up to there`);
  }
}

const CODECS: Readonly<Record<Codec, (input: Chunks) => Chunks>> = {
  gzip: gunzip,
  bzip2: bunzip,
  xz: (input) => unxz(input),
  zstd: (input) => unzstd(input),
};

/** zlib throws away what it unpacked of a piece that ends in an error: checksum, garbage behind the end. */
const GZIP_PIECE = 1 << 14;
const FIRST_GZIP_PIECE = 16;
const FIRST_BYTES = 1 << 13;

async function* gunzip(input: Chunks): AsyncGenerator<Uint8Array> {
  const unpacked = createGunzip({ chunkSize: 1 << 16 });
  // Passes an error of the input on, and closes the input when nobody reads on.
  pipeline(Readable.from(inPieces(input)), unpacked, () => undefined);
  yield* unpacked;
}

/** Small pieces at first, so that of a short file with garbage behind it (nearly) nothing is lost. */
async function* inPieces(input: Chunks): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; ) {
      const size = read < FIRST_BYTES ? FIRST_GZIP_PIECE : GZIP_PIECE;
      const piece = chunk.subarray(at, at + size);
      at += piece.length;
      read += piece.length;
      yield piece;
    }
  }
}

async function* unxz(input: Chunks): AsyncGenerator<Uint8Array> {
  const reader = new XzReadableStream(ReadableStream.from(input)).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    if (value.length > 0) yield value;
  }
}

/** Fed in small pieces: one that unpacks to a thousand times its size still fits in memory. */
const ZSTD_PIECE = 4096;

async function* unzstd(input: Chunks): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const stream = new Decompress((chunk) => {
    if (chunk.length > 0) ready.push(chunk);
  });
  for await (const chunk of input) {
    for (let at = 0; at < chunk.length; at += ZSTD_PIECE) {
      stream.push(chunk.subarray(at, at + ZSTD_PIECE));
      const output = ready;
      ready = [];
      yield* output;
    }
  }
  stream.push(new Uint8Array(0), true);
  yield* ready;
}
