// The one list of framings. Order decides only the first line of a source; afterwards the framing that
// read the line before is asked first.

import { dmesg } from "./dmesg.ts";
import { dmesgTime } from "./dmesg-time.ts";
import type { Framing } from "./framing.ts";
import { journalJson } from "./journal-json.ts";
import { kmsg } from "./kmsg.ts";
import { syslog } from "./syslog.ts";

export const FRAMINGS: readonly Framing[] = [dmesg, syslog, dmesgTime, journalJson, kmsg];
