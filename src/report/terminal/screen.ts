// Lines of a terminal of a given width: wrapping, hanging indents, and the few colors used. Meaning never
// depends on color: every colored word says the same without it.

import type { Verdict } from "#contract/report.ts";
import { plain, type Rich } from "../rich.ts";
import { displayWidth, pad, wrap } from "../width.ts";

export interface Screen {
  readonly width: number;
  readonly color: boolean;
  readonly lines: string[];
}

type Style = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

const SGR: Readonly<Record<Style, string>> = {
  bold: "1",
  dim: "2",
  red: "31;1",
  yellow: "33",
  green: "32",
  cyan: "36",
};

export function paint(screen: Screen, style: Style, words: string): string {
  return screen.color ? `\u001b[${SGR[style]}m${words}\u001b[0m` : words;
}

const VERDICT_STYLE: Readonly<Record<Verdict, Style>> = {
  proven: "red",
  likely: "red",
  possible: "yellow",
  unlikely: "dim",
  "ruled out": "dim",
};

export function paintVerdict(screen: Screen, verdict: Verdict, words: string): string {
  return paint(screen, VERDICT_STYLE[verdict], words);
}

/** A line as it is, already fitting or not to be broken (a command that will be copied). */
export function put(screen: Screen, line = ""): void {
  screen.lines.push(line);
}

/** A sentence after `lead`, wrapped so that its further lines stand under its first word. */
export function putHanging(screen: Screen, lead: string, sentence: Rich, style?: Style): void {
  const room = Math.max(20, screen.width - displayWidth(lead));
  const wrapped = wrap(plain(sentence), room);
  for (const [index, line] of wrapped.entries()) {
    const start = index === 0 ? lead : " ".repeat(displayWidth(lead));
    put(screen, start + (style === undefined ? line : paint(screen, style, line)));
  }
  if (wrapped.length === 0) put(screen, lead.trimEnd());
}

/** `name   value`, names in one column. */
export function putField(
  screen: Screen,
  name: string,
  nameWidth: number,
  value: Rich,
  style?: Style,
): void {
  const room = Math.max(20, screen.width - nameWidth - 2);
  for (const [index, line] of wrap(plain(value), room).entries()) {
    const left = pad(index === 0 ? name : "", nameWidth);
    put(
      screen,
      `  ${index === 0 ? paint(screen, "dim", left) : left}${style === undefined ? line : paint(screen, style, line)}`,
    );
  }
}

/** A heading with a rule to the right edge. */
export function putHeading(screen: Screen, words: string, rule: "=" | "-"): void {
  const start = `${rule.repeat(2)} ${words} `;
  const rest = Math.max(0, screen.width - displayWidth(start));
  put(screen, paint(screen, "bold", start + rule.repeat(rest)));
}
