// HTML from rich lines. Text only ever stands between tags, never in an attribute, a style or a script.

import { type Piece, pieces, type Rich } from "../rich.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (special) => ENTITIES[special] ?? special);
}

export function htmlLine(rich: Rich): string {
  return pieces(rich).map(inline).join("");
}

function inline(piece: Piece): string {
  const text = escapeHtml(piece.text);
  switch (piece.kind) {
    case "plain":
      return text;
    case "code":
      return `<code>${text}</code>`;
    case "strong":
      return `<strong>${text}</strong>`;
    case "verdict":
      return `<span class="verdict ${piece.verdict.replace(" ", "-")}">${text}</span>`;
  }
}
