// Where instructions begin in a window. x86 code can only be read forwards, and nothing in a dump marks a
// boundary before RIP. What is known: RIP is one, and the first whole instruction begins within the first
// 15 bytes (no x86 instruction is longer). Invariant: a boundary called certain lies on every chain of
// instructions that begins in those 15 bytes and ends exactly at RIP, so the true chain passes it too.

import type { MachineInstruction, UndecodedInstruction } from "#model/instruction.ts";
import { instructionCost, isForeignToKernels, SKIPPED_BYTE_COST } from "./instruction-cost.ts";

export interface Alignment {
  /** Chosen boundaries before and at the trap, ascending; the best guess before `certainFrom`. */
  readonly boundaries: readonly number[];
  /** From here on every boundary is certain. */
  readonly certainFrom: number;
  /** Every chain that may be the true one; absent when there are too many to list. */
  readonly chains?: readonly (readonly number[])[];
}

export interface AlignmentHints {
  /** Index at which RIP's function begins, where it lies in the window. */
  readonly functionStart?: number;
  /** False for code that is not the kernel's: then no instruction is ruled out as foreign to kernels. */
  readonly kernelCode: boolean;
}

type Decoded = readonly (MachineInstruction | UndecodedInstruction)[];

/** Longest x86 instruction in bytes (Intel SDM volume 2, 2.3.11). */
const LONGEST_INSTRUCTION = 15;

/** One per start is the rule; more only around an int3 that may hide a patched instruction. */
const MOST_CHAINS = 32;

/**
 * Finds boundaries in front of `trapIndex`. `decoded` holds the instruction at every byte index. An empty
 * result besides the trap means that no chain reaches it: damaged bytes, or data.
 */
export function alignWindow(decoded: Decoded, trapIndex: number, hints: AlignmentHints): Alignment {
  const next = successors(decoded, trapIndex, hints);
  const forced = knownStart(next, trapIndex, hints);
  for (;;) {
    const viable = reachesTrap(next, trapIndex);
    const starts = viableStarts(viable, trapIndex, forced);
    if (starts.length === 0) return { boundaries: [trapIndex], certainFrom: trapIndex };
    const certainFrom = firstCommonBoundary(next, viable, starts, trapIndex);
    const target = branchTarget(decoded, viable, certainFrom, trapIndex, forced);
    if (target === undefined) {
      const boundaries = cheapestChain(decoded, next, viable, starts, trapIndex);
      const chains = allChains(next, viable, starts, trapIndex);
      return { boundaries, certainFrom, ...(chains === undefined ? {} : { chains }) };
    }
    forced.add(target);
    forbidSteppingOver(next, target);
  }
}

/**
 * A byte before `certainFrom` that a certain instruction jumps to: a boundary too. Nothing in the text of
 * the kernels measured jumps into an instruction (docs/alignment.md).
 */
function branchTarget(
  decoded: Decoded,
  viable: readonly boolean[],
  certainFrom: number,
  trapIndex: number,
  known: ReadonlySet<number>,
): number | undefined {
  for (let at = certainFrom; at < decoded.length; ) {
    const instruction = decoded[at];
    if (typeof instruction !== "object") return undefined;
    if (at >= trapIndex && endsCode(instruction)) return undefined;
    const target = instruction.operands[0];
    const jumps = instruction.flow === "branch" || instruction.flow === "jump";
    if (jumps && target?.kind === "branch" && viable[target.target] && target.target < certainFrom)
      if (!known.has(target.target)) return target.target;
    at += instruction.length;
  }
  return undefined;
}

/** What follows may be data: Xen's emulation prefix is ud2 and three letters; int3 may hide a patched site. */
function endsCode(instruction: MachineInstruction): boolean {
  return instruction.flow === "exception" || instruction.mnemonic === "int3";
}

function forbidSteppingOver(next: number[][], target: number): void {
  for (let at = 0; at < target; at++) next[at] = (next[at] ?? []).filter((to) => to <= target);
}

