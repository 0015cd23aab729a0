// What stands right at RIP: a return address, opened interrupts, an idle instruction, an atomic operation.
// RIP in a register dump is the next instruction to run, so what stands before it has completed.

import type { MachineInstruction, RegisterName } from "#model/instruction.ts";
import type {
  AfterCallFact,
  AfterInterruptsOpenedFact,
  AtomicOperationFact,
  CallTarget,
  IdleInstructionFact,
  MachineFact,
} from "#model/machine-fact.ts";
import { jumpTarget } from "../data-flow.ts";
import { CALLER_SAVED, contentOf } from "../transfer.ts";
import type { Value } from "../value.ts";
import {
  addressNow,
  beforeTrap,
  isKernelAddress,
  printed,
  spanOf,
  spansOf,
  type Window,
} from "../window.ts";

export function findTrapSiteFacts(window: Window): MachineFact[] {
  const found = [
    findAfterCall(window),
    findInterruptsOpened(window),
    findIdle(window),
    findAtomic(window),
  ];
  return found.filter((fact) => fact !== undefined);
}

function findAfterCall(window: Window): AfterCallFact | undefined {
  const call = beforeTrap(window);
  if (call?.flow !== "call" && call?.flow !== "indirect-call") return undefined;
  const result = printed(window.input, "rax");
  const jumpedTo = isJumpedTo(window);
  const left = argumentsLeft(window, call);
  return {
    kind: "after-call",
    callAt: call.at,
    target: targetOf(window, call),
    ...(result === undefined ? {} : { result }),
    jumpedTo,
    argumentsLeft: left,
    certain: !jumpedTo,
    proof: { bytes: [spanOf(call)], registers: left },
  };
}

/** Another instruction of the window goes to RIP: the call may have been passed by. */
function isJumpedTo(window: Window): boolean {
  return window.instructions.some((one) => jumpTarget(one) === window.input.trapIndex);
}

function targetOf(window: Window, call: MachineInstruction): CallTarget {
  const [operand] = call.operands;
  if (operand?.kind === "branch") {
    const { trapIndex, offset, address } = window.input;
    const fromRip = operand.target - trapIndex;
    return {
      kind: "relative",
      fromRip,
      ...(offset === undefined ? {} : { fromFunction: offset + fromRip }),
      ...(address === undefined ? {} : { address: BigInt.asUintN(64, address + BigInt(fromRip)) }),
    };
  }
  if (operand?.kind === "register") return { kind: "indirect", register: operand.register };
  if (operand?.kind === "memory") return { kind: "indirect", memory: operand };
  return { kind: "indirect" };
}

/**
 * Caller-saved registers that hold a pointer passed to the call: it was made with the values the preserved
 * registers have now. Small numbers match by chance and do not count.
 */
export function argumentsLeft(window: Window, call: MachineInstruction): RegisterName[] {
  const state = window.flow.before(call.at);
  if (state === undefined) return [];
  const passed = ARGUMENTS.map((register) => numberNow(window, contentOf(state, register)));
  return CALLER_SAVED.filter((register) => {
    const value = printed(window.input, register);
    return value !== undefined && isKernelAddress(value) && passed.includes(value);
  });
}

/** Argument registers in order (System V x86-64 ABI 3.2.3). */
const ARGUMENTS: readonly RegisterName[] = ["rdi", "rsi", "rdx", "rcx", "r8", "r9"];

/** A value made of registers that calls preserve, in numbers. */
function numberNow(window: Window, value: Value): bigint | undefined {
  if (value.kind === "sum" && value.right.kind === "constant") {
    const left = numberNow(window, value.left);
    return left === undefined ? undefined : BigInt.asUintN(64, left + value.right.value);
  }
  if (value.kind !== "initial" || CALLER_SAVED.includes(value.register)) return undefined;
  const unchanged = contentOf(window.state, value.register);
  const same = unchanged.kind === "initial" && unchanged.from === value.from;
  return same ? printed(window.input, value.register) : undefined;
}

/**
 * popf opens at once, sti after one more instruction (Intel SDM volume 2, STI and POPF). Tells something
 * only of a sample that an interrupt took; a fault at RIP needs no open interrupts.
 */
function findInterruptsOpened(window: Window): AfterInterruptsOpenedFact | undefined {
  if (window.input.interrupts !== "on" || isJumpedTo(window)) return undefined;
  const opening = openingInstruction(window);
  if (opening === undefined) return undefined;
  return {
    kind: "after-interrupts-opened",
    by: opening.mnemonic === "sti" ? "sti" : "popf",
    certain: true,
    proof: { bytes: [spanOf(opening)], registers: ["eflags"] },
  };
}

/** The popf right before RIP, or the sti one instruction further up. An idle CPU waited there on purpose. */
function openingInstruction(window: Window): MachineInstruction | undefined {
  const last = beforeTrap(window);
  if (last?.mnemonic.startsWith("popf")) return last;
  if (last?.flow !== "next" || isIdling(last)) return undefined;
  const earlier = window.instructions.find((one) => one.at + one.length === last.at);
  return earlier?.mnemonic === "sti" ? earlier : undefined;
}

function findIdle(window: Window): IdleInstructionFact | undefined {
  const last = beforeTrap(window);
  if (last === undefined || !isIdling(last)) return undefined;
  const earlier = window.instructions.find((one) => one.at + one.length === last.at);
  return {
    kind: "idle-instruction",
    by: last.mnemonic === "hlt" ? "hlt" : "mwait",
    interruptsOpened: earlier?.mnemonic === "sti",
    certain: true,
    proof: {
      bytes: spansOf([last, ...(earlier?.mnemonic === "sti" ? [earlier] : [])]),
      registers: [],
    },
  };
}

function isIdling(instruction: MachineInstruction): boolean {
  return ["hlt", "mwait", "mwaitx"].includes(instruction.mnemonic);
}

function findAtomic(window: Window): AtomicOperationFact | undefined {
  const here = window.instructions[window.trap];
  const last = beforeTrap(window);
  const atomic = [here, last].find((one) => one !== undefined && isAtomic(one));
  const operand = atomic?.operands.find((one) => one.kind === "memory");
  if (atomic === undefined || operand === undefined) return undefined;
  // Behind it the registers of the address may have been overwritten by the operation itself.
  const usable =
    atomic === here || (operand.base !== undefined && !atomic.writes.includes(operand.base));
  const address = usable ? addressNow(window.input, operand, atomic) : undefined;
  return {
    kind: "atomic-operation",
    mnemonic: atomic.mnemonic,
    position: atomic === here ? "at" : "before",
    operand,
    ...(address === undefined ? {} : { address }),
    certain: true,
    proof: { bytes: [spanOf(atomic)], registers: operand.base === undefined ? [] : [operand.base] },
  };
}

/** xchg with memory locks without a prefix. */
function isAtomic(instruction: MachineInstruction): boolean {
  return (
    instruction.lock ||
    (instruction.mnemonic === "xchg" && instruction.memoryAccess === "read-write")
  );
}
