// The five words (DESIGN.md section 6). Never a percentage.

import type { Text } from "#base/text.ts";
import type { SourceRange } from "./source-range.ts";

export type Verdict = "proven" | "likely" | "possible" | "unlikely" | "ruled out";

/** A range, what stands there, and why it bears on the claim. */
export interface Evidence {
  readonly range: SourceRange;
  readonly quote?: string;
  readonly how: Text;
}
