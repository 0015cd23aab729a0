// "What was the code at this address at this time?", answered from a perf.data file's text-poke records.

import { AppError } from "#base/app-error.ts";
import type { ByteSource } from "#base/byte-source.ts";
import { codeAt, readTextPokes, type TextPokeRecord } from "#formats/perf-data/text-poke.ts";

export interface CodeQuestion {
  /** Absent: every record is listed. */
  readonly address?: bigint;
  /** Nanoseconds of perf's clock; absent: after the last record. */
  readonly time?: bigint;
}

export interface CodeAnswer {
  readonly records: readonly TextPokeRecord[];
  readonly gaps: readonly { readonly reason: string; readonly offset: number }[];
  readonly at?: {
    readonly address: bigint;
    readonly bytes: readonly (number | undefined)[];
    readonly text: string;
    readonly since?: bigint;
    readonly until?: bigint;
  };
}

const LONGEST_PATCH = 6;

/** Throws `AppError` when `source` is no perf.data. */
export function findCode(source: ByteSource, name: string, question: CodeQuestion): CodeAnswer {
  const read = readTextPokes(source);
  if (!read.ok) {
    const advice = read.error.code === "perf/big-endian" ? "its byte order is not read" : "";
    throw new AppError(
      "file/unreadable",
      `${name} is not a perf.data this program reads (${read.error.code})`,
      advice || "record with attr.text_poke, as intel_pt or scripts/lab/textpoke does",
    );
  }
  const { records, gaps } = read.value;
  if (question.address === undefined) return { records, gaps };
  const found = codeAt(records, question.address, LONGEST_PATCH, question.time);
  const touching = found.before ?? found.after;
  const begin = touching === undefined ? 0 : Number(touching.address - found.address);
  const end = touching === undefined ? 0 : begin + touching.new.length;
  const bytes = found.bytes.slice(0, Math.max(end, 0));
  return {
    records: records.filter((record) => touches(record, found.address)),
    gaps,
    at: {
      address: found.address,
      bytes,
      text: toInstruction(bytes, found.address),
      ...(found.before?.time === undefined ? {} : { since: found.before.time }),
      ...(found.after?.time === undefined ? {} : { until: found.after.time }),
    },
  };
}

function touches(record: TextPokeRecord, address: bigint): boolean {
  return record.address <= address && record.address + BigInt(record.new.length) > address;
}

/** The few instructions the kernel patches in; anything else is shown as bytes only. */
export function toInstruction(bytes: readonly (number | undefined)[], address: bigint): string {
  const known = bytes.filter((byte) => byte !== undefined);
  if (known.length < bytes.length || known.length === 0) return "not known from the records";
  const value = (from: number, size: number) =>
    known.slice(from, from + size).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const target = (from: number, size: number) =>
    `0x${(address + BigInt(from + size) + BigInt.asIntN(size * 8, value(from, size))).toString(16)}`;
  const [opcode, second] = known;
  if (opcode === 0xcc) return "int3";
  if (opcode === 0xeb && known.length === 2) return `jmp ${target(1, 1)}`;
  if (opcode === 0xe9 && known.length === 5) return `jmp ${target(1, 4)}`;
  if (opcode === 0xe8 && known.length === 5) return `call ${target(1, 4)}`;
  if (opcode === 0x0f && second === 0x1f) return `${known.length}-byte nop`;
  return opcode === 0x66 && second === 0x90 ? "2-byte nop" : "";
}
