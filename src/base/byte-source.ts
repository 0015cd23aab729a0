// Random access to bytes that may be larger than memory. Synchronous on purpose: a browser worker has
// FileReaderSync, Node has readSync, and the readers above stay plain functions.

export interface ByteSource {
  /** Bytes in all. */
  readonly size: number;
  /**
   * Bytes `offset .. offset+length`, fewer at the end of the source, none beyond it. The returned array
   * may be shared with the source: readers copy what they keep past the next call.
   */
  read(offset: number, length: number): Uint8Array;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return {
    size: bytes.length,
    read: (offset, length) =>
      bytes.subarray(
        Math.min(Math.max(0, offset), bytes.length),
        Math.min(Math.max(0, offset) + Math.max(0, length), bytes.length),
      ),
  };
}
