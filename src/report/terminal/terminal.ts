// A report for a person at a terminal: the answer first, then why, then what to do; one screen per
// incident. `verbose` shows every hypothesis, remedy and missing piece instead of the first ones.

import { shellQuote } from "#base/shell-quote.ts";
import type { Incident, ReportV1 } from "#contract/report.ts";
import { cleanLine } from "../escape.ts";
import { leadEvent } from "../incident-view.ts";
import { instructionLines } from "../instructions.ts";
import type { Language } from "../messages/messages.ts";
import { plain } from "../rich.ts";
import { whatWasRead } from "../scope.ts";
import { say, sayFirst, type Telling, telling } from "../telling.ts";
import { displayWidth, pad, truncate } from "../width.ts";
import { putAnswer } from "./answer.ts";
import { put, putHanging, putHeading, type Screen } from "./screen.ts";
import { putTodo } from "./todo.ts";
import { putWhy } from "./why.ts";

export interface TerminalOptions {
  readonly lang: Language;
  readonly color: boolean;
  /** Columns; narrower than 40 is treated as 40. */
  readonly width: number;
  readonly verbose?: boolean;
  /** Also the machine code around RIP. */
  readonly code?: boolean;
}

/** The whole text with a trailing newline. Commands are never wrapped: they are there to be copied. */
export function renderTerminal(report: ReportV1, options: TerminalOptions): string {
  const t = telling(report, options.lang);
  const screen: Screen = {
    width: Math.max(40, options.width),
    color: options.color,
    lines: [],
  };
  const { incidents } = report;
  if (incidents.length === 0) putClean(screen, t);
  if (incidents.length > 1) putOverview(screen, t);
  for (const [index, incident] of incidents.entries()) {
    if (incidents.length > 1) putRule(screen);
    putIncident(screen, t, incident, index + 1, options);
  }
  if (incidents.length > 0) putFooter(screen, t);
  return `${screen.lines.join("\n")}\n`;
}

/** Where one incident ends and the next begins must be seen without color. */
function putRule(screen: Screen): void {
  put(screen);
  put(screen, "=".repeat(screen.width));
}

/** Gaps with words of their own that are told before the rest is only counted. */
const TOLD_GAPS = 3;

function putClean(screen: Screen, t: Telling): void {
  putHanging(screen, "", t.m.phrase.clean(whatWasRead(t)));
  putLimits(screen, t);
}

function putLimits(screen: Screen, t: Telling): void {
  const gaps = t.report.gaps ?? [];
  const told = gaps.flatMap((gap) => (gap.text === undefined ? [] : [gap.text]));
  const unread = gaps.length - told.length;
  const failures = t.report.failures?.length ?? 0;
  if (unread > 0) putHanging(screen, "! ", t.m.phrase.unread(unread), "yellow");
  for (const one of told.slice(0, TOLD_GAPS)) putHanging(screen, "! ", say(t, one), "yellow");
  if (told.length > TOLD_GAPS) {
    putHanging(screen, "! ", t.m.phrase.more(told.length - TOLD_GAPS), "yellow");
  }
  if (failures > 0) putHanging(screen, "! ", t.m.phrase.failures(failures), "yellow");
}

function putIncident(
  screen: Screen,
  t: Telling,
  incident: Incident,
  number: number,
  { verbose = false, code = false }: TerminalOptions,
): void {
  const title = plain(sayFirst(t, incident.title));
  putHanging(
    screen,
    `${number > 1 || t.report.incidents.length > 1 ? `${number}. ` : ""}`,
    title,
    "bold",
  );
  putAnswer(screen, t, incident);
  put(screen);
  putHeading(screen, t.m.heading.why, "-");
  putWhy(screen, t, incident, verbose);
  if (code) putCode(screen, t, incident);
  put(screen);
  putHeading(screen, t.m.heading.todo, "-");
  putTodo(screen, t, incident, verbose);
}

/** One row per incident: enough to decide which one to read. */
function putOverview(screen: Screen, t: Telling): void {
  const { label, phrase } = t.m;
  const rows = t.report.incidents.map((incident, index) => {
    const lead = leadEvent(t.report, incident);
    return [
      String(index + 1),
      shortTime(incident),
      lead?.cpu === undefined ? "-" : String(lead.cpu),
      mechanismCell(t, incident),
      plain(sayFirst(t, incident.title)),
    ];
  });
  putHanging(
    screen,
    "",
    `${phrase.incidents(rows.length)}${phrase.colon}${whatWasRead(t)}`,
    "bold",
  );
  putLimits(screen, t);
  put(screen);
  putTable(screen, [["#", label.time, label.cpu, label.mechanism, label.what], ...rows]);
}

function putCode(screen: Screen, t: Telling, incident: Incident): void {
  const lead = leadEvent(t.report, incident);
  const lines = lead === undefined ? [] : instructionLines(t, lead);
  put(screen);
  putHeading(screen, t.m.heading.instructions, "-");
  if (lines.length === 0) putHanging(screen, "  ", t.m.phrase.noCode);
  for (const line of lines) put(screen, truncate(`  ${line}`, screen.width));
}

function mechanismCell(t: Telling, incident: Incident): string {
  const { mechanism } = incident;
  if (mechanism === undefined) return "-";
  const verdict = t.m.phrase.parenthesis(t.m.vocabulary.verdict[mechanism.verdict]);
  return `${cleanLine(mechanism.id)}${verdict}`;
}

function shortTime(incident: Incident): string {
  const time = incident.firstTime;
  if (time?.wall !== undefined)
    return cleanLine(time.wall).replace("T", " ").replace(/^--/, "").slice(0, 19);
  return time?.monotonicSeconds === undefined ? "-" : time.monotonicSeconds.toFixed(3);
}

/** Columns as wide as their cells; the last takes what is left. */
function putTable(screen: Screen, rows: readonly (readonly string[])[]): void {
  const columns = rows[0]?.length ?? 0;
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))),
  );
  for (const row of rows) {
    const cells = row.map((cell, column) =>
      column === columns - 1 ? cell : pad(cell, (widths[column] ?? 0) + 2),
    );
    put(screen, truncate(`  ${cells.join("")}`, screen.width));
  }
}

function putFooter(screen: Screen, t: Telling): void {
  if (t.report.incidents.length === 1) putLimits(screen, t);
  const files = t.report.sources.map((source) => shellQuote(source.name)).join(" ");
  const lang = t.lang === "en" ? "" : " --lang zh";
  put(screen);
  put(screen, t.m.phrase.fullReport(`stallscope report${lang} ${files}`));
}
