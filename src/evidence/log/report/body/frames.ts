// Call traces in all their styles, and the marks between stacks.

import type { Frame, StackContext } from "#model/frame.ts";
import { ownText } from "../../own-text.ts";
import {
  addTo,
  type Draft,
  dropForeignDump,
  dropForeignFrames,
  namesLocks,
  type ReportLine,
} from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";
import { parseSite, type Site } from "./site.ts";

const MOST_FRAMES = 256;

/** `<IRQ>` opens a stack, `</IRQ>` and `<EOI>` (up to 4.8) return to the one below it. */
const MARK = /^<(\/?)(<?)(#?[A-Z_]+[0-9]?)(>?)>\s*/;
const CONTEXT_OF: Readonly<Record<string, StackContext>> = {
  IRQ: "irq",
  SOFTIRQ: "softirq",
  NMI: "nmi",
  TASK: "task",
  EOI: "task",
  EOE: "task",
  ENTRY_TRAMPOLINE: "entry",
  ENTRY: "entry",
};
const HEADER =
  /^(?:Call [Tt]race|Call Backtrace|Backtrace|backtrace|Trace|Stack trace|stack backtrace|Call Trace\(backtrace\))(?: \(crc [0-9a-f]+\))?:\s*/;

//                 [c000001c03b8b370] [c00000000032d168] irq_to_desc+0x28/0x40 (unreliable)
const POWERPC = /^\[[0-9a-f]{8,16}\] ?\[([0-9a-f]{8,16})\] /;
//                 [<ffffffff813ebb96>] ? foo+0x1/0x2     ([<0000000134f026d0>] mutex_lock+0x10/0x28)
const BRACKETED = /^\(?\[<([0-9a-f]{8,16})>\]\s*/;
//                 [0000000000456789] func+0x1/0x2   Caller[0000000000456789]: func+0x1/0x2   [f0012345 : func+0x1/0x2 ]
const SPARC = /^(?:Caller)?\[([0-9a-f]{8,16})(?:\]:? | : )(?=[A-Za-z_])/;
//                 [<c010f9c0>] (unwind_backtrace) from [<c010bb04>] (show_stack+0x10/0x14)
const ARM_FROM = /^\(([^\s()]+)\) from (?:\[<([0-9a-f]{8})>\] )?\(?([^\s()]+)\)?/;
//                  unwind_backtrace from show_stack+0x28/0x2c
const ARM_NEW = /^([A-Za-z_][\w.$]*) from ([A-Za-z_][\w.$]*\+0x[0-9a-f]+\/0x[0-9a-f]+|0x[0-9a-f]+)/;

export const readFrame: BodyReader = (line, draft) => {
  let text = line.text;
  const header = HEADER.exec(text);
  if (header !== null) {
    openTrace(draft, line);
    text = text.slice(header[0].length);
    if (text === "") return true;
  }
  const marked = takeMarks(text, draft);
  if (marked === "") return text !== "";
  return readSiteLine(marked, line, draft) || marked !== text || header !== null;
};

function openTrace(draft: Draft, line: ReportLine): void {
  // Frames that came without a header, where this report prints one, are another task's.
  if (draft.section === "main" && draft.frames.length > 0 && !draft.headerSeen)
    dropForeignFrames(draft, line);
  // A second trace in the same section is another stack: sysrq dumps, the repetition after an end mark.
  if (draft.traceSeen && draft.frames.length > 0) draft.section = "aside";
  if (draft.section === "main") {
    draft.traceSeen = true;
    draft.headerSeen = true;
  }
  draft.context = "task";
}

/** Reads leading context marks and returns what is left of the line. */
function takeMarks(text: string, draft: Draft): string {
  let rest = text;
  for (let mark = MARK.exec(rest); mark !== null; mark = MARK.exec(rest)) {
    const [whole, closes, , name = ""] = mark;
    draft.context = closes === "/" ? "task" : (CONTEXT_OF[name] ?? "exception");
    if (draft.section === "main") draft.traceSeen = true;
    rest = rest.slice(whole.length);
  }
  return rest;
}

function readSiteLine(text: string, line: ReportLine, draft: Draft): boolean {
  let rest = text;
  let address: string | undefined;
  const head = POWERPC.exec(rest) ?? BRACKETED.exec(rest) ?? SPARC.exec(rest);
  if (head !== null) {
    address = head[1];
    rest = rest.slice(head[0].length);
  }
  const from = ARM_FROM.exec(rest) ?? ARM_NEW.exec(rest);
  if (from !== null) return readArm(from, address, line, draft);
  const doubtful = rest.startsWith("?");
  if (doubtful) rest = rest.slice(1).trimStart();
  const site = parseSite(rest.startsWith("(") && address !== undefined ? rest.slice(1) : rest);
  if (site === undefined) return (doubtful && noteTorn(rest, line, draft)) || address !== undefined;
  if (!isFrame(site, address, doubtful)) return false;
  push(draft, line, site, address, !doubtful && !/unreliable/.test(site.rest ?? ""));
  return true;
}

/** `? save_packet_write_wait: Connection …`: another program's words tore the frame from its offset. */
function noteTorn(text: string, line: ReportLine, draft: Draft): boolean {
  const torn = draft.headerSeen && draft.section === "main" && !draft.ended && !draft.userMode;
  if (!torn || !/^[a-z_]\w*(?![\w(]| \()/i.test(text)) return false;
  addTo(draft.gaps, { reason: "a frame of the call trace is torn", from: line.range });
  return true;
}

/** A sentence may end in `sym+0x1/0x2` too; a frame has nothing but flags behind its symbol. */
function isFrame(site: Site, address: string | undefined, doubtful: boolean): boolean {
  if (address !== undefined || doubtful) return true;
  const rest = site.rest;
  if (rest === undefined) {
    if (site.offset !== undefined || site.file !== undefined || site.unplaced) return true;
    return site.symbol.startsWith("0x");
  }
  return /^(?:\([A-Za-z]+\)|\([^)]*\)|\[[^\]]*\]?|[\w-]{1,40}|#\d+|\d+)$/.test(rest);
}

/** `A from B+0x1/0x2`: B is the return address's function; A, the innermost, is named once. */
function readArm(
  match: RegExpExecArray,
  address: string | undefined,
  line: ReportLine,
  draft: Draft,
): true {
  const callee = parseSite(match[1] ?? "") ?? { symbol: match[1] ?? "" };
  const caller = parseSite(match[3] ?? match[2] ?? "");
  if (draft.frames.at(-1)?.symbol !== callee.symbol) push(draft, line, callee, address, true);
  if (caller !== undefined)
    push(draft, line, caller, match[3] === undefined ? undefined : match[2], true);
  return true;
}

/** lib/fault-inject.c: fail_dump() prints a trace of its own, often between the lines of a report. */
function isFaultInjection(site: Site, draft: Draft): boolean {
  if (!/^should_fail(?:_ex)?(?:\.|$)/.test(site.symbol)) return false;
  const above = draft.frames.findLast((frame) => frame.reliable);
  return above !== undefined && /^dump_stack/.test(above.symbol);
}

const LONG_LINE = 512;

function push(
  draft: Draft,
  line: ReportLine,
  site: Site,
  address: string | undefined,
  reliable: boolean,
): void {
  if (draft.section !== "main" || draft.userMode || draft.ended) return;
  if (draft.kind === "rcu-usage" && !draft.headerSeen && !draft.backtraceSeen) return;
  if (draft.lockNext === true) {
    delete draft.lockNext;
    addTo(draft.locksAt, site.symbol);
    return;
  }
  if (isFaultInjection(site, draft)) {
    dropForeignDump(draft, line);
    draft.section = "foreign";
    return;
  }
  if (!draft.traceSeen && namesLocks(draft)) {
    // `… is trying to release lock (x) at:` puts the place on a line of its own.
    // In a report of lock order, what stands here is the stack on which the lock became interrupt-safe.
    addTo(draft.titledBy.naming === "holder" ? draft.safeAt : draft.locksAt, site.symbol);
    return;
  }
  draft.traceSeen = true;
  if (draft.frames.length >= MOST_FRAMES) return;
  // A slice would keep a long line alive that the report itself does not keep.
  const own = line.text.length > LONG_LINE ? ownText : (text: string): string => text;
  const { symbol, offset, size, module, file, line: fileLine, inlined } = site;
  const frame: Frame = {
    symbol: own(symbol),
    reliable,
    context: draft.context,
    range: line.range,
    ...(offset === undefined ? {} : { offset }),
    ...(size === undefined ? {} : { size }),
    ...(module === undefined ? {} : { module: own(module) }),
    ...(file === undefined ? {} : { file }),
    ...(fileLine === undefined ? {} : { line: fileLine }),
    ...(inlined === undefined ? {} : { inlined }),
    ...(address === undefined ? {} : { address: BigInt(`0x${address}`) }),
  };
  draft.frames.push(frame);
}
