// The frame of a perf.data file: header, attributes, and the records one after another. Knows layouts only
// (tools/perf/Documentation/perf.data-file-format.txt, include/uapi/linux/perf_event.h).

import type { ByteSource } from "#base/byte-source.ts";
import { err, ok, type Result } from "#base/result.ts";

export interface PerfError {
  readonly code: "perf/not-perf-data" | "perf/big-endian" | "perf/truncated";
  readonly offset: number;
}

/** Reading went on, or stopped, at `offset` for `reason`. */
export interface PerfGap {
  readonly reason:
    | "bad-size"
    | "truncated"
    | "compressed"
    | "no-attribute"
    | "too-many"
    | "bad-record";
  readonly offset: number;
}

/** What a reader of records needs of a `struct perf_event_attr`. */
export interface PerfAttribute {
  readonly type: number;
  readonly config: bigint;
  readonly sampleType: bigint;
  /** Other records than samples end with a sample id. */
  readonly sampleIdAll: boolean;
  readonly textPoke: boolean;
}

export interface PerfRecord {
  readonly type: number;
  readonly misc: number;
  /** In the file. */
  readonly offset: number;
  /** The record after its 8-byte header; shared with the source. */
  readonly body: DataView;
}

export interface PerfFile {
  readonly attributes: readonly PerfAttribute[];
  readonly gaps: readonly PerfGap[];
}

const MAGIC = "PERFILE2";
const MAGIC_OTHER_ENDIAN = "2ELIFREP";
/** Written to a pipe: magic and header size only, attributes come as records. */
const PIPE_HEADER = 16;
const FILE_HEADER = 104;
const HEADER_ATTR = 64;
const HEADER_TRACING_DATA = 66;
const AUXTRACE = 71;
const COMPRESSED = new Set([81, 83]);
const MAX_ATTRIBUTES = 4096;

/** Hands every record of the file to `see`, in file order; `see` may ask for what is known by then. */
export function readPerfFile(
  source: ByteSource,
  see: (record: PerfRecord, attributes: readonly PerfAttribute[]) => PerfGap["reason"] | undefined,
): Result<PerfFile, PerfError> {
  const header = viewOf(source.read(0, FILE_HEADER));
  const magic = magicOf(header);
  if (magic === MAGIC_OTHER_ENDIAN) return err({ code: "perf/big-endian", offset: 0 });
  if (magic !== MAGIC) return err({ code: "perf/not-perf-data", offset: 0 });
  if (header.byteLength < PIPE_HEADER) return err({ code: "perf/truncated", offset: 8 });
  const pipe = u64(header, 8) === PIPE_HEADER;
  if (!pipe && header.byteLength < 56) return err({ code: "perf/truncated", offset: 16 });
  const gaps: PerfGap[] = [];
  const attributes = pipe ? [] : readAttributes(source, header);
  const begin = pipe ? PIPE_HEADER : u64(header, 40);
  // A size of zero is what an interrupted `perf record` leaves behind: the records run to the end.
  const size = pipe ? 0 : u64(header, 48);
  const end = size === 0 ? source.size : Math.min(begin + size, source.size);
  if (begin + size > source.size) gaps.push({ reason: "truncated", offset: source.size });
  walkRecords(source, begin, end, attributes, gaps, see);
  return ok({ attributes, gaps });
}

function walkRecords(
  source: ByteSource,
  begin: number,
  end: number,
  attributes: PerfAttribute[],
  gaps: PerfGap[],
  see: (record: PerfRecord, attributes: readonly PerfAttribute[]) => PerfGap["reason"] | undefined,
): void {
  let offset = begin;
  while (offset + 8 <= end) {
    const head = viewOf(source.read(offset, 8));
    if (head.byteLength < 8) break;
    const type = head.getUint32(0, true);
    const size = head.getUint16(6, true);
    if (size < 8) {
      gaps.push({ reason: "bad-size", offset });
      return;
    }
    const bytes = source.read(offset, size);
    if (bytes.length < size || offset + size > end) break;
    const body = viewOf(bytes.subarray(8));
    if (type === HEADER_ATTR) addAttribute(attributes, body, 0);
    const record = { type, misc: head.getUint16(4, true), offset, body };
    const reason = COMPRESSED.has(type) ? "compressed" : see(record, attributes);
    if (reason !== undefined) gaps.push({ reason, offset });
    if (reason === "too-many") return;
    offset += size + trailing(type, body);
  }
  if (offset < end) gaps.push({ reason: "truncated", offset });
}

/** Two record types announce data that follows them. */
function trailing(type: number, body: DataView): number {
  if (type === AUXTRACE && body.byteLength >= 8) return u64(body, 0);
  if (type === HEADER_TRACING_DATA && body.byteLength >= 4) {
    return Math.ceil(body.getUint32(0, true) / 8) * 8;
  }
  return 0;
}

function readAttributes(source: ByteSource, header: DataView): PerfAttribute[] {
  const entry = u64(header, 16);
  const begin = u64(header, 24);
  const size = u64(header, 32);
  const attributes: PerfAttribute[] = [];
  if (entry < 64 || entry > 4096) return attributes;
  for (let at = 0; at + entry <= size && attributes.length < MAX_ATTRIBUTES; at += entry) {
    const bytes = source.read(begin + at, entry);
    if (bytes.length < entry) break;
    addAttribute(attributes, viewOf(bytes), 0);
  }
  return attributes;
}

const SAMPLE_ID_ALL = 1n << 18n;
const TEXT_POKE = 1n << 33n;

function addAttribute(attributes: PerfAttribute[], view: DataView, at: number): void {
  if (view.byteLength < at + 48 || attributes.length >= MAX_ATTRIBUTES) return;
  const flags = view.getBigUint64(at + 40, true);
  attributes.push({
    type: view.getUint32(at, true),
    config: view.getBigUint64(at + 8, true),
    sampleType: view.getBigUint64(at + 24, true),
    sampleIdAll: (flags & SAMPLE_ID_ALL) !== 0n,
    textPoke: (flags & TEXT_POKE) !== 0n,
  });
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function magicOf(header: DataView): string {
  let magic = "";
  for (let i = 0; i < Math.min(8, header.byteLength); i++) {
    magic += String.fromCharCode(header.getUint8(i));
  }
  return magic;
}

/** Offsets and sizes beyond 2^53 are as good as beyond the end. */
function u64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}
