// Short pieces of logs around their events: what the mutation suite damages. A short input costs a fraction
// of a millisecond, so that many thousands fit into a test run.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openLog } from "#evidence/log/open-log.ts";

/** Lines, as bytes in latin1 so that no byte of the file is lost. */
export type Window = readonly string[];

const LINES_BEFORE = 2;
/** Where a report is longer its end is cut off, which is one more kind of damage. */
const MOST_LINES = 20;
const LONGEST_FILE = 1 << 19;
/** More events of one log say little that the first ones do not. */
const MOST_OF_ONE_LOG = 4;

/** Windows of all logs below `folder`, at most `most` of them, taken evenly. */
export function readWindows(folder: string, most: number): readonly Window[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".log"))
    .sort();
  const step = Math.max(1, files.length / most);
  const windows: Window[] = [];
  for (let at = 0; at < files.length; at += step) {
    const bytes = readFileSync(join(folder, files[Math.floor(at)] ?? ""));
    if (bytes.length <= LONGEST_FILE) windows.push(...windowsOf(bytes));
  }
  return windows.slice(0, most);
}

function windowsOf(bytes: Buffer): Window[] {
  const log = openLog({ id: "s1", name: "window.log" });
  log.push(bytes);
  const lines = bytes.toString("latin1").split("\n");
  return log
    .end()
    .events.slice(0, MOST_OF_ONE_LOG)
    .map(({ range }) => {
      const from = Math.max(0, range.firstLine - 1 - LINES_BEFORE);
      return lines.slice(from, Math.min(range.lastLine + 1, from + MOST_LINES));
    });
}
