// What a file is, from its first bytes; names are not trusted.

export type ContentKind =
  | { readonly kind: "compressed"; readonly codec: Codec }
  | { readonly kind: "tar" }
  | { readonly kind: "utf-16"; readonly label: "utf-16le" | "utf-16be" }
  | { readonly kind: "text" }
  /** `what` is a noun phrase: `a JPEG image`. */
  | { readonly kind: "foreign"; readonly what: string };

export type Codec = "gzip" | "bzip2" | "xz" | "zstd";

/** So many bytes decide; a tar header alone is 512. */
export const SNIFF_LENGTH = 4096;

const CODECS: readonly { codec: Codec; magic: readonly number[] }[] = [
  { codec: "gzip", magic: [0x1f, 0x8b, 8] },
  { codec: "bzip2", magic: [0x42, 0x5a, 0x68] },
  { codec: "xz", magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0] },
  { codec: "zstd", magic: [0x28, 0xb5, 0x2f, 0xfd] },
];

const FOREIGN: readonly { what: string; magic: readonly number[] | string }[] = [
  { what: "a JPEG image", magic: [0xff, 0xd8, 0xff] },
  { what: "a PNG image", magic: [0x89, 0x50, 0x4e, 0x47] },
  { what: "a GIF image", magic: "GIF8" },
  { what: "a PDF document", magic: "%PDF-" },
  { what: "a ZIP archive", magic: [0x50, 0x4b, 3, 4] },
  { what: "a 7z archive", magic: [0x37, 0x7a, 0xbc, 0xaf] },
  { what: "an ELF file", magic: [0x7f, 0x45, 0x4c, 0x46] },
  { what: "a kdump memory dump", magic: "KDUMP   " },
  { what: "a flattened memory dump", magic: "makedumpfile" },
  { what: "a systemd journal file", magic: "LPKSHHRH" },
  { what: "a perf.data file", magic: "PERFILE2" },
  { what: "an SQLite database", magic: "SQLite format 3" },
  { what: "a packet capture", magic: [0xd4, 0xc3, 0xb2, 0xa1] },
  { what: "an RPM package", magic: [0xed, 0xab, 0xee, 0xdb] },
  { what: "a Debian package or static library", magic: "!<arch>\n" },
];

/** @param head the first bytes, up to `SNIFF_LENGTH` */
export function findContentKind(head: Uint8Array): ContentKind {
  for (const { codec, magic } of CODECS) {
    if (startsWith(head, magic)) return { kind: "compressed", codec };
  }
  for (const { what, magic } of FOREIGN) {
    const bytes = typeof magic === "string" ? [...Buffer.from(magic, "latin1")] : magic;
    if (startsWith(head, bytes)) return { kind: "foreign", what };
  }
  if (head.length >= 512 && Buffer.from(head.subarray(257, 262)).toString("latin1") === "ustar") {
    return { kind: "tar" };
  }
  if (startsWith(head, [0xff, 0xfe])) return { kind: "utf-16", label: "utf-16le" };
  if (startsWith(head, [0xfe, 0xff])) return { kind: "utf-16", label: "utf-16be" };
  return looksBinary(head) ? { kind: "foreign", what: "binary data" } : { kind: "text" };
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, at) => head[at] === byte);
}

/**
 * Text holds few control characters and is mostly valid UTF-8. NUL bytes do not count: a crash leaves
 * blocks of them in a log.
 */
function looksBinary(head: Uint8Array): boolean {
  let others = 0;
  let controls = 0;
  let high = 0;
  for (const byte of head) {
    if (byte === 0) continue;
    others += 1;
    if (byte >= 128) high += 1;
    else if (byte < 32 && !isLayout(byte)) controls += 1;
  }
  if (others === 0) return false;
  if (controls * 10 > others) return true;
  return high * 10 > others * 3 && countReplaced(head) * 10 > others;
}

/** Tab, LF, VT, FF, CR, BS, ESC. */
function isLayout(byte: number): boolean {
  return (byte >= 8 && byte <= 13) || byte === 27;
}

function countReplaced(head: Uint8Array): number {
  let count = 0;
  for (const char of Buffer.from(head).toString("utf8")) if (char === "\ufffd") count += 1;
  return count;
}
