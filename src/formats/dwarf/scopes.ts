// The scopes around an address inside a function: lexical blocks and inlined calls, outermost first.

import { type Cursor, readUleb } from "#base/cursor.ts";
import { type Abbreviation, abbreviationOf } from "./abbreviations.ts";
import { TAG } from "./constants.ts";
import { type PcAttributes, pcAttributes, rangesOf, scanPc, skipChildren } from "./functions.ts";
import { type Unit, type UnitBody, unitBody, unitCursor } from "./unit.ts";

export interface Scope {
  /** Offset of the entry in .debug_info. */
  readonly offset: number;
  readonly tag: number;
}

/** Deeper nesting than compilers make. */
const MAX_DEPTH = 256;

/** The function at `functionOffset`, whose entries end at `functionEnd`, and what in it covers `address`. */
export function findScopes(
  unit: Unit,
  functionOffset: number,
  functionEnd: number,
  address: number,
): Scope[] {
  const body = unitBody(unit, functionOffset, functionEnd - functionOffset);
  const cursor = unitCursor(unit, body, functionOffset);
  const scopes: Scope[] = [];
  const pc = pcAttributes();
  const first = enter(unit, body, cursor, pc);
  if (first === undefined) return scopes;
  scopes.push({ offset: functionOffset, tag: first.tag });
  // One level at a time: entries that do not cover the address are passed over with their children.
  // A scope without addresses may still hold calls that have some. (DWARF 4 cannot tell an empty range
  // at the start of a unit from the end of the list, so a call with addresses can look like one without.)
  const unplaced: Scope[] = [];
  let open = first.hasChildren;
  while (open && cursor.at < cursor.bytes.length && scopes.length < MAX_DEPTH) {
    const offset = body.base + cursor.at;
    const entry = enter(unit, body, cursor, pc);
    if (entry === undefined) {
      if (cursor.overrun || unplaced.pop() === undefined) break;
      continue;
    }
    const coverage = isScope(entry) ? coverageOf(unit, pc, address) : "no";
    if (coverage === "yes") {
      scopes.push(...unplaced.splice(0), { offset, tag: entry.tag });
      open = entry.hasChildren;
    } else if (coverage === "unknown" && entry.hasChildren) {
      unplaced.push({ offset, tag: entry.tag });
    } else if (entry.hasChildren) skipChildren(unit, body, cursor, pc.sibling);
  }
  return scopes;
}

function isScope(entry: Abbreviation): boolean {
  return entry.tag === TAG.inlinedSubroutine || entry.tag === TAG.lexicalBlock;
}

/** Reads one entry's addresses; `undefined` at the end of a list of siblings and (`overrun`) at damage. */
function enter(
  unit: Unit,
  body: UnitBody,
  cursor: Cursor,
  pc: PcAttributes,
): Abbreviation | undefined {
  const code = readUleb(cursor);
  if (code === 0) return undefined;
  const abbreviation = abbreviationOf(body.abbreviations, code);
  if (abbreviation === undefined) cursor.overrun = true;
  else scanPc(unit, cursor, abbreviation, pc);
  return abbreviation;
}

function coverageOf(unit: Unit, pc: PcAttributes, address: number): "yes" | "no" | "unknown" {
  const ranges = rangesOf(unit, pc);
  for (let at = 0; at + 1 < ranges.length; at += 2) {
    if (address >= (ranges[at] ?? 0) && address < (ranges[at + 1] ?? 0)) return "yes";
  }
  return ranges.length === 0 ? "unknown" : "no";
}
