// One run of the machine: a seed decides which of the possible steps comes next.

import { type Action, isDone, perform, possibleActions } from "./action.ts";
import type { TextPoke } from "./code-image.ts";
import { type CodeImage, imageBackward, imageForward, sameImage } from "./code-image.ts";
import type { Configuration } from "./configuration.ts";
import type { Effect, Violation } from "./effect.ts";
import { sameFlow, toTextPoke } from "./flow-check.ts";
import { decodeFlow } from "./flow-decoder.ts";
import { createMachine, type Machine, startStates } from "./machine.ts";
import { operationOf } from "./operate.ts";
import { type Packet, siteImage, visitSite } from "./packets.ts";
import { type Random, seededRandom } from "./random.ts";
import { cpuOf, type Side, type State, withCpu } from "./state.ts";

/** CPU `cpu` keeps its interrupts closed for `steps` steps from the moment synchronization `sync` is sent. */
export interface Hold {
  readonly cpu: number;
  readonly sync: 1 | 2 | 3;
  readonly steps: number;
}

export interface RunStep {
  /** 1-based. */
  readonly number: number;
  readonly cpu: number;
  readonly action: Action | { readonly kind: "hold"; readonly off: boolean };
  readonly effects: readonly Effect[];
  readonly violations: readonly Violation[];
  /** After the step. */
  readonly state: State;
}

export interface Run {
  readonly machine: Machine;
  readonly start: State;
  readonly steps: readonly RunStep[];
  readonly finished: boolean;
  readonly records: readonly TextPoke[];
  /** Per CPU. */
  readonly packets: readonly (readonly Packet[])[];
  /** Per CPU: the instructions it executed at and around sites. */
  readonly flows: readonly (readonly bigint[])[];
  readonly ipis: number;
  readonly broadcasts: number;
}

export interface RunOptions {
  readonly seed: number;
  readonly holds?: readonly Hold[];
  readonly maxSteps?: number;
}

interface Running {
  readonly machine: Machine;
  readonly random: Random;
  readonly steps: RunStep[];
  readonly records: TextPoke[];
  readonly packets: Packet[][];
  readonly flows: bigint[][];
  readonly pending: Hold[];
  readonly held: Map<number, number>;
  state: State;
  syncs: number;
  ipis: number;
  broadcasts: number;
}

/** Runs until every actor is done and every CPU is away from the sites, or an invariant breaks. */
export function run(configuration: Configuration, options: RunOptions): Run {
  const machine = createMachine(configuration);
  const [start] = startStates(machine, false);
  if (start === undefined) throw new Error("no start state");
  const running: Running = {
    machine,
    random: seededRandom(options.seed),
    steps: [],
    records: [],
    packets: Array.from({ length: configuration.cpus }, () => []),
    flows: Array.from({ length: configuration.cpus }, () => []),
    pending: [...(options.holds ?? [])],
    held: new Map(),
    state: start,
    syncs: 0,
    ipis: 0,
    broadcasts: 0,
  };
  const limit = options.maxSteps ?? 20_000;
  let finished = false;
  while (!finished && running.steps.length < limit) {
    releaseHolds(running);
    const action = choose(running);
    if (action === undefined) break;
    const violated = take(running, action);
    if (violated) break;
    finished = isDone(machine, running.state) && allAway(running.state);
  }
  const { steps, records, packets, flows, ipis, broadcasts } = running;
  return { machine, start, steps, finished, records, packets, flows, ipis, broadcasts };
}

function allAway(state: State): boolean {
  return state.cpus.every((cpu) => cpu.place.kind === "elsewhere" && !cpu.irqsOff);
}

function choose(running: Running): Action | undefined {
  const { machine, state, random } = running;
  const done = isDone(machine, state);
  const actions = possibleActions(machine, state).filter(
    (action) => !done || (action.kind !== "fetch" && action.kind !== "run"),
  );
  const weights = actions.map((action) => weightOf(machine, action, state.sites.length));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return holdsLeft(running);
  let pick = random.next(total);
  for (let i = 0; i < actions.length; i++) {
    pick -= weights[i] ?? 0;
    if (pick < 0) return actions[i];
  }
  return actions.at(-1);
}

/** Everybody waits for a CPU that keeps interrupts closed: time passes until it opens them. */
function holdsLeft(running: Running): Action | undefined {
  const [cpu] = running.held.keys();
  if (cpu === undefined) return undefined;
  running.held.delete(cpu);
  return { kind: "irqs", cpu, off: false };
}

