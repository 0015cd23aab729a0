// One operation of an actor: the patcher's stores, locks and interrupts, and the sockets in front of it.

import type { Effect, Outcome } from "./effect.ts";
import { type Machine, serialize } from "./machine.ts";
import type { Operation } from "./program.ts";
import {
  actorOf,
  cpuOf,
  DISABLED,
  ENABLED,
  type Side,
  type SiteState,
  type State,
  siteOf,
  TRAP,
  type Value,
  withActor,
  withCpu,
  withSite,
} from "./state.ts";

export function operationOf(machine: Machine, state: State, actor: number): Operation | undefined {
  return machine.actors[actor]?.operations[actorOf(state, actor).at];
}

/** Whether the actor's next operation can be done now. A CPU that is at a site or in a handler does not run it. */
export function canOperate(machine: Machine, state: State, actor: number): boolean {
  const operation = operationOf(machine, state, actor);
  if (operation === undefined) return false;
  const cpu = cpuOf(state, machine.actors[actor]?.cpu ?? 0);
  if (cpu.place.kind !== "elsewhere" || cpu.handling.length > 0) return false;
  switch (operation.kind) {
    case "work":
      return state.workPending;
    case "lock":
      return operation.lock === "cpus" || state.locks[operation.lock] === undefined;
    case "wait":
      return actorOf(state, actor).waiting === 0;
    case "drain":
      return state.references[operation.counter] === 0;
    default:
      return true;
  }
}

export function operate(machine: Machine, state: State, actor: number): Outcome<State> {
  const operation = operationOf(machine, state, actor);
  const cpu = machine.actors[actor]?.cpu ?? 0;
  if (operation === undefined) throw new Error(`actor ${actor} has nothing left to do`);
  const before = actorOf(state, actor);
  const next = withActor(state, actor, { ...before, at: before.at + 1 });
  switch (operation.kind) {
    case "int3":
      return store(machine, next, cpu, operation.site, "first", TRAP);
    case "tail":
      return store(machine, armed(next, operation), cpu, operation.site, "tail", operation.to);
    case "first":
      return store(machine, armed(next, operation), cpu, operation.site, "first", operation.to);
    case "record":
      return record(armed(next, operation), cpu, operation.site, operation.to);
    case "publish":
      return publish(next, cpu, operation);
    case "release":
    case "drain":
      return leave(next, cpu, operation);
    case "broadcast":
    case "queue":
    case "send":
    case "send-blind":
    case "serialize-self":
    case "wait":
      return synchronize(machine, next, actor, cpu, operation);
    case "open":
    case "close":
      return socket(next, cpu, operation.kind);
    case "work":
    case "again":
      return work(next, actor, cpu, operation);
    default:
      return keep(next, actor, cpu, operation);
  }
}

function done(state: State, ...effects: Effect[]): Outcome<State> {
  return { state, effects, violations: [] };
}

/** __text_poke: the store, visible to all; the CR3 switch back serializes the storing CPU. */
function store(
  machine: Machine,
  state: State,
  cpu: number,
  site: number,
  part: "first" | "tail",
  value: Value,
): Outcome<State> {
  const now = siteOf(state, site);
  const stored: SiteState =
    part === "first" ? { ...now, head: value } : { ...now, tail: value as Side }; // a tail is never INT3
  let next = withSite(state, site, stored);
  if (machine.configuration.fetch === "stale") {
    const bit = part === "first" ? 1 << value : 8 << value;
    const cpus = next.cpus.map((each, index) =>
      index === cpu
        ? serialize(machine, next.sites, each)
        : { ...each, may: each.may.with(site, (each.may[site] ?? 0) | bit) },
    );
    next = { ...next, cpus };
  }
  return done(next, { kind: "store", cpu, site, part, value });
}

/** Step 2 begins: from here on nobody may execute the old instruction. */
function armed(state: State, operation: { readonly arms: boolean }): State {
  if (!operation.arms) return state;
  const sites = state.sites.map((site, index) =>
    state.vector.includes(index) ? { ...site, phase: "armed" as const } : site,
  );
  return { ...state, sites };
}

function record(state: State, cpu: number, site: number, to: Side): Outcome<State> {
  const next = withSite(state, site, { ...siteOf(state, site), recorded: to });
  return done(next, { kind: "record", cpu, site, to });
}

/** bp_desc gets its vector and its first reference. It must not be in use (I5). */
function publish(
  state: State,
  cpu: number,
  operation: Extract<Operation, { kind: "publish" }>,
): Outcome<State> {
  const inUse = state.references.some((count) => count > 0);
  const sites = state.sites.map(
    (site, index): SiteState =>
      operation.sites.includes(index) ? { ...site, to: operation.to, phase: "arming" } : site,
  );
  const cpus = state.cpus.map((each) => ({
    ...each,
    seenNew: each.seenNew.map((seen, site) => seen && !operation.sites.includes(site)),
  }));
  const references = state.references.map(() => 1);
  const next: State = { ...state, sites, cpus, vector: operation.sites, references };
  return {
    state: next,
    effects: [{ kind: "publish", cpu, sites: operation.sites }],
    violations: inUse ? [{ invariant: "I5", cpu }] : [],
  };
}

