// bzip2 as a stream. seek-bzip decodes what it can read synchronously; a block is at most 900 kB, so it is
// handed one block at a time from a buffer that surely holds a whole one.

import Bunzip from "seek-bzip";

interface ByteInput {
  readByte(): number;
  read(buffer: Uint8Array, offset: number, length: number): number;
}

interface ByteOutput {
  writeByte(byte: number): void;
}

/** Larger than any compressed block with its tables. */
const BLOCK_ROOM = 1_300_000;
const OUTPUT_SIZE = 1 << 20;

export async function* bunzip(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = openInput(chunks);
  const output = openOutput();
  await input.fill();
  let decoder = new Bunzip(input, output);
  for (;;) {
    await input.fill();
    if (decoder._init_block()) {
      decoder._read_bunzip();
      yield* output.take();
    } else {
      decoder.reader.read(32);
      await input.fill();
      if (input.available() < 4) return;
      // Streams one after the other, as pbzip2 and `cat a.bz2 b.bz2` make them.
      decoder = new Bunzip(input, output);
    }
  }
}

function openInput(chunks: AsyncIterable<Uint8Array>): ByteInput & {
  fill(): Promise<void>;
  available(): number;
} {
  const source = chunks[Symbol.asyncIterator]();
  let buffer = new Uint8Array(0);
  let at = 0;
  let ended = false;

  function readByte(): number {
    const byte = buffer[at];
    if (byte === undefined) throw new Error("unexpected end of file");
    at += 1;
    return byte;
  }

  return {
    readByte,
    read(target, offset, length) {
      for (let i = 0; i < length; i += 1) target[offset + i] = readByte();
      return length;
    },
    available: () => buffer.length - at,
    async fill() {
      if (ended || buffer.length - at >= BLOCK_ROOM) return;
      const parts: Uint8Array[] = [buffer.subarray(at)];
      let size = buffer.length - at;
      while (size < 2 * BLOCK_ROOM) {
        const next = await source.next();
        if (next.done === true) {
          ended = true;
          break;
        }
        parts.push(next.value);
        size += next.value.length;
      }
      buffer = Buffer.concat(parts);
      at = 0;
    },
  };
}

function openOutput(): ByteOutput & { take(): Uint8Array[] } {
  let full: Uint8Array[] = [];
  let current = new Uint8Array(OUTPUT_SIZE);
  let used = 0;
  return {
    writeByte(byte) {
      if (used === OUTPUT_SIZE) {
        full.push(current);
        current = new Uint8Array(OUTPUT_SIZE);
        used = 0;
      }
      current[used] = byte;
      used += 1;
    },
    take() {
      const taken = used > 0 ? [...full, current.slice(0, used)] : full;
      full = [];
      used = 0;
      return taken;
    },
  };
}
