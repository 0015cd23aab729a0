// pstore dumps: `Oops#1 Part3` and some lines below it. The kernel writes the newest lines first: Part1 is
// the end of the log (fs/pstore/platform.c: pstore_dump), so the parts of one dump are put into reverse
// order. Invariant: within a part lines keep their order, and a dump that is larger than any backend's
// record goes through as it stands.

import type { PhysicalLine } from "../lines.ts";

export interface PstoreOrder {
  line(line: PhysicalLine): void;
  end(): void;
}

export interface PstoreOutput {
  readonly line: (line: PhysicalLine) => void;
  /** A part ends: no line goes on in the next one. */
  readonly cut: () => void;
}

interface Part {
  readonly dump: string;
  readonly number: number;
  readonly lines: PhysicalLine[];
}

const HEAD =
  /^(Panic|Oops|Emergency|Shutdown|Restart|Halt|Poweroff|Unknown)#(\d{1,9}) Part(\d{1,6})$/;
/** efi-pstore and ERST hold some ten KiB of log, ramoops at most a few MiB. */
const MAX_CHARS = 1 << 22;

/** What an empty line takes. */
const LINE_COST = 32;

export function openPstoreOrder(output: PstoreOutput): PstoreOrder {
  let parts: Part[] = [];
  let chars = 0;

  function settle(): void {
    parts.sort((a, b) => b.number - a.number);
    const sorted = parts;
    parts = [];
    chars = 0;
    for (const part of sorted) {
      output.cut();
      for (const line of part.lines) output.line(line);
    }
    output.cut();
  }

  function add(line: PhysicalLine): void {
    parts.at(-1)?.lines.push(line);
    chars += line.text.length + LINE_COST;
    if (chars > MAX_CHARS) settle();
  }

  function open(head: RegExpExecArray, line: PhysicalLine): void {
    const [, reason = "", dump = "", part] = head;
    const id = `${reason}#${dump}`;
    if (parts.length > 0 && parts[0]?.dump !== id) settle();
    parts.push({ dump: id, number: Number(part), lines: [] });
    add(line);
  }

  return {
    line(line) {
      const head = line.text.includes("#") && line.text.length < 64 ? HEAD.exec(line.text) : null;
      if (head !== null) {
        open(head, line);
      } else if (parts.length === 0) {
        output.line(line);
      } else {
        add(line);
      }
    },
    end() {
      if (parts.length > 0) settle();
    },
  };
}
