// Decompression of blocks held in memory, bound to Node: zlib is built in, zstd is a JavaScript decoder
// because Node 20 has none.

import { inflateRawSync, inflateSync } from "node:zlib";
import { decompress as decompressZstd } from "fzstd";
import type { BlockDecompressor } from "#base/decompress.ts";

/** zlib and zstd; the other codecs answer `undefined`. */
export function nodeDecompressor(): BlockDecompressor {
  return {
    decompress: (codec, data, maxSize) => {
      try {
        if (codec === "zlib") return inflate(data, maxSize);
        if (codec === "zstd") return unzstd(data, maxSize);
        return undefined;
      } catch {
        // Both decoders report bad data by throwing; the port's word for that is `undefined`.
        return undefined;
      }
    },
  };
}

function inflate(data: Uint8Array, maxSize: number): Uint8Array {
  const options = { maxOutputLength: Math.max(1, maxSize) };
  const isWrapped = ((data[0] ?? 0) & 15) === 8;
  return isWrapped ? inflateSync(data, options) : inflateRawSync(data, options);
}

function unzstd(data: Uint8Array, maxSize: number): Uint8Array | undefined {
  const bytes = decompressZstd(data, new Uint8Array(maxSize));
  return bytes.length <= maxSize ? bytes : undefined;
}
