// Where instructions begin in a window. x86 code can only be read forwards, and nothing in a dump marks a
// boundary before RIP. What is known: RIP is one; the first whole instruction begins within the first 15
// bytes (no x86 instruction is longer; in kernels only padding is longer than 13); kernel code holds no
// impossible instruction and nothing jumps into the middle of one (all counted over whole kernels,
// docs/alignment.md). Invariant: a boundary called certain lies on every chain of instructions that fits
// all of this, so the true chain passes it too.

import type { MachineInstruction, UndecodedInstruction } from "#model/instruction.ts";
import { jumpTarget } from "./data-flow.ts";
import { isImpossibleInKernels } from "./impossible-instruction.ts";
import { instructionCost, SKIPPED_BYTE_COST } from "./instruction-cost.ts";

export interface Alignment {
  /** Boundaries before the trap and the trap itself, ascending; the best guess before `certainFrom`. */
  readonly boundaries: readonly number[];
  /** From here on every boundary is certain. */
  readonly certainFrom: number;
  /** Every chain that may be the true one, the most likely first; absent when nothing is certain. */
  readonly chains?: readonly (readonly number[])[];
}

export interface AlignmentHints {
  /** Index at which RIP's function begins, where it lies in the window. */
  readonly functionStart?: number;
  /** False for code that is not the kernel's: then no instruction is ruled out as impossible. */
  readonly kernelCode: boolean;
}

/** Bits against a site being patched at this very moment: batches take microseconds of a machine's days. */
const PATCHING_COST = 20;

type Decoded = readonly (MachineInstruction | UndecodedInstruction)[];
type Chain = readonly number[];

/** Longest x86 instruction in bytes (Intel SDM volume 2, 2.3.11). */
const LONGEST_INSTRUCTION = 15;

/** Longest instruction of a kernel that is no padding, counted over three of them (docs/alignment.md). */
const LONGEST_WORKING = 13;

/** One per start is the rule; more only around an int3 that may hide a patched instruction. */
const MOST_CHAINS = 256;

/**
 * Finds boundaries in front of `trapIndex`. `decoded` holds the instruction at every byte index. No
 * boundary besides the trap means that no chain reaches it: damaged bytes, or data.
 */
export function alignWindow(decoded: Decoded, trapIndex: number, hints: AlignmentHints): Alignment {
  const next = successors(decoded, trapIndex, hints);
  const possible = allChains(decoded, next, trapIndex);
  const behind = boundariesBehind(decoded, trapIndex);
  const chains = withKnownStart(
    possible.filter((chain) => isConsistent(decoded, chain, behind)),
    hints,
  );
  if (chains.length === 0) return { boundaries: [trapIndex], certainFrom: trapIndex };
  const ranked = chains
    .map((chain) => ({ chain, cost: chainCost(decoded, chain) }))
    .sort((a, b) => a.cost - b.cost)
    .map(({ chain }) => chain);
  const boundaries = ranked[0] ?? [trapIndex];
  if (possible.length >= MOST_CHAINS) return { boundaries, certainFrom: trapIndex };
  return { boundaries, certainFrom: firstCommon(ranked, trapIndex), chains: ranked };
}

/** Byte indexes at which the next instruction may begin, for every byte index before the trap. */
function successors(decoded: Decoded, trapIndex: number, hints: AlignmentHints): number[][] {
  const next: number[][] = [];
  const reaches: boolean[] = [];
  reaches[trapIndex] = true;
  for (let at = trapIndex - 1; at >= 0; at--) {
    const instruction = decoded[at];
    const usable =
      typeof instruction === "object" && !(hints.kernelCode && isImpossibleInKernels(instruction));
    const onwards = usable ? afterInstruction(decoded, instruction) : [];
    next[at] = onwards.filter((to) => reaches[to]);
    reaches[at] = onwards.some((to) => reaches[to]);
  }
  return next;
}

/**
 * A single int3 may be the first byte of an instruction that is being patched this moment (text_poke):
 * its old tail follows. Padding is a run of them, so only the last of a run is ambiguous.
 */
