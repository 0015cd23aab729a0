// "Solution": remedies in three tiers, each with when it applies and what it risks, then what is missing.

import type { Incident, Remedy } from "#contract/report.ts";
import { type Block, heading, type ListItem, list, paragraph, section } from "./document.ts";
import { TIERS } from "./incident-view.ts";
import { prose, type Rich, strong } from "./rich.ts";
import { say, sayFirst, type Telling } from "./telling.ts";
import { noRemedy } from "./wording.ts";

export function solve(t: Telling, incident: Incident, level: number): Block[] {
  const tiers = TIERS.flatMap((tier) =>
    section(
      level,
      t.m.vocabulary.tier[tier],
      incident.remedies
        .filter((remedy) => remedy.when === tier)
        .flatMap((one) => remedy(t, one, level + 1)),
    ),
  );
  return [
    ...(incident.remedies.length === 0 ? [paragraph(noRemedy(t, incident))] : tiers),
    heading(level, t.m.heading.missing),
    ...missing(t, incident),
  ];
}

function remedy(t: Telling, one: Remedy, level: number): Block[] {
  const { label, phrase } = t.m;
  const steps = one.steps.map((step): ListItem => {
    const text = sayFirst(t, step.text);
    return step.command === undefined ? { text } : { text, code: [step.command] };
  });
  const named = (name: string, value: Rich): Rich => `${strong(name)}${phrase.colon}${value}`;
  return [
    heading(level, sayFirst(t, one.title)),
    ...list([
      named(label.appliesIf, sayFirst(t, one.appliesIf)),
      named(label.risk, sayFirst(t, one.risk)),
      ...(one.references.length === 0
        ? []
        : [named(label.references, one.references.map(prose).join(phrase.semicolon))]),
    ]),
    ...list(steps, true),
  ];
}

function missing(t: Telling, incident: Incident): Block[] {
  const { label, phrase } = t.m;
  if (incident.missing.length === 0) return [paragraph(phrase.noMissing)];
  const items = incident.missing.map((piece): ListItem => {
    const why = phrase.parenthesis(`${label.why}${phrase.colon}${say(t, piece.why)}`);
    const text = `${sayFirst(t, piece.what)}${why}`;
    return piece.command === undefined ? { text } : { text, code: [piece.command] };
  });
  return list(items, true);
}
