// Heads and lines to records. Invariant: exactly one record is held back, so that a line that continues
// the one before can be put to it; everything else passes straight through.

import type { LogRecord } from "../record.ts";
import type { ReadHead } from "./head-reader.ts";
import { continuedList, mendList } from "./mend.ts";
import { toParts } from "./run-together.ts";
import type { LogicalLine } from "./unwrap.ts";

export interface Assembler {
  /** @param head undefined for a line that no framing knows */
  take(line: LogicalLine, head: ReadHead | undefined): void;
  flush(): void;
}

/** A list that grows longer than this by joining is not one list. */
const MAX_JOINED = 1 << 16;

export function openAssembler(emit: (record: LogRecord) => void): Assembler {
  let held: LogRecord | undefined;

  function add(record: LogRecord, continues: boolean): void {
    if (held !== undefined) {
      const longer = continues ? held.text + record.text : continued(held, record);
      if (longer !== undefined && longer.length <= MAX_JOINED) {
        held = joinedRecord(held, record, longer, continues);
        return;
      }
      emit(held);
    }
    held = record;
  }

  return {
    take(line, head) {
      if (head !== undefined && !head.kernel && head.program !== undefined) {
        // The many lines of other programs: nothing to mend, nothing to hold.
        if (held !== undefined) emit(held);
        held = undefined;
        emit(foreignRecord(line, head));
        return;
      }
      for (const record of toRecords(line, head)) add(record, head?.continues === true);
    },
    flush() {
      if (held !== undefined) emit(held);
      held = undefined;
    },
  };
}

/** The list of `held` with the next line's items, if the two are one message. */
function continued(held: LogRecord, next: LogRecord): string | undefined {
  if (held.caller !== next.caller && next.framing !== "bare") return undefined;
  if (held.host !== next.host && next.framing !== "bare") return undefined;
  return continuedList(held.text, next.text, next.framing !== "bare");
}

function joinedRecord(
  held: LogRecord,
  next: LogRecord,
  text: string,
  isFragment: boolean,
): LogRecord {
  const lastLine = Math.max(held.lastLine, next.lastLine);
  if (isFragment) return { ...held, text, lastLine };
  return { ...held, text, lastLine, damage: addDamage(held.damage, "joined-lines") };
}

function addDamage(damage: readonly string[] | undefined, word: string): readonly string[] {
  return damage?.includes(word) ? damage : [...(damage ?? []), word];
}

function foreignRecord(line: LogicalLine, head: ReadHead): LogRecord {
  return withHead(
    { text: head.text, ...linesOf(line, head), framing: head.framing, kernel: false },
    line,
    head,
  );
}

function linesOf(line: LogicalLine, head: ReadHead): { firstLine: number; lastLine: number } {
  return head.lines === undefined
    ? { firstLine: line.firstLine, lastLine: line.lastLine }
    : { firstLine: head.lines.first, lastLine: head.lines.last };
}

/** One record, or one for each message that stands in the line. */
function toRecords(line: LogicalLine, head: ReadHead | undefined): LogRecord[] {
  if (head === undefined) return bareRecords(line);
  const base = withHead(
    { text: "", ...linesOf(line, head), framing: head.framing, kernel: head.kernel },
    line,
    head,
  );
  return head.text.split("\n").flatMap((text) => partsOf(text, base));
}

function bareRecords(line: LogicalLine): LogRecord[] {
  const at = { firstLine: line.firstLine, lastLine: line.lastLine };
  const damage = line.damage === undefined ? {} : { damage: line.damage };
  return partsOf(line.text, { text: "", ...at, framing: "bare", kernel: false, ...damage });
}

function partsOf(text: string, base: LogRecord): LogRecord[] {
  const parts = toParts(text);
  if (parts.length === 1 && parts[0]?.stamp === undefined) return [{ ...base, text: mended(text) }];
  const damage = addDamage(base.damage, "run-together");
  return parts.map((part) => {
    const record = { ...base, damage, text: mended(part.text) };
    if (part.stamp === undefined) return record;
    return {
      ...record,
      kernel: true,
      framing: base.framing === "bare" ? "dmesg" : base.framing,
      time: { ...base.time, ...part.stamp.time },
      ...(part.stamp.caller === undefined
        ? {}
        : { caller: part.stamp.caller, stream: part.stamp.caller }),
      ...(part.stamp.level === undefined ? {} : { level: part.stamp.level }),
    };
  });
}

/** A slice keeps its whole chunk alive; what an event may keep for good gets memory of its own. */
function mended(text: string): string {
  const whole = mendList(text);
  return whole.length < 13 ? whole : ` ${whole}`.slice(1);
}

/** The head's fields, without keys for what it does not have. */
function withHead(record: LogRecord, line: LogicalLine, head: ReadHead): LogRecord {
  const full: { -readonly [K in keyof LogRecord]: LogRecord[K] } = record;
  if (head.time !== undefined) full.time = head.time;
  if (head.host !== undefined) full.host = head.host;
  if (head.caller !== undefined) full.caller = head.caller;
  if (head.level !== undefined) full.level = head.level;
  if (head.program !== undefined) full.program = head.program;
  if (head.originalLine !== undefined) full.originalLine = head.originalLine;
  if (head.originalFile !== undefined) full.originalFile = head.originalFile;
  if (line.damage !== undefined) full.damage = line.damage;
  const stream = streamOf(head);
  if (stream !== undefined) full.stream = stream;
  return full;
}

/** Host and caller: what is left of two parties that wrote into one log. */
function streamOf(head: ReadHead): string | undefined {
  if (head.caller === undefined) return head.host;
  return head.host === undefined ? head.caller : `${head.host} ${head.caller}`;
}
