// C type names from type entries: `struct cpumask *`, `void (*)(void *)`, `int [4]`, spelled as gdb does.

import { numberOf } from "./attributes.ts";
import { AT, TAG } from "./constants.ts";
import { childrenOf, type Entry, followReference, nameOf } from "./entry.ts";

/** Types nested deeper than this are cycles or damage. */
const MAX_DEPTH = 24;

/** The type an entry's DW_AT_type refers to; `undefined` means void. */
export function typeOf(entry: Entry): Entry | undefined {
  return followReference(entry.unit, entry.attributes.get(AT.type));
}

export function typeName(type: Entry | undefined): string {
  const { before, after } = spell(type, "", 0);
  return `${before}${after}`;
}

/** What stands before and behind a declarator. */
interface Spelling {
  readonly before: string;
  readonly after: string;
}

/** `inner` is the declarator so far: `*`, `(*)[4]`, …  */
function spell(type: Entry | undefined, inner: string, depth: number): Spelling {
  if (depth > MAX_DEPTH) return { before: "…", after: "" };
  if (type === undefined) return { before: joined("void", inner), after: "" };
  const target = (): Entry | undefined => typeOf(type);
  switch (type.tag) {
    case TAG.pointerType:
      return spell(target(), needsParentheses(target()) ? `(*${inner})` : `*${inner}`, depth + 1);
    case TAG.constType:
    case TAG.volatileType:
    case TAG.atomicType:
    case TAG.restrictType:
      return qualified(type, target(), inner, depth);
    case TAG.arrayType: {
      const element = spell(target(), `${inner}${dimensions(type)}`, depth + 1);
      return element;
    }
    case TAG.subroutineType: {
      const suffix = `${inner}(${parameters(type, depth)})`;
      return spell(target(), suffix, depth + 1);
    }
    default:
      return { before: joined(plainName(type), inner), after: "" };
  }
}

/** `int` and `*` → `int *`; a name and nothing stay the name. */
function joined(name: string, inner: string): string {
  return inner === "" ? name : `${name} ${inner}`;
}

function needsParentheses(type: Entry | undefined): boolean {
  const bare = unqualified(type);
  return bare?.tag === TAG.arrayType || bare?.tag === TAG.subroutineType;
}

const QUALIFIERS: Readonly<Record<number, string>> = {
  [TAG.constType]: "const",
  [TAG.volatileType]: "volatile",
  [TAG.restrictType]: "restrict",
  [TAG.atomicType]: "_Atomic",
};

/** A qualified pointer has its qualifier behind the star, everything else before the name. */
function qualified(type: Entry, target: Entry | undefined, inner: string, depth: number): Spelling {
  const found: string[] = [];
  let bare: Entry | undefined = type;
  for (let step = 0; bare !== undefined && step < MAX_DEPTH; step += 1) {
    const word = QUALIFIERS[bare.tag];
    if (word === undefined) break;
    found.push(word);
    bare = typeOf(bare);
  }
  const ordered = Object.values(QUALIFIERS).filter((word) => found.includes(word));
  if (bare?.tag === TAG.pointerType) {
    const pointed = typeOf(bare);
    const star = ` ${ordered.join(" ")}${inner === "" || inner.startsWith("[") ? inner : ` ${inner}`}`;
    return spell(pointed, needsParentheses(pointed) ? `(*${star})` : `*${star}`, depth + 1);
  }
  const rest = spell(target === undefined ? undefined : bare, inner, depth + 1);
  // A constant array of constant elements is written once.
  const repeats = bare?.tag === TAG.arrayType && typeOf(bare)?.tag === TAG.constType;
  const words = ordered.filter((word) => !(repeats && word === "const"));
  return { ...rest, before: [...words, rest.before].join(" ") };
}

/** The type without const, volatile, restrict and _Atomic. */
export function unqualified(type: Entry | undefined): Entry | undefined {
  let bare = type;
  for (let step = 0; bare !== undefined && step < MAX_DEPTH; step += 1) {
    if (QUALIFIERS[bare.tag] === undefined) return bare;
    bare = typeOf(bare);
  }
  return bare;
}

/** The type behind typedefs and qualifiers. */
export function underlying(type: Entry | undefined): Entry | undefined {
  let bare = unqualified(type);
  for (let step = 0; bare?.tag === TAG.typedef && step < MAX_DEPTH; step += 1) {
    bare = unqualified(typeOf(bare));
  }
  return bare;
}

/** Numbers of elements, outermost first; `undefined` for one that is not constant. */
export function arrayCounts(type: Entry): (number | undefined)[] {
  const counts: (number | undefined)[] = [];
  for (const range of childrenOf(type)) {
    if (range.tag !== TAG.subrangeType) continue;
    const count = numberOf(range.attributes.get(AT.count));
    const upper = numberOf(range.attributes.get(AT.upperBound));
    counts.push(count ?? (upper === undefined ? undefined : upper + 1));
  }
  return counts;
}

function dimensions(type: Entry): string {
  return arrayCounts(type)
    .map((count) => `[${count ?? ""}]`)
    .join("");
}

function parameters(type: Entry, depth: number): string {
  const words: string[] = [];
  for (const child of childrenOf(type)) {
    if (child.tag === TAG.formalParameter) {
      const { before, after } = spell(typeOf(child), "", depth + 1);
      words.push(before + after);
    } else if (child.tag === TAG.unspecifiedParameters) words.push("...");
  }
  if (words.length > 0) return words.join(", ");
  return type.attributes.has(AT.prototyped) ? "void" : "";
}

const KEYWORDS: Readonly<Record<number, string>> = {
  [TAG.structureType]: "struct ",
  [TAG.unionType]: "union ",
  [TAG.enumerationType]: "enum ",
  [TAG.classType]: "class ",
};

/** The compiler's spelling of the integer types, and the one of the kernel's sources. */
const INTEGERS: Readonly<Record<string, string>> = {
  "long unsigned int": "unsigned long",
  "long int": "long",
  "long long unsigned int": "unsigned long long",
  "long long int": "long long",
  "short unsigned int": "unsigned short",
  "short int": "short",
};

function plainName(type: Entry): string {
  const keyword = KEYWORDS[type.tag] ?? "";
  const name = nameOf(type) ?? "{...}";
  return type.tag === TAG.baseType ? (INTEGERS[name] ?? name) : `${keyword}${name}`;
}
