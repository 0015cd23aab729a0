// A small parser for tests only: pulls RIP, registers and Code: lines out of x86-64 logs, one report per
// Code: line. The product's log reader is another room; these tests must not depend on it.

import type { CodeInput } from "#isa/code-input.ts";

export interface CodeReport extends CodeInput {
  /** 1-based line of the Code: line. */
  readonly line: number;
}

const CODE = /\bCode: ((?:(?:<[0-9a-f]{2}>|[0-9a-f]{2})(?:\s+|$)){4,})/;
const RIP =
  /\bRIP: (?:e030|[0-9a-f]{4}):(?:\[<([0-9a-f]{16})>\]\s*)?(?:\[<[0-9a-f]+>\]\s*)?(?:(\S+?)\+0x([0-9a-f]+)\/0x([0-9a-f]+))?/;
const REGISTER =
  /\b(R[A-D]X|R[SD]I|RBP|RSP|R0[89]|R1[0-5]|EFLAGS|GS|CPU): (?:[0-9a-f]{4}:)?([0-9a-f]{8,16})\b/g;
const CPU = /\bCPU: (\d+) (?:UID: \d+ )?PID:/;

/** Reports of a log in order; a Code: line without RIP before it is still a window. */
export function readCodeReports(text: string): CodeReport[] {
  const reports: CodeReport[] = [];
  const lines = text.split(/\r?\n/);
  let rip: { symbol?: string; offset?: number; size?: number } = {};
  let cpu: number | undefined;
  for (const [i, line] of lines.entries()) {
    const cpuLine = CPU.exec(line);
    if (cpuLine?.[1] !== undefined) cpu = Number(cpuLine[1]);
    const ripLine = RIP.exec(line);
    if (ripLine !== null) rip = symbolOf(ripLine);
    const code = CODE.exec(line);
    if (code?.[1] === undefined) continue;
    const registers = registersAround(lines, i);
    reports.push({
      ...windowOf(code[1]),
      ...rip,
      registers,
      ...(cpu === undefined ? {} : { reportingCpu: cpu }),
      ...interruptsOf(registers),
      line: i + 1,
    });
    rip = {};
  }
  return reports;
}

function symbolOf(match: RegExpExecArray): { symbol?: string; offset?: number; size?: number } {
  const [, , symbol, offset, size] = match;
  if (symbol === undefined || offset === undefined || size === undefined) return {};
  return { symbol, offset: Number.parseInt(offset, 16), size: Number.parseInt(size, 16) };
}

/** `48 8b <0f> 0b`: bytes and the index of the marked one. */
export function windowOf(text: string): { bytes: Uint8Array; trapIndex: number } {
  const tokens = text.trim().split(/\s+/);
  const trapIndex = tokens.findIndex((token) => token.startsWith("<"));
  const bytes = Uint8Array.from(tokens, (token) => Number.parseInt(token.replace(/[<>]/g, ""), 16));
  return { bytes, trapIndex };
}

/** Old kernels print registers before the Code: line, newer ones after it. */
function registersAround(lines: readonly string[], code: number): Record<string, bigint> {
  const behind = registersIn(lines.slice(code + 1, code + 14));
  return "rax" in behind ? behind : registersIn(lines.slice(Math.max(0, code - 30), code));
}

function registersIn(lines: readonly string[]): Record<string, bigint> {
  const registers: Record<string, bigint> = {};
  for (const line of lines) {
    if (Object.keys(registers).length > 0 && /\bCode: |Call Trace/.test(line)) break;
    for (const match of line.matchAll(REGISTER)) {
      const [, name, value] = match;
      if (name !== undefined && value !== undefined)
        registers[name.toLowerCase()] ??= BigInt(`0x${value}`);
    }
  }
  return registers;
}

function interruptsOf(registers: Record<string, bigint>): { interrupts?: "on" | "off" } {
  const flags = registers.eflags;
  if (flags === undefined) return {};
  return { interrupts: (flags & 0x200n) !== 0n ? "on" : "off" };
}
