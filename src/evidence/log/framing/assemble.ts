// Heads and lines to records. Invariant: exactly one record is held back, so that a line that continues
// the one before can be put to it; everything else passes straight through.

import { ownText } from "../own-text.ts";
import type { LogRecord } from "../record.ts";
import type { Framed } from "./framing.ts";
import type { HeadOrigin } from "./head-reader.ts";
import { continuedList, mendList } from "./mend.ts";
import { type Part, toParts } from "./run-together.ts";
import { USERSPACE } from "./stamp.ts";
import { withMonotonic } from "./syslog-line.ts";
import type { LogicalLine } from "./unwrap.ts";

export interface Assembler {
  take(line: LogicalLine, head: Framed, origin: HeadOrigin): void;
  flush(): void;
}

/** journalctl --no-full puts it for the middle of a line wider than the terminal; printk has no such character. */
const ELLIPSIS = "\u2026";

/** A list that grows longer than this by joining is not one list. */
const MAX_JOINED = 1 << 16;

export function openAssembler(emit: (record: LogRecord) => void): Assembler {
  let held: LogRecord | undefined;

  function flush(): void {
    if (held !== undefined) emit(held);
    held = undefined;
  }

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
    take(line, head, origin) {
      if (!head.kernel && head.program !== undefined) {
        // The many lines of other programs: nothing to mend, nothing to hold. Nobody keeps them, so they
        // may go on sharing the chunk's memory.
        flush();
        emit(toRecord(head.text, line, head, origin));
        return;
      }
      if (!head.text.includes("\n")) {
        addParts(head.text, line, head, origin);
        return;
      }
      for (const text of head.text.split("\n")) addParts(text, line, head, origin);
    },
    flush,
  };

  function addParts(text: string, line: LogicalLine, head: Framed, origin: HeadOrigin): void {
    const parts = toParts(text);
    const record = toRecord(parts === undefined ? ownCopy(text) : text, line, head, origin);
    if (parts === undefined) add(record, head.continues === true);
    else for (const part of parts) add(partRecord(part, record), false);
  }
}

/** The list of `held` with the next line's items, if the two are one message. */
function continued(held: LogRecord, next: LogRecord): string | undefined {
  const first = held.text.charCodeAt(0);
  // `Modules linked in:` and `Code:`
  if (first !== 77 && first !== 67) return undefined;
  const isBare = next.framing === "bare";
  if (!isBare && (held.caller !== next.caller || held.host !== next.host)) return undefined;
  return continuedList(held.text, next.text, !isBare);
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

/** Every record is made here, with every key, so that all have one shape. */
function toRecord(text: string, line: LogicalLine, head: Framed, origin: HeadOrigin): LogRecord {
  const { lines } = head;
  return {
    text,
    firstLine: lines === undefined ? line.firstLine : lines.first,
    lastLine: lines === undefined ? line.lastLine : lines.last,
    source: undefined,
    tail: undefined,
    time: head.time,
    host: head.host,
    caller: head.caller,
    level: head.level,
    program: head.program,
    originalLine: origin.originalLine,
    originalFile: origin.originalFile,
    damage:
      head.kernel && text.includes(ELLIPSIS) ? addDamage(line.damage, "shortened") : line.damage,
    framing: origin.framing,
    kernel: head.kernel,
    stream: streamOf(head.host, head.caller),
  };
}

/** One of several messages of a line; the first may have no stamp of its own. */
function partRecord(part: Part, record: LogRecord): LogRecord {
  const damage = addDamage(record.damage, "run-together");
  const { stamp } = part;
  if (stamp === undefined) return { ...record, text: ownCopy(part.text), damage };
  return {
    ...record,
    text: ownCopy(part.text),
    damage,
    time: withMonotonic(record.time, stamp.time),
    caller: stamp.caller,
    level: stamp.level ?? record.level,
    program: stamp.kernel ? record.program : USERSPACE,
    framing: record.framing === "bare" ? "dmesg" : record.framing,
    kernel: stamp.kernel,
    stream: streamOf(record.host, stamp.caller),
  };
}

/**
 * The text, mended, in memory of its own: a slice keeps its whole chunk alive, and an event may keep its
 * lines for good.
 */
function ownCopy(text: string): string {
  return ownText(mendList(text));
}

/** Host and caller: what tells apart two parties that wrote into one log. */
function streamOf(host: string | undefined, caller: string | undefined): string | undefined {
  if (caller === undefined) return host;
  return host === undefined ? caller : `${host} ${caller}`;
}
