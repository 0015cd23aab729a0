// DWARF expressions, as far as they can be computed from printed registers: no memory is at hand, so
// what would have to be read stays named but unknown.

import {
  type Cursor,
  cursorOver,
  readAddress,
  readBytes,
  readI8,
  readI32,
  readSlebBig,
  readU8,
  readU16,
  readU32,
  readU64,
  readUleb,
  readUlebBig,
  skip,
  toAddress,
} from "#base/cursor.ts";
import { indexedAddress } from "./attributes.ts";
import {
  applyBinary,
  extend,
  fromBytes,
  type IntegerType,
  integerTypeAt,
  isBinary,
  isComparison,
} from "./integer-type.ts";
import { OP } from "./operations.ts";
import type { Unit } from "./unit.ts";

/** Why a value cannot be told. */
export type Obstacle =
  /** The compiler kept no value here. */
  | "optimised-out"
  /** The value is in memory the log does not show. */
  | "needs-memory"
  /** A register the log does not print. */
  | "needs-register"
  /** Only the value the function was entered with would tell. */
  | "needs-entry-value"
  /** The compiler says that nothing was assigned yet. */
  | "not-initialized"
  | "unsupported";

/** Where a value is; all numbers are 64-bit patterns. */
export type Place =
  | { readonly kind: "register"; readonly register: number }
  | { readonly kind: "memory"; readonly address: bigint }
  | { readonly kind: "value"; readonly value: bigint }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "pieces"; readonly pieces: readonly Piece[] }
  | { readonly kind: "nowhere"; readonly obstacle: Obstacle };

export interface Piece {
  readonly bits: number;
  readonly place: Place;
}

export interface Machine {
  /** By DWARF number; `undefined` where the log has no value. */
  register(number: number): bigint | undefined;
  /** The canonical frame address at this place. */
  frameAddress(): bigint | undefined;
  /** DW_AT_frame_base of the function. */
  frameBase(): bigint | undefined;
}

const MAX_STACK = 256;
/** Branches make loops possible; no real expression needs this many steps. */
const MAX_STEPS = 4096;

/** A 64-bit pattern; typed values are kept extended to 64 bits as their type says. */
interface Element {
  readonly value: bigint;
  /** Absent for the generic type: an address-sized integer of no particular sign. */
  readonly type?: IntegerType;
}

interface State {
  readonly unit: Unit;
  readonly machine: Machine;
  readonly cursor: Cursor;
  readonly stack: Element[];
  readonly pieces: Piece[];
  /** Set by an operation that ends a (piece of a) location. */
  place: Place | undefined;
  obstacle: Obstacle | undefined;
}

/** Evaluates a location expression. Never throws; an empty expression means "optimised out". */
export function evaluate(unit: Unit, expression: Uint8Array, machine: Machine): Place {
  if (expression.length === 0) return nowhere("optimised-out");
  const cursor = cursorOver(expression, unit.file.littleEndian);
  const state: State = {
    unit,
    machine,
    cursor,
    stack: [],
    pieces: [],
    place: undefined,
    obstacle: undefined,
  };
  for (let steps = 0; cursor.at < expression.length; steps += 1) {
    if (steps > MAX_STEPS || state.stack.length > MAX_STACK) return nowhere("unsupported");
    step(state, readU8(cursor));
    if (cursor.overrun) return nowhere("unsupported");
  }
  if (state.pieces.length > 0) return { kind: "pieces", pieces: state.pieces };
  return takePlace(state);
}

export function nowhere(obstacle: Obstacle): Place {
  return { kind: "nowhere", obstacle };
}

/** What has been computed so far as a place, and a fresh start for the next piece. */
function takePlace(state: State): Place {
  const { obstacle, place } = state;
  const top = state.stack.pop();
  state.stack.length = 0;
  state.place = undefined;
  state.obstacle = undefined;
  if (obstacle !== undefined) return nowhere(obstacle);
  if (place !== undefined) return place;
  return top === undefined ? nowhere("optimised-out") : { kind: "memory", address: top.value };
}

