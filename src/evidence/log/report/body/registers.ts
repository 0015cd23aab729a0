// Register dumps of every architecture, told apart by the names they print. Values are kept as printed;
// the first dump of a report is the interrupted kernel context, later ones (user mode, the repetition
// after the end mark) are recognised and left alone.

import { type Draft, quoteOf, type ReportLine } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";
import { noteInterrupts } from "./interrupt-state.ts";

// `RAX: ffffffffa18c388e RBX: …`, `x29: ffff… x28: …`, `GPR00: v v v v`, `r10: 0000 r9 : 0000`
const PAIR =
  /([A-Za-z][A-Za-z0-9_]{0,9}) {0,3}: {0,4}(?:[0-9a-f]{4}:)?([0-9a-fA-F]{4,16})(?![0-9a-zA-Z:])/g;
/** More than any architecture prints in one report. */
const MOST_REGISTERS = 128;
const PPC_ROW = /^GPR(\d\d): ((?:[0-9a-f]{8,16} ?)+)/;
const S390_ROW = /^(?:Krnl GPRS:|User GPRS:|Krnl ACRS:) ((?:[0-9a-f]{16} ?)+)/;
const MIPS_ROW = /^\$ ?(\d+) {1,3}:((?: [0-9a-f]{8,16})+)/;
const LOONG_ROW = /^([a-z][a-z0-9]) [0-9a-f]{16} (?:[a-z][a-z0-9] [0-9a-f]{16} ?)+/;

const X86_START =
  /^(?:RSP|RAX|RDX|RBP|R10|R13|FS|CS|CR2|DR[0-7]|PKRU|EAX|ESI|DS|EFLAGS|EIP): |^R[AB]X: /;
const ARM_START =
  /^(?:x\d{1,2} ?: |sp ?: |pmr_save: |r\d{1,2} ?: |pstate: |psr ?: |Flags: |Control: |lr ?: |pc ?: )/;
const PPC_START = /^(?:GPR\d\d: |NIP: |REGS: |MSR: |CFAR: |DAR: |LR: |CTR: |DEAR: |SOFTE: )/;
const RISCV_START =
  /^ ?(?:gp|ra|t0|t2|s1|a1|a4|a7|s2|s4|s5|s7|s8|s10|s11|t3|t5|ssp|status|epc|sp) ?: [0-9a-f]{8,16}/;
const OTHER_START =
  /^(?:TSTATE: |[goli][04]: [0-9a-f]{16}|R:[01] T:|Krnl (?:PSW|GPRS|ACRS)|User (?:PSW|GPRS)|Hi {4}:|Lo {4}:|Status:|Cause :|BadVA :|PrId|epc {3}:|ra {4}:|CSR [a-z]{4,5}:|CRMD:|PRMD:|EUEN:|ECFG:|ESTAT:|BADV:|PRID:)/;

export const readRegisters: BodyReader = (line, draft) => {
  const text = line.text;
  if (PPC_ROW.test(text)) return take(draft, line, ppcRow(text));
  if (S390_ROW.test(text)) return take(draft, line, s390Row(text));
  if (MIPS_ROW.test(text)) return take(draft, line, []);
  if (LOONG_ROW.test(text)) return take(draft, line, loongRow(text));
  const known =
    X86_START.test(text) ||
    ARM_START.test(text) ||
    PPC_START.test(text) ||
    RISCV_START.test(text) ||
    OTHER_START.test(text);
  if (!known) return false;
  return take(draft, line, pairs(text));
};

function take(draft: Draft, line: ReportLine, values: Iterable<readonly [string, bigint]>): true {
  if (draft.userMode || draft.ended || draft.section !== "main") return true;
  const at = quoteOf(line);
  for (const [name, value] of values) {
    if (draft.registers.has(name) || draft.registers.size >= MOST_REGISTERS) continue;
    draft.registers.set(name, value);
    draft.registersAt.set(name, at);
  }
  noteInterrupts(draft, line.text, at);
  return true;
}

function* pairs(text: string): Iterable<readonly [string, bigint]> {
  for (const match of text.matchAll(PAIR)) {
    if (match[1] !== undefined && match[2] !== undefined) {
      yield [match[1].toLowerCase(), BigInt(`0x${match[2]}`)];
    }
  }
}

function ppcRow(text: string): (readonly [string, bigint])[] {
  const match = PPC_ROW.exec(text);
  const first = Number(match?.[1] ?? 0);
  return words(match?.[2]).map((value, index) => [`gpr${first + index}`, value]);
}

function s390Row(text: string): (readonly [string, bigint])[] {
  return words(S390_ROW.exec(text)?.[1]).map((value, index) => [`r${index}`, value]);
}

function loongRow(text: string): (readonly [string, bigint])[] {
  const parts = text.trim().split(" ");
  const out: (readonly [string, bigint])[] = [];
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const value = parts[at + 1] ?? "";
    if (/^[0-9a-f]{16}$/.test(value)) out.push([parts[at] ?? "", BigInt(`0x${value}`)]);
  }
  return out;
}

function words(text: string | undefined): bigint[] {
  return (text ?? "")
    .split(" ")
    .filter((word) => /^[0-9a-f]{8,16}$/.test(word))
    .map((word) => BigInt(`0x${word}`));
}
