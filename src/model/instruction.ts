// One decoded machine instruction in the words of the analysis: operands and register accesses as data,
// so that nothing above ever looks at assembly text. Today's only filler is the x86-64 decoder.

/** 64-bit general register a part of which is meant: `rax` for rax, eax, ax, al and ah. */
export type RegisterName = string;

export interface RegisterOperand {
  readonly kind: "register";
  readonly register: RegisterName;
  /** Bytes of the register that take part: 4 for eax. */
  readonly width: number;
  /** True for ah, bh, ch, dh: the part does not begin at bit 0. */
  readonly high: boolean;
}

/** `segment:[base + index * scale + displacement]`. */
export interface MemoryOperand {
  readonly kind: "memory";
  readonly segment?: "fs" | "gs";
  /** `rip` where the operand is relative to the next instruction; `displacement` is then the distance. */
  readonly base?: RegisterName;
  readonly index?: RegisterName;
  readonly scale: number;
  /** Signed, as the hardware extends it. */
  readonly displacement: bigint;
  /** Bytes accessed; 0 where the instruction accesses none (lea, nop). */
  readonly width: number;
}

export interface ImmediateOperand {
  readonly kind: "immediate";
  /** Extended to 64 bits as the instruction extends it, unsigned. */
  readonly value: bigint;
}

/** A near branch or call with its target in the instruction. */
export interface BranchOperand {
  readonly kind: "branch";
  /** Byte index in the same bytes; may lie outside of them, also below 0. */
  readonly target: number;
}

export type Operand =
  | RegisterOperand
  | MemoryOperand
  | ImmediateOperand
  | BranchOperand
  /** Something the analysis has no use for: a far pointer, a string operand, a vector register. */
  | { readonly kind: "other" };

export type FlowKind =
  | "next"
  | "jump"
  | "indirect-jump"
  | "branch"
  | "call"
  | "indirect-call"
  | "return"
  | "interrupt"
  /** ud0, ud1, ud2, and whatever never reaches the next instruction in a well-formed program. */
  | "exception"
  | "other";

export interface MachineInstruction {
  /** Byte index of the first byte. */
  readonly at: number;
  readonly length: number;
  /** Intel's mnemonic in lower case, without size suffix: `mov`, `movsxd`, `cmpxchg`. */
  readonly mnemonic: string;
  /** In Intel's order: destination first. */
  readonly operands: readonly Operand[];
  /** 64-bit registers read or written, also implicitly; a 32-bit write counts as one of the whole. */
  readonly reads: readonly RegisterName[];
  readonly writes: readonly RegisterName[];
  readonly memoryAccess: "none" | "read" | "write" | "read-write";
  readonly flow: FlowKind;
  readonly lock: boolean;
  readonly privileged: boolean;
}

/** Nothing can be decoded here: bytes ran out inside the instruction, or they are no instruction. */
export type UndecodedInstruction = "truncated" | "invalid";
