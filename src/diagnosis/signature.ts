// A name for "the same trouble again": kinds and functions only, so that it is equal across hosts,
// addresses, pids, times and offsets of one build.

import type { KernelEvent } from "#model/kernel-event.ts";
import { plainSymbol } from "./symbols.ts";

const MOST_SYMBOLS = 5;

export function signatureOf(primary: KernelEvent, mechanism: string | undefined): string {
  const frames = (primary.trace ?? [])
    .filter((f) => f.reliable && !f.detector)
    .map((f) => plainSymbol(f.symbol));
  const innermost = primary.rip ? [plainSymbol(primary.rip.symbol)] : [];
  const path = [...innermost, ...frames].filter((symbol, i, all) => symbol !== all[i - 1]);
  const named = primary.function ? plainSymbol(primary.function) : "?";
  const from = path.indexOf(named);
  const shown = path.slice(Math.max(0, from), Math.max(0, from) + MOST_SYMBOLS);
  const work = primary.workqueue ? [`work:${plainSymbol(primary.workqueue.function)}`] : [];
  const stack = shown.length > 0 ? shown : [named];
  return [primary.kind, ...(mechanism ? [mechanism] : []), ...work, stack.join("<")].join("/");
}
