// Physical lines to the lines the program wrote: joins what an editor, a mail or a ticket wrapped.
//
// Invariant: nothing is joined on suspicion. A line is joined to the one before only where a block of
// lines shows one width that explains every break in it: with lines broken at a fixed column each broken
// line is exactly that long; with lines broken at blanks the next word would not have fitted. Lines with a
// head of their own are never joined to others.

import type { PhysicalLine } from "../lines.ts";
import { readNumberColumn, standsAlone, startsLikeHead } from "./head-start.ts";
import { findWrap, joined } from "./wrap.ts";

export interface LogicalLine {
  readonly text: string;
  readonly firstLine: number;
  readonly lastLine: number;
  readonly damage?: readonly string[];
}

export interface Unwrapper {
  line(line: PhysicalLine): void;
  /** Nothing before is continued by what comes after (a fence, the end). */
  flush(): void;
}

/** A block is decided when it has this many lines or characters, so that memory stays bounded. */
const BLOCK_LINES = 256;
const BLOCK_CHARS = 1 << 18;

export function openUnwrapper(emit: (line: LogicalLine) => void): Unwrapper {
  let block: PhysicalLine[] = [];
  let blockChars = 0;
  let held: PhysicalLine | undefined;

  function settle(keepLastGroup: boolean): void {
    const rest = decide(block, keepLastGroup, emit);
    block = [];
    blockChars = 0;
    held = undefined;
    if (rest.length === 1) held = rest[0];
    else for (const line of rest) collect(line);
  }

  function collect(line: PhysicalLine): void {
    block.push(line);
    blockChars += line.text.length;
  }

  return {
    line(line) {
      if (block.length > 0) {
        collect(line);
        if (block.length >= BLOCK_LINES || blockChars >= BLOCK_CHARS) settle(true);
        return;
      }
      const starts = isStart(line.text) && !isCutBeforeStamp(held?.text, line.text);
      if (held !== undefined) {
        if (!starts && line.text.trim() !== "" && !standsAlone(held.text)) {
          collect(held);
          held = undefined;
          collect(line);
          return;
        }
        emit(single(held));
        held = undefined;
      }
      if (starts) held = line;
      else emit(single(line));
    },
    flush() {
      if (held !== undefined) emit(single(held));
      held = undefined;
      if (block.length > 0) settle(false);
    },
  };
}

export function isStart(text: string): boolean {
  return startsLikeHead(text) || readNumberColumn(text) !== undefined;
}

/** `… host kernel: ` and then `[176044.013351] …`: one syslog line, not a syslog and a dmesg line. */
function isCutBeforeStamp(before: string | undefined, text: string): boolean {
  return before !== undefined && text.charCodeAt(0) === 91 && /kernel: ?$/.test(before);
}

/**
 * Gives out a block, joined where its own widths show it. With `keepLast`, the last group stays open: it
 * may go on in the next block.
 * @returns the lines of the last group
 */
function decide(
  block: readonly PhysicalLine[],
  keepLast: boolean,
  emit: (line: LogicalLine) => void,
): readonly PhysicalLine[] {
  const groups = toGroups(block);
  // What stands below a blank line without a head is a sentence: it has breaks of its own.
  const wrap = findWrap(groups.filter(hasHead));
  const last = keepLast && groups.length > 1 ? groups.pop() : undefined;
  for (const group of groups) {
    if (wrap === undefined || !hasHead(group)) for (const line of group) emit(single(line));
    else emitJoined(group, wrap, emit);
  }
  return last ?? [];
}

/** Each line that starts a message with the lines behind it that do not. A blank line ends a group. */
function toGroups(block: readonly PhysicalLine[]): PhysicalLine[][] {
  const groups: PhysicalLine[][] = [];
  let current: PhysicalLine[] | undefined;
  for (const line of block) {
    const before = current?.at(-1)?.text;
    const continues =
      line.text.trim() !== "" &&
      (before === undefined || !standsAlone(before)) &&
      (!isStart(line.text) || isCutBeforeStamp(before, line.text));
    if (current !== undefined && continues) {
      current.push(line);
    } else {
      current = [line];
      groups.push(current);
    }
    if (line.text.trim() === "") current = undefined;
  }
  return groups;
}

function hasHead(group: readonly PhysicalLine[]): boolean {
  return isStart(group[0]?.text ?? "");
}

function emitJoined(
  group: readonly PhysicalLine[],
  wrap: NonNullable<ReturnType<typeof findWrap>>,
  emit: (line: LogicalLine) => void,
): void {
  let open: { line: LogicalLine; last: PhysicalLine } | undefined;
  for (const line of group) {
    const text = open === undefined ? undefined : joined(open.line.text, open.last, line, wrap);
    if (open === undefined || text === undefined) {
      if (open !== undefined) emit(open.line);
      open = { line: single(line), last: line };
    } else {
      const damage = [...new Set([...(open.line.damage ?? []), ...(line.damage ?? []), "wrapped"])];
      open = {
        line: { text, firstLine: open.line.firstLine, lastLine: line.last ?? line.number, damage },
        last: line,
      };
    }
  }
  if (open !== undefined) emit(open.line);
}

function single(line: PhysicalLine): LogicalLine {
  const at = { text: line.text, firstLine: line.number, lastLine: line.last ?? line.number };
  return line.damage === undefined ? at : { ...at, damage: line.damage };
}
