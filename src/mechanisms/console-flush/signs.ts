// Which samples stand in the console code.

import { CONSOLE } from "../frame-names.ts";
import type { Find } from "../mechanism.ts";
import { isIn, stalled } from "../stalled.ts";

/** Innermost functions only: the report's own printing is not on an interrupted stack this near. */
export const NEAR = 8;

export const printing: Find = stalled((s) => isIn(s, CONSOLE, NEAR));
