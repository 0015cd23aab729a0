// The files, directories and streams named on a command line, analyzed; progress on a terminal's stderr.

import { analyze } from "#app/analyze.ts";
import type { ReportV1 } from "#contract/report.ts";
import { openLogs } from "#host/container/open-logs.ts";
import type { Streams } from "./command.ts";
import { printable } from "./printable.ts";

const PROGRESS_EVERY_BYTES = 64 * 1024 * 1024;

export async function analyzeInputs(names: readonly string[], streams: Streams): Promise<ReportV1> {
  const progress = openProgress(streams);
  const warn = (message: string) => streams.err(`stallscope: ${printable(message)}\n`);
  const report = await analyze(openLogs(names.length === 0 ? ["-"] : names, { warn }), {
    version: STALLSCOPE_VERSION,
    loadDecoder: async () => (await import("#host/decoder/iced-decoder.ts")).loadIcedDecoder(),
    onProgress: progress.bytes,
  });
  progress.end();
  return report;
}

function openProgress(streams: Streams): { bytes(count: number): void; end(): void } {
  let total = 0;
  let shown = 0;
  return {
    bytes(count) {
      total += count;
      if (!streams.errIsTerminal || total - shown < PROGRESS_EVERY_BYTES) return;
      shown = total;
      streams.err(`\r${Math.round(total / 1e6)} MB read`);
    },
    end() {
      if (shown > 0) streams.err("\r\u001b[K");
    },
  };
}
