// Where the interrupted code was: RIP, EIP, pc, PC is at, NIP, epc, ERA, Krnl PSW.

import { isDetector } from "../detector-frames.ts";
import { addTo, type Draft, dropForeignFrames, quoteOf, type ReportLine } from "../draft.ts";
import { isRole, plainName } from "../function-role.ts";
import type { BodyReader } from "./body-reader.ts";
import { readRegisters } from "./registers.ts";
import { parseSite, type Site } from "./site.ts";

//              RIP: 0010:text_poke_bp_batch+0xed/0x290     RIP: 0010:[<ffff…>]  [<ffff…>] foo+0x1/0x2
const X86 = /^(?:R?IP|EIP)(?::| {1,2}\[|:? is at)/;
const X86_SELECTOR = /^(?:RIP|EIP): ([0-9a-f]{4}):/;
const BRACKET = /\[<([0-9a-f]{8,16})>\]/;
const ARM_AT = /^(?:PC is at|pc is at) (.*)/;
const ARM64_PC = /^pc ?: ([^[\s]{1,200}\+0x.*)/;
const PPC_NIP = /^NIP \[([0-9a-f]{8,16})\] (.*)/;
const RISCV_EPC = /^epc ?: ([^\s:]{1,200}\+0x.*)/;
/** `era` in LoongArch up to 6.1. */
const MIPS_EPC = /^(?:epc|era) {3}: ([0-9a-f]{8,16}) (.*)/;
const M68K_PC = /^PC: \[<([0-9a-f]{8})>\] (.*)/;
//                 TPC: <func+0x1/0x2>    PC: <func+0x1/0x2>    IAOQ[0]: func+0x1/0x2   (sparc64, sparc32, parisc)
const NAMED_PC = /^(?:T?PC: <|IAOQ\[0\]: )([^\s<>]{1,200}\+0x[^>]*)/;
const LOONG_ERA = /^ *ERA: ([0-9a-f]{16}) (.*)/;
const S390_PSW = /^Krnl PSW : [0-9a-f]{16} ([0-9a-f]{16}) \(([^)]*)\)/;

/** show_regs() prints no stack below it. */
const USER_PSW = /^User PSW : [0-9a-f]{8,16} /;

export const readRip: BodyReader = (line, draft) => {
  const { text } = line;
  if (X86.test(text)) return readX86(line, draft);
  const at =
    ARM_AT.exec(text) ?? ARM64_PC.exec(text) ?? RISCV_EPC.exec(text) ?? NAMED_PC.exec(text);
  if (at?.[1] !== undefined) return setRip(draft, line, at[1]);
  if (USER_PSW.test(text)) {
    draft.userMode = true;
    return true;
  }
  // The first word is the mask: whose registers these are, and what they say of interrupts.
  if (S390_PSW.test(text)) readRegisters(line, draft);
  const withAddress =
    PPC_NIP.exec(text) ??
    MIPS_EPC.exec(text) ??
    LOONG_ERA.exec(text) ??
    S390_PSW.exec(text) ??
    M68K_PC.exec(text);
  if (withAddress?.[2] === undefined) return false;
  return setRip(draft, line, withAddress[2], withAddress[1]);
};

function readX86(line: ReportLine, draft: Draft): boolean {
  const selector = X86_SELECTOR.exec(line.text)?.[1];
  // The two low bits of the selector are the privilege level the code ran at.
  if (selector !== undefined && (Number.parseInt(selector, 16) & 3) === 3) {
    draft.userMode = true;
    return true;
  }
  if (selector !== undefined) draft.userMode = false;
  const bracket = BRACKET.exec(line.text);
  const rest = line.text
    .replace(/^(?:R?IP|EIP)(?:: [0-9a-f]{4}:| is at|:)?/, "")
    .replaceAll(/\[<[0-9a-f]{8,16}>\]/g, "")
    .trim();
  readRegisters({ ...line, text: rest.replace(/^.*?(?=(?:EFLAGS|RSP): )/, "") }, draft);
  return setRip(draft, line, rest, bracket?.[1]);
}

function isPreemption(symbol: string): boolean {
  const name = plainName(symbol);
  return isRole(name, "entry") || isRole(name, "sleeping");
}

/** RIP inside a trace is the report's own where the frames above it are the detector's or a trap's. */
function isInterruptedBelow(draft: Draft): boolean {
  if (draft.kind === "panic") return true;
  if (draft.frames.some((frame) => isDetector(frame.symbol))) return true;
  // A task preempted by an interrupt: only the scheduler and the entry code stand above RIP.
  return draft.frames.every((frame) => !frame.reliable || isPreemption(frame.symbol));
}

/** The line says where the code was; an offset that was damaged on the way does not take the name away. */
function siteOfDamaged(text: string): Site | undefined {
  const symbol = /^([A-Za-z_.][\w.]*)\+/.exec(text)?.[1];
  return symbol === undefined ? undefined : { symbol };
}

function setRip(draft: Draft, line: ReportLine, text: string, address?: string): true {
  if (draft.ended || draft.userMode || draft.section !== "main") return true;
  const site = parseSite(text) ?? siteOfDamaged(text);
  if (site === undefined) return true;
  if (site.inlined === true) {
    // A symbolised log names the functions inlined at RIP first; the symbol with the offset follows.
    if (draft.rip === undefined) addTo(draft.ripInlined, site.symbol);
    return true;
  }
  if (draft.rip !== undefined) return true;
  // Registers come before the `Call Trace:` of a report: frames read before them are another task's.
  if (draft.frames.length > 0 && !draft.headerSeen) dropForeignFrames(draft, line);
  if (draft.frames.length > 0 && !isInterruptedBelow(draft)) {
    // The context an interrupt came in: not what a report made in the interrupt is about.
    draft.userMode = true;
    return true;
  }
  draft.rip = {
    symbol: site.symbol,
    ...(site.offset === undefined ? {} : { offset: site.offset }),
    ...(site.size === undefined ? {} : { size: site.size }),
    ...(site.module === undefined ? {} : { module: site.module }),
    ...(site.buildId === undefined ? {} : { buildId: site.buildId }),
    ...(address === undefined ? {} : { address: BigInt(`0x${address}`) }),
    at: quoteOf(line),
  };
  draft.ripAfterFrames = draft.frames.length;
  return true;
}
