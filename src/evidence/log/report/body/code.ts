// `Code:` (x86 bytes, arm64/ppc words), `Instruction dump:` and s390's `Krnl Code:`.

import { type Draft, quoteOf, type ReportLine } from "../draft.ts";
import type { BodyReader } from "./body-reader.ts";

const CODE = /^(?:Code|Instruction dump): ?(.*)/;
/** Continuation rows of ppc's instruction dump and of wrapped x86 dumps: words and nothing else. */
const ROW = /^(?:[0-9a-f]{8} ?|<[0-9a-f]{8}> ?|XXXXXXXX ?){2,8}$/;
const KRNL_CODE = /^(?:Krnl Code:|[>#* ]*[0-9a-f]{16}: [0-9a-f]{4,12} )/;

export const readCode: BodyReader = (line, draft) => {
  const text = line.text;
  const match = CODE.exec(text);
  if (match === null) return ROW.test(text) || KRNL_CODE.test(text);
  if (draft.code === undefined && draft.section === "main" && !draft.userMode && !draft.ended) {
    setCode(draft, line, match[1] ?? "");
  }
  return true;
};

function setCode(draft: Draft, line: ReportLine, dump: string): void {
  const bytes: number[] = [];
  let trapIndex = -1;
  for (const word of dump.split(" ")) {
    const marked = word.startsWith("<") || word.startsWith("(");
    const digits = word.replaceAll(/[<>()]/g, "");
    if (!/^(?:[0-9a-f]{2}){1,4}$/.test(digits)) continue;
    if (marked) trapIndex = bytes.length;
    for (let at = 0; at < digits.length; at += 2) {
      bytes.push(Number.parseInt(digits.slice(at, at + 2), 16));
    }
  }
  if (bytes.length === 0) return;
  draft.code = { bytes: Uint8Array.from(bytes), trapIndex, at: quoteOf(line) };
}
