// A document between report and file format: built once, written as Markdown and as HTML. Blocks hold
// `Rich` lines (already clean); escaping for the format is each writer's own business.

import type { Rich } from "./rich.ts";

export type Block =
  | { readonly kind: "heading"; readonly level: number; readonly text: Rich }
  | { readonly kind: "paragraph"; readonly text: Rich }
  | { readonly kind: "list"; readonly ordered: boolean; readonly items: readonly ListItem[] }
  | {
      readonly kind: "table";
      readonly head: readonly Rich[];
      readonly rows: readonly (readonly Rich[])[];
    }
  | { readonly kind: "code"; readonly language: CodeLanguage; readonly lines: readonly string[] };

export interface ListItem {
  readonly text: Rich;
  /** A command or listing below the item. */
  readonly code?: readonly string[];
}

export type CodeLanguage = "text" | "bash" | "c";

export function heading(level: number, text: Rich): Block {
  return { kind: "heading", level, text };
}

export function paragraph(text: Rich): Block {
  return { kind: "paragraph", text };
}

/** Nothing for an empty list: a heading above it should go as well (see `section`). */
export function list(items: readonly (ListItem | Rich)[], ordered = false): Block[] {
  if (items.length === 0) return [];
  const full = items.map((item) => (typeof item === "string" ? { text: item } : item));
  return [{ kind: "list", ordered, items: full }];
}

export function table(head: readonly Rich[], rows: readonly (readonly Rich[])[]): Block[] {
  return rows.length === 0 ? [] : [{ kind: "table", head, rows }];
}

export function codeBlock(language: CodeLanguage, lines: readonly string[]): Block[] {
  return lines.length === 0 ? [] : [{ kind: "code", language, lines }];
}

/** A heading and what stands below it, or nothing at all. */
export function section(level: number, title: Rich, body: readonly Block[]): Block[] {
  return body.length === 0 ? [] : [heading(level, title), ...body];
}
