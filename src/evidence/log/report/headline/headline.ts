// What a line that begins a report of the kernel looks like: one entry of the tables beside this file.
// Invariant: `literal` is contained in every line `pattern` matches, so that a log line that contains
// none of the literals costs no regular expression.

import type { EventKind } from "#model/kernel-event.ts";

/** What the headline itself says; every field is a named group of the pattern. */
export interface HeadlineFields {
  readonly cpu?: string;
  readonly comm?: string;
  readonly pid?: string;
  /** `comm:pid` where comm may itself contain colons. */
  readonly task?: string;
  readonly seconds?: string;
  readonly function?: string;
  /** What is checked or accessed: `use-after-free`, `Read`, a condition. */
  readonly what?: string;
}

export interface Headline {
  /** Unique; says which line of which kernel function this is. */
  readonly id: string;
  readonly kind: EventKind;
  readonly literal: string;
  readonly pattern: RegExp;
  /** `{function}`, `{what}`, … are filled in; ` in {function}` vanishes when no function is known. */
  readonly title: string;
  /**
   * Kinds of report this line continues instead of opening its own, as long as that report has no call
   * trace yet: `Oops: 0002 [#1]` after `BUG: kernel NULL pointer dereference`.
   */
  readonly continues?: readonly EventKind[];
  /** Ids of single headlines this line continues in the same way: the kernel prints the two in one go. */
  readonly follows?: readonly string[];
  /** The kind of the report it continues becomes this one's (the later line knows more). */
  readonly refines?: boolean;
  /**
   * Where `function` comes from: the headline first (`named`), RIP and trace first (`where`, the default),
   * the `at:` of the lock being taken (`lock`), or of the one already held (`holder`).
   */
  readonly naming?: "named" | "where" | "lock" | "holder";
  /**
   * Text the line itself begins with. Where the record is surely the kernel's, an unfinished line may
   * stand before it (`testingNMI watchdog: BUG: soft lockup`).
   */
  readonly lead?: string;
  /** Closing words of a report that usually has an event already: opens one only where it has none. */
  readonly echoes?: boolean;
  /** A report that is complete with this line alone when nothing follows. */
  readonly lone?: boolean;
}

export interface HeadlineMatch {
  readonly headline: Headline;
  readonly fields: HeadlineFields;
}

/** Kinds of report that other lines of a dying kernel belong to. */
export const FAULTS: readonly EventKind[] = [
  "bug",
  "null-dereference",
  "page-fault",
  "general-protection",
  "list-corruption",
  "oops",
  "invalid-opcode",
  "divide-error",
  "double-fault",
  "stack-overflow",
  "kasan",
  "other",
];
