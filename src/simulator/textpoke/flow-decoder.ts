// Rebuilds which instructions ran from packets and code, as a PT decoder does: it walks the code and asks
// the packets only where the code does not tell. It knows nothing of patching beyond the image it is given.

import { err, ok, type Result } from "#base/result.ts";
import type { CodeImage } from "./code-image.ts";
import { OUTSIDE, type Packet } from "./packets.ts";

export interface FlowError {
  readonly code:
    | "flow/unknown-code"
    | "flow/int3-without-event"
    | "flow/packet-missing"
    | "flow/packet-left-over"
    | "flow/endless";
  readonly at: bigint;
}

/** Longest walk between two visits: a wrong image can contain a loop of direct jumps. */
const MAX_STEPS = 64;

interface Walker {
  readonly packets: readonly Packet[];
  next: number;
  readonly flow: bigint[];
}

/** The executed instructions' addresses. `imageAt` gives the code as of a packet's time. */
export function decodeFlow(
  packets: readonly Packet[],
  imageAt: (time: number) => CodeImage,
): Result<bigint[], FlowError> {
  const walker: Walker = { packets, next: 0, flow: [] };
  while (walker.next < packets.length) {
    const begin = packets[walker.next];
    if (begin?.kind !== "tip") return err({ code: "flow/packet-left-over", at: OUTSIDE });
    walker.next++;
    const error = walk(walker, begin.to, imageAt(begin.time));
    if (error !== undefined) return err(error);
  }
  return ok(walker.flow);
}

function walk(walker: Walker, from: bigint, image: CodeImage): FlowError | undefined {
  let at = from;
  for (let steps = 0; at !== OUTSIDE; steps++) {
    if (steps > MAX_STEPS) return { code: "flow/endless", at };
    walker.flow.push(at);
    const pending = walker.packets[walker.next];
    const next =
      pending?.kind === "fup" && pending.from === at
        ? takeEvent(walker, at)
        : step(walker, at, image);
    if (typeof next !== "bigint") return next;
    at = next;
  }
  return undefined;
}

/** An exception at `at`: the instruction did not run; the TIP says where it went. */
function takeEvent(walker: Walker, at: bigint): bigint | FlowError {
  walker.next++;
  return takeTarget(walker, at);
}

function takeTarget(walker: Walker, at: bigint): bigint | FlowError {
  const packet = walker.packets[walker.next];
  if (packet?.kind !== "tip") return { code: "flow/packet-missing", at };
  walker.next++;
  return packet.to;
}

function takeBranch(walker: Walker, at: bigint, target: bigint, after: bigint): bigint | FlowError {
  const packet = walker.packets[walker.next];
  if (packet?.kind !== "tnt") return { code: "flow/packet-missing", at };
  walker.next++;
  return packet.taken ? target : after;
}

function step(walker: Walker, at: bigint, image: CodeImage): bigint | FlowError {
  const byte = (offset: number) => image.get(at + BigInt(offset)) ?? -1;
  const relative = (offset: number, size: 1 | 4) =>
    at + BigInt(offset + size) + displacement(byte, offset, size);
  const opcode = byte(0);
  if (opcode === 0x66 && byte(1) === 0x90) return at + 2n;
  if (opcode === 0xeb) return relative(1, 1);
  if (opcode === 0xe9 || opcode === 0xe8) return relative(1, 4);
  if (opcode >= 0x70 && opcode <= 0x7f) return takeBranch(walker, at, relative(1, 1), at + 2n);
  if (opcode === 0xc3 || opcode === 0xcf) return takeTarget(walker, at);
  if (opcode === 0xcc) return { code: "flow/int3-without-event", at };
  if (opcode === 0x0f) return stepLong(walker, at, byte, relative);
  return { code: "flow/unknown-code", at };
}

/** Two-byte opcodes: the multi-byte NOP of a static branch, and Jcc rel32. */
function stepLong(
  walker: Walker,
  at: bigint,
  byte: (offset: number) => number,
  relative: (offset: number, size: 1 | 4) => bigint,
): bigint | FlowError {
  const second = byte(1);
  if (second === 0x1f) return at + (byte(2) === 0x44 ? 5n : 3n);
  if (second >= 0x80 && second <= 0x8f) return takeBranch(walker, at, relative(2, 4), at + 6n);
  return { code: "flow/unknown-code", at };
}

function displacement(byte: (offset: number) => number, offset: number, size: 1 | 4): bigint {
  let value = 0n;
  for (let i = size - 1; i >= 0; i--) value = (value << 8n) | BigInt(byte(offset + i) & 0xff);
  return BigInt.asIntN(size * 8, value);
}
