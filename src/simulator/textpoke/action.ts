// What can happen next in a state, and doing it. The order of the list is fixed, so that an index into it
// names an action for good (the explorer stores nothing else).

import type { Reductions } from "./configuration.ts";
import type { Outcome } from "./effect.ts";
import type { Machine } from "./machine.ts";
import { bytesOf } from "./machine.ts";
import { canOperate, operate, operationOf } from "./operate.ts";
import {
  type CpuState,
  cpuOf,
  ENABLED,
  type State,
  siteOf,
  TRAP,
  type Value,
  withCpu,
} from "./state.ts";
import {
  acknowledge,
  emulate,
  execute,
  fetch,
  goOn,
  lookUp,
  opensInterrupts,
  takeIpi,
} from "./visit.ts";

export type Action =
  | { readonly kind: "operate"; readonly actor: number }
  | { readonly kind: "take-ipi"; readonly cpu: number }
  | { readonly kind: "acknowledge"; readonly cpu: number }
  | { readonly kind: "fetch"; readonly cpu: number; readonly site: number }
  /** Executes what was fetched. */
  | { readonly kind: "execute"; readonly cpu: number }
  /** Fetches and executes at once: all there is to choose is which bytes come back. */
  | {
      readonly kind: "run";
      readonly cpu: number;
      readonly site: number;
      readonly head: Value;
      readonly tail: Value;
      /** An interrupt on the patcher's own CPU: over before the patcher goes on. */
      readonly whole: boolean;
    }
  | { readonly kind: "go-on"; readonly cpu: number; readonly tail: Value }
  | { readonly kind: "look-up"; readonly cpu: number }
  | { readonly kind: "emulate"; readonly cpu: number }
  | { readonly kind: "irqs"; readonly cpu: number; readonly off: boolean };

export const NO_REDUCTION: Reductions = { symmetry: false, focus: false };
export const REDUCED: Reductions = { symmetry: true, focus: true };

/** Every action possible in `state`. */
export function possibleActions(
  machine: Machine,
  state: State,
  reductions: Reductions = NO_REDUCTION,
): Action[] {
  const actions: Action[] = [];
  for (let actor = 0; actor < state.actors.length; actor++) {
    if (canOperate(machine, state, actor)) actions.push({ kind: "operate", actor });
  }
  for (let cpu = 0; cpu < state.cpus.length; cpu++) {
    const own = reductions.focus && isOnlyPatcher(machine, cpu);
    addCpuActions(machine, state, cpu, own, actions);
  }
  return actions;
}

/** Only one patcher exists and this is its CPU: nothing is stored while it is at a site. */
export function isOnlyPatcher(machine: Machine, cpu: number): boolean {
  return cpu === 0 && !machine.configuration.twoPatchers;
}

function addCpuActions(
  machine: Machine,
  state: State,
  cpu: number,
  own: boolean,
  actions: Action[],
): void {
  const now = cpuOf(state, cpu);
  if (now.handling.length > 0) {
    actions.push({ kind: "acknowledge", cpu });
    return;
  }
  if (now.ipi && opensInterrupts(now)) actions.push({ kind: "take-ipi", cpu });
  const { place } = now;
  switch (place.kind) {
    case "elsewhere":
      addVisits(machine, state, cpu, own, actions);
      if (machine.configuration.irqToggles && !machine.busy.has(cpu)) {
        actions.push({ kind: "irqs", cpu, off: !now.irqsOff });
      }
      return;
    case "fetched":
      actions.push({ kind: "execute", cpu });
      return;
    case "inside":
      for (const tail of tailChoices(machine, state, now, place.site)) {
        actions.push({ kind: "go-on", cpu, tail });
      }
      return;
    case "trapped":
      actions.push({ kind: "look-up", cpu });
      return;
    case "emulating":
      actions.push({ kind: "emulate", cpu });
      return;
  }
}

