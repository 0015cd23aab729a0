// Binds iced-x86 (WebAssembly) to the decoder port. The package is loaded only when somebody asks for a
// decoder: 2 MB of wasm that a log without machine code never needs. Invariant: every wasm object made
// here is freed here; nothing of the package leaves this file.

import type { Decoder, Formatter, Instruction, InstructionInfoFactory } from "iced-x86";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type {
  FlowKind,
  MachineInstruction,
  MemoryOperand,
  Operand,
  RegisterName,
  UndecodedInstruction,
} from "#model/instruction.ts";

type Iced = typeof import("iced-x86");

/** Objects of the package that live as long as the decoder: a handful, whatever is decoded. */
interface Workbench {
  readonly iced: Iced;
  readonly instruction: Instruction;
  readonly accesses: InstructionInfoFactory;
  readonly formatter: Formatter;
  readonly registers: readonly RegisterPart[];
  readonly mnemonics: readonly string[];
}

interface RegisterPart {
  readonly name: RegisterName;
  readonly width: number;
  readonly high: boolean;
  readonly general: boolean;
}

/** Loads the package and returns a decoder for x86-64. Rejects only when the package cannot be loaded. */
export async function loadIcedDecoder(): Promise<InstructionDecoder> {
  const iced = await import("iced-x86");
  const bench: Workbench = {
    iced,
    instruction: new iced.Instruction(),
    accesses: new iced.InstructionInfoFactory(),
    formatter: attFormatter(iced),
    registers: registerTable(iced),
    mnemonics: mnemonicTable(iced),
  };
  return {
    decodeEverywhere: (bytes) =>
      withDecoder(iced, bytes, (decoder) =>
        Array.from(bytes, (_, at) => decodeAt(bench, decoder, at)),
      ),
    decodeRun: (bytes, from) =>
      withDecoder(iced, bytes, (decoder) => decodeRun(bench, decoder, bytes.length, from)),
    texts: (bytes, at) =>
      withDecoder(iced, bytes, (decoder) => at.map((one) => textAt(bench, decoder, one))),
  };
}

function withDecoder<T>(iced: Iced, bytes: Uint8Array, use: (decoder: Decoder) => T): T {
  const decoder = new iced.Decoder(64, bytes, iced.DecoderOptions.None);
  try {
    return use(decoder);
  } finally {
    decoder.free();
  }
}

function decodeRun(
  bench: Workbench,
  decoder: Decoder,
  length: number,
  from: number,
): MachineInstruction[] {
  const run: MachineInstruction[] = [];
  let at = from;
  while (at < length) {
    const instruction = decodeAt(bench, decoder, at);
    if (typeof instruction === "string") break;
    run.push(instruction);
    at += instruction.length;
  }
  return run;
}

function decodeAt(
  bench: Workbench,
  decoder: Decoder,
  at: number,
): MachineInstruction | UndecodedInstruction {
  const { iced, instruction } = bench;
  decoder.position = at;
  decoder.ip = BigInt(at);
  decoder.decodeOut(instruction);
  if (decoder.lastError === iced.DecoderError.NoMoreBytes) return "truncated";
  if (decoder.lastError !== iced.DecoderError.None) return "invalid";
  return toMachineInstruction(bench, at);
}

function toMachineInstruction(bench: Workbench, at: number): MachineInstruction {
  const { instruction } = bench;
  const used = usedRegisters(bench);
  return {
    at,
    length: instruction.length,
    mnemonic: bench.mnemonics[instruction.mnemonic] ?? "other",
    operands: operandsOf(bench),
    reads: used.reads,
    writes: used.writes,
    memoryAccess: used.memory,
    flow: flowOf(bench),
    lock: instruction.hasLockPrefix,
    privileged: instruction.isPrivileged,
  };
}

function operandsOf(bench: Workbench): Operand[] {
  const operands: Operand[] = [];
  for (let i = 0; i < bench.instruction.opCount; i++) operands.push(operandOf(bench, i));
  return operands;
}

function operandOf(bench: Workbench, index: number): Operand {
  const { iced, instruction, registers } = bench;
  const kind = instruction.opKind(index);
  const { OpKind } = iced;
  if (kind === OpKind.Register) {
    const part = registers[instruction.opRegister(index)];
    if (!part?.general) return { kind: "other" };
    return { kind: "register", register: part.name, width: part.width, high: part.high };
  }
  if (kind === OpKind.Memory) return memoryOperand(bench);
  if (kind >= OpKind.NearBranch16 && kind <= OpKind.NearBranch64)
    return {
      kind: "branch",
      target: Number(BigInt.asIntN(64, instruction.nearBranchTarget)),
    };
  if (kind >= OpKind.Immediate8 && kind <= OpKind.Immediate32to64)
    return { kind: "immediate", value: instruction.immediate(index) };
  return { kind: "other" };
}

