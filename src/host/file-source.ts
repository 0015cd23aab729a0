// A file as a ByteSource: small reads come from a bounded cache of blocks, large ones go straight to
// the file. The only place that reads images piecemeal; it never maps or slurps one.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import type { ByteSource } from "#base/byte-source.ts";

export interface FileSource extends ByteSource {
  close(): void;
}

const BLOCK = 1 << 12;
const MAX_BLOCKS = 4096;
/** Blocks are cut from slabs: one allocation for several blocks. A slab lives as long as any of them. */
const BLOCKS_PER_SLAB = 8;

/** Opens a regular file; throws what `fs` throws where it cannot. At most 16 MiB stay cached. */
export function openFileSource(path: string): FileSource {
  const descriptor = openSync(path, "r");
  const size = fstatSync(descriptor).size;
  // A Map iterates in insertion order: the first key is the block used longest ago.
  const blocks = new Map<number, Uint8Array>();
  const slab: Slab = { bytes: new Uint8Array(0), used: 0 };
  const block = (index: number): Uint8Array => {
    const known = blocks.get(index);
    if (known !== undefined) {
      blocks.delete(index);
      blocks.set(index, known);
      return known;
    }
    const room = takeBlock(slab);
    const wanted = room.subarray(0, Math.min(BLOCK, size - index * BLOCK));
    const bytes = wanted.subarray(0, fill(descriptor, index * BLOCK, wanted));
    blocks.set(index, bytes);
    if (blocks.size > MAX_BLOCKS) dropOldest(blocks);
    return bytes;
  };
  return {
    size,
    close: () => closeSync(descriptor),
    readInto: (offset, target) => fill(descriptor, Math.max(0, Math.trunc(offset)), target),
    read: (offset, length) => {
      const start = Math.min(Math.max(0, Math.trunc(offset)), size);
      const end = Math.min(start + Math.max(0, Math.trunc(length)), size);
      if (!(end > start)) return new Uint8Array(0);
      const first = Math.floor(start / BLOCK);
      const last = Math.floor((end - 1) / BLOCK);
      if (first === last) return block(first).subarray(start - first * BLOCK, end - first * BLOCK);
      if (last - first > 8) return readFully(descriptor, start, end - start);
      return joined(block, start, end);
    },
  };
}

interface Slab {
  bytes: Uint8Array;
  used: number;
}

function takeBlock(slab: Slab): Uint8Array {
  if (slab.used + BLOCK > slab.bytes.length) {
    slab.bytes = Buffer.allocUnsafeSlow(BLOCK * BLOCKS_PER_SLAB);
    slab.used = 0;
  }
  const start = slab.used;
  slab.used += BLOCK;
  return slab.bytes.subarray(start, start + BLOCK);
}

function dropOldest(blocks: Map<number, Uint8Array>): void {
  const oldest = blocks.keys().next();
  if (!oldest.done) blocks.delete(oldest.value);
}

/** A read that crosses from one block into the next ones. */
function joined(block: (index: number) => Uint8Array, start: number, end: number): Uint8Array {
  const bytes = new Uint8Array(end - start);
  for (let at = start; at < end; ) {
    const index = Math.floor(at / BLOCK);
    const stop = Math.min(end, (index + 1) * BLOCK);
    bytes.set(block(index).subarray(at - index * BLOCK, stop - index * BLOCK), at - start);
    at = stop;
  }
  return bytes;
}

function readFully(descriptor: number, position: number, length: number): Uint8Array {
  // Every byte handed out is read from the file, so zeroing them first would be wasted.
  const bytes: Uint8Array = Buffer.allocUnsafeSlow(length);
  return bytes.subarray(0, fill(descriptor, position, bytes));
}

/** A file that shrinks while it is read yields fewer bytes. */
function fill(descriptor: number, position: number, bytes: Uint8Array): number {
  let done = 0;
  while (done < bytes.length) {
    const count = readSync(descriptor, bytes, done, bytes.length - done, position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}
