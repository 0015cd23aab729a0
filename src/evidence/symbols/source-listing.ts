// The source around an address, as crash's `dis -s` shows it: a few lines before the line meant, then
// the rest of the function. The text itself comes from the user's own source tree.

import { findCode } from "#formats/dwarf/debug-info.ts";
import { functionSource } from "#formats/dwarf/function-lines.ts";
import { imageNumber, type KernelImage } from "./kernel-image.ts";
import { treePath } from "./source-path.ts";
import { levelsAt, type SourceLevel } from "./symbolize-address.ts";

/** Text of a file of the kernel tree; `undefined` where it is not at hand. */
export type ReadSource = (treePath: string) => string | undefined;

export interface ListedLine {
  readonly n: number;
  readonly text: string;
  readonly mark?: "*";
}

export interface SourceListing {
  /** Relative to the kernel tree. */
  readonly file: string;
  readonly line: number;
  /** Innermost first, as `symbolizeAddress` gives them. */
  readonly levels: readonly SourceLevel[];
  /** Lines of the function the line belongs to; absent where the function is not known. */
  readonly span?: { readonly first: number; readonly last: number };
  /** Empty where the source is not at hand. */
  readonly lines: readonly ListedLine[];
}

const LINES_BEFORE = 5;
const MAX_LINES = 400;

/**
 * Lists the source at `address`. `level` counts from the innermost inlined function (0) outwards.
 * `undefined` where the image knows no line there.
 */
export function sourceListing(
  image: KernelImage,
  address: bigint,
  readSource: ReadSource,
  level = 0,
): SourceListing | undefined {
  const number = imageNumber(image, address);
  const levels = levelsAt(image, number);
  const place = levels[level];
  if (place?.file === undefined || place.line === undefined) return undefined;
  const { file, line } = place;
  const span = spanOf(image, number, file, line);
  const text = readSource(file);
  const lines = text === undefined ? [] : listLines(text, line, span?.last ?? line + LINES_BEFORE);
  return { file, line, levels, lines, ...(span === undefined ? {} : { span }) };
}

function spanOf(
  image: KernelImage,
  number: number,
  file: string,
  line: number,
): { first: number; last: number } | undefined {
  const debug = image.debug();
  const code = debug === undefined ? undefined : findCode(debug, number);
  const outer = code?.scopes[0];
  if (debug === undefined || code === undefined || outer === undefined) return undefined;
  const source = functionSource(debug, code.unit, outer.offset);
  if (source === undefined || treePath(source.file, code.compDir) !== file) return undefined;
  if (line < source.declaredAt || line > source.lastLine) return undefined;
  return { first: source.declaredAt, last: source.lastLine };
}

function listLines(text: string, line: number, last: number): ListedLine[] {
  const all = text.split("\n");
  const first = Math.max(1, line - LINES_BEFORE);
  const end = Math.min(Math.max(last, line), all.length, first + MAX_LINES);
  return Array.from({ length: Math.max(0, end - first + 1) }, (_, at) => {
    const n = first + at;
    return { n, text: (all[n - 1] ?? "").replace(/\r$/, ""), ...(n === line ? { mark: "*" } : {}) };
  });
}