function step(state: State, op: number): void {
  if (op >= OP.lit0 && op <= OP.lit31) push(state, BigInt(op - OP.lit0));
  else if (op >= OP.reg0 && op <= OP.reg31) {
    state.place = { kind: "register", register: op - OP.reg0 };
  } else if (op >= OP.breg0 && op <= OP.breg31) pushRegister(state, op - OP.breg0);
  else if (!constant(state, op) && !arithmetic(state, op) && !control(state, op))
    special(state, op);
}

function push(state: State, value: bigint, type?: IntegerType): void {
  if (type === undefined) state.stack.push({ value: BigInt.asUintN(64, value) });
  else state.stack.push({ value: extend(value, type), type });
}

function pop(state: State): Element {
  const element = state.stack.pop();
  if (element === undefined) state.obstacle ??= "unsupported";
  return element ?? { value: 0n };
}

/** An unknown value: the whole piece becomes unknown, but the operations behind it are still read. */
function pushUnknown(state: State, obstacle: Obstacle): void {
  state.obstacle ??= obstacle;
  state.stack.push({ value: 0n });
}

function pushRegister(state: State, register: number): void {
  const offset = readSlebBig(state.cursor);
  const value = state.machine.register(register);
  if (value === undefined) pushUnknown(state, "needs-register");
  else push(state, value + offset);
}

function constant(state: State, op: number): boolean {
  const { cursor, unit } = state;
  switch (op) {
    case OP.addr:
      push(
        state,
        toAddress(readAddress(cursor, unit.addressSize, unit.file.highBase), unit.file.highBase),
      );
      return true;
    case OP.addrx:
      push(state, toAddress(indexedAddress(unit, readUleb(cursor)) ?? 0, unit.file.highBase));
      return true;
    case OP.const1u:
      push(state, BigInt(readU8(cursor)));
      return true;
    case OP.const1s:
      push(state, BigInt(readI8(cursor)));
      return true;
    case OP.const2u:
      push(state, BigInt(readU16(cursor)));
      return true;
    case OP.const2s:
      push(state, BigInt.asIntN(16, BigInt(readU16(cursor))));
      return true;
    case OP.const4u:
      push(state, BigInt(readU32(cursor)));
      return true;
    case OP.const4s:
      push(state, BigInt(readI32(cursor)));
      return true;
    case OP.const8u:
    case OP.const8s:
      push(state, readU64(cursor));
      return true;
    case OP.constu:
      push(state, readUlebBig(cursor));
      return true;
    case OP.consts:
      push(state, readSlebBig(cursor));
      return true;
    default:
      return false;
  }
}

function arithmetic(state: State, op: number): boolean {
  if (isBinary(op)) {
    const b = pop(state);
    const a = pop(state);
    const value = applyBinary(op, a.value, b.value, a.type);
    if (value === undefined) pushUnknown(state, "unsupported");
    else push(state, value, isComparison(op) ? undefined : a.type);
    return true;
  }
  if (op === OP.plusUconst) {
    const { value, type } = pop(state);
    push(state, value + readUlebBig(state.cursor), type);
  } else if (op === OP.not || op === OP.neg || op === OP.abs) {
    const { value, type } = pop(state);
    const signed = BigInt.asIntN(64, value);
    const result = op === OP.not ? ~value : op === OP.neg || signed < 0n ? -signed : signed;
    push(state, result, type);
  } else return false;
  return true;
}

function control(state: State, op: number): boolean {
  const { cursor, stack } = state;
  switch (op) {
    case OP.dup:
      pick(state, 0);
      return true;
    case OP.drop:
      pop(state);
      return true;
    case OP.over:
      pick(state, 1);
      return true;
    case OP.pick:
      pick(state, readU8(cursor));
      return true;
    case OP.swap: {
      const top = pop(state);
      const below = pop(state);
      stack.push(top, below);
      return true;
    }
    case OP.rot: {
      const [first, second, third] = [pop(state), pop(state), pop(state)];
      stack.push(first, third, second);
      return true;
    }
    case OP.skip:
      jump(cursor, (readU16(cursor) << 16) >> 16);
      return true;
    case OP.bra: {
      const distance = (readU16(cursor) << 16) >> 16;
      if (pop(state).value !== 0n) jump(cursor, distance);
      return true;
    }
    case OP.nop:
      return true;
    default:
      return false;
  }
}

