// System.map and /proc/kallsyms: lines of `address type name`, kallsyms with `\t[module]` behind.

import type { ByteSource } from "#base/byte-source.ts";

export interface MapSymbol {
  readonly address: bigint;
  /** nm's letter: t/T text, d/D data, … */
  readonly type: string;
  readonly name: string;
  readonly module?: string;
}

export interface MapSymbols {
  readonly symbols: readonly MapSymbol[];
  /** /proc/kallsyms read without privilege shows only zeros: names without places. */
  readonly hidden: boolean;
}

const CHUNK = 1 << 20;
const MAX_SYMBOLS = 1 << 22;
//                  ffffffff81000000 T _text[\t[module]]
const LINE = /^([0-9a-fA-F]{8,16}) ([A-Za-z?]) (\S{1,512})(?:[ \t]\[(\S{1,64})\])?\s*$/;

/** Reads every line of that form and skips others. */
export function readSymbolMap(source: ByteSource): MapSymbols {
  const symbols: MapSymbol[] = [];
  const decoder = new TextDecoder();
  let rest = "";
  for (let offset = 0; offset < source.size && symbols.length < MAX_SYMBOLS; offset += CHUNK) {
    const bytes = source.read(offset, CHUNK);
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    // A line without end would make the rest grow with the file.
    rest = (lines.pop() ?? "").slice(0, CHUNK);
    for (const line of lines) add(symbols, line);
  }
  add(symbols, rest);
  return { symbols, hidden: symbols.length > 0 && symbols.every(({ address }) => address === 0n) };
}

function add(symbols: MapSymbol[], line: string): void {
  const match = LINE.exec(line);
  if (match === null) return;
  const [, address = "0", type = "?", name = "", module] = match;
  symbols.push({
    address: BigInt(`0x${address}`),
    type,
    name,
    ...(module === undefined ? {} : { module }),
  });
}
