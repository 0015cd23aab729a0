// What tests across rooms share: a log's text or file through the whole way, as the command line takes it.

import { existsSync, readFileSync } from "node:fs";
import { analyze } from "#app/analyze.ts";
import type { ReportV1 } from "#contract/report.ts";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";

export const SHARED: string = new URL("../../shared/", import.meta.url).pathname;

/** True where the logs beside the checkout are; otherwise says so in one line. */
export function haveShared(folder: "lab" | "seeds" | "corpus"): boolean {
  const present = existsSync(`${SHARED}${folder}`);
  if (!present) console.log(`skipped: ../shared/${folder} is not beside this checkout`);
  return present;
}

export function analyzeText(log: string, name = "test.log"): Promise<ReportV1> {
  return analyzeBytes(new TextEncoder().encode(log), name);
}

export function analyzeFile(path: string): Promise<ReportV1> {
  return analyzeBytes(readFileSync(path), path);
}

export function analyzeBytes(bytes: Uint8Array, name: string): Promise<ReportV1> {
  return analyze([{ name, chunks: [bytes] }], {
    version: "0.0.0-test",
    loadDecoder: loadIcedDecoder,
  });
}
