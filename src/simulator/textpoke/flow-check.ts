// Holds the decoder to the simulated flow. A visit is decoded with the code as the records so far tell it,
// rebuilt from both ends; since nothing else of the past matters to a decoder, checking every step of every
// reachable state checks every interleaving.

import {
  type CodeImage,
  imageBackward,
  imageForward,
  sameImage,
  type TextPoke,
} from "./code-image.ts";
import type { Effect } from "./effect.ts";
import { decodeFlow } from "./flow-decoder.ts";
import { bytesOf, type Machine } from "./machine.ts";
import { siteImage, visitSite } from "./packets.ts";
import { DISABLED, ENABLED, type Side, type State } from "./state.ts";

export interface FlowCounts {
  /** Visits decoded, natively run and emulated ones. */
  visits: number;
  /** Visits whose decoded flow is not what the CPU ran. */
  wrong: number;
  /** Images rebuilt from both ends, and those that came out different. */
  images: number;
  different: number;
}

export interface FlowCheck {
  readonly counts: FlowCounts;
  /** Looks at one step: the state before it and what it did. */
  see(before: State, effects: readonly Effect[]): void;
}

/** For one flip from disabled to enabled: every record so far is of a site that now reads `ENABLED`. */
export function createFlowCheck(machine: Machine): FlowCheck {
  const counts: FlowCounts = { visits: 0, wrong: 0, images: 0, different: 0 };
  const images = new Map<string, CodeImage>();
  const imageOf = (state: State): CodeImage => {
    const key = state.sites.map((site) => site.recorded).join("");
    const known = images.get(key);
    if (known !== undefined) return known;
    const image = rebuild(machine, state, counts);
    images.set(key, image);
    return image;
  };
  return {
    counts,
    see: (before, effects) => {
      for (const effect of effects) {
        if (effect.kind !== "executed" && effect.kind !== "emulated") continue;
        counts.visits++;
        const emulated = effect.kind === "emulated";
        if (!decodes(machine, imageOf(before), effect.site, effect.as, emulated)) counts.wrong++;
      }
    },
  };
}

function decodes(
  machine: Machine,
  image: CodeImage,
  site: number,
  as: Side,
  emulated: boolean,
): boolean {
  const patch = machine.configuration.sites[site];
  if (patch === undefined) return false;
  return [false, true].every((taken) => {
    const visit = visitSite(patch, as, emulated, taken, 0);
    const decoded = decodeFlow(visit.packets, () => image);
    return decoded.ok && sameFlow(decoded.value, visit.flow);
  });
}

export function sameFlow(a: readonly bigint[], b: readonly bigint[]): boolean {
  return a.length === b.length && a.every((address, i) => address === b[i]);
}

/** From the first image by the records so far, and from the last one by undoing those to come. */
function rebuild(machine: Machine, state: State, counts: FlowCounts): CodeImage {
  const { sites } = machine.configuration;
  const told = state.sites.flatMap((site, index) => (site.recorded === ENABLED ? [index] : []));
  const untold = state.sites.flatMap((site, index) => (site.recorded === DISABLED ? [index] : []));
  const records = [...told, ...untold].map((site, time) =>
    toTextPoke(machine, site, ENABLED, time, 0),
  );
  const now = told.length - 1;
  const forward = imageForward(siteImage(sites, DISABLED), records, now);
  const backward = imageBackward(siteImage(sites, ENABLED), records, now);
  counts.images++;
  if (!sameImage(forward, backward)) counts.different++;
  return forward;
}

/** The record of a site moved to `to`. */
export function toTextPoke(
  machine: Machine,
  site: number,
  to: Side,
  time: number,
  cpu: number,
): TextPoke {
  const { disabled, enabled } = bytesOf(machine, site);
  return {
    time,
    cpu,
    address: machine.configuration.sites[site]?.address ?? 0n,
    old: to === ENABLED ? disabled : enabled,
    new: to === ENABLED ? enabled : disabled,
  };
}
