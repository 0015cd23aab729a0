// The room's entry: a code window and registers in, a listing and facts out.

import type { MachineInstruction } from "#model/instruction.ts";
import type {
  CodeReading,
  ListedInstruction,
  MachineFact,
  RegisterOrigin,
} from "#model/machine-fact.ts";
import { type Alignment, alignWindow } from "./alignment.ts";
import type { CodeInput } from "./code-input.ts";
import { ALL_REGISTERS } from "./data-flow.ts";
import type { InstructionDecoder } from "./decoder.ts";
import { findFacts } from "./facts/facts.ts";
import { contentOf } from "./transfer.ts";
import { explainValue } from "./value.ts";
import { openWindow, type Window } from "./window.ts";

/** A dump of more than this is not a Code: line; the analysis looks at the bytes around RIP only. */
const LONGEST_WINDOW = 512;

type Decoded = ReturnType<InstructionDecoder["decodeEverywhere"]>;

/** Reads a code window. Never throws on content: what cannot be read is named in `gaps`. */
export function analyzeCode(decoder: InstructionDecoder, given: CodeInput): CodeReading {
  const input = aroundTrap(given);
  const shift = given.trapIndex - input.trapIndex;
  const { bytes, trapIndex } = input;
  if (bytes.length === 0) return nothing("empty");
  if (isOtherArchitecture(input)) return nothing("other-architecture");
  if (trapIndex < 0) return { ...nothing("no-trap-mark"), instructions: listRun(decoder, bytes) };
  if (trapIndex >= bytes.length) return nothing("trap-outside");
  const userSpace = input.address !== undefined && input.address < 1n << 63n;
  const decoded = decoder.decodeEverywhere(bytes);
  const alignment = alignWindow(decoded, trapIndex, {
    kernelCode: !userSpace,
    ...(input.offset === undefined ? {} : { functionStart: trapIndex - input.offset }),
  });
  const best = openWindow(input, chainOf(decoded, alignment.boundaries, trapIndex));
  const instructions = list(decoder, bytes, best.instructions, alignment.certainFrom);
  if (best.trap < 0) return { ...nothing("undecodable"), instructions: moved(instructions, shift) };
  return {
    instructions: moved(instructions, shift),
    certainFrom: alignment.certainFrom + shift,
    facts: userSpace
      ? []
      : factsOf(input, decoded, alignment, best).map((fact) => movedFact(fact, shift)),
    origins: originsOf(best, openCertain(input, decoded, alignment)),
    gaps: userSpace ? ["user-space"] : [],
  };
}

function aroundTrap(input: CodeInput): CodeInput {
  if (input.bytes.length <= LONGEST_WINDOW) return input;
  const from = Math.max(0, input.trapIndex - LONGEST_WINDOW / 2);
  return {
    ...input,
    bytes: input.bytes.subarray(from, from + LONGEST_WINDOW),
    trapIndex: input.trapIndex < 0 ? -1 : input.trapIndex - from,
  };
}

/** 32-bit x86 prints eax; the decoder reads 64-bit code only. */
function isOtherArchitecture({ registers }: CodeInput): boolean {
  return registers !== undefined && "eax" in registers && !("rax" in registers);
}

function nothing(gap: CodeReading["gaps"][number]): CodeReading {
  return { instructions: [], certainFrom: 0, facts: [], origins: [], gaps: [gap] };
}

/** Instructions at the boundaries before the trap, then one after the other from the trap on. */
function chainOf(
  decoded: Decoded,
  boundaries: readonly number[],
  trapIndex: number,
): MachineInstruction[] {
  const chain: MachineInstruction[] = [];
  for (const at of boundaries) {
    const instruction = at < trapIndex ? decoded[at] : undefined;
    if (typeof instruction === "object") chain.push(instruction);
  }
  for (let at = trapIndex; ; ) {
    const instruction = decoded[at];
    if (typeof instruction !== "object") return chain;
    chain.push(instruction);
    at += instruction.length;
  }
}

function openCertain(
  input: CodeInput,
  decoded: Decoded,
  { boundaries, certainFrom }: Alignment,
): Window {
  const certain = boundaries.filter((at) => at >= certainFrom);
  return openWindow(input, chainOf(decoded, certain, input.trapIndex));
}

