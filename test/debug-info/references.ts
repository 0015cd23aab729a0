// What other symbolizers say of addresses, in one shape, and how to compare ours with it.

import { execFileSync } from "node:child_process";
import { fromAddress } from "#base/cursor.ts";
import type { KernelImage } from "#evidence/symbols/kernel-image.ts";
import { symbolAt } from "#evidence/symbols/symbol-index.ts";
import { findCode } from "#formats/dwarf/debug-info.ts";

/** One level: function, file as the compiler recorded it, line. Unknown parts are empty and 0. */
export type Level = readonly [name: string, file: string, line: number];

function normal(name: string, file: string, line: number): Level {
  // Names of clones differ between tools: `work.part.0` and `work` are the same function.
  const plain = name === "??" ? "" : name.replace(/\.(constprop|isra|part|cold|llvm)\b.*/, "");
  const known = file !== "" && !file.startsWith("??") && line > 0;
  return [plain, known ? file : "", known ? line : 0];
}

/** `eu-addr2line -a -f -i`, or binutils' `addr2line`: pairs of lines after each address. */
export function askAddr2line(tool: string, file: string, addresses: readonly bigint[]): Level[][] {
  const input = `${addresses.map((address) => `0x${address.toString(16)}`).join("\n")}\n`;
  const text = execFileSync(tool, ["-a", "-f", "-i", "-e", file], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return parseAddr2line(text);
}

export function parseAddr2line(text: string): Level[][] {
  const answers: Level[][] = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; ) {
    const line = lines[at] ?? "";
    if (/^0x[0-9a-f]+$/.test(line)) {
      answers.push([]);
      at += 1;
      continue;
    }
    if (line === "") {
      at += 1;
      continue;
    }
    const [name = ""] = line.split(" inlined at ");
    const place = /^(.*?):(\d+|\?)(?::\d+)?(?: .*)?$/.exec(lines[at + 1] ?? "");
    answers[answers.length - 1]?.push(normal(name, place?.[1] ?? "", Number(place?.[2]) || 0));
    at += 2;
  }
  return answers;
}

/** Pairs of lines without addresses, as `eu-addr2line -f -i` prints them. */
export function parsePairs(text: string): Level[] {
  return parseAddr2line(`0x0\n${text}`).flat();
}

export function askLlvm(file: string, addresses: readonly bigint[]): Level[][] {
  const input = `${addresses.map((address) => `0x${address.toString(16)}`).join("\n")}\n`;
  const args = [`--obj=${file}`, "--output-style=JSON"];
  const text = execFileSync("llvm-symbolizer", args, {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return parseLlvm(text);
}

interface LlvmAnswer {
  readonly Symbol?: readonly { FunctionName: string; FileName: string; Line: number }[];
}

export function parseLlvm(text: string): Level[][] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const answer: LlvmAnswer = JSON.parse(line);
      return (answer.Symbol ?? []).map((level) =>
        normal(level.FunctionName, level.FileName, level.Line),
      );
    });
}

/** Ours; where no debug information covers the address, what the symbol table says, as the others do. */
export function askOurs(image: KernelImage, address: bigint): Level[] {
  const number = fromAddress(address, image.highBase);
  const debug = image.debug();
  const code = debug === undefined ? undefined : findCode(debug, number);
  const levels = (code?.levels ?? [{}]).map(({ function: name, place }) =>
    normal(name ?? "", place?.file ?? "", place?.line ?? 0),
  );
  const outer = levels[levels.length - 1];
  if (outer?.[0] !== "") return levels;
  return [...levels.slice(0, -1), [symbolAround(image, number), outer[1], outer[2]]];
}

/** The symbol whose own size covers the address; labels without a size reach to the next symbol. */
function symbolAround(image: KernelImage, number: number): string {
  const index = image.symbols();
  const at = symbolAt(index, number);
  if (at === undefined) return "";
  const size = index.size[at] ?? 0;
  const covers = size === 0 || number < (index.address[at] ?? 0) + size;
  return covers ? normal(index.nameAt(at), "", 0)[0] : "";
}

export function sameLevels(a: readonly Level[], b: readonly Level[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b.length === 0 ? [["", "", 0]] : b);
}
