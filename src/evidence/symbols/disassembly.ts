// The machine code of a function from the image, with targets named and source lines between.

import type { InstructionDecoder } from "#isa/decoder.ts";
import type { MachineInstruction } from "#model/instruction.ts";
import { readImageBytes } from "./image-bytes.ts";
import { imageAddress, imageNumber, type KernelImage } from "./kernel-image.ts";
import { printedSize, symbolAt } from "./symbol-index.ts";
import { levelsAt, symbolOfAddress } from "./symbolize-address.ts";

export interface DisassembledInstruction {
  readonly address: bigint;
  /** Distance from the function's start. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** AT&T syntax; branch targets as addresses with their symbol. */
  readonly text: string;
  /** Innermost place, given where it differs from that of the instruction before. */
  readonly place?: { readonly file: string; readonly line: number };
}

export interface Disassembly {
  readonly symbol: string;
  readonly address: bigint;
  /** Bytes to the next symbol. */
  readonly size: number;
  readonly instructions: readonly DisassembledInstruction[];
}

const LONGEST_FUNCTION = 1 << 18;

/** Disassembles the function around `address`; `undefined` where the image has no code there. */
export function disassembleFunction(
  image: KernelImage,
  decoder: InstructionDecoder,
  address: bigint,
): Disassembly | undefined {
  const index = image.symbols();
  const at = symbolAt(index, imageNumber(image, address));
  if (at === undefined) return undefined;
  const start = index.address[at] ?? 0;
  const size = printedSize(index, at);
  const bytes = readImageBytes(image, start, Math.min(size, LONGEST_FUNCTION)).slice();
  if (bytes.length === 0) return undefined;
  const run = decoder.decodeRun(bytes, 0);
  const texts = decoder.texts(
    bytes,
    run.map((instruction) => instruction.at),
  );
  let last = "";
  const instructions = run.map((instruction, position): DisassembledInstruction => {
    const place = innermost(image, start + instruction.at);
    const label = place === undefined ? "" : `${place.file}:${place.line}`;
    const isNew = place !== undefined && label !== last;
    last = label;
    return {
      address: imageAddress(image, start + instruction.at),
      offset: instruction.at,
      bytes: bytes.slice(instruction.at, instruction.at + instruction.length),
      text: withTarget(image, start, instruction, texts[position] ?? "(bad)"),
      ...(isNew ? { place } : {}),
    };
  });
  return { symbol: index.nameAt(at), address: imageAddress(image, start), size, instructions };
}

function innermost(
  image: KernelImage,
  number: number,
): { readonly file: string; readonly line: number } | undefined {
  const [level] = levelsAt(image, number);
  if (level?.file === undefined || level.line === undefined) return undefined;
  return { file: level.file, line: level.line };
}

/** Names what a branch or a rip-relative operand leads to. */
function withTarget(
  image: KernelImage,
  start: number,
  instruction: MachineInstruction,
  text: string,
): string {
  for (const operand of instruction.operands) {
    if (operand.kind === "branch") {
      const [mnemonic = text] = text.split(/\s/, 1);
      return `${mnemonic.padEnd(6)} ${named(image, start + operand.target)}`;
    }
    if (operand.kind === "memory" && operand.base === "rip") {
      const next = start + instruction.at + instruction.length;
      return `${text}        # ${named(image, next + Number(operand.displacement))}`;
    }
  }
  return text;
}

function named(image: KernelImage, number: number): string {
  const address = imageAddress(image, number);
  const symbol = symbolOfAddress(image, address);
  const hex = `0x${address.toString(16)}`;
  if (symbol === undefined) return hex;
  return `${hex} <${symbol.name}${symbol.offset === 0 ? "" : `+0x${symbol.offset.toString(16)}`}>`;
}
