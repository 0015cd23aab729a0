// The decoded instructions around RIP as lines of text, for a listing in any format.

import type { ReportEvent } from "#contract/report.ts";
import { cleanLine } from "./escape.ts";
import type { Telling } from "./telling.ts";

/** Columns of the instruction before a remark follows. */
const TEXT_COLUMNS = 30;

//   +0xe8  e8 b3 fa ff ff  call text_poke_bp_batch-0x460   ; boundary is a guess
// > +0xed  49 63 7d f6     movslq -0xa(%r13),%rdi          ; RIP: the next instruction to execute
export function instructionLines(t: Telling, event: ReportEvent): string[] {
  const { code, rip } = event;
  const all = code?.instructions ?? [];
  const bytes = all.map((one) => (one.bytes.match(/[0-9a-f]{2}/gi) ?? []).join(" "));
  const column = Math.max(0, ...bytes.map((shown) => shown.length));
  return all.map((one, index) => {
    const here = one.at === code?.trapIndex;
    const at = signedHex((rip?.offset ?? 0) + one.at - (code?.trapIndex ?? 0));
    const note = here ? t.m.phrase.trapped : one.certain ? "" : t.m.phrase.uncertain;
    const shown = `${here ? ">" : " "} ${at.padEnd(7)}${(bytes[index] ?? "").padEnd(column)}  ${cleanLine(one.text)}`;
    return note === "" ? shown : `${shown.padEnd(column + TEXT_COLUMNS + 11)} ; ${note}`;
  });
}

function signedHex(offset: number): string {
  return `${offset < 0 ? "-" : "+"}0x${Math.abs(offset).toString(16)}`;
}
