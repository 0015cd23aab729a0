// journalctl -o json: one object per line. Field names and units: systemd.journal-fields(7).

import type { EventTime } from "#model/kernel-event.ts";
import type { Framed, Framing } from "./framing.ts";

export const journalJson: Framing = {
  name: "journal-json",
  open: () => (line) => {
    if (line.charCodeAt(0) !== 123 || !line.includes('"MESSAGE"')) return undefined;
    const fields = parseObject(line);
    return fields === undefined ? undefined : toFramed(fields);
  },
};

type Fields = Readonly<Record<string, unknown>>;

function parseObject(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // An object is all that is claimed here; each field is looked at before it is used.
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

function toFramed(fields: Fields): Framed {
  const program = textOf(fields.SYSLOG_IDENTIFIER);
  return {
    text: textOf(fields.MESSAGE) ?? "",
    kernel: fields._TRANSPORT === "kernel" || program === "kernel",
    time: journalTime(fields),
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
  return textOf(value[0]);
}

function levelOf(value: unknown): number | undefined {
  return typeof value === "string" && /^[0-7]$/.test(value) ? Number(value) : undefined;
}

/** The kernel's own stamp where the journal kept it; the journal's clock is another one. */
function journalTime(fields: Fields): EventTime | undefined {
  const monotonic = micros(fields._SOURCE_MONOTONIC_TIMESTAMP);
  const real = micros(fields._SOURCE_REALTIME_TIMESTAMP) ?? micros(fields.__REALTIME_TIMESTAMP);
  if (monotonic === undefined && real === undefined) return undefined;
  return {
    ...(monotonic === undefined ? {} : { monotonic: monotonic * 1000n }),
    ...(real === undefined ? {} : { wall: isoOfMicros(real), yearFrom: "log" as const }),
  };
}

function micros(value: unknown): bigint | undefined {
  return typeof value === "string" && /^\d{1,17}$/.test(value) ? BigInt(value) : undefined;
}

/** Microseconds since 1970 → `2025-06-28T12:15:54.013351Z`. */
export function isoOfMicros(value: bigint): string {
  const iso = new Date(Number(value / 1000n)).toISOString();
  return `${iso.slice(0, 19)}.${String(value % 1_000_000n).padStart(6, "0")}Z`;
}
