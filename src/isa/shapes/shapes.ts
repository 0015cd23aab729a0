// The one list of loop shapes, in the order they are tried: the more specific first.

import type { LoopShape } from "#model/code-shape.ts";
import { CSD_WAITS } from "./csd-wait.ts";
import { SPIN_LOCKS } from "./spin-locks.ts";

export const LOOP_SHAPES: readonly LoopShape[] = [...CSD_WAITS, ...SPIN_LOCKS];
