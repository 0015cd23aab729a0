// Text with marked pieces (code, strong, verdict), so that one sentence serves every renderer: each shows
// the pieces its own way and escapes them its own way. The marks are control characters; `cleanLine` lets
// no control character through, so a mark cannot come from a log.

import type { Verdict } from "#contract/report.ts";
import { cleanLine } from "./escape.ts";

const CODE = "\u0001";
const STRONG = "\u0002";
const VERDICT = "\u0003";
const CLOSE = "\u0004";

/** A clean line in which marked pieces may stand. Made only by the functions of this file. */
export type Rich = string;

export type Piece =
  | { readonly kind: "plain" | "code" | "strong"; readonly text: string }
  | { readonly kind: "verdict"; readonly verdict: Verdict; readonly text: string };

/** A value from the evidence, shown verbatim. */
export function code(value: string): Rich {
  return `${CODE}${cleanLine(value)}${CLOSE}`;
}

export function strong(label: string): Rich {
  return `${STRONG}${cleanLine(label)}${CLOSE}`;
}

/** A verdict's word in the reader's language; the verdict itself stays known to the renderer. */
export function verdictPiece(verdict: Verdict, word: string): Rich {
  return `${VERDICT}${VERDICTS.indexOf(verdict)}${word}${CLOSE}`;
}

const VERDICTS: readonly Verdict[] = ["proven", "likely", "possible", "unlikely", "ruled out"];

//   `backticked`   | symbol with an underscore, +0x12/0x34 or () after it | word+0x12/0x34
// A match starts at the start of a word, so that a long word is looked at once, not from each of its letters.
const CODE_IN_PROSE =
  /`([^`]{1,400})`|(?<![\w.])(?:[A-Za-z][A-Za-z0-9.]*)?_[\w.]*\w(?:\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?)?(?:\(\))?|(?<![\w.])[A-Za-z][A-Za-z0-9]*\+0x[0-9a-f]+(?:\/0x[0-9a-f]+)?/g;

/** A sentence of the program, whose symbols and backticked parts become code pieces. */
export function prose(sentence: string): Rich {
  return cleanLine(sentence).replace(
    CODE_IN_PROSE,
    (whole, ticked: string | undefined) => `${CODE}${ticked ?? whole}${CLOSE}`,
  );
}

export function pieces(rich: Rich): Piece[] {
  const found: Piece[] = [];
  for (const part of rich.split(/(?=[\u0001-\u0003])/)) {
    const close = part.indexOf(CLOSE);
    if (close > 0) found.push(marked(part.slice(0, 1), part.slice(1, close)));
    const rest = part.slice(close + 1);
    if (rest !== "") found.push({ kind: "plain", text: rest });
  }
  return found.filter((piece) => piece.text !== "");
}

function marked(mark: string, text: string): Piece {
  if (mark === CODE) return { kind: "code", text };
  if (mark === STRONG) return { kind: "strong", text };
  return {
    kind: "verdict",
    verdict: VERDICTS[Number(text.slice(0, 1))] ?? "possible",
    text: text.slice(1),
  };
}

/** The same line without marks. */
export function plain(rich: Rich): string {
  return pieces(rich)
    .map((piece) => piece.text)
    .join("");
}
