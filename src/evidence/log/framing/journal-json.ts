// journalctl -o json: one object per line; also what collectors make of it.

import type { Framing } from "./framing.ts";
import { type JournalFields, toJournalFramed } from "./journal-fields.ts";

export const journalJson: Framing = {
  name: "journal-json",
  open: () => (line) => {
    if (line.charCodeAt(0) !== 123) return undefined;
    if (!line.includes('"MESSAGE"') && !line.includes('"_TRANSPORT"')) return undefined;
    const fields = fieldsOf(parseObject(line));
    return fields === undefined ? undefined : toJournalFramed(fields);
  },
};

/** Google's agent puts an entry into another object; Vector calls its text `message`. */
function fieldsOf(entry: JournalFields | undefined): JournalFields | undefined {
  const inner = entry?.jsonPayload;
  const isNested = typeof inner === "object" && inner !== null && "MESSAGE" in inner;
  const fields = isNested ? (inner as JournalFields) : entry;
  if (fields === undefined || "MESSAGE" in fields) return fields;
  return "message" in fields ? { ...fields, MESSAGE: fields.message } : undefined;
}

function parseObject(line: string): JournalFields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    // An object is all that is claimed here; each field is looked at before it is used.
    return typeof value === "object" && value !== null ? (value as JournalFields) : undefined;
  } catch {
    // Cut off or not JSON: the line is some other framing's, or nobody's.
    return undefined;
  }
}
