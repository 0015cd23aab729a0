// The whole report as one document, in the order an incident report is read in: description, analysis,
// code, context, solution. One incident is the document; several get an overview and a part each.

import type { Incident, ReportV1 } from "#contract/report.ts";
import { type Block, heading, list, paragraph, section, table } from "./document.ts";
import { analyzeProblem } from "./document-analysis.ts";
import { analyzeCode } from "./document-code.ts";
import { relateContext } from "./document-context.ts";
import { describeProblem } from "./document-description.ts";
import { solve } from "./document-solution.ts";
import { cleanLine } from "./escape.ts";
import type { SourceLines } from "./excerpt.ts";
import { leadEvent } from "./incident-view.ts";
import type { Language } from "./messages/messages.ts";
import { code, type Rich } from "./rich.ts";
import { whatWasRead } from "./scope.ts";
import { reference, say, sayFirst, type Telling, telling, word } from "./telling.ts";
import { verdictWord, when } from "./wording.ts";

/** Blocks of the document; headings begin at level 1. Without `sourceLines` excerpts come from the report. */
export function reportDocument(
  report: ReportV1,
  lang: Language,
  sourceLines?: SourceLines,
): Block[] {
  const t = telling(report, lang);
  const [only] = report.incidents;
  const body =
    only === undefined
      ? [heading(1, t.m.heading.report), paragraph(t.m.phrase.clean(whatWasRead(t)))]
      : report.incidents.length === 1
        ? incidentPart(t, only, 1, sayFirst(t, only.title), sourceLines)
        : severalParts(t, sourceLines);
  return [...body, ...limits(t, 2), paragraph(generated(t))];
}

function severalParts(t: Telling, sourceLines?: SourceLines): Block[] {
  const parts = t.report.incidents.flatMap((incident, index) =>
    incidentPart(t, incident, 2, `${index + 1}. ${sayFirst(t, incident.title)}`, sourceLines),
  );
  return [
    heading(1, t.m.heading.report),
    ...section(2, t.m.heading.overview, overview(t)),
    ...parts,
  ];
}

function overview(t: Telling): Block[] {
  const { label, vocabulary, phrase } = t.m;
  const rows = t.report.incidents.map((incident, index) => {
    const lead = leadEvent(t.report, incident);
    return [
      String(index + 1),
      incident.firstTime === undefined ? phrase.unknown : when(t, incident.firstTime),
      incident.host === undefined ? phrase.unknown : code(incident.host),
      lead === undefined ? phrase.unknown : vocabulary.event[lead.kind],
      sayFirst(t, incident.title),
      mechanismCell(t, incident),
    ];
  });
  const head = ["#", label.time, label.node, label.kind, label.what, label.mechanism];
  return [paragraph(phrase.stop(whatWasRead(t))), ...table(head, rows)];
}

function mechanismCell(t: Telling, incident: Incident): Rich {
  const { mechanism } = incident;
  if (mechanism === undefined) return t.m.phrase.unknown;
  const verdict = t.m.phrase.parenthesis(verdictWord(t, mechanism.verdict));
  return `${sayFirst(t, mechanism.title)}${verdict}`;
}

function incidentPart(
  t: Telling,
  incident: Incident,
  level: number,
  title: Rich,
  sourceLines?: SourceLines,
): Block[] {
  const { heading: name } = t.m;
  const [inner, deeper] = [level + 1, level + 2];
  return [
    heading(level, title),
    ...section(inner, name.description, describeProblem(t, incident)),
    ...section(inner, name.analysis, analyzeProblem(t, incident, deeper, sourceLines)),
    ...section(inner, name.code, analyzeCode(t, incident, deeper)),
    ...section(inner, name.context, relateContext(t, incident, deeper)),
    ...section(inner, name.solution, solve(t, incident, deeper)),
  ];
}

/** What was not read or not computed, once for the whole report. */
function limits(t: Telling, level: number): Block[] {
  const { phrase, vocabulary } = t.m;
  const gaps = [...(t.report.gaps ?? []), ...t.report.events.flatMap((event) => event.gaps)];
  const items = [
    ...gaps.slice(0, SHOWN_GAPS).map((gap) => {
      const reason = gap.text === undefined ? word(vocabulary.gap, gap.reason) : say(t, gap.text);
      return `${reference(t, gap.from)}${phrase.colon}${reason}`;
    }),
    ...(gaps.length > SHOWN_GAPS ? [phrase.more(gaps.length - SHOWN_GAPS)] : []),
    ...(t.report.failures ?? []).map(
      (failure) => `${code(failure.part)}${phrase.colon}${cleanLine(failure.message)}`,
    ),
  ];
  return section(level, t.m.heading.limits, list(items));
}

const SHOWN_GAPS = 20;

function generated(t: Telling): Rich {
  const { name, version } = t.report.generator;
  return t.m.phrase.generated(cleanLine(name), cleanLine(version));
}
