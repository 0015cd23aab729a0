// stallscope symbolize: the same text, with file and line behind what the kernel printed about code.

import { symbolizer } from "#app/debug-image.ts";
import { AppError } from "#base/app-error.ts";
import { openDebugImages } from "#host/debug-files.ts";
import { readRawInput } from "#host/raw-input.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { parseFlags } from "../flags.ts";

const HELP = `usage: stallscope symbolize --vmlinux FILE [OPTION...] [FILE|-]

Copies the text and adds (file:line) behind every symbol+0xoffset/0xsize of the kernel, with the
inlined functions between: smp_call+0x1/0x9 (lib/b.c:2 [inlined_fn] kernel/a.c:7). All other bytes
stay as they are. Frames are return addresses and name the call; RIP names the very instruction.

  --vmlinux FILE    the kernel's vmlinux with debug information
  --modules DIR     folder with the modules' debug files (found by itself beside a distribution's vmlinux)

exit codes: 0 done, 2 usage, 3 evidence unreadable, 4 internal error

example: dmesg | stallscope symbolize --vmlinux /usr/lib/debug/boot/vmlinux-$(uname -r)
`;

const OPTIONS = {
  vmlinux: { type: "string" },
  modules: { type: "string", multiple: true },
} as const;

export const command: Command = {
  summary: "add source lines to a log",
  help: HELP,
  run: runSymbolize,
};

async function runSymbolize(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("symbolize", OPTIONS, args);
  if (values.vmlinux === undefined && values.modules === undefined) {
    throw new AppError("usage", "no --vmlinux given", "see stallscope symbolize --help");
  }
  if (positionals.length > 1) {
    throw new AppError(
      "usage",
      "more than one file given",
      "symbolize is a filter: one text at a time",
    );
  }
  const filter = symbolizer(openDebugImages(values.vmlinux, values.modules ?? []));
  for await (const chunk of readRawInput(positionals[0] ?? "-")) {
    const ready = filter.push(chunk);
    if (ready.length > 0) await streams.out(ready);
  }
  await streams.out(filter.end());
  warnOfOtherBuild(filter.counts, values.vmlinux, streams);
  return EXIT.done;
}

/** One symbol may differ for many reasons; most of them differing has one. */
function warnOfOtherBuild(
  counts: { readonly placed: number; readonly sizeDiffers: number },
  vmlinux: string | undefined,
  streams: Streams,
): void {
  if (counts.sizeDiffers === 0 || counts.sizeDiffers * 5 <= counts.placed) return;
  streams.err(
    `stallscope: ${counts.sizeDiffers} functions have another size in ${vmlinux ?? "the modules"}: ` +
      `it belongs to another build, and only what fits was given lines\n`,
  );
}
