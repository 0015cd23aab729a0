// Lines that structure a report: the end mark, where another stack begins, which lock was taken where,
// and the lines of known reports that carry no field of the model.

import {
  type Draft,
  dropForeignDump,
  namesLocks,
  printsBacktrace,
  type ReportLine,
} from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";
import { parseSite } from "./site.ts";

export const END_MARK: RegExp = /^-{3,}\[ end (?:trace|Kernel panic)|^={10,}$/;
export const CUT_HERE: RegExp = /\[ cut here \]-{6}|^8<--- cut here ---/;

/** From here on frames belong to another stack than the one the report is about. */
const ASIDE =
  /^(?:Preemption disabled at:|Last Breaking-Event-Address:|(?:Allocated|Freed) by task|Last (?:potentially related work creation|call_rcu)|Second to last|Uninit was (?:created|stored)|Local variable|The buggy address|Memory state around|-> #\d+|the existing dependency chain|the dependencies between|the (?:first|second) lock|which lock already depends on|\{?[\w-]+\}? state was registered at:|to a \S+-irq-unsafe lock|Showing all locks held|INFO: (?:Allocated|Freed) in|(?:write|read)(?: \(marked\))? to 0x|object was freed by|freed by task|allocated by task)/;
/** From here on they belong to the report's own again. */
const MAIN = /^(?:stack backtrace:|Task dump for CPU|NMI backtrace for cpu)/;
/** powerpc marks exceptions inside a trace; system calls came from user mode. */
const INTERRUPTED = /^--- (?:interrupt|Exception): ([0-9a-f]+)/;
const SYSTEM_CALL = /^(?:c00|3000|c01)$/;
const LOCK_AT = /,? at:?(?: ([^\s].*))?$/s;
const MOST_LOCKS = 4;
const LOCK_LINE = /^(?:[({]|#\d+: |[0-9a-f]{8,16} \(|\S+ \()/;

export const readMarks: BodyReader = (line, draft) => {
  const text = line.text;
  if (END_MARK.test(text) && (draft.traceSeen || !text.startsWith("="))) {
    if (!text.startsWith("=") || draft.kind === "kasan" || draft.kind === "kcsan")
      draft.ended = true;
    return true;
  }
  if (/^=+$|^-+$/.test(text)) return true;
  if (text.startsWith("stack backtrace:")) openBacktrace(draft, line);
  if (MAIN.test(text)) {
    if (draft.frames.length === 0) draft.section = "main";
    return true;
  }
  if (ASIDE.test(text)) {
    // KCSAN's first access is what the report is about, the second one stands aside.
    if (draft.kind !== "kcsan" || draft.traceSeen) draft.section = "aside";
    return true;
  }
  const interrupted = INTERRUPTED.exec(text);
  if (interrupted === null) return readLock(text, draft);
  if (SYSTEM_CALL.test(interrupted[1] ?? "")) draft.userMode = true;
  return true;
};

/** What lockdep or RCU read as a trace before this line was another task's. */
function openBacktrace(draft: Draft, line: ReportLine): void {
  if (draft.frames.length > 0 && !draft.backtraceSeen && printsBacktrace(draft))
    dropForeignDump(draft, line);
  draft.backtraceSeen = true;
}

/** `(&foo){+.+.}, at: func+0x1/0x2`: the lock being taken, then those already held. */
function readLock(text: string, draft: Draft): boolean {
  if (!namesLocks(draft) || draft.section === "aside") return false;
  if (draft.traceSeen && (draft.backtraceSeen || !printsBacktrace(draft))) return false;
  const match = LOCK_AT.exec(text);
  if (match === null || !LOCK_LINE.test(text)) return false;
  const site = parseSite((match[1] ?? "").replace(/^\[<[0-9a-f]+>\] /, ""));
  if (match[1] === undefined) draft.lockNext = true;
  if (site !== undefined && draft.locksAt.length < MOST_LOCKS) draft.locksAt.push(site.symbol);
  return true;
}

const KNOWN =
  /^(?:Sending NMI from|Register \S+ information:|[0-9a-f]{4}: |(?:[0-9a-f]{8,128}(?: |$)){1,8}$|---\[ end|irq event stamp|hardirqs last|softirqs last|#PF: |PGD |IP: |BAD|Stack:|Kernel Offset|note: |task: ffff|Oops|Modules|SMP |Preemption disabled|in_atomic\(\)|preempt_count|RCU nest|INFO: lockdep is turned off|(?:no|\d+) locks? held by|last sysfs file|s?r\d\d-\d\d |IASQ: |IIR: |ORIG_R28: |YZrvWEST|RP\(r2\): |RPC: <|I7: <|Fixing recursive|Kernel stack|Internal|Mem abort info|ESR = |EC = |SET = |EA = |FSC = |Data abort info|ISV = |CM = |swapper pgtable|user pgtable|pgd = |\[[0-9a-f]{8,16}\] \*?pgd=|Process |LE PAGE_SIZE|BE PAGE_SIZE|Faulting instruction|Exception stack|ftrace |page:|flags: |raw: |Read of size|Write of size|Dumping ftrace|Fault |Bad |Exception |kthread |Thread overran|WARNING: stack|code: |LR \[|LR is at|lr : |ra : |traps: |Hardware )/;
export const readKnown: BodyReader = (line) => KNOWN.test(line.text);
