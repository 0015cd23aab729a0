// The one list of facts computed per event. Order follows needs: a rule stands below what it needs.

import { consoleRate } from "./console-rate.ts";
import { duration } from "./duration.ts";
import type { EventFactRule } from "./fact-rule.ts";
import { cpuTime, poolStuck, rcuKthread } from "./kernel-measures.ts";
import { locals } from "./locals.ts";
import { machine } from "./machine.ts";
import { interruptsOff, noProgress, rcuStalled, sample } from "./samples.ts";
import { asleepOn, csdWait, lockSpin } from "./waiting.ts";

export const eventFacts: readonly EventFactRule[] = [
  noProgress,
  sample,
  interruptsOff,
  rcuStalled,
  rcuKthread,
  poolStuck,
  cpuTime,
  csdWait,
  lockSpin,
  asleepOn,
  duration,
  consoleRate,
  machine,
  locals,
];
