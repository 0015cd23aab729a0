// pstore dumps: `Oops#1 Part3` and some lines below it. The kernel writes the newest lines first: Part1 is
// the end of the log (fs/pstore/platform.c: pstore_dump), so the parts of one dump are put into reverse
// order. A dump may come in one file, or each part in a file of its own. Invariant: within a part lines keep their order, and a dump that is larger than any backend's
// record goes through as it stands.

import type { LineDamage, PhysicalLine } from "../lines.ts";

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

/** systemd-pstore writes each file's name above its text (src/pstore/pstore.c: process_dmesg_files). */
const LABEL = /^dmesg-[a-z][\w-]{0,31}-\d{1,20}:$/;
const HEAD =
  /^(Panic|Oops|Emergency|Shutdown|Restart|Halt|Poweroff|Unknown)#(\d{1,9}) Part(\d{1,6})$/;
/** efi-pstore and ERST hold some ten KiB of log, ramoops at most a few MiB. */
const MAX_CHARS = 1 << 22;

/** What an empty line takes. */
const LINE_COST = 32;

export function openPstoreOrder(output: PstoreOutput): PstoreOrder {
  let parts: Part[] = [];
  /** Of the parts held, which are all of one dump. */
  const numbers = new Set<number>();
  let chars = 0;

  /** @param isWhole no further part of the dump comes */
  function settle(isWhole: boolean): void {
    parts.sort((a, b) => b.number - a.number);
    const sorted = parts;
    parts = [];
    numbers.clear();
    chars = 0;
    for (const [index, part] of sorted.entries()) {
      const before = sorted[index - 1];
      const isGap = before !== undefined && before.number > part.number + 1;
      const isLast = isWhole && index === sorted.length - 1;
      output.cut();
      giveOut(part, isGap, isLast && part.number > 1);
    }
    output.cut();
  }

  /** What is missing around a part is noted on its first and its last line. */
  function giveOut({ lines }: Part, isGap: boolean, isEndLost: boolean): void {
    for (const [index, line] of lines.entries()) {
      if (isGap && index === 0) output.line(damaged(line, "lost-part"));
      else if (isEndLost && index === lines.length - 1) output.line(damaged(line, "lost-end"));
      else output.line(line);
    }
  }

  function add(line: PhysicalLine): void {
    parts.at(-1)?.lines.push(line);
    chars += line.text.length + LINE_COST;
    if (chars > MAX_CHARS) settle(false);
  }

  function open(head: RegExpExecArray, line: PhysicalLine): void {
    const [, reason = "", dump = "", part] = head;
    const id = `${reason}#${dump}`;
    const number = Number(part);
    // Every boot counts its dumps anew: the same part again is another boot's.
    const last = parts.at(-1);
    if (last !== undefined && (last.dump !== id || numbers.has(number))) settle(true);
    numbers.add(number);
    parts.push({ dump: id, number, lines: [] });
    add(line);
  }

  return {
    line(line) {
      const head = line.text.includes("#") && line.text.length < 64 ? HEAD.exec(line.text) : null;
      if (head !== null) {
        open(head, line);
      } else if (parts.length === 0) {
        output.line(line);
      } else if (line.text.endsWith(":") && LABEL.test(line.text)) {
        return;
      } else {
        add(line);
      }
    },
    end() {
      if (parts.length > 0) settle(true);
    },
  };
}

function damaged(line: PhysicalLine, damage: LineDamage): PhysicalLine {
  return { ...line, damage: [...(line.damage ?? []), damage] };
}

/** True for the line that begins a part, in whatever file it stands. */
export function isPartHead(text: string): boolean {
  return text.includes("#") && text.length < 64 && HEAD.test(text.trimEnd());
}
