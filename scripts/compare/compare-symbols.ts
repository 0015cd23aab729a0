// Compares our answers for many addresses of a real kernel with those of eu-addr2line and
// llvm-symbolizer, and measures all of them as processes reading addresses from a pipe.

import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { toAddress } from "#base/cursor.ts";
import { findSection, readElf } from "#formats/elf/elf-file.ts";
import { openFileSource } from "#host/file-source.ts";
import {
  type Level,
  parseAddr2line,
  parseLlvm,
  sameLevels,
} from "../../test/debug-info/references.ts";

interface Run {
  readonly output: string;
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Runs a tool with the addresses on its standard input; peak memory is the kernel's VmHWM. */
function measure(command: string, args: readonly string[], input: string): Promise<Run> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(command, args, { stdio: ["pipe", "pipe", "ignore"] });
    const chunks: Buffer[] = [];
    let peak = 0;
    const look = (): void => {
      peak = Math.max(peak, peakOf(child.pid));
    };
    const timer = setInterval(look, 5);
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stdout.on("end", look);
    child.on("error", reject);
    child.on("close", () => {
      clearInterval(timer);
      const seconds = (performance.now() - started) / 1000;
      resolve({ output: Buffer.concat(chunks).toString(), seconds, peakMegabytes: peak / 1024 });
    });
    child.stdin.end(input);
  });
}

function peakOf(pid: number | undefined): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Number(/VmHWM:\s*(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    // The process has ended between two looks.
    return 0;
  }
}

/** A small generator with a seed, so that a run can be repeated exactly. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function sample(path: string, count: number): string[] {
  const source = openFileSource(path);
  const elf = readElf(source);
  const text = elf.ok ? findSection(elf.value, ".text") : undefined;
  source.close();
  if (!elf.ok || text === undefined) throw new Error(`${path}: no ELF file with .text`);
  const random = generator(20_000);
  return Array.from({ length: count }, () => {
    const at = text.address + Math.floor(random() * text.size);
    return `0x${toAddress(at, elf.value.highBase).toString(16)}`;
  });
}

/** Why an address is answered differently by us and by both others. */
function classify(ours: readonly Level[], eu: readonly Level[], llvm: readonly Level[]): string {
  const names = (levels: readonly Level[]): string => levels.map(([name]) => name).join("<");
  const places = (levels: readonly Level[]): string =>
    JSON.stringify(levels.map(([, ...rest]) => rest));
  if ([eu, llvm].some((levels) => places(levels) === places(ours))) return "names only";
  if ([eu, llvm].some((levels) => names(levels) === names(ours))) return "places only";
  const innermost = JSON.stringify(ours[0]);
  if ([eu, llvm].some((levels) => JSON.stringify(levels[0]) === innermost)) return "outer levels";
  return "other";
}

type Tool = readonly [name: string, command: string, args: readonly string[]];

function toolsFor(entry: string, path: string): Tool[] {
  return [
    ["ours", process.execPath, [entry, path]],
    ["llvm-symbolizer", "llvm-symbolizer", [`--obj=${path}`, "--output-style=JSON"]],
    ["eu-addr2line", "eu-addr2line", ["-a", "-f", "-i", "-e", path]],
    ["addr2line", "addr2line", ["-a", "-f", "-i", "-e", path]],
  ];
}

const REPEATS = 5;

/** One address, nothing in memory but the page cache: the best of a few runs, as others use the machine. */
async function measureCold(tools: readonly Tool[], address: string): Promise<void> {
  for (const [name, command, args] of tools) {
    let best: Run | undefined;
    for (let run = 0; run < REPEATS; run += 1) {
      const next = await measure(command, args, `${address}\n`);
      if (best === undefined || next.seconds < best.seconds) best = next;
    }
    print(`one address, best of ${REPEATS}: ${name}`, best);
  }
}

function print(what: string, run: Run | undefined): void {
  console.log(`${what}: ${run?.seconds.toFixed(2)} s, peak ${run?.peakMegabytes.toFixed(0)} MB`);
}

async function main(): Promise<void> {
  const [entry = "", path = "", countText = "20000"] = process.argv.slice(2);
  const addresses = sample(path, Number(countText));
  const tools = toolsFor(entry, path);
  const input = `${addresses.join("\n")}\n`;
  const outputs: string[] = [];
  // binutils needs a quarter of an hour for as many; it is measured with one address only.
  for (const [name, command, args] of tools.slice(0, 3)) {
    const run = await measure(command, args, input);
    outputs.push(run.output);
    print(`${addresses.length} addresses: ${name}`, run);
  }
  const [ours = "", llvm = "", eu = ""] = outputs;
  const mine = ours
    .trimEnd()
    .split("\n")
    .map((line): Level[] => JSON.parse(line));
  report(addresses, mine, parseAddr2line(eu), parseLlvm(llvm));
  const withLine = mine.findIndex((levels) => levels.some(([, file]) => file !== ""));
  await measureCold(tools, addresses[withLine] ?? "0x0");
}

function report(
  addresses: readonly string[],
  ours: readonly Level[][],
  eu: readonly Level[][],
  llvm: readonly Level[][],
): void {
  const counts = { both: 0, "eu only": 0, "llvm only": 0 };
  const rest = new Map<string, string[]>();
  let withLine = 0;
  for (const [at, address] of addresses.entries()) {
    const [mine = [], hers = [], his = []] = [ours[at], eu[at], llvm[at]];
    if (mine.some(([, file]) => file !== "")) withLine += 1;
    const [likeEu, likeLlvm] = [sameLevels(mine, hers), sameLevels(mine, his)];
    if (likeEu && likeLlvm) counts.both += 1;
    else if (likeEu) counts["eu only"] += 1;
    else if (likeLlvm) counts["llvm only"] += 1;
    else {
      const kind = classify(mine, hers, his);
      const example = [address, mine, hers, his].map((part) => JSON.stringify(part)).join("\n    ");
      rest.set(kind, [...(rest.get(kind) ?? []), example]);
    }
  }
  const agreed = counts.both + counts["eu only"] + counts["llvm only"];
  console.log(`${addresses.length} addresses, ${withLine} of them with a line`, counts);
  console.log(`agree with at least one: ${((100 * agreed) / addresses.length).toFixed(3)} %`);
  for (const [kind, examples] of rest) console.log(`${kind}: ${examples.length}\n  ${examples[0]}`);
  if (agreed / addresses.length < 0.999) process.exitCode = 1;
}

await main();