function afterInstruction(decoded: Decoded, instruction: MachineInstruction): number[] {
  const end = instruction.at + instruction.length;
  if (instruction.mnemonic !== "int3" || isInt3(decoded[end])) return [end];
  return [end, end + 1, end + 4, end + 5];
}

function isInt3(instruction: MachineInstruction | UndecodedInstruction | undefined): boolean {
  return typeof instruction === "object" && instruction.mnemonic === "int3";
}

/** All chains from the first 15 bytes to the trap, at most MOST_CHAINS. */
function allChains(decoded: Decoded, next: readonly number[][], trapIndex: number): Chain[] {
  const whole: Chain[] = [];
  const open: Chain[] = [];
  for (let at = 0; at < Math.min(LONGEST_INSTRUCTION, trapIndex); at++)
    if (mayBeginAt(decoded, at) && (next[at] ?? []).length > 0) open.push([at]);
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    const at = chain.at(-1) ?? trapIndex;
    if (at === trapIndex) whole.push(chain);
    else for (const to of next[at] ?? []) open.push([...chain, to]);
    if (whole.length >= MOST_CHAINS) break;
  }
  return whole;
}

/** Only padding is so long that as many bytes of its tail fit in front. */
function mayBeginAt(decoded: Decoded, first: number): boolean {
  if (first < LONGEST_WORKING) return true;
  return decoded.some(
    (one) => typeof one === "object" && one.mnemonic === "nop" && one.at + one.length === first,
  );
}

/** Boundaries from the trap on, as far as code is sure to go on. */
function boundariesBehind(decoded: Decoded, trapIndex: number): number[] {
  const behind: number[] = [];
  for (let at = trapIndex; ; ) {
    const instruction = decoded[at];
    if (typeof instruction !== "object") return behind;
    behind.push(at);
    if (mayHideData(instruction)) return behind;
    at += instruction.length;
  }
}

/** What follows may be no code: Xen's emulation prefix is ud2 and letters, int3 may hide a patched site. */
export function mayHideData(instruction: MachineInstruction): boolean {
  return instruction.flow === "exception" || instruction.mnemonic === "int3";
}

/** No jump of the chain, or from behind it, ends inside one of its instructions. */
function isConsistent(decoded: Decoded, chain: Chain, behind: readonly number[]): boolean {
  const boundaries = new Set([...chain, ...behind]);
  const first = chain[0] ?? 0;
  const last = behind.at(-1) ?? first;
  return [...boundaries].every((at) => {
    const instruction = decoded[at];
    const target = typeof instruction === "object" ? jumpTarget(instruction) : undefined;
    return target === undefined || target < first || target > last || boundaries.has(target);
  });
}

/** The function's own first byte is a boundary; only if no chain agrees is the symbol left aside. */
function withKnownStart(chains: readonly Chain[], hints: AlignmentHints): readonly Chain[] {
  const start = hints.functionStart;
  if (start === undefined) return chains;
  const agreeing = chains.filter((chain) => chain.includes(start));
  return agreeing.length > 0 ? agreeing : chains;
}

/** First boundary from which on all chains are the same. */
function firstCommon(chains: readonly Chain[], trapIndex: number): number {
  const [one, ...others] = chains.map((chain) => chain.toReversed());
  let common = trapIndex;
  for (const [i, at] of (one ?? []).entries()) {
    if (!others.every((chain) => chain[i] === at)) break;
    common = at;
  }
  return common;
}

/** Bytes before the first boundary belong to an instruction that is cut off; they cost what bytes cost. */
function chainCost(decoded: Decoded, chain: Chain): number {
  let cost = (chain[0] ?? 0) * SKIPPED_BYTE_COST;
  for (const [i, at] of chain.slice(0, -1).entries()) {
    const instruction = decoded[at];
    if (typeof instruction !== "object") continue;
    const hidden = (chain[i + 1] ?? at) - at - instruction.length;
    cost += instructionCost(instruction) + (hidden > 0 ? PATCHING_COST + 8 * hidden : 0);
  }
  return cost;
}