function pick(state: State, depth: number): void {
  const value = state.stack[state.stack.length - 1 - depth];
  if (value === undefined) pushUnknown(state, "unsupported");
  else state.stack.push(value);
}

function jump(cursor: Cursor, distance: number): void {
  const target = cursor.at + distance;
  if (target < 0 || target > cursor.bytes.length) cursor.overrun = true;
  else cursor.at = target;
}

function special(state: State, op: number): void {
  const { cursor, machine } = state;
  switch (op) {
    case OP.regx:
      state.place = { kind: "register", register: readUleb(cursor) };
      return;
    case OP.bregx:
      pushRegister(state, readUleb(cursor));
      return;
    case OP.fbreg: {
      const offset = readSlebBig(cursor);
      const base = machine.frameBase();
      if (base === undefined) pushUnknown(state, "needs-register");
      else push(state, base + offset);
      return;
    }
    case OP.callFrameCfa: {
      const address = machine.frameAddress();
      if (address === undefined) pushUnknown(state, "needs-register");
      else push(state, address);
      return;
    }
    case OP.stackValue:
      state.place = { kind: "value", value: BigInt.asUintN(64, pop(state).value) };
      return;
    case OP.implicitValue:
      state.place = { kind: "bytes", bytes: readBytes(cursor, readUleb(cursor)) };
      return;
    case OP.piece:
      state.pieces.push({ bits: 8 * readUleb(cursor), place: takePlace(state) });
      return;
    case OP.bitPiece: {
      const bits = readUleb(cursor);
      readUleb(cursor);
      state.pieces.push({ bits, place: takePlace(state) });
      return;
    }
    default:
      unknown(state, op);
  }
}

/** Operations whose result the registers do not tell. */
function unknown(state: State, op: number): void {
  const { cursor, unit } = state;
  switch (op) {
    case OP.deref:
      pop(state);
      pushUnknown(state, "needs-memory");
      return;
    case OP.derefSize:
      skip(cursor, 1);
      pop(state);
      pushUnknown(state, "needs-memory");
      return;
    case OP.derefType:
    case OP.gnuDerefType:
      skip(cursor, 1);
      readUleb(cursor);
      pop(state);
      pushUnknown(state, "needs-memory");
      return;
    case OP.entryValue:
    case OP.gnuEntryValue:
      skip(cursor, readUleb(cursor));
      pushUnknown(state, "needs-entry-value");
      return;
    case OP.gnuUninit:
      state.obstacle ??= "not-initialized";
      return;
    case OP.gnuParameterRef:
      skip(cursor, 4);
      pushUnknown(state, "needs-entry-value");
      return;
    case OP.implicitPointer:
    case OP.gnuImplicitPointer:
      skip(cursor, unit.offsetSize);
      readSlebBig(cursor);
      state.obstacle ??= "optimised-out";
      return;
    default:
      typed(state, op);
  }
}

/** Operations that name a type (DWARF 5, section 2.5.1.6). */
function typed(state: State, op: number): void {
  const { cursor, machine, unit } = state;
  switch (op) {
    case OP.convert:
    case OP.gnuConvert:
    case OP.reinterpret:
    case OP.gnuReinterpret:
      retype(state, pop(state).value, readUleb(cursor));
      return;
    case OP.regvalType:
    case OP.gnuRegvalType: {
      const value = machine.register(readUleb(cursor));
      if (value === undefined) state.obstacle ??= "needs-register";
      retype(state, value ?? 0n, readUleb(cursor));
      return;
    }
    case OP.constType:
    case OP.gnuConstType: {
      const type = readUleb(cursor);
      const bytes = readBytes(cursor, readU8(cursor));
      retype(state, fromBytes(bytes, unit.file.littleEndian), type);
      return;
    }
    default:
      state.obstacle ??= "unsupported";
      cursor.at = cursor.bytes.length;
  }
}

/** Gives a value the integer type that stands at `offset` in the unit; 0 is the generic type. */
function retype(state: State, value: bigint, offset: number): void {
  if (offset === 0) {
    push(state, value);
    return;
  }
  const type = integerTypeAt(state.unit, state.unit.offset + offset);
  if (type === undefined) pushUnknown(state, "unsupported");
  else push(state, value, type);
}
