// The one list of mechanisms. Order matters only between mechanisms of equal verdict.

import { consoleFlush } from "./console-flush/mechanism.ts";
import { hypervisorFreeze } from "./hypervisor-freeze/mechanism.ts";
import { ioWait } from "./io-wait/mechanism.ts";
import { ipiWait } from "./ipi-wait/mechanism.ts";
import { irqStorm } from "./irq-storm/mechanism.ts";
import { longLoop } from "./long-loop/mechanism.ts";
import type { Mechanism } from "./mechanism.ts";
import { mutex } from "./mutex/mechanism.ts";
import { rcuGracePeriod } from "./rcu-grace-period/mechanism.ts";
import { reclaim } from "./reclaim/mechanism.ts";
import { rwlock } from "./rwlock/mechanism.ts";
import { rwsem } from "./rwsem/mechanism.ts";
import { softirq } from "./softirq/mechanism.ts";
import { spinlock } from "./spinlock/mechanism.ts";
import { stopMachine } from "./stop-machine/mechanism.ts";
import { textPoke } from "./text-poke/mechanism.ts";
import { timer } from "./timer/mechanism.ts";
import { tlbShootdown } from "./tlb-shootdown/mechanism.ts";
import { workItem } from "./work-item/mechanism.ts";

export const mechanisms: readonly Mechanism[] = [
  textPoke,
  tlbShootdown,
  ipiWait,
  stopMachine,
  rwlock,
  spinlock,
  irqStorm,
  consoleFlush,
  reclaim,
  timer,
  softirq,
  workItem,
  ioWait,
  rwsem,
  mutex,
  longLoop,
  hypervisorFreeze,
  rcuGracePeriod,
];
