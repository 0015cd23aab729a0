// Where one file of a log ends and the next one begins: does what was open go on? Between two files of a
// rotation lines may be missing, hours may lie, and another boot may have begun; then the next file is read
// as a log of its own.
//
// Invariant: nothing goes on that the clocks do not show to go on, or, in a log without clocks, the text.

import { wallSecondsBetween } from "#model/event-time.ts";
import type { EventTime } from "#model/kernel-event.ts";
import type { LogRecord, RecordSink } from "./record.ts";
import { isBodyLine } from "./report/headless.ts";

/**
 * What is known of a file from its name: that it is the next number of a rotation, or the next date of
 * one (others may be missing between), or that somebody cut one file in pieces, or that it holds the next
 * part of a pstore dump (of which others may be missing: framing/pstore.ts says so).
 */
export type Link = "numbered" | "dated" | "pieces" | "parts";

export interface SeamOutput extends RecordSink {
  /** Nothing goes on; `isSameBoot` says whether at least the boots do. */
  border(isSameBoot: boolean): void;
}

export interface Seam extends RecordSink {
  /** How the file `source` follows the one before it. */
  nextFile(source: string, link: Link): void;
}

/** Records held until one carries a clock: a rotation's first lines may be another program's. */
const MOST_HELD = 32;
/** A report's lines are no further apart. */
const LONGEST_PAUSE = 45;
/** Lines that two CPUs wrote at once may change places. */
const MOST_BACK = 1;
/**
 * A CPU that was stuck with interrupts off may stamp its backtrace with a clock that stood still as long;
 * what steps back further is another boot's, or a copy of what was read already.
 */
const FALL = 30;
/** Printk's clock stands still in suspend, the other one is set by NTP: so far apart they say two boots. */
const MOST_APART = 600;
/** Between dated files some may be missing; a machine that says nothing for a day was off. */
const LONGEST_SILENCE = 86_400;

interface Clocks {
  readonly kernel: LogRecord | undefined;
  readonly wall: string | undefined;
}

interface Steps {
  readonly kernel: number | undefined;
  readonly wall: number | undefined;
}

/** @param only source of the records that name none: the first file's */
export function openSeam(output: SeamOutput, only: string): Seam {
  const links = new Map<string, Link>();
  let source = only;
  let before: Clocks = { kernel: undefined, wall: undefined };
  let lastKernel: LogRecord | undefined;
  let lastWall: string | undefined;
  let held: LogRecord[] | undefined;

  function pass(record: LogRecord): void {
    const { time } = record;
    if (time?.wall !== undefined) lastWall = time.wall;
    if (time?.monotonic !== undefined && isKernels(record)) lastKernel = record;
    output.record(record);
  }

  function decide(records: readonly LogRecord[]): void {
    held = undefined;
    const link = links.get(source) ?? "dated";
    const steps = stepsBetween(before, records);
    if (!goesOn(steps, link, records)) output.border(isSameBoot(steps, link));
    for (const record of records) pass(record);
  }

  return {
    nextFile: (id, link) => links.set(id, link),
    record(record) {
      if ((record.source ?? only) !== source) {
        if (held !== undefined) decide(held);
        source = record.source ?? only;
        before = { kernel: lastKernel, wall: lastWall };
        held = links.has(source) ? [] : undefined;
      }
      if (held === undefined) {
        pass(record);
        return;
      }
      held.push(record);
      const isTimed = isKernels(record) && record.time !== undefined;
      if (isTimed || held.length >= MOST_HELD) decide(held);
    },
    end() {
      if (held !== undefined) decide(held);
      output.end();
    },
  };
}

function isKernels(record: LogRecord): boolean {
  return record.kernel || record.program === undefined;
}

function stepsBetween(before: Clocks, records: readonly LogRecord[]): Steps {
  const from = before.kernel;
  const to = records.find((record) => record.time?.monotonic !== undefined && isKernels(record));
  if (from !== undefined && to !== undefined && isOneHost(from, to)) {
    return {
      kernel: monotonicBetween(from.time, to.time),
      wall: wallSecondsBetween(from.time?.wall, to.time?.wall),
    };
  }
  const wall = records.find((record) => record.time?.wall !== undefined)?.time?.wall;
  return { kernel: undefined, wall: wallSecondsBetween(before.wall, wall) };
}

/** Two machines' clocks since their boots have nothing to do with one another. */
function isOneHost(a: LogRecord, b: LogRecord): boolean {
  return a.host === undefined || b.host === undefined || a.host === b.host;
}

function monotonicBetween(a: EventTime | undefined, b: EventTime | undefined): number | undefined {
  if (a?.monotonic === undefined || b?.monotonic === undefined) return undefined;
  return Number(b.monotonic - a.monotonic) / 1e9;
}

function goesOn({ kernel, wall }: Steps, link: Link, records: readonly LogRecord[]): boolean {
  if (link === "parts") return true;
  if (wall !== undefined && (wall < -MOST_BACK || wall > LONGEST_PAUSE)) return false;
  if (kernel !== undefined) return kernel >= -FALL && kernel <= LONGEST_PAUSE;
  if (wall !== undefined) return true;
  if (link === "pieces") return true;
  return link === "numbered" && records.some((record) => isBodyLine(record.text.trim()));
}

/**
 * The boot of the file before, unless the records themselves begin another one (boots.ts: beginsBoot):
 * since the machine's start as much time went by on both clocks, or nothing is missing between the files.
 */
function isSameBoot({ kernel, wall }: Steps, link: Link): boolean {
  if (kernel !== undefined && kernel < -FALL) return false;
  if (kernel !== undefined && wall !== undefined) return Math.abs(wall - kernel) <= MOST_APART;
  if (link !== "dated") return true;
  return wall !== undefined && wall >= -MOST_BACK && wall <= LONGEST_SILENCE;
}
