// tar archives as a stream: ustar, GNU long names and pax paths; everything but regular files is passed
// over. (pax: IEEE Std 1003.1, `pax` interchange format.)

export interface TarEntry {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The entry's content; to be read (or left) before the next entry is asked for. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** A pax record, `length key=value\n` (POSIX pax, "pax Header Block"). */
const PAX_PATH = /(?<![^\n])\d{1,20} path=([^\n]+)\n/;
const BLOCK = 512;
/** Names and pax headers longer than this are no names. */
const MAX_NAME_RECORD = 1 << 16;

export async function* readTar(input: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const bytes = openBytes(input);
  let longName: string | undefined;
  for (;;) {
    const header = await bytes.take(BLOCK);
    if (header === undefined || header.every((byte) => byte === 0)) return;
    const size = octal(header, 124, 12);
    if (size === undefined) return;
    const padded = Math.ceil(size / BLOCK) * BLOCK;
    const type = String.fromCharCode(header[156] ?? 0);
    if ((type === "L" || type === "x") && size <= MAX_NAME_RECORD) {
      const record = await bytes.take(padded);
      const text = record === undefined ? "" : latin(record, 0, size);
      longName = type === "L" ? text : (PAX_PATH.exec(text)?.[1] ?? longName);
      continue;
    }
    const name = longName ?? plainName(header);
    longName = undefined;
    if (type === "0" || type === "\0") {
      const content = bytes.limited(size);
      yield { name, size, chunks: content };
      for await (const _ of content) {
        // What the consumer left of the entry.
      }
      await bytes.skip(padded - size);
    } else {
      await bytes.skip(padded);
    }
  }
}

function plainName(header: Uint8Array): string {
  const prefix = latin(header, 345, 155);
  const name = latin(header, 0, 100);
  return prefix === "" ? name : `${prefix}/${name}`;
}

function latin(bytes: Uint8Array, at: number, length: number): string {
  const text = Buffer.from(bytes.subarray(at, at + length)).toString("utf8");
  const end = text.indexOf("\0");
  return end < 0 ? text : text.slice(0, end);
}

/** Octal digits, or GNU's binary form for sizes of 8 GiB and more. */
function octal(header: Uint8Array, at: number, length: number): number | undefined {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = 0;
    for (let i = at + length - 7; i < at + length; i += 1) value = value * 256 + (header[i] ?? 0);
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const digits = latin(header, at, length).trim();
  return /^[0-7]{0,12}$/.test(digits) ? Number.parseInt(digits || "0", 8) : undefined;
}

interface Bytes {
  /** Exactly `count` bytes, or undefined at the end. */
  take(count: number): Promise<Uint8Array | undefined>;
  skip(count: number): Promise<void>;
  limited(count: number): AsyncGenerator<Uint8Array>;
}

function openBytes(input: AsyncIterable<Uint8Array>): Bytes {
  const source = input[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array(0);

  /** Up to `count` bytes; empty at the end. */
  async function some(count: number): Promise<Uint8Array> {
    while (rest.length === 0) {
      const next = await source.next();
      if (next.done === true) return rest;
      rest = next.value;
    }
    const part = rest.subarray(0, count);
    rest = rest.subarray(part.length);
    return part;
  }

  async function* limited(count: number): AsyncGenerator<Uint8Array> {
    let left = count;
    while (left > 0) {
      const part = await some(left);
      if (part.length === 0) return;
      left -= part.length;
      yield part;
    }
  }

  return {
    limited,
    async take(count) {
      const parts: Uint8Array[] = [];
      for await (const part of limited(count)) parts.push(part);
      const whole = Buffer.concat(parts);
      return whole.length === count ? whole : undefined;
    },
    async skip(count) {
      for await (const _ of limited(count)) {
        // Passed over.
      }
    },
  };
}
