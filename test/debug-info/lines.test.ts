// Lines, functions and inlined calls against the symbolizers people use, on inputs built here.

import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bytesSource } from "#base/byte-source.ts";
import { toAddress } from "#base/cursor.ts";
import { type KernelImage, openImage } from "#evidence/symbols/kernel-image.ts";
import { findSection } from "#formats/elf/elf-file.ts";
import { nodeDecompressor } from "#host/block-decompressor.ts";
import { openFileSource } from "#host/file-source.ts";
import { haveTools, openWorkshop, type Workshop } from "./build.ts";
import {
  askAddr2line,
  askLlvm,
  askOurs,
  type Level,
  parsePairs,
  sameLevels,
} from "./references.ts";

type Reference = "addr2line" | "eu-addr2line" | "llvm-symbolizer";

const VARIANTS: readonly { name: string; flags: string[]; pack?: string; reference: Reference }[] =
  [
    { name: "dwarf-4", flags: ["-gdwarf-4"], reference: "eu-addr2line" },
    { name: "dwarf-5", flags: ["-gdwarf-5"], reference: "eu-addr2line" },
    { name: "dwarf-5-llvm", flags: ["-gdwarf-5"], reference: "llvm-symbolizer" },
    { name: "zlib", flags: ["-gdwarf-5", "-gz=zlib"], reference: "eu-addr2line" },
    { name: "zlib-gnu", flags: ["-gdwarf-4"], pack: "zlib-gnu", reference: "eu-addr2line" },
    // Of the three only binutils reads zstd sections here.
    { name: "zstd", flags: ["-gdwarf-5"], pack: "zstd", reference: "addr2line" },
    { name: "dwarf-64", flags: ["-gdwarf-5", "-gdwarf64"], reference: "eu-addr2line" },
    // Link time optimization refers from unit to unit, which elfutils 0.188 does not follow.
    { name: "lto", flags: ["-gdwarf-5", "-flto"], reference: "llvm-symbolizer" },
  ];

const ONE_TEXT = ["-fno-reorder-functions"];

const ready = haveTools("gcc", "eu-addr2line", "addr2line", "llvm-symbolizer");

describe.skipIf(!ready)("source lines of built programs", () => {
  let workshop: Workshop;
  beforeAll(() => {
    workshop = openWorkshop();
  });
  afterAll(() => workshop.remove());

  test.each(VARIANTS)("$name: every address of .text as $reference gives it", (variant) => {
    const path = workshop.compile(variant.name, variant.flags);
    if (variant.pack !== undefined) {
      workshop.run("objcopy", [`--compress-debug-sections=${variant.pack}`, path]);
    }
    const image = open(path);
    const addresses = textAddresses(image);
    const answers = ask(variant.reference, path, addresses);
    expect(differences(image, addresses, answers)).toEqual([]);
  });

  test.skipIf(!haveTools("dwz"))("dwz -m: entries in the supplementary file are found", () => {
    const first = workshop.compile("shared-1", ["-gdwarf-5"]);
    const second = join(workshop.directory, "shared-2");
    copyFileSync(first, second);
    const before = open(workshop.compile("unshared", ["-gdwarf-5"]));
    workshop.run("dwz", ["-m", "common.debug", "-M", "common.debug", first, second]);
    const alt = openFileSource(join(workshop.directory, "common.debug"));
    const image = openImage(openFileSource(first), nodeDecompressor(), { alt });
    if (!image.ok) throw new Error(image.error.message);
    expect(image.value.altLink?.path).toBe("common.debug");
    expect(image.value.altLink?.buildId).toMatch(/^[0-9a-f]{40}$/);
    const addresses = textAddresses(before);
    const expected = addresses.map((address) => askOurs(before, address));
    expect(differences(image.value, addresses, expected)).toEqual([]);
  });

  test.each<string[]>([
    ["-gdwarf-4", "-m64"],
    ["-gdwarf-5", "-m64"],
    // ELF32 with REL relocations, whose addends stand in the section itself.
    ["-gdwarf-5", "-m32"],
  ])("%s %s: a relocatable file, as modules are", (...version) => {
    workshop.run("gcc", [
      "-O2",
      "-r",
      "-nostdlib",
      ...ONE_TEXT,
      ...version,
      "main.c",
      "other.c",
      "-o",
      "module.o",
    ]);
    const path = join(workshop.directory, "module.o");
    const image = open(path);
    expect(image.kind).toBe("module");
    // llvm-symbolizer (which mixes several code sections up) takes an address in such a file as an offset in .text.
    const addresses = textAddresses(image);
    const start = addresses[0] ?? 0n;
    const offsets = addresses.map((address) => address - start);
    expect(offsets.length).toBeGreaterThan(200);
    expect(differences(image, addresses, askLlvm(path, offsets))).toEqual([]);
    const names = ["main", "other"];
    const asked = names.map((name) => askOurs(image, symbolAddress(image, name)));
    const text = workshop.run("eu-addr2line", ["-f", "-i", "-e", path, ...names]);
    expect(asked.flat()).toEqual(parsePairs(text));
  });

  test("an image read from memory answers like the file", () => {
    const path = workshop.compile("memory", ["-gdwarf-5"]);
    const source = openFileSource(path);
    const memory = openImage(bytesSource(source.read(0, source.size).slice()), nodeDecompressor());
    if (!memory.ok) throw new Error(memory.error.message);
    const image = open(path);
    const addresses = textAddresses(image);
    const expected = addresses.map((address) => askOurs(image, address));
    expect(differences(memory.value, addresses, expected)).toEqual([]);
  });
});

function ask(tool: Reference, path: string, addresses: readonly bigint[]): Level[][] {
  if (tool === "llvm-symbolizer") return askLlvm(path, addresses);
  const answers = askAddr2line(tool, path, addresses);
  if (tool !== "addr2line") return answers;
  // binutils names padding between functions after the function before it; nobody else does.
  return answers.map((levels) => (levels.length === 1 && levels[0]?.[2] === 0 ? [] : levels));
}

function open(path: string): KernelImage {
  const image = openImage(openFileSource(path), nodeDecompressor());
  if (!image.ok) throw new Error(image.error.message);
  return image.value;
}

function symbolAddress(image: KernelImage, name: string): bigint {
  const index = image.symbols();
  const [at = -1] = index.indexesOf(name);
  return toAddress(index.address[at] ?? 0, 0);
}

function textAddresses(image: KernelImage): bigint[] {
  const text = image.elf === undefined ? undefined : findSection(image.elf, ".text");
  if (text === undefined) throw new Error("no .text");
  return Array.from({ length: text.size }, (_, at) => toAddress(text.address + at, 0));
}

function differences(
  image: KernelImage,
  addresses: readonly bigint[],
  answers: readonly Level[][],
): string[] {
  expect(answers.length).toBe(addresses.length);
  return addresses.flatMap((address, at) => {
    const ours = askOurs(image, address);
    const theirs = answers[at] ?? [];
    // Code without lines (start-up files) has only a symbol, which the tools choose differently.
    if (theirs.every(([, file]) => file === "") && ours.every(([, file]) => file === "")) return [];
    return sameLevels(ours, theirs)
      ? []
      : [`${address.toString(16)}: ${JSON.stringify(ours)}, theirs ${JSON.stringify(theirs)}`];
  });
}
