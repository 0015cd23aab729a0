// stallscope.explanation/1: what `explain` knows about a word. Field names are promises, as in report.ts;
// an unknown value is absent.

import type { Text } from "#base/text.ts";

export const EXPLANATION_SCHEMA = "stallscope.explanation/1";

export type TopicKind =
  | "mechanism"
  | "report"
  | "message"
  | "taint"
  | "field"
  | "verdict"
  | "symbol";

export interface Topic {
  /** Unique; what `explain` takes first. */
  readonly id: string;
  readonly kind: TopicKind;
  readonly title: Text;
  /** Other words that mean the same, as they stand in logs and tickets. */
  readonly aliases: readonly string[];
  readonly what: Text;
  /** Kernel file and function, with versions where they differ. */
  readonly printedBy?: readonly string[];
  readonly proves?: Text;
  readonly provesNot?: Text;
  readonly next?: { readonly text: Text; readonly command?: string };
  /** In order, where the thing has steps. */
  readonly phases?: readonly Text[];
  /** Commits, kernel files, documents. */
  readonly references?: readonly string[];
  /** Ids of other topics. */
  readonly related?: readonly string[];
}

export interface ExplanationV1 {
  readonly schema: typeof EXPLANATION_SCHEMA;
  readonly generator: { readonly name: string; readonly version: string };
  /** What was asked; absent for the list of everything. */
  readonly term?: string;
  readonly topics: readonly Topic[];
}
