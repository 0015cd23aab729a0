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
}

/** The line belongs to the framing but carries no message (a field, a boot mark). */
export const CONSUMED: unique symbol = Symbol("consumed");

export type LineReader = (line: string) => Framed | typeof CONSUMED | undefined;

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
