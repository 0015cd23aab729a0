// One report in several logs: a syslog daemon writes the kernel's lines to kern.log and to syslog, and
// somebody saved dmesg beside them. Such a report is one event, and the boots it links are one boot.
//
// Invariant: two events are one only if the kernel's own words and clock say so: the same headline with the
// same stamp (microseconds since boot), most lines the same, and neither host nor date against it. Within
// one log nothing is put together: a report printed twice is two.

import { wallSecondsBetween } from "#model/event-time.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { Notice } from "#model/notice.ts";
import type { Boot, Trace } from "#model/reading.ts";
import { openGroups } from "./groups.ts";

/** A daemon stamps a line when it reads it, at boot a while after the kernel wrote it. */
const MOST_APART_SECONDS = 120;
/** Different reports of the same words and stamp: one for each of some machines. */
const MOST_NAMESAKES = 16;
/** Of the shorter report's lines; the rest may be cut off, escaped or interleaved in one of the logs. */
const LEAST_COMMON = 0.8;

/**
 * The trace with every report once.
 * @param logOf number of the log that a source is a file of
 */
export function withoutRepeats(trace: Trace, logOf: (source: string) => number): Trace {
  const pairs = findPairs(trace.events, logOf);
  if (pairs.size === 0) return trace;
  const boots = openGroups(trace.boots.length);
  for (const [one, other] of pairs) boots.join(one.boot, other.boot);
  const bootOf = numbering(trace.boots, boots.find);
  const joined = joinBoots(trace.boots, boots.find);
  const events = toEvents(trace.events, pairs, (event) => {
    const boot = bootOf(event.boot);
    const host = event.host ?? joined[boot]?.host;
    return { ...event, boot, ...(host === undefined ? {} : { host }) };
  });
  return {
    ...trace,
    events: inOrder(events, logOf),
    notices: withoutEchoes(trace.notices, logOf, bootOf),
    boots: joined,
  };
}

type Pairs = ReadonlyMap<KernelEvent, KernelEvent>;

/** Each later event with the first one of another log that is the same report. */
function findPairs(events: readonly KernelEvent[], logOf: (source: string) => number): Pairs {
  const firsts = new Map<string, KernelEvent[]>();
  const counts = new Map<string, number>();
  const pairs = new Map<KernelEvent, KernelEvent>();
  for (const event of events) {
    const words = keyOf(event);
    if (words === undefined) continue;
    // The same words with the same stamp twice in one log: the first is the first of the other log.
    const inLog = `${logOf(event.range.source)} ${words}`;
    const count = (counts.get(inLog) ?? 0) + 1;
    counts.set(inLog, count);
    const key = `${count} ${words}`;
    const known = firsts.get(key) ?? [];
    const same = known.find((other) => isSame(other, event));
    if (same !== undefined) pairs.set(event, same);
    else if (known.length < MOST_NAMESAKES) firsts.set(key, [...known, event]);
  }
  return pairs;
}

/** A stamp of 0 is no clock yet; without the kernel's clock the date and host must be the same. */
function keyOf({ kind, headline, time, host }: KernelEvent): string | undefined {
  const words = `${kind} ${headline.text.trim()}`;
  if (time?.monotonic !== undefined) {
    return time.monotonic === 0n ? undefined : `${time.monotonic} ${words}`;
  }
  return time?.wall === undefined || host === undefined
    ? undefined
    : `${time.wall} ${host} ${words}`;
}

function isSame(a: KernelEvent, b: KernelEvent): boolean {
  if (a.host !== undefined && b.host !== undefined && a.host !== b.host) return false;
  if (a.cpu !== undefined && b.cpu !== undefined && a.cpu !== b.cpu) return false;
  const [from, to] = [a.time?.wall, b.time?.wall];
  // A zone that only one of them gives, or another one, makes the difference say nothing.
  const seconds = zoneOf(from) === zoneOf(to) ? wallSecondsBetween(from, to) : undefined;
  if (seconds !== undefined && Math.abs(seconds) > MOST_APART_SECONDS) return false;
  return commonLines(a, b) >= LEAST_COMMON;
}

function zoneOf(wall: string | undefined): string | undefined {
  return wall === undefined ? undefined : /(?:Z|[+-]\d\d:?\d\d)$/.exec(wall)?.[0];
}

function commonLines(a: KernelEvent, b: KernelEvent): number {
  const [longer, shorter] = a.body.length < b.body.length ? [b, a] : [a, b];
  const lines = new Set(longer.body.map(toLine));
  const common = shorter.body.filter((line) => lines.has(toLine(line))).length;
  return shorter.body.length === 0 ? 1 : common / shorter.body.length;
}

function toLine({ text, monotonic }: KernelEvent["body"][number]): string {
  return `${monotonic ?? ""} ${text.trim()}`;
}

