// Where in a text_poke batch RIP stands, from the code around its last call and from registers that step
// through the vector. Source: arch/x86/kernel/alternative.c text_poke_bp_batch(), struct text_poke_loc
// (16 bytes; `rel_addr` first, `len` since 26c44b776dba, so `text` at 10, before it at 9); __text_poke()
// returns its address argument.

import type { MachineInstruction, RegisterName } from "#model/instruction.ts";
import type { TextPokePositionFact } from "#model/machine-fact.ts";
import { type Captures, matchInOrder, NO_CAPTURES } from "../match-instructions.ts";
import { TEXT_POKES, type TextPokeShape } from "../shapes/text-poke.ts";
import { isIn, isKernelAddress, printed, spansOf, type Window } from "../window.ts";
import { argumentsLeft } from "./trap-site.ts";

/** sizeof(struct text_poke_loc) in every version that has the batch. */
const STRIDE = 16n;
/** TP_VEC_MAX = PAGE_SIZE / sizeof(struct text_poke_loc). */
const MOST_ENTRIES = 256n;
/** Lengths text_poke_loc_init() accepts: int3 or ret, jmp8, call/jmp32/nop5, jcc32. */
const LENGTHS: readonly bigint[] = [1n, 2n, 5n, 6n];

export interface TextPokeMatch {
  readonly shape: TextPokeShape;
  readonly captures: Captures;
  readonly call: MachineInstruction;
}

export function findTextPokePosition(window: Window): TextPokePositionFact | undefined {
  const match = matchTextPoke(window.instructions, window.input.trapIndex);
  if (match === undefined || !isIn(window.input, match.shape.functions)) return undefined;
  const { shape, captures, call } = match;
  const entry = findEntry(window, match);
  const length = lengthOf(window, match);
  const site = siteOf(window, shape.step);
  const stext = stextIn(window);
  const counter = captures.registers.get("$D");
  const doSync = counter === undefined ? undefined : printed(window.input, counter);
  // Registers that contradict the code (dumped from elsewhere, damaged) leave nothing to be sure of.
  const called = site !== undefined || argumentsLeft(window, call).length > 0;
  return {
    kind: "text-poke-position",
    step: shape.step,
    ...entry?.position,
    ...(length === undefined ? {} : { length }),
    ...(site === undefined ? {} : { site }),
    ...(stext === undefined ? {} : { stext }),
    syncsCompleted: SYNCS_BEFORE[shape.step],
    ...(doSync === undefined || doSync > MOST_ENTRIES ? {} : { doSync: Number(doSync) }),
    afterCall: called,
    ...layoutOf(captures),
    certain: called,
    proof: {
      bytes: spansOf(captures.instructions),
      registers: [...(entry?.registers ?? []), ...(site === undefined ? [] : ["rax"])],
    },
  };
}

/** The shape that fits the code around a call RIP has just returned from, by instructions alone. */
export function matchTextPoke(
  instructions: readonly MachineInstruction[],
  trapIndex: number,
): TextPokeMatch | undefined {
  const position = instructions.findIndex((one) => one.at + one.length === trapIndex);
  const call = instructions[position];
  if (call?.flow !== "call") return undefined;
  const setUp = sinceLastCall(instructions.slice(0, position));
  const after = instructions.slice(position + 1);
  for (const shape of TEXT_POKES) {
    const before = matchInOrder(shape.before, [...setUp, call], NO_CAPTURES);
    if (before?.instructions.at(-1) !== call) continue;
    const captures = matchInOrder(shape.after, after, before);
    if (captures !== undefined && isConsistent(captures)) return { shape, captures, call };
  }
  return undefined;
}

const SYNCS_BEFORE = { 1: 0, 2: 1, 3: 2 } as const;

function sinceLastCall(instructions: readonly MachineInstruction[]): MachineInstruction[] {
  const last = instructions.findLastIndex(
    (one) => one.flow === "call" || one.flow === "indirect-call",
  );
  return instructions.slice(last + 1);
}

/** What captures must say beyond being the same register: offsets of the one struct, the cursor compared. */
function isConsistent({ registers, numbers }: Captures): boolean {
  const rel = numbers.get("#rel");
  if (rel !== undefined && rel !== -10n && rel !== -9n) return false;
  const old = numbers.get("#old");
  if (old !== undefined && old !== -1n && old !== -2n) return false;
  const compared = [registers.get("$A"), registers.get("$B")];
  return compared[0] === undefined || compared.includes(registers.get("$C"));
}

