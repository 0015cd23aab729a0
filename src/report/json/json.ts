// The contract as JSON text: the same report gives the same bytes, whatever order its objects were
// built in.

import type { ReportV1 } from "#contract/report.ts";
import { FIELD_ORDER } from "./field-order.ts";

const RANK: ReadonlyMap<string, number> = new Map(
  FIELD_ORDER.map((name, index) => [name, index] as const),
);

/** Valid in JSON strings, yet able to act on a terminal the text is printed on. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Two-space indented JSON with a trailing newline; unprintable characters as `\uXXXX`. */
export function renderJson(report: ReportV1): string {
  const json = JSON.stringify(report, (_, value: unknown) => inOrder(value), 2);
  return `${json.replace(UNSAFE, (bad) => (bad === "\n" ? bad : escapeUnits(bad)))}\n`;
}

/** Known fields in the contract's order, then the others as they come. */
function inOrder(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const rank = (name: string): number => RANK.get(name) ?? FIELD_ORDER.length;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => rank(a) - rank(b)));
}

function escapeUnits(bad: string): string {
  return bad
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join("");
}
