// stallscope dis: the source or the machine code around an address of a vmlinux, as crash prints it.

import {
  type Disassembly,
  disassemble,
  type KernelImage,
  listSource,
  type SourceListing,
} from "#app/debug-image.ts";
import { locatePlace, parsePlace } from "#app/place.ts";
import { AppError } from "#base/app-error.ts";
import { openDebugFile, sourceTree } from "#host/debug-files.ts";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { parseFlags } from "../flags.ts";

const HELP = `usage: stallscope dis [-s] [-x] --vmlinux FILE [--source DIR] SYMBOL[+OFFSET[/SIZE]]|ADDRESS

The function around a place of a vmlinux, the place marked with *.

  -s                the source instead of the machine code: FILE, LINE, then from five lines before it
                    to the end of the function
  -x                offsets in hexadecimal
  --vmlinux FILE    the kernel's vmlinux (or a module) with debug information
  --source DIR      the kernel's source tree, for -s
  
exit codes: 0 done, 2 usage, 3 evidence unreadable, 4 internal error

example: stallscope dis -sx --vmlinux vmlinux --source linux-6.1 text_poke_bp_batch+0xed
`;

const OPTIONS = {
  vmlinux: { type: "string" },
  source: { type: "string" },
  s: { type: "boolean", short: "s", default: false },
  x: { type: "boolean", short: "x", default: false },
} as const;

export const command: Command = {
  summary: "list a function of a vmlinux around an address",
  help: HELP,
  run: runDis,
};

async function runDis(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("dis", OPTIONS, args);
  const [words] = positionals;
  const place = words === undefined ? undefined : parsePlace(words);
  if (values.vmlinux === undefined || place === undefined || positionals.length > 1) {
    const what = values.vmlinux === undefined ? "no --vmlinux given" : "no place, or more than one";
    throw new AppError("usage", what, "see stallscope dis --help");
  }
  const image = openDebugFile(values.vmlinux);
  const address = locatePlace(image, place);
  if (!address.ok) {
    throw new AppError("usage", address.error.message, address.error.advice);
  }
  if (values.s) await printSource(image, address.value, values.source, streams);
  else await printCode(image, address.value, values.x, streams);
  return EXIT.done;
}

async function printSource(
  image: KernelImage,
  address: bigint,
  directory: string | undefined,
  streams: Streams,
): Promise<void> {
  const listing = listSource(image, address, sourceTree(directory));
  if (listing === undefined) {
    throw new AppError(
      "file/unreadable",
      `no source line is known for 0x${address.toString(16)}`,
      "give the vmlinux with debug information (package …-dbg or …-debuginfo)",
    );
  }
  await streams.out(sourceText(listing));
  if (listing.lines.length === 0) {
    streams.err(
      `stallscope: ${listing.file} is not at hand: give --source DIR with the kernel's source\n`,
    );
  }
}

function sourceText(listing: SourceListing): string {
  const inlined = listing.levels.slice(0, -1).map((level, at) => {
    const caller = listing.levels[at + 1];
    return `INLINED: ${level.function ?? "?"} in ${caller?.function ?? "?"}, ${caller?.file}:${caller?.line}\n`;
  });
  const lines = listing.lines.map(({ n, text, mark }) =>
    `${mark ?? " "} ${String(n).padEnd(5)} ${text}`.trimEnd(),
  );
  const body = lines.length === 0 ? "" : `\n${lines.join("\n")}\n`;
  return `FILE: ${listing.file}\nLINE: ${listing.line}\n${inlined.join("")}${body}`;
}

async function printCode(
  image: KernelImage,
  address: bigint,
  hexadecimal: boolean,
  streams: Streams,
): Promise<void> {
  const code = disassemble(image, address, await loadIcedDecoder());
  if (code === undefined) {
    throw new AppError(
      "file/unreadable",
      `no machine code at 0x${address.toString(16)}`,
      "a debug-only file has none: give the vmlinux itself",
    );
  }
  await streams.out(codeText(code, address, hexadecimal));
}

function codeText(code: Disassembly, address: bigint, hexadecimal: boolean): string {
  const lines: string[] = [];
  for (const instruction of code.instructions) {
    if (instruction.place !== undefined) {
      lines.push(`${instruction.place.file}: ${instruction.place.line}`);
    }
    const end = instruction.address + BigInt(instruction.bytes.length);
    const mark = address >= instruction.address && address < end ? "*" : " ";
    const offset = hexadecimal ? `0x${instruction.offset.toString(16)}` : `${instruction.offset}`;
    const label = `<${code.symbol}${instruction.offset === 0 ? "" : `+${offset}`}>:`;
    lines.push(`${mark} 0x${instruction.address.toString(16)} ${label}\t${instruction.text}`);
  }
  return `${lines.join("\n")}\n`;
}
