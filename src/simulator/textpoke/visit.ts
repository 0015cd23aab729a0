// What a CPU does by itself: run into a site, take the exception, answer an IPI.

import type { Outcome, Violation } from "./effect.ts";
import { bytesOf, type Machine, serialize } from "./machine.ts";
import {
  actorOf,
  type CpuState,
  cpuOf,
  ENABLED,
  NOWHERE,
  type Side,
  type State,
  siteOf,
  TRAP,
  type Value,
  withActor,
  withCpu,
} from "./state.ts";

/** Interrupts can be taken: the CPU's own flag, the exception gate, and the IPI handler all close them. */
export function opensInterrupts(cpu: CpuState): boolean {
  return (
    !cpu.irqsOff &&
    cpu.handling.length === 0 &&
    cpu.place.kind !== "trapped" &&
    cpu.place.kind !== "emulating"
  );
}

/** All bytes of one instant. What the CPU holds is executed later, unless an interrupt comes first. */
export function fetch(state: State, cpu: number, site: number): Outcome<State> {
  const { head, tail } = siteOf(state, site);
  const place = { kind: "fetched", site, head, tail } as const;
  return {
    state: withCpu(state, cpu, { ...cpuOf(state, cpu), place }),
    effects: [{ kind: "fetched", cpu, site }],
    violations: [],
  };
}

/** Decodes and runs the given bytes of a site. */
export function execute(
  machine: Machine,
  state: State,
  cpu: number,
  site: number,
  head: Value,
  tail: Value,
): Outcome<State> {
  const bytes = bytesOf(machine, site);
  const decoded = bytes.decoded[head * 3 + tail] ?? "torn";
  const before = cpuOf(state, cpu);
  if (decoded === "torn") {
    return {
      state: withCpu(state, cpu, { ...before, place: NOWHERE }),
      effects: [{ kind: "torn", cpu, site }],
      violations: [{ invariant: "I2", cpu, site }],
    };
  }
  if (decoded === "trap") {
    return {
      state: withCpu(state, cpu, { ...before, place: { kind: "trapped", site } }),
      effects: [{ kind: "trapped", cpu, site }],
      violations: [],
    };
  }
  const inside = bytes.split && decoded !== ENABLED;
  const next: CpuState = {
    ...before,
    place: inside ? { kind: "inside", site } : NOWHERE,
    seenNew: decoded === siteOf(state, site).to ? before.seenNew.with(site, true) : before.seenNew,
  };
  return {
    state: withCpu(state, cpu, next),
    effects: [{ kind: "executed", cpu, site, as: decoded }],
    violations: ranNative(state, before, cpu, site, decoded),
  };
}

function ranNative(
  state: State,
  before: CpuState,
  cpu: number,
  site: number,
  as: Side,
): Violation[] {
  const { to, phase, recorded } = siteOf(state, site);
  const violations: Violation[] = [];
  if (as !== to && (phase !== "arming" || before.seenNew[site] === true)) {
    violations.push({ invariant: "I1", cpu, site });
  }
  if (as !== recorded) violations.push({ invariant: "D", cpu, site });
  return violations;
}

/** The second of two old instructions, reached by returning from an interrupt: its bytes are the tail. */
export function goOn(state: State, cpu: number, site: number, tail: Value): Outcome<State> {
  return {
    state: withCpu(state, cpu, { ...cpuOf(state, cpu), place: NOWHERE }),
    effects: [],
    violations: tail === ENABLED ? [{ invariant: "I6", cpu, site }] : [],
  };
}

