// The main use case: evidence in, one report document out. Portable: the platform hands in streams of
// bytes and a decoder; nothing here knows files.

import type { ReportV1 } from "#contract/report.ts";
import { diagnose } from "#diagnosis/diagnose.ts";
import { nothingHeld } from "#evidence/log/event-store.ts";
import { type LogReader, openLog } from "#evidence/log/open-log.ts";
import { analyzeCode } from "#isa/analyze-code.ts";
import type { CodeInput } from "#isa/code-input.ts";
import { compareReports } from "#isa/compare-reports.ts";
import type { InstructionDecoder } from "#isa/decoder.ts";
import type { KernelEvent } from "#model/kernel-event.ts";
import type { CodeReading, Progress } from "#model/machine-fact.ts";
import type { Reading, Trace } from "#model/reading.ts";
import { type DebugInput, readDebugInfo } from "./debug-reading.ts";
import { mergeReadings } from "./merge.ts";
import { toReport } from "./to-report.ts";

/** One log as the platform opened it. */
export interface LogInput {
  readonly name: string;
  readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /**
   * Set where the log is the one before it, read on in its next file: `numbered` and `dated` are the next
   * file of a rotation, `pieces` the next piece of a file that was cut up, `parts` the next newer part of a
   * pstore dump. A report cut between the two is read as one where nothing shows that lines lie between.
   */
  readonly continues?: "numbered" | "dated" | "pieces" | "parts";
}

export interface AnalyzeOptions {
  readonly version: string;
  /** Loads the instruction decoder; called only when a log holds x86-64 machine code. */
  readonly loadDecoder?: () => Promise<InstructionDecoder>;
  /** The kernel's debug information, opened by the platform. */
  readonly debug?: DebugInput;
  /** Lines read so far, for a progress line. */
  readonly onProgress?: (bytes: number) => void;
}

export async function analyze(
  inputs: AsyncIterable<LogInput> | Iterable<LogInput>,
  options: AnalyzeOptions,
): Promise<ReportV1> {
  const trace = mergeReadings(await readLogs(inputs, options));
  const { code, progress } = await readCode(trace, options);
  const added = options.debug && readDebugInfo(trace.events, options.debug);
  const locals = new Map([...(added?.byEvent ?? [])].map(([id, reading]) => [id, reading.locals]));
  const diagnosis = diagnose(trace, { code, progress, locals });
  const debug = options.debug && added ? { input: options.debug, readings: added } : undefined;
  return toReport({
    trace,
    code,
    diagnosis,
    version: options.version,
    ...(debug ? { debug } : {}),
  });
}

async function readLogs(
  inputs: AsyncIterable<LogInput> | Iterable<LogInput>,
  options: AnalyzeOptions,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const held = nothingHeld();
  let log: LogReader | undefined;
  let count = 0;
  for await (const { name, chunks, continues } of inputs) {
    const id = `s${++count}`;
    if (log !== undefined && continues !== undefined) {
      log.nextFile({ id, name, link: continues });
    } else {
      if (log !== undefined) readings.push(log.end());
      log = openLog({ id, name, held });
    }
    for await (const chunk of chunks) {
      log.push(chunk);
      options.onProgress?.(chunk.length);
    }
  }
  if (log !== undefined) readings.push(log.end());
  return readings;
}

interface CodeEvidence {
  readonly code: ReadonlyMap<string, CodeReading>;
  /** How far a CPU had moved since its report before, by id of the later event. */
  readonly progress: ReadonlyMap<string, Progress>;
}

async function readCode(trace: Trace, options: AnalyzeOptions): Promise<CodeEvidence> {
  const code = new Map<string, CodeReading>();
  const progress = new Map<string, Progress>();
  const coded = trace.events.filter(hasX86Code);
  if (coded.length === 0 || !options.loadDecoder) return { code, progress };
  const decoder = await options.loadDecoder();
  const before = new Map<string, KernelEvent>();
  for (const event of coded) {
    code.set(event.id, analyzeCode(decoder, codeInput(event, trace)));
    const key = `${event.boot}/${event.kind}/${event.cpu}`;
    const earlier = before.get(key);
    before.set(key, event);
    if (!earlier || event.kind !== "soft-lockup") continue;
    const moved = compareReports(decoder, codeInput(earlier, trace), codeInput(event, trace));
    if (moved) progress.set(event.id, moved);
  }
  return { code, progress };
}

function hasX86Code(event: KernelEvent): boolean {
  const registers = event.registers ?? {};
  return (
    event.code !== undefined &&
    (event.kernel?.arch === "x86_64" ||
      "rip" in registers ||
      "rax" in registers ||
      event.rip !== undefined) &&
    !("x0" in registers) &&
    !("r0" in registers)
  );
}

function codeInput(event: KernelEvent, trace: Trace): CodeInput {
  const { code, rip } = event;
  const nr = trace.boots[event.boot]?.facts.find((fact) => fact.name === "nr-cpu-ids")?.value;
  const nrCpuIds = nr === undefined ? Number.NaN : Number.parseInt(nr, 10);
  return {
    bytes: code?.bytes ?? new Uint8Array(),
    trapIndex: code?.trapIndex ?? -1,
    ...(rip ? { symbol: rip.symbol } : {}),
    ...(rip?.offset === undefined ? {} : { offset: rip.offset }),
    ...(rip?.size === undefined ? {} : { size: rip.size }),
    ...(rip?.address === undefined ? {} : { address: rip.address }),
    ...(event.registers ? { registers: event.registers } : {}),
    ...(event.interrupts ? { interrupts: event.interrupts } : {}),
    ...(event.cpu === undefined ? {} : { reportingCpu: event.cpu }),
    ...(Number.isInteger(nrCpuIds) ? { nrCpuIds } : {}),
  };
}