/** The fuller one of each pair, where the first one stood, with the places of the others. */
function toEvents(
  events: readonly KernelEvent[],
  pairs: Pairs,
  placed: (event: KernelEvent) => KernelEvent,
): readonly KernelEvent[] {
  const copies = new Map<KernelEvent, KernelEvent[]>();
  for (const [copy, first] of pairs) {
    const known = copies.get(first);
    if (known === undefined) copies.set(first, [first, copy]);
    else known.push(copy);
  }
  const idOf = new Map([...pairs].map(([copy, first]) => [copy.id, first.id]));
  return events
    .filter((event) => !pairs.has(event))
    .map((event) => {
      const all = copies.get(event) ?? [event];
      const best = all.reduce((one, other) => (isFuller(other, one) ? other : one));
      const alsoIn = all
        .filter((other) => other !== best)
        .flatMap(({ range, continuedIn = [] }) => [range, ...continuedIn]);
      const { askedBy } = best;
      return placed({
        ...best,
        id: event.id,
        ...(askedBy === undefined ? {} : { askedBy: idOf.get(askedBy) ?? askedBy }),
        ...(alsoIn.length === 0 ? {} : { alsoIn }),
      });
    });
}

function isFuller(a: KernelEvent, b: KernelEvent): boolean {
  if (a.complete !== b.complete) return a.complete;
  return (a.trace?.length ?? 0) > (b.trace?.length ?? 0);
}

/** The boots' new numbers: those that were joined share one. */
function numbering(
  boots: readonly Boot[],
  find: (boot: number) => number,
): (boot: number) => number {
  const numbers = new Map<number, number>();
  for (const boot of boots.keys()) {
    const root = find(boot);
    if (!numbers.has(root)) numbers.set(root, numbers.size);
  }
  return (boot) => numbers.get(find(boot)) ?? boot;
}

function joinBoots(boots: readonly Boot[], find: (boot: number) => number): readonly Boot[] {
  const joined = new Map<number, Boot>();
  for (const [index, boot] of boots.entries()) {
    const root = find(index);
    const known = joined.get(root);
    joined.set(root, known === undefined ? boot : joinBoot(known, boot));
  }
  return [...joined.values()];
}

function joinBoot(a: Boot, b: Boot): Boot {
  const said = new Set(a.facts.map(({ name, value }) => `${name} ${value}`));
  const host = a.host ?? b.host;
  const kernel = a.kernel ?? b.kernel;
  return {
    ...a,
    ...(host === undefined ? {} : { host }),
    ...(kernel === undefined ? {} : { kernel }),
    facts: [...a.facts, ...b.facts.filter(({ name, value }) => !said.has(`${name} ${value}`))],
    continuedIn: [...(a.continuedIn ?? []), b.range, ...(b.continuedIn ?? [])],
    records: Math.max(a.records, b.records),
  };
}

/** A line that two logs of one boot hold is one notice. */
function withoutEchoes(
  notices: readonly Notice[],
  logOf: (source: string) => number,
  bootOf: (boot: number) => number,
): readonly Notice[] {
  const seen = new Map<string, number>();
  const kept: Notice[] = [];
  for (const notice of notices) {
    const boot = bootOf(notice.boot);
    const key = `${boot} ${notice.time?.monotonic} ${notice.text}`;
    const log = logOf(notice.range.source);
    const isEcho = notice.time?.monotonic !== undefined && (seen.get(key) ?? log) !== log;
    if (isEcho) continue;
    seen.set(key, log);
    kept.push({ ...notice, boot, id: `n${kept.length + 1}` });
  }
  return kept;
}

/** Events of a boot that several logs tell, in the order of the kernel's clock; ids in order of the trace. */
function inOrder(
  events: readonly KernelEvent[],
  logOf: (source: string) => number,
): readonly KernelEvent[] {
  const isShared = sharedBoots(events, logOf);
  const latest = new Map<string, bigint>();
  const byBoot = new Map<number, { event: KernelEvent; at: bigint }[]>();
  for (const event of events) {
    if (!isShared(event)) continue;
    // Each log keeps its own order: a CPU that was stuck may stamp its backtrace with an older time.
    const key = `${event.boot} ${logOf(event.range.source)}`;
    const [own, before] = [event.time?.monotonic ?? 0n, latest.get(key) ?? 0n];
    const at = own > before ? own : before;
    latest.set(key, at);
    const list = byBoot.get(event.boot);
    if (list === undefined) byBoot.set(event.boot, [{ event, at }]);
    else list.push({ event, at });
  }
  // Sorted from last to first, so that the next one is taken from the end.
  for (const list of byBoot.values()) {
    list.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).reverse();
  }
  return renumbered(events.map((event) => byBoot.get(event.boot)?.pop()?.event ?? event));
}

function sharedBoots(
  events: readonly KernelEvent[],
  logOf: (source: string) => number,
): (event: KernelEvent) => boolean {
  const logs = new Map<number, Set<number>>();
  for (const event of events) {
    const known = logs.get(event.boot) ?? new Set<number>();
    logs.set(event.boot, known.add(logOf(event.range.source)));
  }
  return (event) => (logs.get(event.boot)?.size ?? 0) > 1;
}

function renumbered(events: readonly KernelEvent[]): readonly KernelEvent[] {
  const ids = new Map(events.map(({ id }, index) => [id, `e${index + 1}`]));
  return events.map((event) => {
    const askedBy = event.askedBy === undefined ? undefined : ids.get(event.askedBy);
    const { askedBy: _, ...rest } = event;
    return {
      ...rest,
      id: ids.get(event.id) ?? event.id,
      ...(askedBy === undefined ? {} : { askedBy }),
    };
  });
}
