// The events of one log, within bounds. A storm of one report says nothing new after some hundreds: beyond
// that only their number is kept, and the newest in full, so that first and last are both there. What is
// left out is said in a gap, with its count and lines.

import { text } from "#base/text.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { ReadingGap } from "#model/reading.ts";
import type { SourceRange } from "#model/source-range.ts";

export interface EventStore {
  add(event: KernelEvent): void;
  /** In the order they were added. */
  events(): readonly KernelEvent[];
  /** One for each kind of report of which some were left out. */
  gaps(): readonly ReadingGap[];
}

/** What the stores of all logs of one analysis hold together. */
export interface HeldByAll {
  events: number;
  chars: number;
}

export function nothingHeld(): HeldByAll {
  return { events: 0, chars: 0 };
}

/** Events of one signature kept in full, besides the newest. */
const FULL_PER_SIGNATURE = 200;
/** Events kept in full before only new signatures are. */
const FULL_IN_ALL = 10_000;
/** Characters of the events kept; beyond it only light events of known signatures replace their newest. */
const MOST_CHARS = 1 << 26;
/** Events that all logs of one analysis keep together: a folder may hold any number of logs. */
const MOST_OF_ALL_LOGS = 20_000;
/** Beyond it so many logs still give their newest report. */
const MOST_NEWEST = 5_000;
/** An event of this many characters is light. */
const LIGHT = 1 << 14;
/** Signatures told apart; a log of more is no log of one machine's stalls. The others share one entry. */
const MAX_SIGNATURES = 5_000;

interface Entry {
  readonly kind: string;
  readonly function: string | undefined;
  full: number;
  newest: Kept | undefined;
  /** What was left out of each file; almost always of one. */
  readonly left: { count: number; range: SourceRange }[];
}

interface Kept {
  readonly order: number;
  readonly event: KernelEvent;
}

export function openEventStore(held: HeldByAll = nothingHeld()): EventStore {
  const entries = new Map<string, Entry>();
  const kept: Kept[] = [];
  let order = 0;

  /** Is there room for one more in full? */
  function hasRoom(entry: Entry): boolean {
    if (held.chars >= MOST_CHARS || held.events >= MOST_OF_ALL_LOGS) return false;
    return entry.full < (kept.length < FULL_IN_ALL ? FULL_PER_SIGNATURE : 1);
  }

  /** The newest of its signature, unless it is too heavy to be kept. */
  function takeNewest(entry: Entry, one: Kept): void {
    const weight = weightOf(one.event);
    const isFull = entry.newest === undefined && held.events >= MOST_OF_ALL_LOGS + MOST_NEWEST;
    if (isFull || (held.chars >= MOST_CHARS && weight > LIGHT)) {
      leaveOut(entry, one.event.range);
      return;
    }
    if (entry.newest === undefined) {
      held.events += 1;
    } else {
      held.chars -= weightOf(entry.newest.event);
      leaveOut(entry, entry.newest.event.range);
    }
    held.chars += weight;
    entry.newest = one;
  }

  function entryOf(event: KernelEvent): Entry {
    const own = signatureOf(event);
    const isOpen =
      entries.size < MAX_SIGNATURES && held.chars < MOST_CHARS && held.events < MOST_OF_ALL_LOGS;
    const signature = isOpen ? own : OTHERS;
    const known = entries.get(own) ?? entries.get(signature);
    if (known !== undefined) return known;
    const named = signature === OTHERS ? undefined : event.function;
    const kind = signature === OTHERS ? OTHERS : event.kind;
    const entry = { kind, function: named, full: 0, newest: undefined, left: [] };
    entries.set(signature, entry);
    return entry;
  }

  return {
    add(event) {
      const entry = entryOf(event);
      const one = { order: order++, event };
      if (!hasRoom(entry)) {
        takeNewest(entry, one);
        return;
      }
      entry.full++;
      held.events += 1;
      held.chars += weightOf(event);
      kept.push(one);
    },
    events: () =>
      [...kept, ...[...entries.values()].flatMap(({ newest }) => newest ?? [])]
        .sort((a, b) => a.order - b.order)
        .map(({ event }) => event),
    gaps: () => [...entries.values()].flatMap(toGaps),
  };
}

const OTHERS = "report";

/** Roughly the characters it holds: the quotes of its lists are not part of its lines. */
function weightOf(event: KernelEvent): number {
  let weight = 0;
  for (const line of event.body) weight += line.text.length;
  for (const { at } of event.rcu?.stalled ?? []) weight += at.text.length;
  for (const { at } of event.workqueueStall?.pending ?? []) weight += at.text.length;
  return weight;
}

/** Of a stall the CPU counts as well: each one is a party to it. Of a fault only the place does. */
function signatureOf(event: KernelEvent): string {
  const cpu = STALLS.has(event.kind) ? event.cpu : undefined;
  return [event.boot, event.kind, event.function, cpu, event.panicked].join("/");
}

const STALLS: ReadonlySet<string> = new Set([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "csd-stall",
  "nmi-backtrace",
]);

function leaveOut(entry: Entry, range: SourceRange): void {
  const last = entry.left.at(-1);
  if (last?.range.source !== range.source) {
    entry.left.push({ count: 1, range });
    return;
  }
  const lastLine = Math.max(last.range.lastLine, range.lastLine);
  last.count += 1;
  last.range = { ...last.range, lastLine };
}

function toGaps(entry: Entry): readonly ReadingGap[] {
  return entry.left.map(({ count, range }) => toGap(entry, count, range));
}

function toGap(entry: Entry, count: number, range: SourceRange): ReadingGap {
  const what = entry.function === undefined ? entry.kind : `${entry.kind} in ${entry.function}`;
  const given = entry.full > 0 && entry.newest !== undefined;
  const said = text(
    `${count} more reports of the same (${what}) are only counted${given ? `; the first ${entry.full} and the last are given` : ""}`,
    `另有 ${count} 条相同的报告（${what}）仅计数${given ? `；给出了最先的 ${entry.full} 条与最后一条` : ""}`,
  );
  return { reason: "repeated", text: said, from: range };
}
