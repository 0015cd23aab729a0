// stallscope dis: the source or the machine code around an address of a vmlinux, as crash prints it.

import {
  type Disassembly,
  disassemble,
  type KernelImage,
  listSource,
  type SourceListing,
  sitesOfKey,
} from "#app/debug-image.ts";
import { locatePlace, parsePlace } from "#app/place.ts";
import { AppError } from "#base/app-error.ts";
import { openDebugFile, sourceTree } from "#host/debug-files.ts";
import { loadIcedDecoder } from "#host/decoder/iced-decoder.ts";
import type { Command, Streams } from "../command.ts";
import { EXIT } from "../command.ts";
import { parseFlags } from "../flags.ts";

const HELP = `usage: stallscope dis [-s] [-x] --vmlinux FILE [--source DIR] SYMBOL[+OFFSET[/SIZE]]|ADDRESS
       stallscope dis --key NAME --vmlinux FILE

The function around a place of a vmlinux, the place marked with *; or the places of the code that a
static key patches, in the order they are patched.

  -s                the source instead of the machine code: FILE, LINE, then from five lines before it
                    to the end of the function
  -x                offsets in hexadecimal
  --vmlinux FILE    the kernel's vmlinux (or a module) with debug information
  --source DIR      the kernel's source tree, for -s
  --key NAME        the sites of this static key, from the jump table
  --kernel-offset N subtract N (the log's "Kernel Offset:") from ADDRESS

exit codes: 0 done, 2 usage, 3 evidence unreadable, 4 internal error

example: stallscope dis -sx --vmlinux vmlinux --source linux-6.1 text_poke_bp_batch+0xed
`;

const OPTIONS = {
  vmlinux: { type: "string" },
  source: { type: "string" },
  s: { type: "boolean", short: "s", default: false },
  x: { type: "boolean", short: "x", default: false },
  key: { type: "string" },
  "kernel-offset": { type: "string", default: "0" },
} as const;

export const command: Command = {
  summary: "list a function of a vmlinux around an address",
  help: HELP,
  run: runDis,
};

async function runDis(args: readonly string[], streams: Streams): Promise<number> {
  const { values, positionals } = parseFlags("dis", OPTIONS, args);
  if (values.vmlinux === undefined) {
    throw new AppError("usage", "no --vmlinux given", "see stallscope dis --help");
  }
  if (values.key !== undefined) {
    await printSites(openDebugFile(values.vmlinux), values.key, values.vmlinux, streams);
    return EXIT.done;
  }
  const [words] = positionals;
  const place =
    words === undefined ? undefined : parsePlace(words, offsetOf(values["kernel-offset"]));
  if (place === undefined || positionals.length > 1) {
    throw new AppError("usage", "no place, or more than one", "see stallscope dis --help");
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

function offsetOf(words: string): bigint {
  if (/^(?:0x[0-9a-fA-F]{1,16}|\d{1,18})$/.test(words)) return BigInt(words);
  throw new AppError(
    "usage",
    `--kernel-offset ${words} is no number`,
    "give it as the log does: 0x2c000000",
  );
}

async function printSites(
  image: KernelImage,
  key: string,
  vmlinux: string,
  streams: Streams,
): Promise<void> {
  const sites = sitesOfKey(image, key);
  if (sites.length === 0) {
    throw new AppError(
      "usage",
      `${key} has no sites in ${vmlinux}`,
      "is it the name of a static key?",
    );
  }
  const lines = sites.map(({ address, length, symbol, levels, likely }) => {
    const at = symbol === undefined ? "?" : `${symbol.name}+0x${symbol.offset.toString(16)}`;
    const outer = levels[levels.length - 1];
    const size = length === undefined ? "" : `, ${length} bytes`;
    return `0x${address.toString(16)} ${at} (${outer?.file}:${outer?.line}${size}${likely ? ", likely" : ""})`;
  });
  await streams.out(`${lines.join("\n")}\n`);
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
