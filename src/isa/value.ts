// What a register holds, in terms of what the window computed it from. Invariant: two values that compare
// the same are the same number at run time; when in doubt they differ.

import type { RegisterName } from "#model/instruction.ts";

export interface Address {
  readonly segment?: "fs" | "gs";
  readonly base?: Value;
  readonly index?: Value;
  readonly scale: number;
  readonly displacement: bigint;
}

export type Value =
  /** Content of a register where the flow was entered. */
  | { readonly kind: "initial"; readonly register: RegisterName; readonly from: number }
  | { readonly kind: "constant"; readonly value: bigint }
  /** Read from memory by the instruction at `at`; undefined where several reads of one place meet. */
  | {
      readonly kind: "load";
      readonly at: number | undefined;
      readonly address: Address;
      readonly width: number;
    }
  | { readonly kind: "sum"; readonly left: Value; readonly right: Value }
  | { readonly kind: "and"; readonly of: Value; readonly mask: bigint }
  /** The low `bytes` bytes of a value, extended. */
  | { readonly kind: "low"; readonly of: Value; readonly bytes: number; readonly signed: boolean }
  /** Written by an instruction that is not modelled, or different on two ways to this place. */
  | { readonly kind: "opaque"; readonly at: number; readonly register: RegisterName };

/** Same number at run time. */
export function isSameValue(a: Value, b: Value): boolean {
  return compareValues(a, b, true);
}

/** Same computation, though memory may have changed in between. */
export function isSameForm(a: Value, b: Value): boolean {
  return compareValues(a, b, false);
}

export function isSameAddress(a: Address, b: Address): boolean {
  return compareAddresses(a, b, false);
}

/** `timed`: two reads of one place are the same only if they are the same read. */
function compareValues(a: Value, b: Value, timed: boolean): boolean {
  switch (a.kind) {
    case "initial":
      return b.kind === "initial" && a.register === b.register && a.from === b.from;
    case "constant":
      return b.kind === "constant" && a.value === b.value;
    case "load":
      if (b.kind !== "load" || a.width !== b.width) return false;
      if (timed && (a.at === undefined || a.at !== b.at)) return false;
      return compareAddresses(a.address, b.address, timed);
    case "sum":
      if (b.kind !== "sum") return false;
      return compareValues(a.left, b.left, timed) && compareValues(a.right, b.right, timed);
    case "and":
      return b.kind === "and" && a.mask === b.mask && compareValues(a.of, b.of, timed);
    case "low":
      if (b.kind !== "low" || a.bytes !== b.bytes || a.signed !== b.signed) return false;
      return compareValues(a.of, b.of, timed);
    case "opaque":
      return b.kind === "opaque" && a.at === b.at && a.register === b.register;
  }
}

function compareAddresses(a: Address, b: Address, timed: boolean): boolean {
  return (
    a.segment === b.segment &&
    a.displacement === b.displacement &&
    a.scale === b.scale &&
    compareOptional(a.base, b.base, timed) &&
    compareOptional(a.index, b.index, timed)
  );
}

function compareOptional(a: Value | undefined, b: Value | undefined, timed: boolean): boolean {
  if (a === undefined || b === undefined) return a === b;
  return compareValues(a, b, timed);
}

/** The value without 32-bit extensions: a small number such as a CPU is the same before and after. */
export function withoutExtension(value: Value): Value {
  let core = value;
  while (core.kind === "low" && core.bytes >= 4) core = core.of;
  return core;
}

/** `mem64[r14] + mem64[rax*8-0x7de7a6c0]`, for people; `rax@5` is what the instruction at byte 5 left in it. */
export function explainValue(value: Value): string {
  switch (value.kind) {
    case "initial":
      return value.register;
    case "constant":
      return hex(BigInt.asIntN(64, value.value));
    case "load":
      return `mem${value.width * 8}[${explainAddress(value.address)}]`;
    case "sum":
      return explainSum(value.left, value.right);
    case "and":
      return `(${explainValue(value.of)} & ${hex(value.mask)})`;
    case "low":
      return `${value.signed ? "s" : "u"}${value.bytes * 8}(${explainValue(value.of)})`;
    case "opaque":
      return `${value.register}@${value.at}`;
  }
}

function explainSum(left: Value, right: Value): string {
  if (right.kind === "constant") {
    const signed = BigInt.asIntN(64, right.value);
    return `${explainValue(left)}${signed < 0n ? "-" : "+"}${hex(signed < 0n ? -signed : signed)}`;
  }
  return `${explainValue(left)} + ${explainValue(right)}`;
}

function explainAddress(address: Address): string {
  const parts: string[] = [];
  if (address.base !== undefined) parts.push(explainValue(address.base));
  if (address.index !== undefined) parts.push(`${explainValue(address.index)}*${address.scale}`);
  const { displacement } = address;
  const text = parts.join(" + ");
  const segment = address.segment === undefined ? "" : `${address.segment}:`;
  if (text === "") return segment + hex(BigInt.asUintN(64, displacement));
  if (displacement === 0n) return segment + text;
  return `${segment}${text}${displacement < 0n ? "-" : "+"}${hex(displacement < 0n ? -displacement : displacement)}`;
}

function hex(value: bigint): string {
  return value < 0n ? `-0x${(-value).toString(16)}` : `0x${value.toString(16)}`;
}
