// Which of many files are read as logs, and in which order. Pstore's files have an order of their own, and
// some of them hold no log.

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { isLogName, type OrderedLog } from "./log-order.ts";
import {
  findPartHead,
  foldersWithParts,
  HEAD_BYTES,
  inDumpOrder,
  isPutTogether,
  type PartHead,
  parsePstoreName,
  whyNoLog,
} from "./pstore-files.ts";

export interface ChooseOptions {
  /** Puts files that are no parts of a dump in order. */
  readonly order: (paths: readonly string[]) => readonly OrderedLog[];
  /** The beginning of a file, at least `HEAD_BYTES` of it where it has as many. */
  readonly headOf: (path: string) => Uint8Array | undefined;
  /** Told which file is left out and why; absent: every file was asked for by its name. */
  readonly leave?: (path: string, why: string) => void;
}

export function chooseLogs(
  paths: readonly string[],
  { order, headOf, leave }: ChooseOptions,
): readonly OrderedLog[] {
  const parts: string[] = [];
  const others: string[] = [];
  const withParts = foldersWithParts(paths);
  for (const path of paths) {
    const name = parsePstoreName(path);
    const why =
      name !== undefined
        ? whyNoLog(name)
        : isPutTogether(path, withParts)
          ? "put together from the parts beside it, which are read instead"
          : undefined;
    if (leave !== undefined && why !== undefined) leave(path, why);
    else if (name?.type === "dmesg") parts.push(path);
    else others.push(path);
  }
  return [...order(others), ...inDumpOrder(parts, (path) => partHead(headOf(path)))];
}

function partHead(bytes: Uint8Array | undefined): PartHead | undefined {
  if (bytes === undefined) return undefined;
  return findPartHead(Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString("latin1"));
}

/** Where some files have names of logs, the others are not read; where none has, all are tried. */
export function onlyLogs(files: readonly string[], folder: string): readonly string[] {
  const named = files.filter((file) => isLogName(file.slice(folder.length)));
  return named.length > 0 ? named : files;
}

/** The beginning of a regular file; undefined where it cannot be read, which opening it will say. */
export function headOfFile(path: string): Uint8Array | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    const file = openSync(path, "r");
    try {
      const head = new Uint8Array(HEAD_BYTES);
      return head.subarray(0, readSync(file, head));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
