// The one list of fact finders. Each sees one reading of the window and answers alone.

import type { MachineFact } from "#model/machine-fact.ts";
import type { Window } from "../window.ts";
import { findCsdPoll } from "./csd.ts";
import { findLockSpin } from "./lock.ts";
import { findDelayLoop, findPollLoop, findStopMachine } from "./loops.ts";
import { findTextPokePosition } from "./text-poke.ts";
import { findTrapSiteFacts } from "./trap-site.ts";

export function findFacts(window: Window): MachineFact[] {
  const found = [
    findTextPokePosition(window),
    findCsdPoll(window),
    findLockSpin(window),
    findStopMachine(window),
    findPollLoop(window),
    findDelayLoop(window),
  ];
  return [...found.filter((fact) => fact !== undefined), ...findTrapSiteFacts(window)];
}