/** poke_int3_handler: takes a reference, then searches the vector by bisection. */
export function lookUp(machine: Machine, state: State, cpu: number, site: number): Outcome<State> {
  const counter = counterOf(machine, cpu);
  const count = state.references[counter] ?? 0;
  const before = cpuOf(state, cpu);
  if (count > 0 && finds(machine, state.vector, site)) {
    const place = { kind: "emulating", site, as: siteOf(state, site).to } as const;
    const references = state.references.with(counter, count + 1);
    return {
      state: withCpu({ ...state, references }, cpu, { ...before, place }),
      effects: [],
      violations: [],
    };
  }
  const free: CpuState = { ...before, place: NOWHERE };
  if (machine.configuration.variant.rerunsVanishedInt3 && siteOf(state, site).head !== TRAP) {
    return {
      state: withCpu(state, cpu, returned(machine, state, free)),
      effects: [{ kind: "reran", cpu, site }],
      violations: [],
    };
  }
  const invariant = count > 0 && state.vector.includes(site) ? "I5" : "I4";
  return {
    state: withCpu(state, cpu, free),
    effects: [{ kind: "unclaimed", cpu, site }],
    violations: [{ invariant, cpu, site }],
  };
}

/** The handler's end: the new instruction's effect, the reference given back, and IRET, which serializes. */
export function emulate(
  machine: Machine,
  state: State,
  cpu: number,
  site: number,
  as: Side,
): Outcome<State> {
  const counter = counterOf(machine, cpu);
  const before = cpuOf(state, cpu);
  const references = state.references.with(counter, (state.references[counter] ?? 0) - 1);
  const next: CpuState = {
    ...before,
    place: NOWHERE,
    seenNew: before.seenNew.with(
      site,
      before.seenNew[site] === true || as === siteOf(state, site).to,
    ),
  };
  return {
    state: withCpu({ ...state, references }, cpu, returned(machine, state, next)),
    effects: [{ kind: "emulated", cpu, site, as }],
    violations: [],
  };
}

/** The function-call interrupt: what was fetched is dropped, the whole queue is taken. */
export function takeIpi(machine: Machine, state: State, cpu: number): Outcome<State> {
  const before = cpuOf(state, cpu);
  const place = before.place.kind === "fetched" ? NOWHERE : before.place;
  const next = withCpu(state, cpu, {
    ...before,
    place,
    ipi: false,
    queue: [],
    handling: before.queue,
  });
  if (machine.configuration.fineIpis) return { state: next, effects: [], violations: [] };
  return before.queue.reduce<Outcome<State>>(
    (outcome) => {
      const one = acknowledge(machine, outcome.state, cpu);
      return { ...one, effects: [...outcome.effects, ...one.effects] };
    },
    { state: next, effects: [], violations: [] },
  );
}

/** One csd of the running handler: do_sync_core, then csd_unlock. */
export function acknowledge(machine: Machine, state: State, cpu: number): Outcome<State> {
  const before = cpuOf(state, cpu);
  const [actor, ...handling] = before.handling;
  if (actor === undefined) throw new Error(`cpu ${cpu} has nothing to acknowledge`);
  const serializes =
    machine.actors[actor]?.role === "patcher" && machine.configuration.mutant !== "no-serialize";
  const after: CpuState = { ...before, handling };
  const next = withCpu(state, cpu, serializes ? serialize(machine, state.sites, after) : after);
  const sender = actorOf(next, actor);
  return {
    state: withActor(next, actor, { ...sender, waiting: sender.waiting - 1 }),
    effects: [{ kind: "acknowledged", cpu, actor }],
    violations: [],
  };
}

function returned(machine: Machine, state: State, cpu: CpuState): CpuState {
  return machine.configuration.mutant === "int3-return-not-serializing"
    ? cpu
    : serialize(machine, state.sites, cpu);
}

function counterOf(machine: Machine, cpu: number): number {
  return machine.configuration.variant.referencePerCpu ? cpu : 0;
}

/** include/linux/bsearch.h: __inline_bsearch over the vector's addresses. */
function finds(machine: Machine, vector: readonly number[], site: number): boolean {
  const address = (index: number) => machine.configuration.sites[index]?.address ?? 0n;
  const wanted = address(site);
  let base = 0;
  for (let count = vector.length; count > 0; count >>= 1) {
    const pivot = base + (count >> 1);
    const found = address(vector[pivot] ?? -1);
    if (found === wanted) return true;
    if (wanted > found) {
      base = pivot + 1;
      count--;
    }
  }
  return false;
}