function memoryOperand({ iced, instruction, registers }: Workbench): MemoryOperand {
  const base = registers[instruction.memoryBase]?.name;
  const index = registers[instruction.memoryIndex]?.name;
  const segment = registers[instruction.segmentPrefix]?.name;
  const relative = instruction.isIpRelMemoryOperand;
  const displacement = relative
    ? instruction.ipRelMemoryAddress - instruction.nextIP
    : instruction.memoryDisplacement;
  return {
    kind: "memory",
    ...(segment === "fs" || segment === "gs" ? { segment } : {}),
    ...(base === undefined || base === "none" ? {} : { base }),
    ...(index === undefined || index === "none" ? {} : { index }),
    scale: instruction.memoryIndexScale,
    displacement: BigInt.asIntN(64, displacement),
    width: iced.MemorySizeExt.size(instruction.memorySize),
  };
}

function usedRegisters(bench: Workbench): {
  reads: RegisterName[];
  writes: RegisterName[];
  memory: MachineInstruction["memoryAccess"];
} {
  const { iced, instruction, accesses, registers } = bench;
  const { OpAccess } = iced;
  const info = accesses.info(instruction);
  const reads = new Set<RegisterName>();
  const writes = new Set<RegisterName>();
  for (const used of info.usedRegisters()) {
    const part = registers[used.register];
    const access = used.access;
    used.free();
    if (part === undefined || !part.general) continue;
    if (access !== OpAccess.Write && access !== OpAccess.NoMemAccess) reads.add(part.name);
    if (access !== OpAccess.Read && access !== OpAccess.CondRead && access !== OpAccess.NoMemAccess)
      writes.add(part.name);
  }
  let read = false;
  let write = false;
  for (const memory of info.usedMemory()) {
    const access = memory.access;
    memory.free();
    if (access === OpAccess.NoMemAccess || access === OpAccess.None) continue;
    if (access !== OpAccess.Write && access !== OpAccess.CondWrite) read = true;
    if (access !== OpAccess.Read && access !== OpAccess.CondRead) write = true;
  }
  info.free();
  const memory = read ? (write ? "read-write" : "read") : write ? "write" : "none";
  return { reads: [...reads], writes: [...writes], memory };
}

function flowOf({ iced, instruction }: Workbench): FlowKind {
  const { FlowControl } = iced;
  const flow = instruction.flowControl;
  if (flow === FlowControl.Next) return "next";
  if (flow === FlowControl.UnconditionalBranch) return "jump";
  if (flow === FlowControl.IndirectBranch) return "indirect-jump";
  if (flow === FlowControl.ConditionalBranch) return "branch";
  if (flow === FlowControl.Call) return "call";
  if (flow === FlowControl.IndirectCall) return "indirect-call";
  if (flow === FlowControl.Return) return "return";
  if (flow === FlowControl.Interrupt) return "interrupt";
  if (flow === FlowControl.Exception) return "exception";
  return "other";
}

/** Text of one instruction; branch targets count from the instruction itself (`.` in AT&T syntax). */
function textAt(bench: Workbench, decoder: Decoder, at: number): string {
  const { iced, instruction, formatter } = bench;
  decoder.position = at;
  decoder.ip = BigInt(at);
  decoder.decodeOut(instruction);
  if (decoder.lastError !== iced.DecoderError.None) return "(bad)";
  const operand = instruction.opCount > 0 ? operandOf(bench, 0) : undefined;
  if (operand?.kind !== "branch") return formatter.format(instruction);
  const distance = operand.target - at;
  const sign = distance < 0 ? "-" : "+";
  return `${formatter.formatMnemonic(instruction)} .${sign}0x${Math.abs(distance).toString(16)}`;
}

function attFormatter(iced: Iced): Formatter {
  const formatter = new iced.Formatter(iced.FormatterSyntax.Gas);
  formatter.uppercaseHex = false;
  formatter.spaceAfterOperandSeparator = false;
  formatter.ripRelativeAddresses = true;
  formatter.branchLeadingZeros = false;
  formatter.displacementLeadingZeros = false;
  formatter.leadingZeros = false;
  formatter.smallHexNumbersInDecimal = false;
  return formatter;
}

function registerTable(iced: Iced): RegisterPart[] {
  const { Register, RegisterExt } = iced;
  const table: RegisterPart[] = [];
  for (const value of Object.values(Register)) {
    if (typeof value !== "number") continue;
    const general = RegisterExt.isGPR(value);
    const full = general ? RegisterExt.fullRegister(value) : value;
    table[value] = {
      name: (Register[full] ?? "none").toLowerCase(),
      width: RegisterExt.size(value),
      high: value >= Register.AH && value <= Register.BH && !isLowByte(iced, value),
      general,
    };
  }
  return table;
}

/** AH..BH lie between BL and SPL in the package's numbering; only those four begin at bit 8. */
function isLowByte({ Register }: Iced, value: number): boolean {
  return (
    value !== Register.AH && value !== Register.CH && value !== Register.DH && value !== Register.BH
  );
}

function mnemonicTable(iced: Iced): string[] {
  const table: string[] = [];
  for (const [name, value] of Object.entries(iced.Mnemonic))
    if (typeof value === "number") table[value] = name.toLowerCase();
  return table;
}
