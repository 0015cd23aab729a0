// What is missing from a finished report or doubtful in it, beside the gaps noted while it was read.
// Invariant: a gap says what the log itself shows; a report that is merely short has none.

import type { Frame } from "#model/frame.ts";
import type { EventGap } from "#model/kernel-event.ts";
import type { Draft } from "./draft.ts";
import { isRole, plainName } from "./function-role.ts";
import { isOutermost } from "./trace-end.ts";

/** @param frames those of the trace, the detector's marked */
export function gapsOf(draft: Draft, frames: readonly Frame[]): readonly EventGap[] {
  const from = draft.covered[0] ?? draft.at.range;
  const reasons = [missingTrace(draft), cutTrace(draft), emptyTrace(draft, frames)];
  reasons.push(doubtfulTrace(draft, frames));
  if (draft.dropped > 0) {
    reasons.push(`${draft.dropped} lines in the middle of a long report are not kept`);
  }
  const found = reasons.filter((reason) => reason !== undefined);
  return [...draft.gaps, ...found.map((reason) => ({ reason, from }))];
}

function missingTrace(draft: Draft): string | undefined {
  if (draft.frames.length > 0) return undefined;
  const traceless = draft.headline.lone === true || draft.idle === true || draft.answers.length > 0;
  return traceless ? undefined : (draft.cutShort ?? "no call trace follows");
}

/** The last line of the log is a frame, and not one that a stack ends with. */
function cutTrace(draft: Draft): string | undefined {
  const last = draft.frames.at(-1);
  if (draft.cutByEnd !== true || last === undefined) return undefined;
  // kmemleak keeps the innermost frames only (mm/kmemleak.c: MAX_TRACE).
  if (draft.kind === "memory-leak") return undefined;
  const end = draft.covered.at(-1);
  if (last.range.source !== end?.source || last.range.lastLine !== end.lastLine) return undefined;
  const outermost = draft.frames.findLast((frame) => frame.reliable) ?? last;
  return isOutermost(outermost.symbol) ? undefined : "the log ends in the call trace";
}

/** The unwinder stopped in the code that reports. */
function emptyTrace(draft: Draft, frames: readonly Frame[]): string | undefined {
  const own = frames.filter((frame) => frame.detector !== true);
  if (own.length === 0 || draft.rip !== undefined || draft.kind === "panic") return undefined;
  const telling = own.some(({ symbol }) => !symbol.startsWith("0x") && !isMachinery(symbol));
  return telling ? undefined : "the call trace does not reach the code the report is about";
}

function isMachinery(symbol: string): boolean {
  const name = plainName(symbol);
  return isRole(name, "reporting") || isRole(name, "instrumentation");
}

/** Every frame is marked `?`: addresses found on the stack, not callers. */
function doubtfulTrace(draft: Draft, frames: readonly Frame[]): string | undefined {
  if (draft.rip !== undefined && !draft.rip.symbol.startsWith("0x")) return undefined;
  const doubtful = frames.length > 0 && frames.every((frame) => !frame.reliable);
  return doubtful ? "the unwinder was sure of no frame of the call trace" : undefined;
}
