// Reports of the lab's kernels as separate sheets of lines, and several of them run into one log.

import { readdirSync, readFileSync } from "node:fs";
import { openLog } from "#evidence/log/open-log.ts";
import type { EventKind, KernelEvent } from "#model/kernel-event.ts";
import type { Random } from "../mutation/random.ts";

/** One report as its CPU printed it, without stamps, and what it says when it is read alone. */
export interface Sheet {
  readonly lines: readonly string[];
  readonly event: KernelEvent;
  /** As CONFIG_PRINTK_CALLER would name its printer. */
  readonly caller: string;
}

/** What tells the lines of two CPUs apart in a log, if anything does. */
export type Clocks = "callers" | "one-clock" | "two-clocks" | "no-clock";

const STAMP = /^\[ *\d+\.\d{6}\] ?/;
const SHEETS: ReadonlySet<EventKind> = new Set([
  "soft-lockup",
  "hung-task",
  "null-dereference",
  "warning",
]);
/** Longer ones hold other tasks' dumps. */
const LONGEST = 60;

/** Every plain report of the logs in `folder`, one sheet for each CPU and task. */
export function readSheets(folder: string): readonly Sheet[] {
  const sheets = new Map<string, Sheet>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".log"))) {
    const log = readFileSync(`${folder}/${name}`, "latin1");
    const lines = log.split("\n").map((line) => line.replace(/\r$/, ""));
    for (const event of readEvents(log)) {
      const { firstLine, lastLine } = event.range;
      const own = lines.slice(firstLine - 1, lastLine);
      if (!SHEETS.has(event.kind) || own.length > LONGEST || !event.complete) continue;
      if (own.some((line) => !STAMP.test(line))) continue;
      const sheet = own.map((line) => line.replace(STAMP, ""));
      const [alone] = readEvents(stamped(sheet).join("\n"));
      if (alone === undefined) continue;
      const key = `${event.kind}/${event.cpu}/${event.task?.pid}`;
      const caller = event.kind === "soft-lockup" ? `C${event.cpu}` : `T${event.task?.pid}`;
      if (!sheets.has(key)) sheets.set(key, { lines: sheet, event: alone, caller });
    }
  }
  return [...sheets.values()];
}

export function readEvents(log: string): readonly KernelEvent[] {
  const reader = openLog({ id: "s1", name: "console.log" });
  reader.push(new TextEncoder().encode(log));
  return reader.end().events;
}

/** Lines of one report as its CPU would print them alone. */
export function stamped(lines: readonly string[]): readonly string[] {
  return lines.map((line, at) => `[  100.${String(at * 40).padStart(6, "0")}] ${line}`);
}

/** The lines of all sheets, each in its own order, in runs of `1 / turn` lines on the average. */
export function interleave(
  sheets: readonly Sheet[],
  clocks: Clocks,
  turn: number,
  random: Random,
): string {
  const left = sheets.map(({ lines, caller }, side) => ({ lines, caller, side, next: 0 }));
  const merged: string[] = [];
  let own = left[0];
  while (left.length > 0) {
    if (own === undefined || !left.includes(own) || random.chance(turn)) {
      own = random.pick(left.filter((other) => left.length === 1 || other !== own));
    }
    const at = own.next++;
    merged.push(prefix(clocks, merged.length, at, own.side, own.caller) + (own.lines[at] ?? ""));
    if (own.next === own.lines.length) left.splice(left.indexOf(own), 1);
  }
  return merged.join("\n");
}

function prefix(clocks: Clocks, at: number, own: number, side: number, caller: string): string {
  if (clocks === "no-clock") return "";
  // Two buffers flushed at once: each keeps its own order, the file is in neither's.
  const second = clocks === "two-clocks" ? 100 + side * 3 : 100;
  const micro = String((clocks === "two-clocks" ? own : at) * 40).padStart(6, "0");
  const by = clocks === "callers" ? `[${caller.padStart(6)}]` : "";
  return `[  ${second}.${micro}]${by} `;
}
