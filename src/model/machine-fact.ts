// What 64 bytes of machine code and the registers show. Every fact carries the bytes and registers that
// prove it. Invariant: `certain` is true only where the fact rests on instructions whose boundaries are
// certain, reached by falling through from above (nothing in a window shows jumps from outside into it).

import type { MemoryOperand, RegisterName } from "./instruction.ts";

/** Half-open range of byte indexes in the window. */
export type ByteSpan = readonly [from: number, to: number];

export interface MachineProof {
  readonly bytes: readonly ByteSpan[];
  readonly registers: readonly RegisterName[];
}

interface MachineFactBase {
  readonly certain: boolean;
  readonly proof: MachineProof;
}

/** Why the value found for an awaited CPU cannot be one. */
export type CsdRefutation =
  /** The value is not below nr_cpu_ids (or, unknown, not below 8192, x86's largest NR_CPUS). */
  | "not-a-cpu"
  /** smp_call_function_many() never waits for the CPU it runs on. */
  | "is-reporting-cpu"
  /** The csd pointer is no kernel address. */
  | "csd-not-kernel-address"
  /** The flags last loaded do not have the lock bit, yet RIP is still inside the wait. */
  | "not-locked";

/**
 * The loop around RIP polls bit 0 (CSD_FLAG_LOCK) of a call_single_data: an IPI acknowledgement is
 * missing (kernel/smp.c: csd_lock_wait).
 */
export interface PollsCsdFact extends MachineFactBase {
  readonly kind: "polls-csd";
  /**
   * `many`: the wait of smp_call_function_many*, over one csd per target. `earlier-call`: csd_lock() before
   * reuse of such a csd; its previous call has not been handled. `single`: the csd lies on the waiter's
   * stack, the report alone cannot tell the CPU. `pointer`: a csd in some register, target not shown.
   */
  readonly form: "many" | "single" | "earlier-call" | "pointer";
  /** Only when nothing refutes it. */
  readonly awaitedCpu?: number;
  /** Register that still holds the awaited CPU at RIP, found by following copies. */
  readonly awaitedRegister?: RegisterName;
  /** All registers that hold it; they agree. */
  readonly awaitedRegisters: readonly RegisterName[];
  readonly csd?: bigint;
  readonly csdRegister?: RegisterName;
  /** 8 since 5.8 (union with llist node), 0x18 before; absent for a csd on the stack. */
  readonly flagsOffset?: bigint;
  /** The flags as last loaded, where the register still holds them; 1 when only the masked bit is left. */
  readonly flags?: { readonly register: RegisterName; readonly value: bigint };
  readonly refuted: readonly CsdRefutation[];
}

/** `arch/x86` NR_CPUS < 16384: locked byte 0-7, pending 8, tail index 16-17, tail CPU + 1 from 18 up. */
export interface QspinlockWord {
  readonly value: bigint;
  readonly locked: boolean;
  readonly pending: boolean;
  /** Last CPU in the queue; absent when the queue is empty. */
  readonly tailCpu?: number;
  readonly tailIndex?: number;
}

/** include/asm-generic/qrwlock.h: writer byte 0-7 (0xff held), writer waiting 8, readers from 9 up. */
export interface QrwlockWord {
  readonly value: bigint;
  readonly writer: boolean;
  readonly writerWaiting: boolean;
  readonly readers: number;
}

export type LockKind =
  | "qspinlock"
  | "rwlock-read"
  | "rwlock-write"
  | "ticket"
  | "osq"
  | "mutex-owner"
  | "rwsem-owner";

/** The loop around RIP waits for a lock; which one and who holds it, as far as registers show. */
export interface SpinsOnLockFact extends MachineFactBase {
  readonly kind: "spins-on-lock";
  readonly lock: LockKind;
  /**
   * qspinlock: `pending` waits for a hand-over in progress, `locked` is first in line, `queue-node` stands in
   * the queue and polls its own node (the lock address is not what is polled), `queue-head` heads the queue,
   * `successor` has the lock and waits for the next waiter to link in.
   */
  readonly phase?: "pending" | "locked" | "queue-node" | "queue-head" | "successor";
  readonly address?: bigint;
  readonly addressRegister?: RegisterName;
  /** The waiter's own queue node (MCS), polled instead of the lock. */
  readonly node?: bigint;
  readonly qspinlock?: QspinlockWord;
  readonly qrwlock?: QrwlockWord;
}

/** Polls multi_stop_data.state in multi_cpu_stop() (kernel/stop_machine.c), or yields in its loop. */
export interface StopMachinePollFact extends MachineFactBase {
  readonly kind: "stop-machine-poll";
  readonly data?: bigint;
}

export type CallTarget =
  | {
      readonly kind: "relative";
      /** Callee minus the instruction at RIP, in bytes. */
      readonly fromRip: number;
      /** Callee minus start of RIP's function, where the report gives RIP's offset. */
      readonly fromFunction?: number;
      readonly address?: bigint;
    }
  | {
      readonly kind: "indirect";
      readonly register?: RegisterName;
      readonly memory?: MemoryOperand;
    };

/**
 * RIP is a return address and nothing of the caller has run since: the callee has just finished.
 * Holds unless something else jumps to RIP; `jumpedTo` says when the window itself shows such a jump.
 */
export interface AfterCallFact extends MachineFactBase {
  readonly kind: "after-call";
  readonly callAt: number;
  readonly target: CallTarget;
  /** RAX: the callee's result, where it has one. */
  readonly result?: bigint;
  readonly jumpedTo: boolean;
  /** Registers the callee may change that still hold a pointer passed to it: it ran with these arguments. */
  readonly argumentsLeft: readonly RegisterName[];
}

