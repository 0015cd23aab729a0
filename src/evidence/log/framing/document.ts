// Tickets and mails around a log: fences, quotes and prose. Invariant: a line that stands in no fence of a
// document that has fences is the author's sentence and never becomes a record of the kernel, unless it
// carries a head of its own.

import type { PhysicalLine } from "../lines.ts";
import { startsLikeHead } from "./head-start.ts";
import { openQuotes, type Quotes } from "./quotes.ts";
import { isStart } from "./unwrap.ts";

export interface DocumentFilter {
  line(line: PhysicalLine): void;
  end(): void;
}

export interface DocumentOutput {
  /** A line of the log, quotes and entities undone. */
  readonly log: (line: PhysicalLine) => void;
  /** A sentence of the document. */
  readonly prose: (line: PhysicalLine) => void;
  /** The log's text ends here (a fence); nothing continues across. */
  readonly cut: () => void;
}

/** Lines without head at the start of a source are held back so far to see whether a fence follows. */
const HELD_LINES = 400;
/** No ticket has so much prose before its log. */
const HELD_CHARS = 1 << 20;

export function openDocument(output: DocumentOutput): DocumentFilter {
  let state: "unknown" | "log" | "prose" | "fence" = "unknown";
  let held: PhysicalLine[] = [];
  let heldChars = 0;
  let fence = "";
  let margin = 0;
  const recent = openRecentLines();
  const quotes = openQuotes();

  function release(to: (line: PhysicalLine) => void): void {
    const lines = held;
    held = [];
    heldChars = 0;
    for (const line of lines) to(line);
  }

  function inFence(line: PhysicalLine): void {
    if (isFenceEnd(line.text, fence)) {
      state = "prose";
      output.cut();
    } else {
      output.log(line);
    }
  }

  function outside(line: PhysicalLine): void {
    const opened = fenceOf(line.text);
    if (opened !== undefined) {
      if (state === "unknown") release(output.prose);
      state = "fence";
      fence = opened;
      output.cut();
    } else if (state === "log") {
      output.log(line);
    } else if (isStart(line.text)) {
      // A head outside any fence: the author pasted the log as it is.
      if (state === "unknown") {
        release(output.log);
        state = "log";
      }
      output.log(line);
    } else if (state === "prose") {
      output.prose(line);
    } else {
      held.push(line);
      heldChars += line.text.length;
      if (held.length >= HELD_LINES || heldChars >= HELD_CHARS) {
        state = "log";
        release(output.log);
      }
    }
  }

  return {
    line(indented) {
      margin = marginOf(indented.text, margin, recent);
      const raw = margin === 0 ? indented : withoutMargin(indented, margin);
      const line = withoutMarkup(raw, quotes, recent);
      recent.note(raw.text);
      if (state === "fence") inFence(line);
      else outside(line);
    },
    end() {
      release(output.log);
    },
  };
}

/**
 * Blanks before every line of a log that stands indented in a mail or a bug report. A row of a wrapped line
 * may be indented as well and begin with a stamp; it stands below a head without a margin.
 */
function marginOf(text: string, margin: number, recent: RecentLines): number {
  const blank = leadingBlanks(text);
  if (blank === text.length) return margin;
  if (blank === 0) return isStart(text) ? 0 : margin;
  if (blank > MAX_MARGIN || blank === margin || !startsLikeHead(text, blank)) return margin;
  return margin === 0 && recent.areBelowHead() ? 0 : blank;
}

function withoutMargin(line: PhysicalLine, margin: number): PhysicalLine {
  const lead = Math.min(margin, leadingBlanks(line.text));
  return { ...line, text: line.text.slice(lead), lead, inner: true };
}

const MAX_MARGIN = 12;

function leadingBlanks(text: string): number {
  let count = 0;
  while (text.charCodeAt(count) === 32 || text.charCodeAt(count) === 9) count += 1;
  return count;
}

interface RecentLines {
  note(text: string): void;
  /** True where the paragraph so far has a head that is not quoted: no quote begins in mid-message. */
  areBelowHead(): boolean;
}

/** A row of a wrapped line may begin with the `>` of `<49>`; a line has no more rows than this. */
const RECENT = 64;

function openRecentLines(): RecentLines {
  const lines: string[] = new Array(RECENT).fill("");
  let at = 0;
  return {
    note(text) {
      lines[at] = text;
      at = (at + 1) % RECENT;
    },
    areBelowHead() {
      for (let back = 1; back <= RECENT; back += 1) {
        const text = lines[(at + RECENT - back) % RECENT] ?? "";
        if (text === "") return false;
        if (isStart(text)) return true;
      }
      return false;
    },
  };
}

/** ``` or ~~~ with at most a language behind it; the fence's own characters are its closing mark. */
function fenceOf(text: string): string | undefined {
  const first = text.charCodeAt(0);
  if (first !== 96 && first !== 126 && first !== 32) return undefined;
  return /^ {0,8}(`{3,}|~{3,})[\w+.#-]{0,32}\s*$/.exec(text)?.[1];
}

function isFenceEnd(text: string, fence: string): boolean {
  return text.trim().startsWith(fence) && /^[`~]+$/.test(text.trim());
}

/** Mail quotes, HTML entities and the few tags that pasted logs stand in. */
function withoutMarkup(line: PhysicalLine, quotes: Quotes, recent: RecentLines): PhysicalLine {
  let text = line.text;
  text = quotes.strip(text, () => recent.areBelowHead());
  const lead = (line.lead ?? 0) + line.text.length - text.length;
  if (text.includes("&")) text = withoutEntities(text);
  if (text.includes("<") && TAG.test(text)) text = text.replace(TAGS, "");
  return text === line.text ? line : { ...line, text, lead, inner: true };
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&amp;": "&",
  "&quot;": '"',
  "&apos;": "'",
  "&nbsp;": " ",
};

function withoutEntities(text: string): string {
  return text.replace(/&(?:lt|gt|amp|quot|apos|nbsp|#\d{1,5}|#x[0-9a-fA-F]{1,4});/g, (entity) => {
    const known = ENTITIES[entity];
    if (known !== undefined) return known;
    const code = entity.startsWith("&#x")
      ? Number.parseInt(entity.slice(3, -1), 16)
      : Number(entity.slice(2, -1));
    return code >= 32 && code <= 0xffff ? String.fromCharCode(code) : entity;
  });
}

const TAG = /<\/?(?:pre|code|p|blockquote|div|br)\b/i;
const TAGS =
  /^\s{0,8}<(?:pre|code|p|blockquote|div)>|<\/(?:pre|code|p|blockquote|div)>\s{0,8}$|<br ?\/?>$/gi;