function addVisits(
  machine: Machine,
  state: State,
  cpu: number,
  own: boolean,
  actions: Action[],
): void {
  const now = cpuOf(state, cpu);
  // An actor that has interrupts closed is not interrupted, and does not run into sites itself.
  if (machine.busy.has(cpu) && now.irqsOff) return;
  const stale = machine.configuration.fetch === "stale";
  for (let site = 0; site < state.sites.length; site++) {
    if (now.focus >= 0 && now.focus !== site) continue;
    if (!stale && !own) {
      actions.push({ kind: "fetch", cpu, site });
      continue;
    }
    for (const head of headChoices(machine, state, now, site)) {
      const tails =
        head === TRAP ? [siteOf(state, site).tail] : tailChoices(machine, state, now, site);
      for (const tail of tails) actions.push({ kind: "run", cpu, site, head, tail, whole: own });
    }
  }
}

function headChoices(machine: Machine, state: State, cpu: CpuState, site: number): Value[] {
  if (machine.configuration.fetch === "coherent") return [siteOf(state, site).head];
  const may = cpu.may[site] ?? 0;
  return ([0, 1, 2] as const).filter((value) => (may & (1 << value)) !== 0);
}

function tailChoices(machine: Machine, state: State, cpu: CpuState, site: number): Value[] {
  if (machine.configuration.fetch === "coherent") return [siteOf(state, site).tail];
  const may = cpu.may[site] ?? 0;
  const both = (may & 8) !== 0 && (may & 32) !== 0;
  const values: Value[] = ([0, ENABLED] as const).filter((value) => (may & (8 << value)) !== 0);
  return both && bytesOf(machine, site).mixes ? [0, 1, ENABLED] : values;
}

/** Does one action. `action` must be one that `possibleActions` gave for this state. */
export function perform(machine: Machine, state: State, action: Action): Outcome<State> {
  switch (action.kind) {
    case "operate":
      return operate(machine, state, action.actor);
    case "take-ipi":
      return takeIpi(machine, state, action.cpu);
    case "acknowledge":
      return acknowledge(machine, state, action.cpu);
    case "fetch":
      return fetch(state, action.cpu, action.site);
    case "run":
      return run(machine, state, action);
    case "irqs": {
      const cpu = { ...cpuOf(state, action.cpu), irqsOff: action.off };
      return {
        state: withCpu(state, action.cpu, cpu),
        effects: [{ kind: "irqs", cpu: action.cpu, off: action.off }],
        violations: [],
      };
    }
    default:
      return performAtSite(machine, state, action);
  }
}

type SiteAction = Extract<Action, { kind: "execute" | "go-on" | "look-up" | "emulate" }>;

function performAtSite(machine: Machine, state: State, action: SiteAction): Outcome<State> {
  const { place } = cpuOf(state, action.cpu);
  if (action.kind === "execute" && place.kind === "fetched") {
    return execute(machine, state, action.cpu, place.site, place.head, place.tail);
  }
  if (action.kind === "go-on" && place.kind === "inside") {
    return goOn(state, action.cpu, place.site, action.tail);
  }
  if (action.kind === "look-up" && place.kind === "trapped") {
    return lookUp(machine, state, action.cpu, place.site);
  }
  if (action.kind === "emulate" && place.kind === "emulating") {
    return emulate(machine, state, action.cpu, place.site, place.as);
  }
  throw new Error(`cpu ${action.cpu} cannot ${action.kind} while ${place.kind}`);
}

function run(
  machine: Machine,
  state: State,
  action: Extract<Action, { kind: "run" }>,
): Outcome<State> {
  const { cpu, site } = action;
  const ran = execute(machine, state, cpu, site, action.head, action.tail);
  if (!action.whole || cpuOf(ran.state, cpu).place.kind !== "trapped") return ran;
  const found = lookUp(machine, ran.state, cpu, site);
  const { place } = cpuOf(found.state, cpu);
  if (place.kind !== "emulating") return { ...found, effects: [...ran.effects, ...found.effects] };
  const end = emulate(machine, found.state, cpu, site, place.as);
  return { ...end, effects: [...ran.effects, ...found.effects, ...end.effects] };
}

/** Every actor has finished: nothing is left to patch, to open or to close. */
export function isDone(machine: Machine, state: State): boolean {
  return machine.actors.every((_, index) => {
    const operation = operationOf(machine, state, index);
    return operation === undefined || (operation.kind === "work" && !state.workPending);
  });
}