function leave(
  state: State,
  cpu: number,
  operation: Extract<Operation, { kind: "release" | "drain" }>,
): Outcome<State> {
  if (operation.kind === "release") {
    const count = (state.references[operation.counter] ?? 0) - 1;
    const references = state.references.with(operation.counter, count);
    return done({ ...state, references }, { kind: "release", cpu });
  }
  if (!operation.last) return done(state);
  const sites = state.sites.map(
    (site, index): SiteState =>
      state.vector.includes(index) ? { ...site, phase: "settled" } : site,
  );
  return done({ ...state, sites, vector: [] }, { kind: "drained", cpu });
}

type SyncOperation = Extract<
  Operation,
  { kind: "broadcast" | "queue" | "send" | "send-blind" | "serialize-self" | "wait" }
>;

function synchronize(
  machine: Machine,
  state: State,
  actor: number,
  cpu: number,
  operation: SyncOperation,
): Outcome<State> {
  const self = (s: State) => withCpu(s, cpu, serialize(machine, s.sites, cpuOf(s, cpu)));
  switch (operation.kind) {
    case "queue":
      return done(enqueue(state, actor, [operation.target]));
    case "send":
      return send(state, actor, cpu, actorOf(state, actor).owed);
    case "send-blind":
      return send(state, actor, cpu, operation.targets);
    case "broadcast": {
      const queued = enqueue(state, actor, operation.targets);
      const sent = send(queued, actor, cpu, actorOf(queued, actor).owed);
      return operation.serialize ? { ...sent, state: self(sent.state) } : sent;
    }
    case "serialize-self":
      return done(self(state), { kind: "serialized", cpu });
    case "wait":
      return done(state, { kind: "synced", cpu, sync: operation.sync });
  }
}

/** csd_lock and llist_add for each target; one whose queue was empty is owed an IPI. */
function enqueue(state: State, actor: number, targets: readonly number[]): State {
  const sender = actorOf(state, actor);
  const owed = targets.filter((target) => cpuOf(state, target).queue.length === 0);
  const cpus = state.cpus.slice();
  for (const target of targets) {
    const cpu = cpuOf(state, target);
    cpus[target] = { ...cpu, queue: [...cpu.queue, actor] };
  }
  const next = { ...state, cpus };
  return withActor(next, actor, {
    ...sender,
    waiting: sender.waiting + targets.length,
    owed: [...sender.owed, ...owed],
  });
}

function send(state: State, actor: number, cpu: number, to: readonly number[]): Outcome<State> {
  const cpus = state.cpus.slice();
  for (const target of to) cpus[target] = { ...cpuOf(state, target), ipi: true };
  const next = withActor({ ...state, cpus }, actor, { ...actorOf(state, actor), owed: [] });
  return done(next, { kind: "sent", cpu, to });
}

/** net_enable_timestamp and net_disable_timestamp: count at once while that cannot flip the key. */
function socket(state: State, cpu: number, what: "open" | "close"): Outcome<State> {
  const at = what === "open" ? state.wanted > 0 : state.wanted > 1;
  const by = what === "open" ? 1 : -1;
  const next = at
    ? { ...state, wanted: state.wanted + by }
    : { ...state, deferred: state.deferred + by, workPending: true };
  return done(next, { kind: "socket", cpu, what, deferred: !at });
}

/** netstamp_clear: takes the deferred count, then enables or disables unless the key already is so. */
function work(
  state: State,
  actor: number,
  cpu: number,
  operation: Extract<Operation, { kind: "work" | "again" }>,
): Outcome<State> {
  const before = actorOf(state, actor);
  if (operation.kind === "again") return done(withActor(state, actor, { ...before, at: 0 }));
  const wanted = state.wanted + state.deferred;
  const to: Side = wanted > 0 ? ENABLED : DISABLED;
  const at = to === state.key ? 0 : to === ENABLED ? before.at : operation.disable;
  const then = to === state.key ? "nothing" : to === ENABLED ? "enable" : "disable";
  const next: State = { ...state, wanted, deferred: 0, workPending: false };
  return done(withActor(next, actor, { ...before, at }), { kind: "work", cpu, then });
}

/** Locks, the CPU's own interrupt flag, and the key's value. */
function keep(
  state: State,
  actor: number,
  cpu: number,
  operation: Extract<
    Operation,
    { kind: "lock" | "unlock" | "close-irqs" | "open-irqs" | "set-key" }
  >,
): Outcome<State> {
  switch (operation.kind) {
    case "lock": {
      const { lock } = operation;
      const locks = lock === "cpus" ? state.locks : { ...state.locks, [lock]: actor };
      return done({ ...state, locks }, { kind: "locked", cpu, lock });
    }
    case "unlock": {
      const locks = { ...state.locks };
      delete locks[operation.lock];
      return done({ ...state, locks }, { kind: "unlocked", cpu, lock: operation.lock });
    }
    case "set-key":
      return done({ ...state, key: operation.to }, { kind: "key", cpu, to: operation.to });
    case "close-irqs":
    case "open-irqs": {
      const irqsOff = operation.kind === "close-irqs";
      const next = withCpu(state, cpu, { ...cpuOf(state, cpu), irqsOff });
      return done(next, { kind: "irqs", cpu, off: irqsOff });
    }
  }
}
