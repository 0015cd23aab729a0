// stallscope symbolize: the same text, with file and line behind what the kernel printed about code.

import { symbolizer } from "#app/debug-image.ts";
import { AppError } from "#base/app-error.ts";
import { openDebugImages } from "#host/debug-files.ts";
import { requireDebugFile } from "#host/debuginfod.ts";
import { findVmlinux } from "#host/find-vmlinux.ts";
import { readRawInput } from "#host/raw-input.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { parseFlags } from "../flags.ts";

const HELP = `usage: stallscope symbolize [OPTION...] [FILE|-]

Copies the text and adds (file:line) behind every symbol+0xoffset/0xsize of the kernel, with the
inlined functions between: smp_call+0x1/0x9 (lib/b.c:2 [inlined_fn] kernel/a.c:7). All other bytes
stay as they are. Frames are return addresses and name the call; RIP names the very instruction.

  --vmlinux FILE    the kernel's vmlinux with debug information; without it, the one that the
                    distribution's debug package put below the debug folder for the release in the text
  --build-id ID     the kernel's build id, to find its vmlinux by: below the debug folder, then from the
                    servers DEBUGINFOD_URLS names, if any
  --debug-dir DIR   debug folder, /usr/lib/debug unless given
  --modules DIR     folder with the modules' debug files (found by itself beside a distribution's vmlinux)

exit codes: 0 done, 2 usage, 3 evidence unreadable, 4 internal error

example: dmesg | stallscope symbolize --vmlinux /usr/lib/debug/boot/vmlinux-$(uname -r)
`;

const OPTIONS = {
  vmlinux: { type: "string" },
  modules: { type: "string", multiple: true },
  "build-id": { type: "string" },
  "debug-dir": { type: "string", multiple: true },
} as const;

export const command: Command = {
  summary: "add source lines to a log",
  help: HELP,
  run: runSymbolize,
};

/** How much text may pass before the kernel's release must have been named. */
const HEAD_BYTES = 4 << 20;

async function runSymbolize(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("symbolize", OPTIONS, args);
  if (positionals.length > 1) {
    throw new AppError(
      "usage",
      "more than one file given",
      "symbolize is a filter: one text at a time",
    );
  }
  const chunks = readRawInput(positionals[0] ?? "-")[Symbol.asyncIterator]();
  const head: Uint8Array[] = [];
  const byId = values["build-id"];
  const given =
    values.vmlinux ??
    (byId === undefined
      ? undefined
      : await requireDebugFile(byId, values["debug-dir"], (words) => streams.err(`${words}\n`)));
  const vmlinux = given ?? (await findForText(chunks, head, values["debug-dir"]));
  const images = openDebugImages(vmlinux, values.modules ?? []);
  const filter = symbolizer(images);
  const pass = async (chunk: Uint8Array): Promise<void> => {
    const ready = filter.push(chunk);
    if (ready.length > 0) await streams.out(ready);
  };
  for (const chunk of head) await pass(chunk);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    await pass(next.value);
  }
  await streams.out(filter.end());
  warnOfOtherBuild(filter.counts, vmlinux, streams);
  return EXIT.done;
}

/** Reads on until the text names its kernel, and finds that kernel's vmlinux. */
async function findForText(
  chunks: AsyncIterator<Uint8Array>,
  head: Uint8Array[],
  directories: readonly string[] | undefined,
): Promise<string> {
  let size = 0;
  let release: string | undefined;
  while (size < HEAD_BYTES && release === undefined) {
    const next = await chunks.next();
    if (next.done) break;
    head.push(next.value);
    size += next.value.length;
    release = releaseIn(Buffer.concat(head.slice(-2)).toString("latin1"));
  }
  const found = release === undefined ? undefined : findVmlinux({ release }, directories);
  if (found !== undefined) return found;
  const what =
    release === undefined ? "the text names no kernel release" : `no vmlinux of ${release}`;
  throw new AppError(
    "file/unreadable",
    what,
    "install the kernel's debug package, or give --vmlinux FILE",
  );
}

//  Linux version 6.1.0-56-amd64 (…)     CPU: 0 PID: 17 Comm: kworker/0:1 Tainted: G  OE  6.1.0-56-amd64 #1
const BANNER = /Linux version (\d[\w.+~-]{0,127})/;
const CPU_LINE =
  /Comm: [^\n]{1,80}?(?:Not tainted|Tainted: [A-Z ]{1,40}?) {1,8}(\d[\w.+~-]{0,127}) #/;

function releaseIn(text: string): string | undefined {
  return BANNER.exec(text)?.[1] ?? CPU_LINE.exec(text)?.[1];
}

/** One symbol may differ for many reasons; most of them differing has one. */
function warnOfOtherBuild(
  counts: { readonly placed: number; readonly sizeDiffers: number },
  vmlinux: string,
  streams: Streams,
): void {
  if (counts.sizeDiffers === 0 || counts.sizeDiffers * 5 <= counts.placed) return;
  streams.err(
    `stallscope: ${vmlinux} belongs to another build: ${counts.sizeDiffers} of the functions named have ` +
      `another size there; only what fits was given lines\n`,
  );
}
