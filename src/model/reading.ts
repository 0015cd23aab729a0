// What a reader hands out, and what the merged evidence of all readers looks like.

import type { Text } from "#base/text.ts";
import type { KernelEvent, KernelIdentity } from "./kernel-event.ts";
import type { Notice } from "./notice.ts";
import type { Quote, SourceRange } from "./source-range.ts";

export interface ReadingGap {
  readonly reason: string;
  /** What the reason alone does not say, e.g. how many. */
  readonly text?: Text;
  readonly from: SourceRange;
}

/** A fact about the kernel's configuration that the log itself states, with the line that states it. */
export interface BootFact {
  readonly name:
    | "cpus"
    | "nr-cpu-ids"
    | "command-line"
    | "console"
    | "nmi-watchdog"
    | "hypervisor"
    | "hz"
    | "kaslr-offset"
    | "cpu-model"
    | "dmi"
    | "rcu-stall-timeout"
    | "hung-task-timeout"
    | "preemption"
    | "workqueue-watchdog";
  readonly value: string;
  readonly at: Quote;
}

/** One boot of one host as far as this source shows it. */
export interface Boot {
  readonly host?: string;
  readonly kernel?: KernelIdentity;
  readonly facts: readonly BootFact[];
  readonly range: SourceRange;
  /** Its lines in further files of the same log, oldest first. */
  readonly continuedIn?: readonly SourceRange[];
  /** Kernel records seen in this boot. */
  readonly records: number;
}

/** A ticket or mail around a log: its own sentences, to be held against the log. */
export interface DocumentLine {
  readonly range: SourceRange;
  readonly text: string;
}

export interface SourceInfo {
  readonly id: string;
  readonly name: string;
  readonly kind: "log" | "vmlinux" | "vmcore" | "perf" | "document";
  /** Names of the framings seen, most frequent first, joined with `+`. */
  readonly format?: string;
  readonly lines?: number;
  readonly bytes: number;
}

export interface Reading {
  /** One, or the files of one log in their order. */
  readonly sources: readonly SourceInfo[];
  readonly events: readonly KernelEvent[];
  readonly notices: readonly Notice[];
  readonly gaps: readonly ReadingGap[];
  readonly boots: readonly Boot[];
  /** Prose around a pasted log; empty for a plain log. Bounded: the first few hundred lines. */
  readonly document: readonly DocumentLine[];
}

/** All readings as one: ids unique, boots numbered over all sources. */
export interface Trace {
  readonly sources: readonly SourceInfo[];
  readonly events: readonly KernelEvent[];
  readonly notices: readonly Notice[];
  readonly gaps: readonly ReadingGap[];
  readonly boots: readonly Boot[];
  readonly document: readonly DocumentLine[];
}
