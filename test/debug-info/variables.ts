// Local variables as gdb computes them from the same registers, and how ours compare.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { LocalsReader } from "#evidence/symbols/locals.ts";

/** Value: the bits of a scalar; `0x…` where it lies in memory; `?` for a known structure. */
export type Variable = readonly [
  owner: string,
  name: string,
  type: string,
  state: string,
  value: string,
];

const NAMES = "rax rbx rcx rdx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ");

/** The registers scripts/compare/gdb-stub.py serves. */
export function stubRegisters(address: bigint): Record<string, bigint> {
  const registers: Record<string, bigint> = {};
  for (const [at, name] of NAMES.entries()) {
    registers[name] = 0x1111222233330000n + 0x0101010101010101n * BigInt(at + 1);
  }
  return { ...registers, rsp: 0xffffc90000123400n, rip: address };
}

export function askOurLocals(reader: LocalsReader, address: bigint): Variable[] {
  return reader.at(address, stubRegisters(address)).map((local): Variable => {
    const value = local.bits?.toString() ?? (local.state === "known" ? "?" : "");
    const place = local.address === undefined ? value : `0x${local.address.toString(16)}`;
    return [local.function, local.name, local.type, local.state, place];
  });
}

/** gdb's answers by address; `undefined` where gdb gives up. */
export function askGdb(
  file: string,
  addresses: readonly bigint[],
): ReadonlyMap<bigint, readonly Variable[] | undefined> {
  const directory = mkdtempSync(join(tmpdir(), "stallscope-gdb-"));
  try {
    const questions = join(directory, "addresses");
    const answers = join(directory, "answers");
    writeFileSync(questions, addresses.map((address) => `0x${address.toString(16)}\n`).join(""));
    execFileSync("gdb", ["-nx", "-batch", "-x", resolve("scripts/compare/gdb-locals.py"), file], {
      stdio: "ignore",
      env: {
        ...process.env,
        GDB_STUB: resolve("scripts/compare/gdb-stub.py"),
        ADDRESSES: questions,
        ANSWERS: answers,
      },
    });
    const lines = readFileSync(answers, "utf8").trimEnd().split("\n");
    return new Map(
      lines.map((line) => {
        const [address, variables]: [string, Variable[] | null] = JSON.parse(line);
        return [BigInt(address), variables ?? undefined];
      }),
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** What gdb counts and we do not: labels. */
export function isVariable([, , type]: Variable): boolean {
  return type !== "__CORE_ADDR";
}

/** What differs at one address, as sentences; empty when everything is equal. */
export function variableDifferences(
  theirs: readonly Variable[],
  ours: readonly Variable[],
): string[] {
  const [gdb, own] = [group(theirs.filter(isVariable)), group(ours)];
  const found: string[] = [];
  for (const key of new Set([...gdb.keys(), ...own.keys()])) {
    const mine = own.get(key) ?? [];
    const hers = withoutRepeats(gdb.get(key) ?? [], mine.length);
    // gdb gives no number for structures and no address for what lies behind a pointer.
    const hasValues = [...mine, ...hers].every(([, , , , value]) => value !== "" && value !== "?");
    const [a, b] = [sorted(hers, hasValues), sorted(mine, hasValues)];
    if (a !== b) found.push(`gdb ${a || "none"}, ours ${b || "none"}`);
  }
  return found;
}

function sorted(variables: readonly Variable[], withValue: boolean): string {
  return variables
    .map((variable) => JSON.stringify(withValue ? variable : variable.slice(0, 4)))
    .sort()
    .join(" ");
}

function group(variables: readonly Variable[]): Map<string, Variable[]> {
  const groups = new Map<string, Variable[]>();
  for (const variable of variables) {
    const key = `${variable[0]}: ${variable[1]}`;
    groups.set(key, [...(groups.get(key) ?? []), variable]);
  }
  return groups;
}

/** gdb lists a removed or static variable once more for every scope that inherits it. */
function withoutRepeats(theirs: readonly Variable[], count: number): Variable[] {
  const rest = [...theirs];
  while (rest.length > count) {
    const texts = rest.map((variable) => JSON.stringify(variable));
    const repeated = texts.findIndex((text, at) => texts.indexOf(text) !== at);
    const at =
      repeated >= 0 ? repeated : rest.findIndex(([, , , state]) => state === "optimised-out");
    if (at < 0) return rest;
    rest.splice(at, 1);
  }
  return rest;
}
