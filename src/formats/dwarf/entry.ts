// Entries (DIEs) read one at a time, for names, types and variables. Searching by address goes through
// `functions.ts` and `inlines.ts`, which do not build these.

import { readUleb } from "#base/cursor.ts";
import { abbreviationOf } from "./abbreviations.ts";
import { type Attributes, numberOf, readAttributes, stringOf } from "./attributes.ts";
import { AT } from "./constants.ts";
import { unitContaining } from "./dwarf-file.ts";
import type { FormValue } from "./forms.ts";
import { type Unit, unitBody, unitCursor } from "./unit.ts";

export interface Entry {
  readonly unit: Unit;
  /** Offset in .debug_info of the unit's file. */
  readonly offset: number;
  readonly tag: number;
  readonly hasChildren: boolean;
  readonly attributes: Attributes;
  /** Offset of what follows the attributes: the first child or the next entry. */
  readonly end: number;
}

/** Chains of origins, specifications and types longer than this are cycles. */
const MAX_CHAIN = 32;

const FIRST_WINDOW = 256;

/**
 * Reads the entry at `offset`; `undefined` for the end of a list of siblings and for damage. With
 * `wanted`, only those attributes are kept.
 */
export function readEntry(
  unit: Unit,
  offset: number,
  wanted?: ReadonlySet<number>,
): Entry | undefined {
  if (offset < unit.firstEntry || offset >= unit.end) return undefined;
  for (let length = FIRST_WINDOW; ; length *= 16) {
    const body = unitBody(unit, offset, length);
    const cursor = unitCursor(unit, body, offset);
    const code = readUleb(cursor);
    const abbreviation = abbreviationOf(body.abbreviations, code);
    if (code === 0 || abbreviation === undefined) return undefined;
    const attributes = readAttributes(cursor, abbreviation, unit, unit.file.highBase, wanted);
    const { tag, hasChildren } = abbreviation;
    if (!cursor.overrun) {
      return { unit, offset, tag, hasChildren, attributes, end: offset + cursor.at };
    }
    if (offset + length >= unit.end) return undefined;
  }
}

/** The direct children of an entry, in order. `wanted` should name DW_AT_sibling, or this is slow. */
export function* childrenOf(parent: Entry, wanted?: ReadonlySet<number>): Generator<Entry> {
  if (!parent.hasChildren) return;
  for (let offset = parent.end; ; ) {
    const child = readEntry(parent.unit, offset, wanted);
    if (child === undefined) return;
    yield child;
    const next = offsetAfter(child);
    if (next === undefined || next <= offset) return;
    offset = next;
  }
}

/** Where the entry's children certainly end: its sibling where it names one, else the unit's end. */
export function knownEnd(entry: Entry): number {
  if (!entry.hasChildren) return entry.end;
  const sibling = entry.attributes.get(AT.sibling);
  const end = sibling?.kind === "unit-reference" ? entry.unit.offset + sibling.value : 0;
  return end > entry.offset ? end : entry.unit.end;
}

/** Offset of the entry after this one and its children. */
function offsetAfter(entry: Entry): number | undefined {
  if (!entry.hasChildren) return entry.end;
  const sibling = entry.attributes.get(AT.sibling);
  if (sibling?.kind === "unit-reference") return entry.unit.offset + sibling.value;
  let depth = 1;
  for (let offset = entry.end; depth > 0; ) {
    const step = readEntry(entry.unit, offset);
    if (step === undefined) {
      // An abbreviation code of zero, one byte, ends the current list of siblings.
      if (offset >= entry.unit.end) return undefined;
      depth -= 1;
      offset += 1;
      if (depth === 0) return offset;
      continue;
    }
    const next = step.attributes.get(AT.sibling);
    const jump = next?.kind === "unit-reference" ? entry.unit.offset + next.value : 0;
    if (step.hasChildren && jump <= offset) depth += 1;
    offset = step.hasChildren && jump > offset ? jump : step.end;
  }
  return undefined;
}

/** The entry an attribute refers to, in this unit, another one, or the supplementary file. */
export function followReference(
  unit: Unit,
  value: FormValue | undefined,
  wanted?: ReadonlySet<number>,
): Entry | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "unit-reference") return readEntry(unit, unit.offset + value.value, wanted);
  const file = value.kind === "reference" ? unit.file : unit.file.alt;
  if (file === undefined || (value.kind !== "reference" && value.kind !== "alt-reference")) {
    return undefined;
  }
  const target = unitContaining(file, value.value);
  return target === undefined ? undefined : readEntry(target, value.value, wanted);
}

/** The entry itself, then its abstract origin or specification, and theirs. */
export function* originsOf(entry: Entry, wanted?: ReadonlySet<number>): Generator<Entry> {
  let current: Entry | undefined = entry;
  for (let step = 0; current !== undefined && step < MAX_CHAIN; step += 1) {
    yield current;
    const { attributes, unit }: Entry = current;
    current = followReference(
      unit,
      attributes.get(AT.abstractOrigin) ?? attributes.get(AT.specification),
      wanted,
    );
  }
}

/** The first entry along the origins that has the attribute. */
export function findWithAttribute(entry: Entry, attribute: number): Entry | undefined {
  for (const origin of originsOf(entry)) {
    if (origin.attributes.has(attribute)) return origin;
  }
  return undefined;
}

const NAMING: ReadonlySet<number> = new Set([AT.name, AT.abstractOrigin, AT.specification]);

/** The name of the entry or of what it is an instance of. */
export function nameOf(entry: Entry): string | undefined {
  for (const origin of originsOf(entry, NAMING)) {
    const name = origin.attributes.get(AT.name);
    if (name !== undefined) return stringOf(origin.unit, name);
  }
  return undefined;
}

export function numberAttribute(entry: Entry, attribute: number): number | undefined {
  const holder = findWithAttribute(entry, attribute);
  return holder === undefined ? undefined : numberOf(holder.attributes.get(attribute));
}