/** Byte indexes at which the next instruction may begin, for every byte index. */
function successors(decoded: Decoded, trapIndex: number, hints: AlignmentHints): number[][] {
  const next: number[][] = [];
  for (let at = 0; at < trapIndex; at++) {
    const instruction = decoded[at];
    const usable =
      instruction !== undefined &&
      typeof instruction !== "string" &&
      !(hints.kernelCode && isForeignToKernels(instruction));
    next.push(usable ? afterInstruction(decoded, instruction) : []);
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

function reachesTrap(next: readonly number[][], trapIndex: number): boolean[] {
  const viable: boolean[] = [];
  viable[trapIndex] = true;
  for (let at = trapIndex - 1; at >= 0; at--)
    viable[at] = (next[at] ?? []).some((to) => to <= trapIndex && viable[to] === true);
  return viable;
}

/** The function's own first byte is a boundary, if the code from there reaches the trap. */
function knownStart(next: number[][], trapIndex: number, hints: AlignmentHints): Set<number> {
  const start = hints.functionStart;
  if (start === undefined || start < 0 || start > trapIndex) return new Set();
  if (!reachesTrap(next, trapIndex)[start]) return new Set();
  forbidSteppingOver(next, start);
  return new Set([start]);
}

/** Where the first whole instruction may begin. */
function viableStarts(
  viable: readonly boolean[],
  trapIndex: number,
  forced: ReadonlySet<number>,
): number[] {
  const starts: number[] = [];
  const end = Math.min(LONGEST_INSTRUCTION, trapIndex, ...[...forced].map((at) => at + 1));
  for (let at = 0; at < end; at++) if (viable[at]) starts.push(at);
  return starts;
}

/**
 * First boundary shared by every chain from every start, from which on there is only one chain. Walks the
 * frontier of all chains at once: wherever it narrows to a single boundary, all chains pass there.
 */
function firstCommonBoundary(
  next: readonly number[][],
  viable: readonly boolean[],
  starts: readonly number[],
  trapIndex: number,
): number {
  const frontier = new Set(starts);
  let common = frontier.size === 1 ? (starts[0] ?? trapIndex) : trapIndex;
  for (let at = 0; at < trapIndex; at++) {
    if (!frontier.delete(at)) continue;
    const onwards = (next[at] ?? []).filter((to) => to <= trapIndex && viable[to]);
    for (const to of onwards) frontier.add(to);
    if (frontier.size > 1) common = trapIndex;
    else if (common === trapIndex) common = [...frontier][0] ?? trapIndex;
  }
  return common;
}

function allChains(
  next: readonly number[][],
  viable: readonly boolean[],
  starts: readonly number[],
  trapIndex: number,
): number[][] | undefined {
  const open = starts.map((at) => [at]);
  const whole: number[][] = [];
  for (let chain = open.pop(); chain !== undefined; chain = open.pop()) {
    const at = chain.at(-1) ?? trapIndex;
    if (at === trapIndex) whole.push(chain);
    else
      for (const to of next[at] ?? []) if (to <= trapIndex && viable[to]) open.push([...chain, to]);
    if (open.length + whole.length > MOST_CHAINS) return undefined;
  }
  return whole;
}

/** The chain that looks most like kernel code; always runs through the certain boundaries. */
function cheapestChain(
  decoded: Decoded,
  next: readonly number[][],
  viable: readonly boolean[],
  starts: readonly number[],
  trapIndex: number,
): number[] {
  const cost: number[] = [];
  const follow: number[] = [];
  cost[trapIndex] = 0;
  for (let at = trapIndex - 1; at >= 0; at--) {
    const instruction = decoded[at];
    if (!viable[at] || typeof instruction !== "object") continue;
    const own = instructionCost(instruction);
    for (const to of next[at] ?? []) {
      const onwards = cost[to];
      if (to > trapIndex || onwards === undefined || own + onwards >= (cost[at] ?? Infinity))
        continue;
      cost[at] = own + onwards;
      follow[at] = to;
    }
  }
  const first = starts.reduce((best, at) =>
    startCost(cost, at) < startCost(cost, best) ? at : best,
  );
  const boundaries: number[] = [];
  for (let at: number | undefined = first; at !== undefined; at = follow[at]) boundaries.push(at);
  return boundaries;
}

/** Bytes before the first boundary belong to an instruction that is cut off; they cost what bytes cost. */
function startCost(cost: readonly number[], at: number): number {
  return (cost[at] ?? Infinity) + at * SKIPPED_BYTE_COST;
}
