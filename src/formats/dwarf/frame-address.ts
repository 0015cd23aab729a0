// Call frame information (.debug_frame), as far as the frame address is concerned: which register plus
// which offset it is at an address. Registers saved on the stack are of no use without the stack.

import {
  type Cursor,
  cursorOver,
  readAddress,
  readBytes,
  readCString,
  readSize64,
  readSleb,
  readU8,
  readU16,
  readU32,
  readUleb,
  skip,
  skipLeb,
} from "#base/cursor.ts";
import { type AddressIndex, findTarget, indexRanges } from "./aranges.ts";
import type { DwarfFile } from "./unit.ts";

export type FrameRule =
  | { readonly kind: "register"; readonly register: number; readonly offset: number }
  | { readonly kind: "expression"; readonly expression: Uint8Array };

interface CommonEntry {
  readonly codeAlign: number;
  readonly addressSize: number;
  readonly instructions: Uint8Array;
}

/** Finds descriptions by address; made once per file. */
export interface FrameIndex {
  readonly descriptions: AddressIndex;
  readonly section: Uint8Array;
}

/** A section of more than this is not read. */
const MAX_SIZE = 1 << 28;

export function readFrameIndex(file: DwarfFile): FrameIndex {
  const source = file.sections.open("frame");
  const section = source.read(0, Math.min(source.size, MAX_SIZE)).slice();
  const cursor = cursorOver(section, file.littleEndian);
  const triples: number[] = [];
  while (cursor.at < section.length && !cursor.overrun) {
    const entry = readHead(cursor);
    if (entry === undefined) break;
    if (!entry.isCommon) {
      const common = readCommon(file, section, entry.common);
      const size = common?.addressSize ?? 8;
      const low = readAddress(cursor, size, file.highBase);
      const length = readAddress(cursor, size, 0);
      if (!cursor.overrun && length > 0) triples.push(low, low + length, entry.start);
    }
    cursor.at = Math.min(entry.end, section.length);
  }
  return { descriptions: indexRanges(triples), section };
}

interface Head {
  readonly start: number;
  readonly end: number;
  readonly isCommon: boolean;
  /** Where the description's common entry stands. */
  readonly common: number;
}

function readHead(cursor: Cursor): Head | undefined {
  const start = cursor.at;
  const length32 = readU32(cursor);
  const wide = length32 === 0xffffffff;
  const length = wide ? readSize64(cursor) : length32;
  const end = cursor.at + length;
  const id = wide ? readSize64(cursor) : readU32(cursor);
  if (cursor.overrun || length < 4) return undefined;
  const isCommon = wide ? id > 2 ** 53 : id === 0xffffffff;
  return { start, end, isCommon, common: id };
}

function readCommon(file: DwarfFile, section: Uint8Array, at: number): CommonEntry | undefined {
  const cursor = cursorOver(section, file.littleEndian, at);
  const head = readHead(cursor);
  if (head === undefined || !head.isCommon) return undefined;
  const version = readU8(cursor);
  const augmentation = readCString(cursor);
  const addressSize = version >= 4 ? readU8(cursor) : file.sections.elf.is64 ? 8 : 4;
  if (version >= 4) skip(cursor, 1);
  const codeAlign = readUleb(cursor);
  skipLeb(cursor);
  if (version === 1) skip(cursor, 1);
  else skipLeb(cursor);
  if (cursor.overrun || augmentation !== "") return undefined;
  const instructions = section.subarray(cursor.at, Math.max(cursor.at, head.end));
  return { codeAlign, addressSize, instructions };
}

/** The rule for the frame address at `address`; `undefined` where no description covers it. */
export function frameRuleAt(
  file: DwarfFile,
  index: FrameIndex,
  address: number,
): FrameRule | undefined {
  const start = findTarget(index.descriptions, address);
  if (start === undefined) return undefined;
  const cursor = cursorOver(index.section, file.littleEndian, start);
  const head = readHead(cursor);
  const common = head === undefined ? undefined : readCommon(file, index.section, head.common);
  if (head === undefined || common === undefined) return undefined;
  const low = readAddress(cursor, common.addressSize, file.highBase);
  readAddress(cursor, common.addressSize, 0);
  const state: FrameState = { rule: undefined, at: low, saved: [] };
  run(file, common, common.instructions, state, address);
  const own = index.section.subarray(cursor.at, Math.max(cursor.at, head.end));
  run(file, common, own, state, address);
  return state.rule;
}

