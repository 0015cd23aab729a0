// The one list of mechanisms. Order matters only between mechanisms of equal verdict.

import type { Mechanism } from "./mechanism.ts";
import { textPoke } from "./text-poke/mechanism.ts";

export const mechanisms: readonly Mechanism[] = [textPoke];
