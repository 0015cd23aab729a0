// Which samples and reports speak of a work item.

import type { FactView, PoolStuckFact } from "#model/fact.ts";
import { WORKER } from "../frame-names.ts";
import type { Find } from "../mechanism.ts";
import { isIn, stalled } from "../stalled.ts";

/** A worker that runs its item, waiting for no other CPU, on a CPU that gets nowhere. */
export const runningItem: Find = stalled(
  (s, isWaiting) => (s.work !== undefined || isIn(s, WORKER)) && !isWaiting(s),
);

export const pools = (facts: FactView): readonly PoolStuckFact[] => facts.all("pool-stuck");
