// What the platform must supply: one-shot decompression of a block held in memory (an ELF section, a
// kdump page). Streams of log text are decompressed by the host before they reach a reader.

export type BlockCodec = "zlib" | "zstd" | "lzo" | "snappy" | "xz";

export interface BlockDecompressor {
  /**
   * Decompresses one block to at most `maxSize` bytes; `undefined` when the data is not valid, is larger
   * than `maxSize`, or the codec is not available here.
   */
  decompress(codec: BlockCodec, data: Uint8Array, maxSize: number): Uint8Array | undefined;
}
