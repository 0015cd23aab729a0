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
  /**
   * Fills `target` from `offset` on and returns how many bytes there were. Where a source has it, large
   * pieces that are looked at once need no memory of their own.
   */
  readInto?(offset: number, target: Uint8Array): number;
}

/** `read` into memory that is used again and again; `scratch.bytes` grows to the largest piece asked for. */
export function readScratch(
  source: ByteSource,
  offset: number,
  length: number,
  scratch: { bytes: Uint8Array },
): Uint8Array {
  if (source.readInto === undefined) return source.read(offset, length);
  const wanted = Math.max(0, Math.min(length, source.size - offset));
  if (scratch.bytes.length < wanted) scratch.bytes = new Uint8Array(wanted);
  const target = scratch.bytes.subarray(0, wanted);
  return target.subarray(0, source.readInto(offset, target));
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
