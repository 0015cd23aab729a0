// The code as a trace decoder knows it: a first (or last) image and the text-poke records between. Records
// hold old and new bytes, so the image at any time can be had from either end.

/** Byte by address. */
export type CodeImage = ReadonlyMap<bigint, number>;

export interface TextPoke {
  /** Order of the records; of a real recording, nanoseconds. */
  readonly time: number;
  readonly cpu: number;
  readonly address: bigint;
  readonly old: Uint8Array;
  readonly new: Uint8Array;
}

/** The image at `time` (records of that very time included), from the image before all records. */
export function imageForward(
  first: CodeImage,
  records: readonly TextPoke[],
  time: number,
): CodeImage {
  const image = new Map(first);
  for (const record of records) {
    if (record.time <= time) write(image, record.address, record.new);
  }
  return image;
}

/** The same, from the image after all records: later ones are undone, last one first. */
export function imageBackward(
  last: CodeImage,
  records: readonly TextPoke[],
  time: number,
): CodeImage {
  const image = new Map(last);
  for (const record of records.toReversed()) {
    if (record.time > time) write(image, record.address, record.old);
  }
  return image;
}

export function sameImage(a: CodeImage, b: CodeImage): boolean {
  return a.size === b.size && [...a].every(([address, byte]) => b.get(address) === byte);
}

function write(image: Map<bigint, number>, address: bigint, bytes: Uint8Array): void {
  bytes.forEach((byte, i) => {
    image.set(address + BigInt(i), byte);
  });
}

const RECORD_TEXT_POKE = 20;
const MISC_KERNEL = 1;

/**
 * The record as the kernel writes it, up to its sample id (kernel/events/core.c: perf_event_text_poke):
 * ```
 * u32 type=20  u16 misc=1  u16 size | u64 address | u16 old length  u16 new length | old new padding to 8
 * ```
 * `trailer` bytes of sample id are counted in `size` and appended as zeros.
 */
export function toRecordBytes(record: TextPoke, trailer = 0): Uint8Array {
  const payload = 4 + record.old.length + record.new.length;
  const size = 16 + Math.ceil(payload / 8) * 8 + trailer;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, RECORD_TEXT_POKE, true);
  view.setUint16(4, MISC_KERNEL, true);
  view.setUint16(6, size, true);
  view.setBigUint64(8, record.address, true);
  view.setUint16(16, record.old.length, true);
  view.setUint16(18, record.new.length, true);
  bytes.set(record.old, 20);
  bytes.set(record.new, 20 + record.old.length);
  return bytes;
}
