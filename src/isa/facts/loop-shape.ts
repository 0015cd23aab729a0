// Does the loop around RIP have a given shape?

import type { LoopShape, PolledBase } from "#model/code-shape.ts";
import type { Poll } from "../poll-loop.ts";
import { contentOf } from "../transfer.ts";
import type { Value } from "../value.ts";
import type { Window } from "../window.ts";

/** The polled address as `X + per_cpu_offset[index]`. */
export interface PerCpuAddress {
  readonly index: Value;
  /** Byte index of the instruction that reads the offset. */
  readonly readAt: number | undefined;
}

export function fitsLoopShape(window: Window, poll: Poll, shape: LoopShape): boolean {
  const wanted = shape.poll;
  if (!wanted.widths.includes(poll.width) || !wanted.masks.includes(poll.mask)) return false;
  if (!fitsUntil(poll, wanted)) return false;
  if (wanted.displacement !== undefined && wanted.displacement !== poll.operand.displacement)
    return false;
  if (wanted.bases !== undefined && !wanted.bases.includes(polledBase(window, poll))) return false;
  return shape.behind === undefined || setsBitZeroBehind(window, poll);
}

function fitsUntil(poll: Poll, wanted: LoopShape["poll"]): boolean {
  const { until } = poll;
  if (typeof until === "string") return until === wanted.until;
  const [kind, against] = "equal" in until ? ["equal", until.equal] : ["not-equal", until.notEqual];
  if (kind !== wanted.until) return false;
  return wanted.value === undefined ? typeof against === "string" : against === wanted.value;
}

function polledBase(window: Window, poll: Poll): PolledBase {
  if (poll.operand.base === "rsp" || (poll.operand.base === "rbp" && isFrame(window)))
    return "stack";
  return perCpuAddress(window, poll) === undefined ? "other" : "per-cpu";
}

/** rbp as frame pointer lies just above rsp. */
function isFrame(window: Window): boolean {
  const { registers } = window.input;
  const rbp = registers?.rbp;
  const rsp = registers?.rsp;
  return rbp !== undefined && rsp !== undefined && rbp > rsp && rbp - rsp < 0x1000n;
}

/** Finds `X + mem[offsets + index * 8]` in what the polled base register holds. */
export function perCpuAddress(window: Window, poll: Poll): PerCpuAddress | undefined {
  const { base, index } = poll.operand;
  if (base === undefined || index !== undefined) return undefined;
  const value = contentOf(window.state, base);
  if (value.kind !== "sum") return undefined;
  return offsetRead(value.right) ?? offsetRead(value.left);
}

/** An element of an array of 8-byte entries in the kernel's image: __per_cpu_offset[] (mm/percpu.c). */
function offsetRead(value: Value): PerCpuAddress | undefined {
  if (value.kind !== "load" || value.width !== 8) return undefined;
  const { base, index, scale, displacement, segment } = value.address;
  if (base !== undefined || index === undefined || scale !== 8 || segment !== undefined)
    return undefined;
  if (displacement >= 0n || displacement < -0x80000000n) return undefined;
  return { index, readAt: value.at };
}

/** csd_lock(): `csd->flags |= CSD_FLAG_LOCK` right behind its wait. */
function setsBitZeroBehind(window: Window, poll: Poll): boolean {
  const behind = window.instructions.find((one) => one.at === poll.loop.to);
  if (behind?.mnemonic !== "or") return false;
  const [target, source] = behind.operands;
  return (
    target?.kind === "memory" &&
    target.base === poll.operand.base &&
    target.displacement === poll.operand.displacement &&
    source?.kind === "immediate" &&
    (source.value & 1n) === 1n
  );
}
