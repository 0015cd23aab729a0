// The files, directories and streams named on a command line, analyzed; progress on a terminal's stderr.

import { analyze } from "#app/analyze.ts";
import type { ReportV1 } from "#contract/report.ts";
import { openLogs } from "#host/container/open-logs.ts";
import type { Streams } from "./command.ts";
import { printable } from "./printable.ts";

const PROGRESS_EVERY_BYTES = 64 * 1024 * 1024;

/** Where debug information comes from; all absent: the log alone. */
export interface DebugFlags {
  readonly vmlinux: string | undefined;
  readonly modules: readonly string[];
  readonly source: string | undefined;
}

export async function analyzeInputs(
  names: readonly string[],
  streams: Streams,
  flags: DebugFlags,
): Promise<ReportV1> {
  const progress = openProgress(streams);
  const warn = (message: string) => streams.err(`stallscope: ${printable(message)}\n`);
  const report = await analyze(openLogs(names.length === 0 ? ["-"] : names, { warn }), {
    version: STALLSCOPE_VERSION,
    loadDecoder: async () => (await import("#host/decoder/iced-decoder.ts")).loadIcedDecoder(),
    onProgress: progress.bytes,
    ...(await openDebug(flags)),
  });
  progress.end();
  for (const failure of report.failures ?? []) {
    if (failure.part === "vmlinux") warn(failure.message);
  }
  return report;
}

async function openDebug({ vmlinux, modules, source }: DebugFlags) {
  if (vmlinux === undefined && modules.length === 0) return {};
  const { debugFileSize, openDebugImages, sourceTree } = await import("#host/debug-files.ts");
  return {
    debug: {
      images: openDebugImages(vmlinux, modules),
      name: vmlinux ?? modules.join(", "),
      bytes: vmlinux === undefined ? 0 : debugFileSize(vmlinux),
      ...(source === undefined ? {} : { readSource: sourceTree(source) }),
    },
  };
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
