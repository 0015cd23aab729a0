// Logs whose newest line stands first, as some viewers list and some people paste them: the records are
// given out in the order they were written, their ranges stay those of the file.
//
// Invariant: a log is turned only as a whole and only when its stamps run backwards line by line. The first
// stamps that run forward settle it, so a usual log is held for a few lines; one without stamps for a while.

import type { LogRecord, RecordSink } from "./record.ts";

/** A paste; a file that long was written by a program, which appends. */
const MOST_HELD = 5000;
const MOST_HELD_CHARS = 1 << 22;
/** So many steps back without one forward are no two CPUs that printed at once. */
const SURE = 6;

interface Held {
  readonly records: LogRecord[];
  chars: number;
  backward: number;
  forward: number;
  last: LogRecord | undefined;
}

/** @param only source of the records that name none */
export function openNewestFirst(sink: RecordSink, only?: string): RecordSink {
  let held: Held | undefined = emptyHeld();
  let source = only;

  function release(isTurned: boolean): void {
    const records = held?.records ?? [];
    held = undefined;
    for (const record of isTurned ? records.reverse() : records) sink.record(record);
  }

  return {
    record(record) {
      if ((record.source ?? only) !== source) {
        // Every file of a log is turned for itself.
        if (held !== undefined) release(isNewestFirst(held));
        held = emptyHeld();
        source = record.source ?? only;
      }
      if (held === undefined) {
        sink.record(record);
        return;
      }
      take(held, record);
      if (!mayBeTurned(held)) release(false);
      else if (isFull(held)) release(isNewestFirst(held));
    },
    end() {
      if (held !== undefined) release(isNewestFirst(held));
      sink.end();
    },
  };
}

function emptyHeld(): Held {
  return { records: [], chars: 0, backward: 0, forward: 0, last: undefined };
}

function isFull({ records, chars }: Held): boolean {
  return records.length >= MOST_HELD || chars >= MOST_HELD_CHARS;
}

function take(held: Held, record: LogRecord): void {
  held.records.push(record);
  held.chars += record.text.length;
  const step = stepOf(held.last, record);
  if (step !== undefined) held.last = record;
  if (step === "back") held.backward += 1;
  else if (step === "forward") held.forward += 1;
}

/** A step forward among many back: two CPUs wrote at once. */
function mayBeTurned({ forward, backward }: Held): boolean {
  return forward * SURE <= backward;
}

/** Which way the clock went; `undefined` for a record without a stamp of the same clock. */
function stepOf(
  last: LogRecord | undefined,
  next: LogRecord,
): "back" | "forward" | "none" | undefined {
  const { time } = next;
  if (time === undefined) return undefined;
  const before = last?.time;
  if (before === undefined) return "none";
  if (time.monotonic !== undefined && before.monotonic !== undefined) {
    return compare(before.monotonic, time.monotonic);
  }
  if (time.wall === undefined || before.wall === undefined) return "none";
  return time.wall.length === before.wall.length ? compare(before.wall, time.wall) : "none";
}

function compare<T extends bigint | string>(before: T, after: T): "back" | "forward" | "none" {
  if (after < before) return "back";
  return after > before ? "forward" : "none";
}

/**
 * Few steps back may be one boot behind another: then the text must show it too, with the frames of a trace
 * above the line that introduces them.
 */
function isNewestFirst(held: Held): boolean {
  if (held.backward >= SURE) return true;
  return held.backward > 0 && hasTraceUpsideDown(held.records);
}

function hasTraceUpsideDown(records: readonly LogRecord[]): boolean {
  const at = records.findIndex((record) => /^\s*Call [Tt]race:\s*$/.test(record.text));
  if (at < 3) return false;
  const above = records.slice(Math.max(0, at - 4), at);
  const below = records.slice(at + 1, at + 3);
  return above.filter(isFrame).length >= 2 && !below.some(isFrame);
}

function isFrame(record: LogRecord): boolean {
  return /^\s*(?:\? )?[A-Za-z_][\w.]*\+0x[0-9a-f]+\/0x[0-9a-f]+/.test(record.text);
}