interface FrameState {
  rule: FrameRule | undefined;
  at: number;
  readonly saved: (FrameRule | undefined)[];
}

const CFA = {
  setLoc: 0x01,
  advanceLoc1: 0x02,
  advanceLoc2: 0x03,
  advanceLoc4: 0x04,
  offsetExtended: 0x05,
  restoreExtended: 0x06,
  undefined: 0x07,
  sameValue: 0x08,
  register: 0x09,
  rememberState: 0x0a,
  restoreState: 0x0b,
  defCfa: 0x0c,
  defCfaRegister: 0x0d,
  defCfaOffset: 0x0e,
  defCfaExpression: 0x0f,
  expression: 0x10,
  offsetExtendedSf: 0x11,
  defCfaSf: 0x12,
  defCfaOffsetSf: 0x13,
  valOffset: 0x14,
  valOffsetSf: 0x15,
  valExpression: 0x16,
  gnuArgsSize: 0x2e,
} as const;

/** The data alignment factor scales only the signed forms; the kernel's x86-64 uses -8. */
function run(
  file: DwarfFile,
  common: CommonEntry,
  bytes: Uint8Array,
  state: FrameState,
  address: number,
): void {
  const cursor = cursorOver(bytes, file.littleEndian);
  while (cursor.at < bytes.length && !cursor.overrun) {
    const opcode = readU8(cursor);
    const advance = advanceOf(file, common, cursor, opcode);
    if (advance === undefined) define(cursor, opcode, state);
    else if ("to" in advance) state.at = advance.to;
    else state.at += advance.by;
    if (state.at > address) return;
  }
}

function advanceOf(
  file: DwarfFile,
  common: CommonEntry,
  cursor: Cursor,
  opcode: number,
): { by: number } | { to: number } | undefined {
  if (opcode >> 6 === 1) return { by: (opcode & 63) * common.codeAlign };
  switch (opcode) {
    case CFA.setLoc:
      return { to: readAddress(cursor, common.addressSize, file.highBase) };
    case CFA.advanceLoc1:
      return { by: readU8(cursor) * common.codeAlign };
    case CFA.advanceLoc2:
      return { by: readU16(cursor) * common.codeAlign };
    case CFA.advanceLoc4:
      return { by: readU32(cursor) * common.codeAlign };
    default:
      return undefined;
  }
}

function define(cursor: Cursor, opcode: number, state: FrameState): void {
  const { rule } = state;
  switch (opcode) {
    case CFA.defCfa: {
      const register = readUleb(cursor);
      state.rule = { kind: "register", register, offset: readUleb(cursor) };
      return;
    }
    case CFA.defCfaRegister: {
      const register = readUleb(cursor);
      state.rule = {
        kind: "register",
        register,
        offset: rule?.kind === "register" ? rule.offset : 0,
      };
      return;
    }
    case CFA.defCfaOffset: {
      const offset = readUleb(cursor);
      if (rule?.kind === "register") state.rule = { ...rule, offset };
      return;
    }
    case CFA.defCfaExpression:
      state.rule = { kind: "expression", expression: readBytes(cursor, readUleb(cursor)) };
      return;
    case CFA.rememberState:
      if (state.saved.length < 64) state.saved.push(rule);
      return;
    case CFA.restoreState:
      state.rule = state.saved.pop();
      return;
    default:
      skipRule(cursor, opcode, state);
  }
}

/** Rules for other registers are passed over by their shape. */
function skipRule(cursor: Cursor, opcode: number, state: FrameState): void {
  if (opcode >> 6 === 3 || opcode === 0) return;
  if (opcode >> 6 === 2) {
    skipLeb(cursor);
    return;
  }
  switch (opcode) {
    case CFA.restoreExtended:
    case CFA.undefined:
    case CFA.sameValue:
    case CFA.gnuArgsSize:
      skipLeb(cursor);
      return;
    case CFA.offsetExtended:
    case CFA.register:
    case CFA.offsetExtendedSf:
    case CFA.valOffset:
    case CFA.valOffsetSf:
      skipLeb(cursor);
      skipLeb(cursor);
      return;
    case CFA.expression:
    case CFA.valExpression:
      skipLeb(cursor);
      skip(cursor, readUleb(cursor));
      return;
    default:
      // The scaled forms of the frame address and what is not known: better no rule than a wrong one.
      readSleb(cursor);
      state.rule = undefined;
      cursor.at = cursor.bytes.length;
  }
}