/**
 * A fact is certain when every viable reading of the bytes yields it (the true one is among them), or when
 * the certain code alone does. What only the most likely reading shows is kept, marked as a guess.
 */
function factsOf(
  input: CodeInput,
  decoded: Decoded,
  alignment: Alignment,
  best: Window,
): MachineFact[] {
  const sure = findFacts(openCertain(input, decoded, alignment));
  const surely = new Set(sure.map(claimOf));
  const found = findFacts(best);
  if (found.every((fact) => surely.has(claimOf(fact)))) return found;
  const readings = (alignment.chains ?? []).map((chain) =>
    findFacts(openWindow(input, chainOf(decoded, chain, input.trapIndex))),
  );
  const claims = readings.map((facts) => new Set(facts.map(claimOf)));
  return found.map((fact) => {
    const claim = claimOf(fact);
    if (surely.has(claim)) return fact;
    if (claims.length > 0 && claims.every((others) => others.has(claim))) return fact;
    return sure.find((one) => isSameClaimOrLess(one, fact)) ?? { ...fact, certain: false };
  });
}

/** The certain code alone says the same, perhaps with by-products missing, and nothing else. */
function isSameClaimOrLess(sure: MachineFact, fact: MachineFact): boolean {
  const known: Record<string, unknown> = { ...fact };
  return Object.entries(sure).every(([key, value]) => {
    return (
      key === "proof" || JSON.stringify(value, spelled) === JSON.stringify(known[key], spelled)
    );
  });
}

function spelled(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? `${value}n` : value;
}

/**
 * What a fact claims: equal claims of two readings are one. Its proof is not part of it, nor is what the
 * model calls a by-product.
 */
function claimOf(fact: MachineFact): string {
  return JSON.stringify(fact, (key, value: unknown) =>
    key === "proof" || key === "stext" ? undefined : spelled(key, value),
  );
}

function list(
  decoder: InstructionDecoder,
  bytes: Uint8Array,
  instructions: readonly MachineInstruction[],
  certainFrom: number,
): ListedInstruction[] {
  const texts = decoder.texts(
    bytes,
    instructions.map((instruction) => instruction.at),
  );
  const hiding = instructions.find((one) => one.at >= certainFrom && isLoneInt3(bytes, one));
  const certainTo = hiding === undefined ? bytes.length : hiding.at;
  return instructions.map((instruction, i) => ({
    at: instruction.at,
    bytes: hexOf(bytes.subarray(instruction.at, instruction.at + instruction.length)),
    text: texts[i] ?? "(bad)",
    certain: instruction.at >= certainFrom && instruction.at <= certainTo,
  }));
}

/** May be the first byte of a site that is being patched; its old tail follows. */
function isLoneInt3(bytes: Uint8Array, { at, mnemonic }: MachineInstruction): boolean {
  return mnemonic === "int3" && bytes[at + 1] !== 0xcc && bytes[at - 1] !== 0xcc;
}

function listRun(decoder: InstructionDecoder, bytes: Uint8Array): ListedInstruction[] {
  return list(decoder, bytes, decoder.decodeRun(bytes, 0), bytes.length);
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function moved(instructions: readonly ListedInstruction[], shift: number): ListedInstruction[] {
  return instructions.map((one) => ({ ...one, at: one.at + shift }));
}

function movedFact(fact: MachineFact, shift: number): MachineFact {
  if (shift === 0) return fact;
  const bytes = fact.proof.bytes.map(([from, to]) => [from + shift, to + shift] as const);
  return { ...fact, proof: { ...fact.proof, bytes } };
}

/** Registers the window computed from something: certain when the certain part alone says the same. */
function originsOf(best: Window, certain: Window): RegisterOrigin[] {
  const origins: RegisterOrigin[] = [];
  for (const register of ALL_REGISTERS) {
    const value = contentOf(best.state, register);
    if (value.kind === "initial" && value.register === register) continue;
    if (value.kind === "opaque") continue;
    const expression = explainValue(value);
    const sure = explainValue(contentOf(certain.state, register)) === expression;
    origins.push({ register, expression, certain: sure });
  }
  return origins;
}
