// journalctl -o json: one object per line.

import type { Framing } from "./framing.ts";
import { type JournalFields, toJournalFramed } from "./journal-fields.ts";

export const journalJson: Framing = {
  name: "journal-json",
  open: () => (line) => {
    if (line.charCodeAt(0) !== 123 || !line.includes('"MESSAGE"')) return undefined;
    const fields = parseObject(line);
    return fields === undefined ? undefined : toJournalFramed(fields);
  },
};

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
