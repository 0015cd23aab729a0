// What was read, in one phrase: a clean bill is worth what it covers.

import { cleanLine } from "./escape.ts";
import type { Telling } from "./telling.ts";

/** Sources named before the rest is only counted. */
const NAMED = 3;

/** `examples/x.log (27 lines, syslog), 1 boot, 1 kernel report, 0 lines worth knowing`. */
export function whatWasRead(t: Telling): string {
  const { phrase } = t.m;
  const { sources } = t.report;
  const named = sources.slice(0, NAMED).map((source) => {
    const size =
      source.lines === undefined ? phrase.bytes(source.bytes) : phrase.lines(source.lines);
    const format = source.format === undefined ? "" : `${phrase.comma}${cleanLine(source.format)}`;
    return `${cleanLine(source.name)}${phrase.parenthesis(size + format)}`;
  });
  if (sources.length > NAMED) named.push(phrase.more(sources.length - NAMED));
  const counted = sources.reduce((sum, source) => sum + (source.boots ?? 0), 0);
  const boots = counted > 0 ? counted : (t.report.boots?.length ?? 0);
  return [
    ...named,
    ...(boots > 0 ? [phrase.boots(boots)] : []),
    phrase.reports(t.report.events.length),
    phrase.notices(t.report.notices.length),
  ].join(phrase.comma);
}
