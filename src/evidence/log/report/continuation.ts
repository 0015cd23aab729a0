// Which open report a headline goes on with instead of opening its own: die() prints a line below the cause
// (`Oops: 0002 [#1]`), WARN_ON() one below its text.

import { toCpu } from "./count.ts";
import type { Draft, ReportLine } from "./draft.ts";
import { isHeadless } from "./headless.ts";
import { FAULTS, type HeadlineMatch } from "./headline/headline.ts";
import { hasCpuLine } from "./line-fit.ts";
import { asks } from "./links.ts";
import { doubtAll, inReach, type OpenReports } from "./owner.ts";

/** The report that `match` continues; where several could be meant, all of them are in doubt from here on. */
export function continuedBy(
  open: OpenReports,
  match: HeadlineMatch,
  line: ReportLine,
): Draft | undefined {
  const all = [open.current, ...open.waiting.toReversed()].filter((draft) => draft !== undefined);
  const able = inReach(
    open,
    all.filter((draft) => continues(match, draft)),
    line,
  );
  const expecting = able.filter((draft) => expects(draft, match, line));
  const [owner, ...others] = expecting.length === 0 ? able : expecting;
  if (owner !== undefined && others.length > 0) doubtAll([owner, ...others], line);
  return owner;
}

function continues(match: HeadlineMatch, open: Draft): boolean {
  const { headline, fields } = match;
  if (headline.kind === "nmi-backtrace") {
    // RCU and the watchdog print the stalled CPU's own stack as an NMI backtrace.
    const own = fields.cpu !== undefined && toCpu(fields.cpu) === ownCpu(open);
    return own && asks(open) && open.frames.length === 0;
  }
  if (open.ended || open.traceSeen || isHeadless(open) || isAnothers(match, open)) return false;
  // One report dies once: a second die line is another CPU's.
  if (open.dies === true && headline.continues === FAULTS) return false;
  if (headline.follows?.includes(open.headline.id)) return true;
  return headline.continues?.includes(open.kind) ?? false;
}

/** Another CPU's or task's: by its number, or because the open report is past the place of such a line. */
function isAnothers({ headline, fields }: HeadlineMatch, open: Draft): boolean {
  const { cpu, pid } = open.fields;
  const differs = (own?: string, other?: string): boolean =>
    own !== undefined && other !== undefined && own !== other;
  if (differs(cpu, fields.cpu) || differs(pid, fields.pid)) return true;
  // Modules and CPU line stand below everything that die() and __warn() say.
  if (open.modules !== undefined || hasCpuLine(open)) return true;
  if (pid !== undefined && pid === fields.pid) return false;
  const places = headline.kind === "warning" && open.kind === "warning";
  return headline.id === open.headline.id || (places && differs(open.fields.what, fields.what));
}

function ownCpu(draft: Draft): number | undefined {
  if (draft.kind !== "rcu-stall") return draft.cpu;
  return draft.rcu?.selfDetected ? (draft.cpu ?? draft.rcu.stalled[0]?.cpu) : undefined;
}

/**
 * What die() is called with tells a BUG from a bad access: arch/x86/kernel/traps.c `invalid opcode`, arch/arm64 and
 * arm `Oops - BUG`, arch/powerpc/kernel/traps.c `Exception in kernel mode, sig: 5`, arch/riscv `Kernel BUG`.
 */
const DIES_OF_BUG = /^invalid opcode: |\bBUG\b|, sig: 5 /i;

function expects(draft: Draft, { headline }: HeadlineMatch, { text }: ReportLine): boolean {
  if (headline.continues !== FAULTS) return true;
  const isBug = draft.headline.id === "kernel-bug-at";
  return isBug === DIES_OF_BUG.test(text);
}
