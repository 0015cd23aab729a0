// Breadth-first search over every interleaving. The first way found to break an invariant is therefore a
// shortest one. Memory: a key, two numbers per state and two per edge; states themselves are kept for one
// level only and found again by replaying.

import { type Action, isDone, perform, possibleActions, REDUCED } from "./action.ts";
import type { Configuration, Reductions } from "./configuration.ts";
import type { Effect, InvariantId, Violation } from "./effect.ts";
import { createMachine, type Machine, startStates } from "./machine.ts";
import { NumberList } from "./number-list.ts";
import type { State } from "./state.ts";
import { stateKey } from "./state-key.ts";

export interface ExploreOptions {
  readonly reductions?: Reductions;
  /** Gives up beyond this many states; the answer then says so. */
  readonly maxStates?: number;
  /** Sees every step of every state once, with the state before it. */
  readonly watch?: (
    before: State,
    effects: readonly Effect[],
    violations: readonly Violation[],
  ) => void;
}

export interface Step {
  readonly action: Action;
  readonly effects: readonly Effect[];
  readonly violations: readonly Violation[];
  readonly state: State;
}

export interface Counterexample {
  readonly invariant: InvariantId;
  readonly violation: Violation;
  readonly start: State;
  readonly steps: readonly Step[];
}

export interface Exploration {
  readonly states: number;
  readonly transitions: number;
  /** Steps of the longest shortest path. */
  readonly depth: number;
  /** False when `maxStates` ended the search: nothing found then proves nothing. */
  readonly complete: boolean;
  /** The shortest way to break each invariant that can be broken, in the order found. */
  readonly counterexamples: readonly Counterexample[];
}

interface Search {
  readonly machine: Machine;
  readonly reductions: Reductions;
  readonly roots: readonly State[];
  readonly keys: Map<string, number>;
  readonly parents: NumberList;
  readonly choices: NumberList;
  readonly from: NumberList;
  readonly to: NumberList;
  /** States from which the search need not ask whether the end can be reached. */
  readonly ends: NumberList;
  readonly found: Map<InvariantId, Counterexample>;
  transitions: number;
}

/** Explores `configuration` to the end (or to `maxStates`). */
export function explore(configuration: Configuration, options: ExploreOptions = {}): Exploration {
  const search = begin(configuration, options.reductions ?? REDUCED);
  const limit = options.maxStates ?? 5_000_000;
  let level: { readonly id: number; readonly state: State }[] = search.roots
    .map((state) => ({ id: admit(search, state, -1, 0), state }))
    .filter(({ id }) => id >= 0);
  let depth = 0;
  while (level.length > 0 && search.keys.size <= limit) {
    const next: { id: number; state: State }[] = [];
    for (const { id, state } of level) expand(search, id, state, next, options);
    level = next;
    if (next.length > 0) depth++;
  }
  const complete = level.length === 0;
  if (complete) findStuck(search);
  return {
    states: search.keys.size,
    transitions: search.transitions,
    depth,
    complete,
    counterexamples: [...search.found.values()],
  };
}

function begin(configuration: Configuration, reductions: Reductions): Search {
  const machine = createMachine(configuration);
  return {
    machine,
    reductions,
    roots: startStates(machine, reductions.focus),
    keys: new Map(),
    parents: new NumberList(),
    choices: new NumberList(),
    from: new NumberList(),
    to: new NumberList(),
    ends: new NumberList(),
    found: new Map(),
    transitions: 0,
  };
}

/** The new state's number, or -1 when it is known already. */
function admit(search: Search, state: State, parent: number, choice: number): number {
  const key = stateKey(search.machine, state, search.reductions);
  if (search.keys.has(key)) return -1;
  const id = search.keys.size;
  search.keys.set(key, id);
  search.parents.push(parent);
  search.choices.push(choice);
  return id;
}

