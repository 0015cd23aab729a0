// A log of many lines in one string of JSON, its line feeds escaped: what clouds and trackers answer.
//
//   "Output": "[    0.000000] Linux version 6.1.0 …\r\n[    0.000000] Command line: …"
//   {"id":7,"body":"It hung.\n\n```\n[  176.013351] watchdog: BUG: soft lockup …\n```\n"}
//
// Invariant: a string is taken apart only where one of its lines has a head.

import { startsLikeHead } from "./head-start.ts";

//                   "Output"           : "…"    ,
const MEMBER = /^\s{0,40}"([\w.@-]{1,64})"\s?: {0,4}(".*"),?\s?$/;
/** Members of a framing that reads objects over several lines (json-block.ts). */
const OTHERS: ReadonlySet<string> = new Set(["MESSAGE", "msg"]);
const BLANK = 32;
const TAB = 9;
const QUOTE = 34;

/** The lines in the member of an object that stands on a line of its own. */
export function linesOfMember(line: string): readonly string[] | undefined {
  const first = line.charCodeAt(0);
  if (first !== BLANK && first !== TAB && first !== QUOTE) return undefined;
  if (!line.includes("\\n")) return undefined;
  const match = MEMBER.exec(line);
  if (match === null || OTHERS.has(match[1] ?? "")) return undefined;
  return toLines(parseString(match[2] ?? ""));
}

/** The lines in whichever member of an object holds a log. */
export function linesOfObject(
  members: Readonly<Record<string, unknown>>,
): readonly string[] | undefined {
  for (const value of Object.values(members)) {
    const lines = toLines(value);
    if (lines !== undefined) return lines;
  }
  return undefined;
}

function toLines(value: unknown): readonly string[] | undefined {
  if (typeof value !== "string") return undefined;
  const text = value.trimEnd();
  if (!text.includes("\n")) return undefined;
  const lines = text.split("\n").map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line));
  return lines.some((line) => startsLikeHead(line)) ? lines : undefined;
}

function parseString(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Cut off, or no JSON: nothing to take apart.
    return undefined;
  }
}
