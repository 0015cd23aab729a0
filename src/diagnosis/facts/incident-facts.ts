// The one list of facts computed per incident. Order follows needs.

import type { IncidentFactRule } from "./fact-rule.ts";
import {
  bootStates,
  burst,
  detectors,
  earlierFault,
  neighbors,
  repeat,
  stopMachine,
  taint,
} from "./history.ts";

export const incidentFacts: readonly IncidentFactRule[] = [
  bootStates,
  repeat,
  burst,
  taint,
  earlierFault,
  neighbors,
  detectors,
  stopMachine,
];
