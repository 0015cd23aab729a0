// Debug information as the contract tells it.

import { defined } from "#base/defined.ts";
import type { ReportEvent, ReportFrame } from "#contract/report.ts";
import type { Local } from "#evidence/symbols/locals.ts";
import type { SourceLevel } from "#evidence/symbols/symbolize-address.ts";
import type { Listing } from "./annotated-listing.ts";

type SourcePosition = Pick<ReportFrame, "file" | "line" | "column" | "inlined">;

/** The last level is the symbol's own function; those before it are inlined into it, innermost first. */
export function toLevels(levels: readonly SourceLevel[]): SourcePosition {
  const own = levels.at(-1);
  const inlined = levels.slice(0, -1).map((level) => ({
    function: level.function ?? "?",
    ...defined({ file: level.file, line: level.line }),
  }));
  return {
    ...defined({ file: own?.file, line: own?.line, column: own?.column }),
    ...(inlined.length > 0 ? { inlined } : {}),
  };
}

export function toLocal(local: Local): NonNullable<ReportEvent["locals"]>[number] {
  const { name, type, where, state } = local;
  return {
    name,
    type,
    where,
    state,
    ...defined({ value: local.value, function: local.inlined ? local.function : undefined }),
  };
}

/** Lines kept on each side of the trap, besides those with a note; the document is to be read. */
const LISTED_LINES = 12;

export function toListing(listing: Listing): ReportEvent["listing"] {
  const trap = listing.lines.find((line) => line.mark !== undefined)?.n ?? 0;
  const near = listing.lines.filter(
    (line) => line.note !== undefined || Math.abs(line.n - trap) <= LISTED_LINES,
  );
  return near.length > 0 ? { file: listing.file, lines: near } : undefined;
}
