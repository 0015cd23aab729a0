// The one list of headline formats, first match wins, and the look-up over it.

import { containsAny } from "../literal-filter.ts";
import { CHECKS } from "./checks.ts";
import { FAULT_HEADLINES } from "./faults.ts";
import { GENERAL } from "./general.ts";
import type { Headline, HeadlineMatch } from "./headline.ts";
import { LOCKING } from "./locking.ts";
import { LOCKUPS } from "./lockups.ts";

export const HEADLINES: readonly Headline[] = [
  ...LOCKUPS,
  ...CHECKS,
  ...LOCKING,
  ...FAULT_HEADLINES,
  ...GENERAL,
];

const CANDIDATE = containsAny(HEADLINES.map((headline) => headline.literal));
/** Entries by literal with their place in the list, so that each literal is searched once a line. */
const BY_LITERAL = groupByLiteral(HEADLINES);

interface LiteralGroup {
  readonly literal: string;
  readonly entries: readonly { readonly index: number; readonly headline: Headline }[];
}

/**
 * The first entry of the list that matches `text` (a message without prefix). `sure` says that the text
 * is the kernel's own, so that a headline may follow an unfinished line.
 */
export function findHeadline(text: string, sure: boolean): HeadlineMatch | undefined {
  if (!CANDIDATE.test(text)) return undefined;
  let best: HeadlineMatch | undefined;
  let bestIndex = HEADLINES.length;
  for (const { literal, entries } of BY_LITERAL) {
    if (!text.includes(literal)) continue;
    for (const { index, headline } of entries) {
      if (index >= bestIndex) break;
      const match = headline.pattern.exec(text) ?? (sure ? matchLate(headline, text) : null);
      if (match === null) continue;
      best = { headline, fields: match.groups ?? {} };
      bestIndex = index;
      break;
    }
  }
  return best;
}

function matchLate({ lead, pattern }: Headline, text: string): RegExpExecArray | null {
  const at = lead === undefined ? -1 : text.indexOf(lead);
  return at > 0 ? pattern.exec(text.slice(at)) : null;
}

function groupByLiteral(headlines: readonly Headline[]): readonly LiteralGroup[] {
  const groups = new Map<string, { index: number; headline: Headline }[]>();
  headlines.forEach((headline, index) => {
    const group = groups.get(headline.literal) ?? [];
    group.push({ index, headline });
    groups.set(headline.literal, group);
  });
  return [...groups].map(([literal, entries]) => ({ literal, entries }));
}
