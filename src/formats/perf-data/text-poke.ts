// PERF_RECORD_TEXT_POKE (since 5.9): the kernel changed its own code.
//
//   u64 address  u16 old length  u16 new length  old bytes  new bytes  padding to 8  sample id
// (include/uapi/linux/perf_event.h; written by kernel/events/core.c: perf_event_text_poke_output)

import type { ByteSource } from "#base/byte-source.ts";
import type { Result } from "#base/result.ts";
import { ok } from "#base/result.ts";
import {
  type PerfAttribute,
  type PerfError,
  type PerfGap,
  type PerfRecord,
  readPerfFile,
} from "./perf-file.ts";

export interface TextPokeRecord {
  /** Of the record in the file. */
  readonly offset: number;
  readonly address: bigint;
  readonly old: Uint8Array;
  readonly new: Uint8Array;
  /** From the sample id, where the attribute asks for one. */
  readonly pid?: number;
  readonly tid?: number;
  /** Nanoseconds of perf's clock. */
  readonly time?: bigint;
  readonly cpu?: number;
}

export interface TextPokes {
  readonly attributes: readonly PerfAttribute[];
  /** In order of time where records have one (rings of several CPUs are not in order), else of the file. */
  readonly records: readonly TextPokeRecord[];
  readonly gaps: readonly PerfGap[];
}

export const RECORD_TEXT_POKE = 20;
/** Far beyond what a machine writes; a bound, not a limit anyone meets. */
const MAX_RECORDS = 1_000_000;

/** Every text-poke record of a perf.data file. */
export function readTextPokes(source: ByteSource): Result<TextPokes, PerfError> {
  const records: TextPokeRecord[] = [];
  const read = readPerfFile(source, (record, attributes) => {
    if (record.type !== RECORD_TEXT_POKE) return undefined;
    if (records.length >= MAX_RECORDS) return "too-many";
    const poke = readTextPoke(record, attributes);
    if (poke === undefined) return "bad-record";
    records.push(poke);
    return attributes.length === 0 ? "no-attribute" : undefined;
  });
  if (!read.ok) return read;
  const timed = records.every((record) => record.time !== undefined);
  return ok({
    ...read.value,
    records: timed ? records.toSorted((a, b) => compare(a.time ?? 0n, b.time ?? 0n)) : records,
  });
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readTextPoke(
  record: PerfRecord,
  attributes: readonly PerfAttribute[],
): TextPokeRecord | undefined {
  const { body, offset } = record;
  if (body.byteLength < 12) return undefined;
  const oldLength = body.getUint16(8, true);
  const newLength = body.getUint16(10, true);
  const end = 12 + oldLength + newLength;
  if (end > body.byteLength) return undefined;
  const bytes = (from: number, to: number) =>
    Uint8Array.from({ length: to - from }, (_, i) => body.getUint8(from + i));
  return {
    offset,
    address: body.getBigUint64(0, true),
    old: bytes(12, 12 + oldLength),
    new: bytes(12 + oldLength, end),
    ...readSampleId(body, attributes),
  };
}

// Bits of sample_type that put a field into the sample id, in the id's order; all take 8 bytes.
const TID = 1n << 1n;
const TIME = 1n << 2n;
const ID = 1n << 6n;
const STREAM_ID = 1n << 9n;
const CPU = 1n << 7n;
const IDENTIFIER = 1n << 16n;
const ID_FIELDS = [TID, TIME, ID, STREAM_ID, CPU, IDENTIFIER] as const;

/**
 * Side-band records of every event carry an id of their event's shape. With several attributes of
 * different shape the first one that asked for text pokes is taken; `perf record` gives all the same.
 */
function readSampleId(
  body: DataView,
  attributes: readonly PerfAttribute[],
): Pick<TextPokeRecord, "pid" | "tid" | "time" | "cpu"> {
  const attribute = attributes.find((each) => each.textPoke) ?? attributes[0];
  if (attribute?.sampleIdAll !== true) return {};
  const fields = ID_FIELDS.filter((bit) => (attribute.sampleType & bit) !== 0n);
  const begin = body.byteLength - fields.length * 8;
  if (begin < 12) return {};
  const at = (bit: bigint): number | undefined => {
    const index = fields.indexOf(bit);
    return index < 0 ? undefined : begin + index * 8;
  };
  const tid = at(TID);
  const time = at(TIME);
  const cpu = at(CPU);
  return {
    ...(tid === undefined
      ? {}
      : { pid: body.getInt32(tid, true), tid: body.getInt32(tid + 4, true) }),
    ...(time === undefined ? {} : { time: body.getBigUint64(time, true) }),
    ...(cpu === undefined ? {} : { cpu: body.getUint32(cpu, true) }),
  };
}

export interface CodeAt {
  readonly address: bigint;
  /** `undefined` where no record covers the byte. */
  readonly bytes: readonly (number | undefined)[];
  /** The records just before and just after that touch these bytes. */
  readonly before?: TextPokeRecord;
  readonly after?: TextPokeRecord;
}

/**
 * The code at `address` at `time`, as far as the records know it: the new bytes of the last record before,
 * or the old bytes of the first one after. `time` absent: after all of them.
 */
export function codeAt(
  records: readonly TextPokeRecord[],
  address: bigint,
  length: number,
  time?: bigint,
): CodeAt {
  const touching = records.filter(
    (record) =>
      record.address < address + BigInt(length) &&
      record.address + BigInt(record.new.length) > address,
  );
  const isPast = (record: TextPokeRecord) => time === undefined || (record.time ?? 0n) <= time;
  const bytes: (number | undefined)[] = Array.from({ length }, () => undefined);
  const write = (record: TextPokeRecord, values: Uint8Array) => {
    values.forEach((value, i) => {
      const index = Number(record.address - address) + i;
      if (index >= 0 && index < length) bytes[index] = value;
    });
  };
  for (const record of touching.toReversed()) if (!isPast(record)) write(record, record.old);
  for (const record of touching) if (isPast(record)) write(record, record.new);
  const before = touching.filter(isPast).at(-1);
  const after = touching.find((record) => !isPast(record));
  return {
    address,
    bytes,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}
