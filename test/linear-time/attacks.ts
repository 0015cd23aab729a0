// Text made to hurt one pattern, derived from the pattern itself: what leads to one of its repetitions, then
// over and over what may stand from that repetition to a later one, or from the pattern's beginning to it.

import { type AST, RegExpParser, visitRegExpAST } from "@eslint-community/regexpp";

export interface Attack {
  readonly start: string;
  readonly filler: string;
}

/** A stretch of text the pattern matches; `unit` where it may be repeated at will. */
interface Piece {
  readonly text: string;
  readonly unit?: AST.QuantifiableElement;
}

interface Walk {
  readonly variant: number;
  readonly members: (set: AST.Element) => readonly string[];
  /** Of look-arounds, which stand beside the text. */
  readonly asides: Piece[][];
}

/** Up to this many times is no repetition. */
const FEW = 9;
/** Alternatives of one group that are walked. */
const MOST_VARIANTS = 160;
const COMMON = ["a", "0", "_", " ", ":", ".", "-", "/", "Z", "\t", "\r"];

export function attacksOn(source: string, flags: string): Attack[] {
  const unicode = flags.includes("u");
  const ast = new RegExpParser().parsePattern(source, 0, source.length, { unicode });
  const alphabet = [...new Set([...lettersIn(ast), ...COMMON])];
  const members = membersAmong(alphabet, flags);
  const attacks = new Map<string, Attack>();
  const add = (start: string, filler: string): void => {
    if (filler !== "") attacks.set(`${start}\0${filler}`, { start, filler });
  };
  for (const letter of alphabet) add("", letter);
  const variants = Math.max(3, Math.min(MOST_VARIANTS, mostAlternatives(ast)));
  for (let variant = 0; variant < variants; variant++) {
    const asides: Piece[][] = [];
    const walk: Walk = { variant, members, asides };
    const pieces = piecesOf(chosen(ast.alternatives, variant), walk, []);
    for (const path of [pieces, ...asides]) addAttacks(path, members, add);
  }
  return [...attacks.values()];
}

function addAttacks(
  pieces: readonly Piece[],
  members: Walk["members"],
  add: (start: string, filler: string) => void,
): void {
  const text = (from: number, to: number): string =>
    pieces
      .slice(from, to)
      .map((piece) => piece.text)
      .join("");
  pieces.forEach(({ unit }, at) => {
    if (unit === undefined) return;
    const start = text(0, at);
    add("", text(0, at + 1));
    for (const letter of isLetter(unit) ? members(unit) : []) {
      add(start, letter);
      add("", start + letter);
    }
    for (let to = at + 1; to <= pieces.length; to++) {
      if (pieces[to - 1]?.unit === undefined) continue;
      add(start, text(at, to));
      if (at + 1 < to) add(start, text(at + 1, to));
    }
  });
}

/** The elements of one alternative in their order, inner ones in place of their group. */
function piecesOf(alternative: AST.Alternative, walk: Walk, before: readonly Piece[]): Piece[] {
  const pieces: Piece[] = [];
  for (const element of alternative.elements) {
    pieces.push(...piecesOfElement(element, walk, [...before, ...pieces]));
  }
  return pieces;
}

function piecesOfElement(element: AST.Element, walk: Walk, before: readonly Piece[]): Piece[] {
  switch (element.type) {
    case "Group":
    case "CapturingGroup":
      return piecesOf(chosen(element.alternatives, walk.variant), walk, before);
    case "Quantifier":
      return repeated(element, walk, before);
    case "Assertion":
      if (element.kind === "lookahead" || element.kind === "lookbehind") {
        const inner = piecesOf(chosen(element.alternatives, walk.variant), walk, before);
        walk.asides.push([...before, ...inner]);
      }
      return [];
    case "Backreference":
      return [element.resolved].flat().flatMap((group) => piecesOfElement(group, walk, before));
    default: {
      const letters = walk.members(element);
      return [{ text: letters[walk.variant % letters.length] ?? "" }];
    }
  }
}

function repeated(quantifier: AST.Quantifier, walk: Walk, before: readonly Piece[]): Piece[] {
  const { min, max, element } = quantifier;
  const inner = piecesOfElement(element, walk, before);
  if (max <= FEW) {
    // What may be left out is left out in every third walk.
    const times = min > 0 ? min : walk.variant % 3 === 2 || max === 0 ? 0 : 1;
    return Array.from({ length: times }, () => inner).flat();
  }
  const times = Math.max(1, min);
  const text = inner.map((piece) => piece.text).join("");
  if (isLetter(element)) return [{ text: text.repeat(times), unit: element }];
  const rest = Array.from({ length: times - 1 }, () => inner).flat();
  return [...inner.slice(0, -1), { text: inner.at(-1)?.text ?? "", unit: element }, ...rest].map(
    (piece, at) => (at === 0 ? { ...piece, unit: element } : piece),
  );
}

function isLetter(element: AST.Element): boolean {
  return /^(?:Character|CharacterSet|CharacterClass)$/.test(element.type);
}

/** Which of `alphabet` a set may be; a character of its own choice where none. */
function membersAmong(alphabet: readonly string[], flags: string): Walk["members"] {
  const known = new Map<string, readonly string[]>();
  const others = Array.from({ length: 222 }, (_, code) => String.fromCharCode(code + 33));
  return (set) => {
    const found = known.get(set.raw);
    if (found !== undefined) return found;
    const one = new RegExp(`^(?:${set.raw})$`, flags.replaceAll(/[gym]/g, ""));
    const letters = alphabet.filter((letter) => one.test(letter));
    const members = letters.length > 0 ? letters : others.filter((c) => one.test(c)).slice(0, 1);
    known.set(set.raw, members);
    return members;
  };
}

function chosen(alternatives: readonly AST.Alternative[], variant: number): AST.Alternative {
  const alternative = alternatives[variant % alternatives.length];
  if (alternative === undefined) throw new Error("a group without alternatives");
  return alternative;
}

/** The characters the pattern names, first those outside of its sets. */
function lettersIn(pattern: AST.Pattern): string[] {
  const plain: string[] = [];
  const inSets: string[] = [];
  visitRegExpAST(pattern, {
    onCharacterEnter: ({ value, parent }) => {
      const isInSet = parent.type === "CharacterClass" || parent.type === "CharacterClassRange";
      (isInSet ? inSets : plain).push(String.fromCodePoint(value));
    },
  });
  return [...plain, ...inSets];
}

function mostAlternatives(pattern: AST.Pattern): number {
  let most = pattern.alternatives.length;
  const count = ({ alternatives }: { readonly alternatives: readonly unknown[] }): void => {
    most = Math.max(most, alternatives.length);
  };
  visitRegExpAST(pattern, { onGroupEnter: count, onCapturingGroupEnter: count });
  return most;
}