/**
 * The instruction before RIP opened interrupts (popf; sti and one more): what was pending came in at once,
 * so the sample says when interrupts were opened, not where the CPU was stuck.
 */
export interface AfterInterruptsOpenedFact extends MachineFactBase {
  readonly kind: "after-interrupts-opened";
  readonly by: "popf" | "sti";
}

/** A loop that reads one place in memory until it changes. */
export interface PollLoopFact extends MachineFactBase {
  readonly kind: "poll-loop";
  readonly from: number;
  readonly to: number;
  readonly operand: MemoryOperand;
  /** Bytes read. */
  readonly width: number;
  /** Bits of the value that decide. */
  readonly mask: bigint;
  /** What ends the wait for the masked value. */
  readonly until:
    | "zero"
    | "nonzero"
    | { readonly equal: bigint | RegisterName }
    | { readonly notEqual: bigint | RegisterName };
  /** Address polled, from the registers. */
  readonly address?: bigint;
  /** Register that holds the value last read (possibly masked) at RIP. */
  readonly value?: {
    readonly register: RegisterName;
    readonly value: bigint;
    readonly masked: boolean;
  };
  readonly pause: boolean;
}

/** A loop with pause (or rdtsc) that polls no memory: a delay or a bounded spin. */
export interface DelayLoopFact extends MachineFactBase {
  readonly kind: "delay-loop";
  readonly by: "tsc" | "count" | "pause" | "tpause";
  readonly from: number;
  readonly to: number;
}

/** RIP follows (or is at) an instruction that idles the CPU. */
export interface IdleInstructionFact extends MachineFactBase {
  readonly kind: "idle-instruction";
  readonly by: "hlt" | "mwait";
  /** `sti` right before hlt: the idle loop, interrupts open. */
  readonly interruptsOpened: boolean;
}

/** RIP is at, or right behind, a locked read-modify-write. */
export interface AtomicOperationFact extends MachineFactBase {
  readonly kind: "atomic-operation";
  readonly mnemonic: string;
  readonly position: "at" | "before";
  readonly operand: MemoryOperand;
  readonly address?: bigint;
}

/**
 * Position inside a text_poke batch (arch/x86/kernel/alternative.c: text_poke_bp_batch, later
 * smp_text_poke_batch_finish). Entry and entries are counted from registers that step through the vector.
 */
export interface TextPokePositionFact extends MachineFactBase {
  readonly kind: "text-poke-position";
  /** 1 writes INT3, 2 the tails, 3 the first bytes. */
  readonly step: 1 | 2 | 3;
  /** Index from 0. */
  readonly entry?: number;
  readonly entries?: number;
  /** Entries of this step still to do, counting this one. */
  readonly remaining?: number;
  /** How `entry` was found: the loop's own compare in the window, or registers in step with the cursor. */
  readonly entryBy?: "compare" | "registers-in-step";
  /** Length of the patched instruction in bytes. */
  readonly length?: number;
  /** Address of the patched instruction. */
  readonly site?: bigint;
  /** By-product: the kernel's `_stext` where the window shows it, if only in the most likely reading. */
  readonly stext?: bigint;
  /** IPI broadcasts that have completed in this batch. */
  readonly syncsCompleted: 0 | 1 | 2 | 3;
  /** The counter of pokes that make the step's broadcast necessary. */
  readonly doSync?: number;
  /** `afterCall`: __text_poke() for this entry has returned; the broadcast of this step has not begun. */
  readonly afterCall: boolean;
  /** Bytes from `rel_addr` to `text` in struct text_poke_loc: 10 since 5.17/5.10.133 (has `len`), 9 before. */
  readonly layout?: { readonly textOffset: number; readonly stride: number };
}

export type MachineFact =
  | PollsCsdFact
  | SpinsOnLockFact
  | StopMachinePollFact
  | AfterCallFact
  | AfterInterruptsOpenedFact
  | PollLoopFact
  | DelayLoopFact
  | IdleInstructionFact
  | AtomicOperationFact
  | TextPokePositionFact;

/** One line of the listing. */
export interface ListedInstruction {
  /** Byte index into the window. */
  readonly at: number;
  readonly bytes: string;
  /** AT&T syntax; branch targets as `.+N` from the instruction's own first byte. */
  readonly text: string;
  /** False where the boundary is a guess. */
  readonly certain: boolean;
}

/** What a register held at RIP in terms of what the window computed it from. */
export interface RegisterOrigin {
  readonly register: RegisterName;
  /**
   * `mem64[r14] + mem64[s32(rdi)*8-0x74c7a6c0]`: a name means the register's value where the code shown begins,
   * `rax@5` what the instruction at byte 5 left in it, `s32`/`u32` an extension of the low 32 bits.
   */
  readonly expression: string;
  readonly certain: boolean;
}

export interface CodeReading {
  readonly instructions: readonly ListedInstruction[];
  /** Every boundary from this byte index on is certain; equals the trap index when none before it is. */
  readonly certainFrom: number;
  readonly facts: readonly MachineFact[];
  readonly origins: readonly RegisterOrigin[];
  /** Why less could be said than usual. */
  readonly gaps: readonly (
    | "no-trap-mark"
    | "trap-outside"
    | "undecodable"
    | "user-space"
    | "empty"
    | "other-architecture"
  )[];
}

/** The same CPU's reports one after another. */
export type Progress = "identical" | "same-loop" | "moving";
