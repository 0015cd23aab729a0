// A configuration from few words; what a mutant needs is added.

import type { Configuration, FetchModel, MutantId } from "./configuration.ts";
import { exampleSites } from "./example-sites.ts";
import type { PatchSite } from "./instruction.ts";
import { findMutant } from "./mutants.ts";
import { DEFAULT_VARIANT } from "./variants.ts";

export interface Wish {
  readonly cpus?: number;
  readonly sites?: number | readonly PatchSite[];
  readonly fetch?: FetchModel;
  readonly mutant?: MutantId;
  readonly changes?: Partial<Configuration>;
}

export function toConfiguration(wish: Wish): Configuration {
  const needs = wish.mutant === undefined ? undefined : findMutant(wish.mutant)?.needs;
  const { minimumSites = 1, ...changes } = needs ?? {};
  const given =
    typeof wish.sites === "object"
      ? wish.sites
      : exampleSites(Math.max(wish.sites ?? 1, minimumSites));
  // Only a vector in the wrong order shows what sorting is for.
  const sites = wish.mutant === "unsorted-vector" ? given.toReversed() : given;
  return {
    cpus: wish.cpus ?? 2,
    sites: wish.mutant === "split-old-code" ? sites.map(split) : sites,
    fetch: wish.fetch ?? "stale",
    variant: DEFAULT_VARIANT.variant,
    toggles: 1,
    sockets: [],
    fineIpis: false,
    irqToggles: false,
    otherSender: false,
    twoPatchers: false,
    ...changes,
    ...(wish.mutant === undefined ? {} : { mutant: wish.mutant }),
    ...wish.changes,
  };
}

function split(site: PatchSite): PatchSite {
  return { ...site, disabled: { kind: "split-nop" } };
}