function expand(
  search: Search,
  id: number,
  state: State,
  next: { id: number; state: State }[],
  options: ExploreOptions,
): void {
  const { machine } = search;
  const actions = possibleActions(machine, state, search.reductions);
  if (isDone(machine, state)) finish(search, id, state);
  actions.forEach((action, choice) => {
    const outcome = perform(machine, state, action);
    search.transitions++;
    options.watch?.(state, outcome.effects, outcome.violations);
    if (outcome.violations.length > 0) {
      for (const violation of outcome.violations) note(search, violation, id, action);
      search.ends.push(id);
      return;
    }
    const key = stateKey(machine, outcome.state, search.reductions);
    const known = search.keys.get(key);
    const target = known ?? search.keys.size;
    if (known === undefined) {
      search.keys.set(key, target);
      search.parents.push(id);
      search.choices.push(choice);
      next.push({ id: target, state: outcome.state });
    }
    if (target !== id) {
      search.from.push(id);
      search.to.push(target);
    }
  });
}

/** At rest the key is enabled exactly when somebody wants time stamps. */
function finish(search: Search, id: number, state: State): void {
  search.ends.push(id);
  if (search.machine.configuration.sockets.length === 0) return;
  if ((state.key === 0) !== state.wanted <= 0) note(search, { invariant: "N" }, id, undefined);
}

function note(search: Search, violation: Violation, id: number, last: Action | undefined): void {
  if (search.found.has(violation.invariant)) return;
  search.found.set(violation.invariant, {
    invariant: violation.invariant,
    violation,
    ...replay(search, id, last),
  });
}

/** The path to state `id`, and one action more. */
function replay(
  search: Search,
  id: number,
  last: Action | undefined,
): { start: State; steps: Step[] } {
  const path: number[] = [];
  let at = id;
  while (search.parents.at(at) >= 0) {
    path.push(search.choices.at(at));
    at = search.parents.at(at);
  }
  const start = rootOf(search, at);
  const steps: Step[] = [];
  let state = start;
  const take = (action: Action) => {
    const outcome = perform(search.machine, state, action);
    steps.push({ action, ...outcome });
    state = outcome.state;
  };
  for (const choice of path.reverse()) {
    const action = possibleActions(search.machine, state, search.reductions)[choice];
    if (action !== undefined) take(action);
  }
  if (last !== undefined) take(last);
  return { start, steps };
}

function rootOf(search: Search, id: number): State {
  const root = search.roots.find(
    (state) => search.keys.get(stateKey(search.machine, state, search.reductions)) === id,
  );
  if (root === undefined) throw new Error(`state ${id} has no root`);
  return root;
}

/** A state from which no end can be reached any more: the first such, breadth first, is a shortest one. */
function findStuck(search: Search): void {
  const reaches = new Uint8Array(search.keys.size);
  const { first, sources } = reverseEdges(search);
  const work: number[] = [];
  for (let i = 0; i < search.ends.length; i++) {
    const end = search.ends.at(i);
    if (reaches[end] === 0) work.push(end);
    reaches[end] = 1;
  }
  for (let state = work.pop(); state !== undefined; state = work.pop()) {
    for (let edge = first[state] ?? 0; edge < (first[state + 1] ?? 0); edge++) {
      const source = sources[edge] ?? 0;
      if (reaches[source] === 1) continue;
      reaches[source] = 1;
      work.push(source);
    }
  }
  const stuck = reaches.indexOf(0);
  if (stuck >= 0) note(search, { invariant: "T" }, stuck, undefined);
}

function reverseEdges(search: Search): { first: Uint32Array; sources: Uint32Array } {
  const first = new Uint32Array(search.keys.size + 2);
  for (let i = 0; i < search.to.length; i++)
    first[search.to.at(i) + 2] = (first[search.to.at(i) + 2] ?? 0) + 1;
  for (let i = 1; i < first.length; i++) first[i] = (first[i] ?? 0) + (first[i - 1] ?? 0);
  const sources = new Uint32Array(search.to.length);
  for (let i = 0; i < search.to.length; i++) {
    const slot = first[search.to.at(i) + 1] ?? 0;
    sources[slot] = search.from.at(i);
    first[search.to.at(i) + 1] = slot + 1;
  }
  return { first, sources };
}
