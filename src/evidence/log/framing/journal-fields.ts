// A journal entry's fields (systemd.journal-fields(7)) to a message. Shared by the journal's outputs.

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed } from "./framing.ts";
import { isoOfMicros } from "./iso-time.ts";
import { USERSPACE } from "./stamp.ts";

/** Values as the output gives them: text, or in JSON an array of bytes or of several values. */
export type JournalFields = Readonly<Record<string, unknown>>;

/** The fields read here; the others of an entry need not be kept. */
export const JOURNAL_FIELDS: ReadonlySet<string> = new Set([
  "MESSAGE",
  "PRIORITY",
  "SYSLOG_FACILITY",
  "SYSLOG_IDENTIFIER",
  "_HOSTNAME",
  "_SOURCE_MONOTONIC_TIMESTAMP",
  "_SOURCE_REALTIME_TIMESTAMP",
  "_TRANSPORT",
  "__REALTIME_TIMESTAMP",
]);

export function toJournalFramed(fields: JournalFields): Framed {
  const name = textOf(fields.SYSLOG_IDENTIFIER);
  const origin = originOf(fields);
  const kernel = origin === "kernel" || (origin === undefined && name === "kernel");
  const isForged = origin === "program" && (name === undefined || name === "kernel");
  return {
    text: textOf(fields.MESSAGE) ?? "",
    kernel,
    time: timeOf(fields),
    host: hostOf(fields),
    program: isForged ? USERSPACE : name,
    level: levelOf(fields.PRIORITY),
  };
}

/**
 * Fields that begin with `_` are the journal's own word, the identifier is the sender's. What a program
 * wrote to /dev/kmsg came by the kernel's transport with another facility than 0.
 */
function originOf(fields: JournalFields): "kernel" | "program" | undefined {
  const transport = textOf(fields._TRANSPORT);
  const facility = textOf(fields.SYSLOG_FACILITY);
  if (facility !== undefined && facility !== "0") return "program";
  if (transport === undefined) return undefined;
  return transport === "kernel" ? "kernel" : "program";
}

/** HOST_NAME_MAX is 64, a domain name has 255 characters at most: what is longer is none. */
const LONGEST_HOST = 255;

function hostOf(fields: JournalFields): string | undefined {
  const host = textOf(fields._HOSTNAME);
  return host === undefined || host.length > LONGEST_HOST ? undefined : host;
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
