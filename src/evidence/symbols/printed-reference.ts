// `symbol+0xoffset/0xsize [module]` in the bytes of a line: the form in which the kernel names code.
// Works on bytes, because the text around a reference may be in any encoding or none.

export interface PrintedReference {
  readonly symbol: string;
  readonly offset: number;
  readonly size: number;
  /** From `[module]` or `[module build-id]` behind it. */
  readonly module?: string;
  /** Build id behind the module's name (CONFIG_STACKTRACE_BUILD_ID), lower-case hex. */
  readonly buildId?: string;
  /** First byte of the symbol and one past the last byte of the reference, module included. */
  readonly start: number;
  readonly end: number;
}

const PLUS = 0x2b;
const SLASH = 0x2f;
const SPACE = 0x20;
const OPEN = 0x5b;
const CLOSE = 0x5d;
const MAX_NAME = 512;

/** All references of a line, in order. Each byte is looked at a bounded number of times. */
export function findReferences(line: Uint8Array): PrintedReference[] {
  const found: PrintedReference[] = [];
  for (let plus = line.indexOf(PLUS); plus >= 0; plus = line.indexOf(PLUS, plus + 1)) {
    const reference = referenceAt(line, plus, found[found.length - 1]?.end ?? 0);
    if (reference === undefined) continue;
    found.push(reference);
    plus = reference.end - 1;
  }
  return found;
}

function referenceAt(line: Uint8Array, plus: number, floor: number): PrintedReference | undefined {
  const offset = readHex(line, plus + 1);
  if (offset === undefined || line[offset.end] !== SLASH) return undefined;
  const size = readHex(line, offset.end + 1);
  if (size === undefined) return undefined;
  let start = plus;
  const lowest = Math.max(floor, plus - MAX_NAME);
  while (start > lowest && isSymbolByte(line[start - 1] ?? 0)) start -= 1;
  if (start === plus) return undefined;
  const symbol = latin1(line, start, plus);
  const module = readModule(line, size.end);
  return {
    symbol,
    offset: offset.value,
    size: size.value,
    start,
    end: size.end,
    ...module,
  };
}

/** `0x` and hex digits; sizes above 2^32 do not occur and end the match. */
function readHex(line: Uint8Array, at: number): { value: number; end: number } | undefined {
  if (line[at] !== 0x30 || line[at + 1] !== 0x78) return undefined;
  let value = 0;
  let end = at + 2;
  for (let digit = hexDigit(line[end]); digit >= 0; digit = hexDigit(line[end])) {
    value = value * 16 + digit;
    end += 1;
    if (end - at > 10) return undefined;
  }
  return end === at + 2 ? undefined : { value, end };
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function isSymbolByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (
    (letter >= 0x61 && letter <= 0x7a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x2e ||
    byte === 0x24
  );
}

//  stall_fn+0x45/0x70 [stall 1a2b…]
//                    ^       ^
function readModule(
  line: Uint8Array,
  at: number,
): { module?: string; buildId?: string; end?: number } {
  if (line[at] !== SPACE || line[at + 1] !== OPEN) return {};
  const close = line.subarray(at, at + 128).indexOf(CLOSE);
  if (close < 0) return {};
  const words = latin1(line, at + 2, at + close).split(" ");
  const [module = "", buildId] = words;
  if (words.length > 2 || !/^[A-Za-z0-9_]+$/.test(module)) return {};
  const isId = buildId !== undefined && /^[0-9a-f]{8,64}$/.test(buildId);
  if (buildId !== undefined && !isId) return {};
  return { module, end: at + close + 1, ...(isId ? { buildId } : {}) };
}

/** The bytes as text, one character each. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + 4096)));
}
