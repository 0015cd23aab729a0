// Tickets and mails around a log: fences, quotes and prose. Invariant: a line that stands in no fence of a
// document that has fences is the author's sentence and never becomes a record of the kernel, unless it
// carries a head of its own.

import type { PhysicalLine } from "../lines.ts";
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

export function openDocument(output: DocumentOutput): DocumentFilter {
  let state: "unknown" | "log" | "prose" | "fence" = "unknown";
  let held: PhysicalLine[] = [];
  let fence = "";
  let belowHead = false;

  function release(to: (line: PhysicalLine) => void): void {
    const lines = held;
    held = [];
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
    } else if (isStart(line.text)) {
      // A head outside any fence: the author pasted the log as it is.
      if (state === "unknown") {
        release(output.log);
        state = "log";
      }
      output.log(line);
    } else if (state === "prose") {
      output.prose(line);
    } else if (state === "unknown") {
      held.push(line);
      if (held.length >= HELD_LINES) {
        state = "log";
        release(output.log);
      }
    } else {
      output.log(line);
    }
  }

  return {
    line(raw) {
      const line = withoutMarkup(raw, belowHead);
      // A row of a wrapped line may begin with the `>` of `<49>`: no quote begins in mid-message.
      if (line.text === "") belowHead = false;
      else if (isStart(line.text)) belowHead = raw.text.charCodeAt(0) !== 62;
      if (state === "fence") inFence(line);
      else outside(line);
    },
    end() {
      release(output.log);
    },
  };
}

/** ``` or ~~~ with at most a language behind it; the fence's own characters are its closing mark. */
function fenceOf(text: string): string | undefined {
  const first = text.trimStart().charCodeAt(0);
  if (first !== 96 && first !== 126) return undefined;
  return /^ {0,8}(`{3,}|~{3,})[\w+.#-]{0,32}\s*$/.exec(text)?.[1];
}

function isFenceEnd(text: string, fence: string): boolean {
  return text.trim().startsWith(fence) && /^[`~]+$/.test(text.trim());
}

/** Mail quotes, HTML entities and the few tags that pasted logs stand in. */
function withoutMarkup(line: PhysicalLine, belowHead: boolean): PhysicalLine {
  let text = line.text;
  if (text.charCodeAt(0) === 62) {
    const unquoted = withoutQuotes(text);
    if (!belowHead || isStart(unquoted)) text = unquoted;
  }
  if (text.includes("&")) text = withoutEntities(text);
  if (text.includes("<")) text = withoutTags(text);
  return text === line.text ? line : { ...line, text };
}

/**
 * `> `, `>> `, `> > `. A `>` right before a word is kept: KASAN marks the faulty row of its memory dump
 * that way (mm/kasan/report.c: print_memory_metadata).
 */
function withoutQuotes(text: string): string {
  let at = 0;
  for (;;) {
    if (text.charCodeAt(at) !== 62) break;
    const next = text.charAt(at + 1);
    if (next === " ") at += 2;
    else if (next === ">" || next === "[" || next === "") at += 1;
    else break;
  }
  return text.slice(at);
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

function withoutTags(text: string): string {
  return text.replace(
    /^\s{0,8}<(?:pre|code|p|blockquote|div)>|<\/(?:pre|code|p|blockquote|div)>\s{0,8}$|<br ?\/?>$/gi,
    "",
  );
}
