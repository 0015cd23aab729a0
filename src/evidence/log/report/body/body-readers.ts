// The one list of body readers, in the order they are asked.

import type { BodyReader } from "./body-reader.ts";
import { readCode } from "./code.ts";
import {
  readCpuLine,
  readHardware,
  readModules,
  readTaintLine,
  readWorkqueue,
} from "./cpu-line.ts";
import { readFrame } from "./frames.ts";
import { readHeldLocks } from "./held-locks.ts";
import { readKnown, readMarks } from "./marks.ts";
import { readOldCpu, readProcess } from "./old-identity.ts";
import { readRcu } from "./rcu.ts";
import { readRegisters } from "./registers.ts";
import { readRip } from "./rip.ts";
import {
  readCsd,
  readHungLines,
  readLastFunction,
  readWatchdogLines,
  readWorkqueueLines,
} from "./stalls.ts";

export const BODY_READERS: readonly BodyReader[] = [
  readMarks,
  readCpuLine,
  readTaintLine,
  readOldCpu,
  readProcess,
  readHardware,
  readWorkqueue,
  readModules,
  readRip,
  readRegisters,
  readCode,
  readRcu,
  readCsd,
  readWorkqueueLines,
  readHungLines,
  readHeldLocks,
  readLastFunction,
  readWatchdogLines,
  readFrame,
  readKnown,
];
