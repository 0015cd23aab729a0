// The one list of framings. Order decides between framings that could both read a line, and only for the
// first line in a new framing: afterwards the framing that read the line before is asked first.

import { broadcast } from "./broadcast.ts";
import { dmesg } from "./dmesg.ts";
import { dmesgDecoded } from "./dmesg-decoded.ts";
import { dmesgDelta } from "./dmesg-delta.ts";
import { dmesgHuman } from "./dmesg-human.ts";
import { dmesgIso } from "./dmesg-iso.ts";
import { dmesgLevel } from "./dmesg-level.ts";
import { dmesgTime, logread } from "./dmesg-time.ts";
import type { Framing } from "./framing.ts";
import { journalExport, journalVerbose } from "./journal-block.ts";
import { journalJson } from "./journal-json.ts";
import { journalMonotonic } from "./journal-monotonic.ts";
import { jsonBlock } from "./json-block.ts";
import { kmsg } from "./kmsg.ts";
import { logcat } from "./logcat.ts";
import { syslog } from "./syslog.ts";
import { journalUnix, syslogIso } from "./syslog-iso.ts";

export const FRAMINGS: readonly Framing[] = [
  journalMonotonic,
  dmesg,
  syslog,
  dmesgTime,
  dmesgHuman,
  dmesgDelta,
  journalVerbose,
  syslogIso,
  dmesgIso,
  dmesgDecoded,
  kmsg,
  journalJson,
  jsonBlock,
  journalExport,
  journalUnix,
  logcat,
  logread,
  broadcast,
  dmesgLevel,
];