/** The patcher gets on, CPUs still run into sites between its steps, and sockets come and go seldom. */
function weightOf(machine: Machine, action: Action, sites: number): number {
  switch (action.kind) {
    case "operate":
      return machine.actors[action.actor]?.role === "sockets" ? sites : 24 * sites;
    case "take-ipi":
    case "acknowledge":
      return 8 * sites;
    case "fetch":
    case "run":
      return 3;
    case "irqs":
      return 1;
    default:
      return 12 * sites;
  }
}

/** True when the step broke an invariant. */
function take(running: Running, action: Action): boolean {
  const { machine } = running;
  const cpu = "actor" in action ? (machine.actors[action.actor]?.cpu ?? 0) : action.cpu;
  const before = running.state;
  const outcome = perform(machine, before, action);
  running.state = outcome.state;
  running.steps.push({
    number: running.steps.length + 1,
    cpu,
    action,
    effects: outcome.effects,
    violations: outcome.violations,
    state: outcome.state,
  });
  for (const effect of outcome.effects) note(running, effect);
  if (action.kind === "operate") beginHolds(running, before, action.actor);
  return outcome.violations.length > 0;
}

function note(running: Running, effect: Effect): void {
  const time = running.steps.length;
  if (effect.kind === "record") {
    running.records.push(toTextPoke(running.machine, effect.site, effect.to, time, effect.cpu));
  } else if (effect.kind === "sent") {
    running.ipis += effect.to.length;
    running.broadcasts++;
  } else if (effect.kind === "executed" || effect.kind === "emulated") {
    noteVisit(running, effect.cpu, effect.site, effect.as, effect.kind === "emulated", time);
  }
}

function noteVisit(
  running: Running,
  cpu: number,
  site: number,
  as: Side,
  emulated: boolean,
  time: number,
): void {
  const patch = running.machine.configuration.sites[site];
  if (patch === undefined) return;
  const visit = visitSite(patch, as, emulated, time % 2 === 0, time);
  running.packets[cpu]?.push(...visit.packets);
  running.flows[cpu]?.push(...visit.flow);
}

function beginHolds(running: Running, before: State, actor: number): void {
  const operation = operationOf(running.machine, before, actor);
  if (operation?.kind === "publish") running.syncs = 0;
  if (operation?.kind !== "broadcast" && operation?.kind !== "send") return;
  running.syncs++;
  for (const hold of running.pending.filter((each) => each.sync === running.syncs)) {
    // A CPU in the INT3 exception returns to code that has interrupts off: the flag is that code's.
    running.pending.splice(running.pending.indexOf(hold), 1);
    running.held.set(hold.cpu, running.steps.length + hold.steps);
    setInterrupts(running, hold.cpu, true);
  }
}

function releaseHolds(running: Running): void {
  for (const [cpu, until] of running.held) {
    if (running.steps.length < until) continue;
    running.held.delete(cpu);
    setInterrupts(running, cpu, false);
  }
}

function setInterrupts(running: Running, cpu: number, off: boolean): void {
  const state = withCpu(running.state, cpu, { ...cpuOf(running.state, cpu), irqsOff: off });
  running.state = state;
  running.steps.push({
    number: running.steps.length + 1,
    cpu,
    action: { kind: "hold", off },
    effects: [{ kind: "irqs", cpu, off }],
    violations: [],
    state,
  });
}

export interface FlowVerdict {
  /** Per CPU: true when the decoder, given packets and code, finds what the CPU executed. */
  readonly decoded: readonly boolean[];
  /** The image from the front equals the one from the back at every record's time. */
  readonly imagesAgree: boolean;
}

/** Decodes a whole run with the records it wrote (or with others, to see that they matter). */
export function checkRunFlow(run: Run, records: readonly TextPoke[] = run.records): FlowVerdict {
  const { sites } = run.machine.configuration;
  const first = siteImage(sites, run.start.key);
  // A finished run's last image is what memory holds, not what the records say it should.
  const end = run.steps.at(-1)?.state ?? run.start;
  const last = run.finished
    ? siteImage(sites, end.key)
    : imageForward(first, run.records, Number.POSITIVE_INFINITY);
  const images = new Map<number, CodeImage>();
  const epochOf = (time: number) => records.filter((record) => record.time <= time).length;
  const imageAt = (time: number): CodeImage => {
    const epoch = epochOf(time);
    const known = images.get(epoch);
    if (known !== undefined) return known;
    const image = imageForward(first, records, time);
    images.set(epoch, image);
    return image;
  };
  const times = [0, ...run.records.map((record) => record.time)];
  return {
    decoded: run.packets.map((packets, cpu) => {
      const decoded = decodeFlow(packets, imageAt);
      return decoded.ok && sameFlow(decoded.value, run.flows[cpu] ?? []);
    }),
    imagesAgree: times.every((time) =>
      sameImage(imageForward(first, run.records, time), imageBackward(last, run.records, time)),
    ),
  };
}
