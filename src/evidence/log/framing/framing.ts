// What a framing is: one way in which programs put a kernel message into a line of text.
// Invariant: a framing decides on the line's own shape; it answers `undefined` for what is not its own.

import type { EventTime } from "#model/kernel-event.ts";
import type { WallClock } from "./wall-clock.ts";

/** One message as a framing read it; line numbers and mending are added by the machine. */
export interface Framed {
  readonly text: string;
  readonly kernel: boolean;
  readonly time?: EventTime | undefined;
  readonly host?: string | undefined;
  readonly caller?: string | undefined;
  readonly level?: number | undefined;
  readonly program?: string | undefined;
  /** The text goes on where the message before ended (a kmsg fragment). */
  readonly continues?: boolean | undefined;
  /** Lines of a message that took several, where it is complete only at a later line. */
  readonly lines?: { readonly first: number; readonly last: number } | undefined;
}

/** The line belongs to the framing but carries no message (a field, a boot mark). */
export const CONSUMED: unique symbol = Symbol("consumed");

export interface LineReader {
  /** @param number the (last) physical line of `line` */
  (line: string, number: number): Framed | typeof CONSUMED | undefined;
  /** The message still open when another framing takes over or the source ends. */
  finish?(): Framed | undefined;
}

export interface FramingContext {
  /** Turns dates that lack a year into `EventTime.wall`. */
  readonly clock: WallClock;
}

export interface Framing {
  /** Goes into `LogRecord.framing` and `SourceInfo.format`. */
  readonly name: string;
  /** A reader for one source; it may remember the line before. */
  readonly open: (context: FramingContext) => LineReader;
}
