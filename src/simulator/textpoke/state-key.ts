// One string per state, equal exactly when two states have the same future. Left out is what no later
// step can read: a finished CPU's history, bytes of sites it never runs into.

import type { Reductions } from "./configuration.ts";
import type { Machine } from "./machine.ts";
import { bytesOf } from "./machine.ts";
import {
  type CpuState,
  DISABLED,
  ENABLED,
  type Place,
  type SiteState,
  type State,
} from "./state.ts";

const PHASES = { untouched: 0, arming: 1, armed: 2, settled: 3 } as const;

export function stateKey(machine: Machine, state: State, reductions: Reductions): string {
  let key = "";
  for (const site of state.sites) key += String.fromCharCode(siteCode(site));
  for (const actor of state.actors) {
    key += String.fromCharCode(actor.at, actor.waiting, actor.owed.length, ...actor.owed);
  }
  key += String.fromCharCode(...state.references, state.vector.length, ...state.vector);
  const { jump_label, text } = state.locks;
  key += String.fromCharCode(jump_label ?? 9, text ?? 9, state.wanted + 99, state.deferred + 99);
  key += String.fromCharCode((state.workPending ? 1 : 0) | state.key);
  const free: string[] = [];
  for (let cpu = 0; cpu < state.cpus.length; cpu++) {
    const code = cpuKey(machine, state, state.cpus[cpu] as CpuState); // index within bounds
    if (reductions.symmetry && !machine.busy.has(cpu)) free.push(code);
    else key += code;
  }
  return free.length > 0 ? key + free.sort().join("") : key;
}

function siteCode(site: SiteState): number {
  return (
    site.head | (site.tail << 2) | (site.to << 4) | (PHASES[site.phase] << 6) | (site.recorded << 8)
  );
}

function cpuKey(machine: Machine, state: State, cpu: CpuState): string {
  const stale = machine.configuration.fetch === "stale";
  let seen = 0;
  let key = String.fromCharCode(
    placeCode(cpu.place),
    (cpu.irqsOff ? 1 : 0) | (cpu.ipi ? 2 : 0),
    cpu.focus + 1,
    cpu.queue.length,
    ...cpu.queue,
    cpu.handling.length,
    ...cpu.handling,
  );
  for (let site = 0; site < state.sites.length; site++) {
    if (cpu.focus >= 0 && cpu.focus !== site) continue;
    if (stale) key += String.fromCharCode(cpu.may[site] ?? 0);
    if (cpu.seenNew[site] === true && mayRunOld(machine, state, cpu, site)) seen |= 1 << site;
  }
  key += String.fromCharCode(seen);
  return key;
}

/** Whether this CPU can still execute the old instruction; only then does it matter that it ran the new one. */
function mayRunOld(machine: Machine, state: State, cpu: CpuState, site: number): boolean {
  const now = state.sites[site] as SiteState; // index within bounds
  const old = now.to === ENABLED ? DISABLED : ENABLED;
  if (machine.configuration.fetch === "stale") return ((cpu.may[site] ?? 0) & (1 << old)) !== 0;
  const { decoded } = bytesOf(machine, site);
  if (decoded[now.head * 3 + now.tail] === old) return true;
  const { place } = cpu;
  return (
    place.kind === "fetched" && place.site === site && decoded[place.head * 3 + place.tail] === old
  );
}

function placeCode(place: Place): number {
  switch (place.kind) {
    case "elsewhere":
      return 0;
    case "fetched":
      return 1 + place.site * 16 + place.head * 3 + place.tail;
    case "inside":
      return 10 + place.site * 16;
    case "trapped":
      return 11 + place.site * 16;
    case "emulating":
      return 12 + place.site * 16 + (place.as === ENABLED ? 1 : 0);
  }
}
