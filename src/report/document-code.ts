// "Code analysis": what the machine code, the registers and, where debug information was given, the
// source say about the place the kernel stood at.

import type { Incident, ReportEvent } from "#contract/report.ts";
import { type Block, codeBlock, heading, list, paragraph, section, table } from "./document.ts";
import { cleanLine } from "./escape.ts";
import { leadEvent } from "./incident-view.ts";
import { instructionLines } from "./instructions.ts";
import { code, type Rich } from "./rich.ts";
import { reference, say, sayFirst, type Telling } from "./telling.ts";
import { location, verdictWord } from "./wording.ts";

export function analyzeCode(t: Telling, incident: Incident, level: number): Block[] {
  const lead = leadEvent(t.report, incident);
  const body = [
    ...(lead === undefined ? [] : aroundRip(t, lead, level)),
    ...section(level, t.m.heading.phases, phases(t, incident)),
    ...section(level, t.m.heading.keyPoints, keyPoints(t, incident)),
  ];
  return body.length === 0 ? [paragraph(t.m.phrase.noCode)] : body;
}

function aroundRip(t: Telling, event: ReportEvent, level: number): Block[] {
  if (event.rip === undefined) return [];
  const { label } = t.m;
  const variables = (event.locals ?? []).map((local) => [
    code(local.name),
    code(local.type),
    local.value === undefined ? t.m.phrase.unknown : code(local.value),
    code(local.where),
  ]);
  return [
    heading(level, `RIP${t.m.phrase.colon}${code(location(event.rip))}`),
    paragraph(t.m.part.rip(code(location(event.rip)))),
    ...section(level + 1, t.m.heading.instructions, codeBlock("text", instructionLines(t, event))),
    ...section(level + 1, t.m.heading.listing, listing(t, event)),
    ...section(
      level + 1,
      t.m.heading.locals,
      table([label.variable, label.type, label.value, label.location], variables),
    ),
    ...section(level + 1, t.m.heading.trace, codeBlock("text", symbolized(t, event))),
  ];
}

function listing(t: Telling, event: ReportEvent): Block[] {
  if (event.listing === undefined) return [];
  const lines = event.listing.lines.map((line) => {
    const text = cleanLine(line.text.replaceAll("\t", "        "));
    return `${cleanLine(line.mark ?? " ").slice(0, 1)} ${String(line.n).padStart(6)}  ${text}`.trimEnd();
  });
  const notes = event.listing.lines.flatMap((line) =>
    line.note === undefined
      ? []
      : [`${t.m.phrase.line(line.n, line.n)}${t.m.phrase.colon}${say(t, line.note)}`],
  );
  return [paragraph(code(event.listing.file)), ...codeBlock("c", lines), ...list(notes)];
}

/** The trace again only where it says more than the log's own lines: files, lines, inlined callers. */
function symbolized(t: Telling, event: ReportEvent): string[] {
  const frames = event.trace ?? [];
  if (!frames.some((frame) => frame.file !== undefined || frame.inlined !== undefined)) return [];
  return frames.flatMap((frame) => {
    const at = frame.file === undefined ? "" : `  ${cleanLine(frame.file)}:${frame.line ?? "?"}`;
    const doubt = frame.reliable ? " " : "?";
    return [
      ...(frame.inlined ?? []).map((one) => {
        const place = one.file === undefined ? "" : `  ${cleanLine(one.file)}:${one.line ?? "?"}`;
        return `    ${cleanLine(t.m.phrase.inlined(one.function))}${place}`;
      }),
      `${doubt} ${cleanLine(location(frame))}${at}`,
    ];
  });
}

/** Where no phase is known to be the current one, a row of "unknown" for each would say nothing. */
function phases(t: Telling, incident: Incident): Block[] {
  const { label, vocabulary } = t.m;
  const all = incident.mechanism?.phases ?? [];
  const placed = all.some((phase) => phase.state === "here");
  const shown = placed ? all : all.filter((phase) => phase.state !== "unknown");
  const rows = shown.map((phase) => [
    sayFirst(t, phase.title),
    vocabulary.phase[phase.state],
    phase.evidence.map((piece) => reference(t, piece)).join(t.m.phrase.comma),
  ]);
  const unplaced = all.length > 0 && !placed ? [paragraph(t.m.phrase.phaseUnknown)] : [];
  return [...unplaced, ...table([label.phase, label.phaseState, label.evidence], rows)];
}

/** Findings, and the mechanism's own grounds. */
function keyPoints(t: Telling, incident: Incident): Block[] {
  const { mechanism } = incident;
  const grounds = (mechanism?.evidence ?? []).map((piece) => `${say(t, piece.how)}${at(t, piece)}`);
  const why: Rich[] =
    mechanism === undefined
      ? []
      : [
          `${sayFirst(t, mechanism.title)}${t.m.phrase.colon}${verdictWord(t, mechanism.verdict)}` +
            (grounds.length === 0
              ? ""
              : `${t.m.phrase.semicolon}${grounds.join(t.m.phrase.semicolon)}`),
        ];
  const findings = incident.findings.map((finding) => {
    const first = finding.evidence[0];
    return first === undefined
      ? sayFirst(t, finding.text)
      : `${sayFirst(t, finding.text)}${at(t, first)}`;
  });
  return list([...why, ...findings]);
}

function at(t: Telling, piece: Parameters<typeof reference>[1]): Rich {
  return t.m.phrase.parenthesis(reference(t, piece));
}
