// Which parts of a report belong to an incident and in which order a reader wants them. No words here.

import type {
  EventKind,
  Evidence,
  Hypothesis,
  Incident,
  Notice,
  Remedy,
  ReportEvent,
  ReportV1,
  Verdict,
} from "#contract/report.ts";

const STRENGTH: readonly Verdict[] = ["proven", "likely", "possible", "unlikely", "ruled out"];

export const TIERS: readonly Remedy["when"][] = ["now", "collect", "fix"];

/** How far around an incident its neighbors are looked for, on either side. */
const NEIGHBOR_SECONDS = 120;

export function eventsOf(report: ReportV1, incident: Incident): ReportEvent[] {
  const wanted = new Set(incident.events);
  return report.events.filter((event) => wanted.has(event.id));
}

/** The event the incident is named after: the first that reports trouble rather than a requested backtrace. */
export function leadEvent(report: ReportV1, incident: Incident): ReportEvent | undefined {
  const events = eventsOf(report, incident);
  return events.find((event) => event.askedBy === undefined) ?? events[0];
}

const STALLS: ReadonlySet<EventKind> = new Set<EventKind>([
  "soft-lockup",
  "hard-lockup",
  "rcu-stall",
  "hung-task",
  "workqueue-lockup",
  "csd-stall",
]);

/** Whether the event is a lack of progress, so that it makes sense to ask who holds it up. */
export function isStall(event: ReportEvent | undefined): boolean {
  return event !== undefined && STALLS.has(event.kind);
}

export function byStrength<T extends { readonly verdict: Verdict }>(claims: readonly T[]): T[] {
  return [...claims].sort((a, b) => STRENGTH.indexOf(a.verdict) - STRENGTH.indexOf(b.verdict));
}

/** The evidence that carries a hypothesis's verdict: against it when it fell, for it otherwise. */
export function decisive(hypothesis: Hypothesis): Evidence | undefined {
  const fell = hypothesis.verdict === "ruled out" || hypothesis.verdict === "unlikely";
  const [first, second] = fell
    ? [hypothesis.against, hypothesis.for]
    : [hypothesis.for, hypothesis.against];
  return first[0] ?? (fell ? undefined : second[0]);
}

/** Notices of the same boot near the incident; without a kernel clock none can be placed. */
export function neighbors(report: ReportV1, incident: Incident): Notice[] {
  const events = eventsOf(report, incident);
  return report.notices.filter((notice) => events.some((event) => isNear(event, notice)));
}

function isNear(event: ReportEvent, notice: Notice): boolean {
  // A boot of a rotated log lies in several files.
  if (notice.boot === undefined || event.boot === undefined) {
    if (notice.from.source !== event.from.source) return false;
  } else if (notice.boot !== event.boot) return false;
  const [at, then] = [event.time?.monotonicSeconds, notice.time?.monotonicSeconds];
  if (at === undefined || then === undefined) return false;
  return Math.abs(at - then) <= NEIGHBOR_SECONDS;
}

/** Reports of one incident whose lines a document shows in full; further ones it only lists. */
const EXCERPTS = 2;

export function excerptedEvents(report: ReportV1, incident: Incident): ReportEvent[] {
  return eventsOf(report, incident)
    .filter((event) => event.askedBy === undefined)
    .slice(0, EXCERPTS);
}

/** Whether the evidence stands in an excerpt the document shows, so that it need not be quoted again. */
export function isExcerpted(report: ReportV1, incident: Incident, piece: Evidence): boolean {
  if (!("firstLine" in piece)) return false;
  return excerptedEvents(report, incident).some((event) => {
    const { head, tail } = shownExcerpt(event.excerpt ?? []);
    return [...head, ...tail].some(
      ({ line, source = event.from.source }) => line === piece.firstLine && source === piece.source,
    );
  });
}

/** Longest excerpt a document shows in one piece; beyond it the middle is left out. */
const EXCERPT_LINES = 80;

export function shownExcerpt<T>(excerpt: readonly T[]): {
  readonly head: readonly T[];
  readonly omitted: number;
  readonly tail: readonly T[];
} {
  if (excerpt.length <= EXCERPT_LINES) return { head: excerpt, omitted: 0, tail: [] };
  const tail = excerpt.slice(-10);
  const head = excerpt.slice(0, EXCERPT_LINES - tail.length);
  return { head, omitted: excerpt.length - head.length - tail.length, tail };
}
