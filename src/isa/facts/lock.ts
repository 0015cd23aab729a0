// Which lock a loop spins for, and what its word says. Sources: include/asm-generic/qspinlock_types.h
// (_Q_* layout for NR_CPUS < 16384), kernel/locking/qspinlock.c, include/asm-generic/qrwlock.h.

import type { LoopShape } from "#model/code-shape.ts";
import type { LockKind, QrwlockWord, QspinlockWord, SpinsOnLockFact } from "#model/machine-fact.ts";
import type { Poll } from "../poll-loop.ts";
import { SPIN_LOCKS } from "../shapes/spin-locks.ts";
import { addressNow, isIn, isKernelAddress, printed, spansOf, type Window } from "../window.ts";
import { fitsLoopShape } from "./loop-shape.ts";

export function findLockSpin(window: Window): SpinsOnLockFact | undefined {
  for (const shape of SPIN_LOCKS) {
    if (!isIn(window.input, shape.functions)) continue;
    const poll = window.polls.find((one) => fitsLoopShape(window, one, shape));
    if (poll !== undefined) return describe(window, poll, shape);
  }
  return findOwnerSpin(window);
}

/** `tail = (cpu + 1) << 18 | index << 16`; 0 when nobody queues. */
export function decodeQspinlock(value: bigint): QspinlockWord {
  const tail = Number((value >> 18n) & 0x3fffn);
  return {
    value,
    locked: (value & 0xffn) !== 0n,
    pending: (value & 0x100n) !== 0n,
    ...(tail === 0 ? {} : { tailCpu: tail - 1, tailIndex: Number((value >> 16n) & 3n) }),
  };
}

export function decodeQrwlock(value: bigint): QrwlockWord {
  return {
    value,
    writer: (value & 0xffn) !== 0n,
    writerWaiting: (value & 0x100n) !== 0n,
    readers: Number(value >> 9n),
  };
}

function describe(window: Window, poll: Poll, shape: LoopShape): SpinsOnLockFact | undefined {
  const { gives } = shape;
  if (gives.kind !== "lock") return undefined;
  const address = addressNow(window.input, poll.operand);
  const usable = address !== undefined && isKernelAddress(address);
  const word = wordRead(window, poll);
  const register = poll.operand.base;
  const nodeOffset = gives.polled === "node" ? poll.operand.displacement : 0n;
  return {
    kind: "spins-on-lock",
    lock: gives.lock,
    ...(gives.phase === undefined ? {} : { phase: gives.phase }),
    ...(usable && gives.polled === "lock" ? { address } : {}),
    ...(usable && gives.polled === "node" ? { node: address - nodeOffset } : {}),
    ...(register !== undefined && gives.polled === "lock" ? { addressRegister: register } : {}),
    ...(gives.polled === "lock" && word !== undefined ? decodedWord(gives.lock, word) : {}),
    certain: address === undefined || usable,
    proof: {
      bytes: spansOf(poll.loop.body),
      registers: [
        ...(register === undefined ? [] : [register]),
        ...poll.valueIn.map((held) => held.register),
      ],
    },
  };
}

/** The whole word, where a register still has it as read. */
function wordRead(window: Window, poll: Poll): bigint | undefined {
  if (poll.width !== 4) return undefined;
  const holder = poll.valueIn.find((held) => !held.masked);
  const value = holder === undefined ? undefined : printed(window.input, holder.register);
  return value === undefined ? undefined : value & 0xffffffffn;
}

function decodedWord(
  lock: LockKind,
  word: bigint,
): { qspinlock: QspinlockWord } | { qrwlock: QrwlockWord } | Record<never, never> {
  if (lock === "qspinlock") return { qspinlock: decodeQspinlock(word) };
  if (lock === "rwlock-read" || lock === "rwlock-write") return { qrwlock: decodeQrwlock(word) };
  return {};
}

/** mutex_spin_on_owner(), rwsem_spin_on_owner() (kernel/locking): loops of several exits, told by name. */
function findOwnerSpin(window: Window): SpinsOnLockFact | undefined {
  const { loop } = window;
  const lock = OWNER_SPINS.find(({ functions }) => isIn(window.input, functions))?.lock;
  if (lock === undefined || loop === undefined) return undefined;
  if (!loop.body.some((instruction) => instruction.mnemonic === "pause")) return undefined;
  return {
    kind: "spins-on-lock",
    lock,
    certain: true,
    proof: { bytes: spansOf(loop.body), registers: [] },
  };
}

const OWNER_SPINS: readonly { readonly lock: LockKind; readonly functions: readonly string[] }[] = [
  { lock: "mutex-owner", functions: ["mutex_spin_on_owner"] },
  { lock: "rwsem-owner", functions: ["rwsem_spin_on_owner"] },
];