function layoutOf({ numbers }: Captures): Pick<TextPokePositionFact, "layout"> {
  const rel = numbers.get("#rel");
  return rel === undefined ? {} : { layout: { textOffset: Number(-rel), stride: Number(STRIDE) } };
}

interface Entry {
  readonly position: Pick<TextPokePositionFact, "entry" | "entries" | "remaining" | "entryBy">;
  readonly registers: readonly RegisterName[];
}

/** Registers a call preserves; the loop keeps its pointers in them. */
const PRESERVED: readonly RegisterName[] = ["rbx", "rbp", "r12", "r13", "r14", "r15"];

/**
 * The vector's start and end are preserved registers in step with the cursor: the same address modulo 16,
 * within 256 entries. The end is the one the loop compares with, or the only one above; the start the only
 * other one not above. When more than one fits, or none, the entry stays unknown.
 */
function findEntry(window: Window, { shape, captures }: TextPokeMatch): Entry | undefined {
  const cursor = captures.registers.get("$C");
  const atRip = cursor === undefined ? undefined : printed(window.input, cursor);
  if (cursor === undefined || atRip === undefined || !isKernelAddress(atRip)) return undefined;
  const current = shape.cursor === "next-entry" ? atRip - STRIDE : atRip;
  const compared = [captures.registers.get("$A"), captures.registers.get("$B")].find(
    (register) => register !== undefined && register !== cursor,
  );
  const inStep = PRESERVED.filter((register) => register !== cursor)
    .map((register) => ({ register, value: printed(window.input, register) ?? 0n }))
    .filter(({ value }) => isInStep(value, current));
  const ends = inStep.filter(({ register, value }) =>
    compared === undefined ? value > current : register === compared && value > current,
  );
  const end = onlyValue(ends.map(({ value }) => value));
  if (end === undefined) return undefined;
  const starts = inStep.filter(({ value }) => value <= current);
  const start = onlyValue(starts.map(({ value }) => value));
  const remaining = Number((end - current) / STRIDE);
  const entryBy = compared === undefined ? "registers-in-step" : "compare";
  const named = [cursor, ...ends.map((one) => one.register)];
  if (start === undefined) return { position: { remaining, entryBy }, registers: named };
  return {
    position: {
      entry: Number((current - start) / STRIDE),
      entries: Number((end - start) / STRIDE),
      remaining,
      entryBy,
    },
    registers: [...named, ...starts.map((one) => one.register)],
  };
}

function isInStep(value: bigint, cursor: bigint): boolean {
  const distance = value - cursor;
  const size = distance < 0n ? -distance : distance;
  return size % STRIDE === 0n && size <= MOST_ENTRIES * STRIDE;
}

function onlyValue(values: readonly bigint[]): bigint | undefined {
  return new Set(values).size === 1 ? values[0] : undefined;
}

function lengthOf(window: Window, { captures }: TextPokeMatch): number | undefined {
  const register = captures.registers.get("$L");
  const value = register === undefined ? undefined : printed(window.input, register);
  if (value === undefined || !LENGTHS.includes(value & 0xffn)) return undefined;
  return Number(value & 0xffn);
}

/** RAX at the return address is the address written; the tail begins one byte behind the site. */
function siteOf(window: Window, step: 1 | 2 | 3): bigint | undefined {
  const written = printed(window.input, "rax");
  if (written === undefined || written < 0xffff_ffff_8000_0000n) return undefined;
  return step === 2 ? written - 1n : written;
}

/** `_stext + rel_addr` is written as a displacement: an address of the image's first bytes, 2 MiB aligned. */
function stextIn(window: Window): bigint | undefined {
  for (const instruction of window.instructions)
    for (const operand of instruction.operands) {
      if (operand.kind !== "memory" || operand.base === undefined || operand.base === "rip")
        continue;
      const address = BigInt.asUintN(64, operand.displacement);
      if (address >= 0xffff_ffff_8000_0000n && address % 0x200000n === 0n) return address;
    }
  return undefined;
}
