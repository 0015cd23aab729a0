// A journal entry's fields (systemd.journal-fields(7)) to a message. Shared by the journal's outputs.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed } from "./framing.ts";
import { isoOfMicros } from "./iso-time.ts";

/** Values as the output gives them: text, or in JSON an array of bytes or of several values. */
export type JournalFields = Readonly<Record<string, unknown>>;

export function toJournalFramed(fields: JournalFields): Framed {
  const program = textOf(fields.SYSLOG_IDENTIFIER);
  return {
    text: textOf(fields.MESSAGE) ?? "",
    kernel: fields._TRANSPORT === "kernel" || program === "kernel",
    time: timeOf(fields),
    host: textOf(fields._HOSTNAME),
    program,
    level: levelOf(fields.PRIORITY),
  };
}

/** A field is text, or an array of byte values where it is not valid UTF-8 or not printable. */
function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return undefined;
  if (value.every((byte) => typeof byte === "number")) {
    return new TextDecoder().decode(Uint8Array.from(value));
  }
  return typeof value[0] === "string" ? value[0] : undefined;
}

function levelOf(value: unknown): number | undefined {
  return typeof value === "string" && /^[0-7]$/.test(value) ? Number(value) : undefined;
}

/** The kernel's own stamp where the journal kept it: the journal's monotonic clock is another one. */
function timeOf(fields: JournalFields): EventTime | undefined {
  const monotonic = micros(fields._SOURCE_MONOTONIC_TIMESTAMP);
  const real = micros(fields._SOURCE_REALTIME_TIMESTAMP) ?? micros(fields.__REALTIME_TIMESTAMP);
  if (monotonic === undefined && real === undefined) return undefined;
  return {
    ...(monotonic === undefined ? {} : { monotonic: monotonic * 1000n }),
    ...(real === undefined ? {} : { wall: isoOfMicros(real), yearFrom: "log" as const }),
  };
}

/** Seventeen digits reach far beyond any date and stay within what a date can be made of. */
function micros(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,17}$/.test(value) ? BigInt(value) : undefined;
}
