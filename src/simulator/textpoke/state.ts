// Everything the machine knows at one instant. Immutable: a step makes a new state. What a byte can be is
// kept as a `Value`, not as bytes: a site's first byte is the disabled instruction's, INT3, or the enabled
// one's; its tail is the disabled one's or the enabled one's.

import type { Configuration } from "./configuration.ts";

export const DISABLED = 0;
export const TRAP = 1;
export const ENABLED = 2;
/** First byte: 0, 1 or 2. Tail: 0 or 2; 1 is a mix of both tails, which only a stale fetch can see. */
export type Value = typeof DISABLED | typeof TRAP | typeof ENABLED;
/** A finished instruction. */
export type Side = typeof DISABLED | typeof ENABLED;

export interface SiteState {
  readonly head: Value;
  readonly tail: Side;
  /** Which instruction the last patch moved, or moves, the site to. */
  readonly to: Side;
  /** `arming` until step 2 begins: old and new may both be executed; afterwards only the new one. */
  readonly phase: "untouched" | "arming" | "armed" | "settled";
  /** The instruction the last PERF_RECORD_TEXT_POKE told a trace decoder. */
  readonly recorded: Side;
}

/** Where a CPU is with respect to the patch sites. */
export type Place =
  | { readonly kind: "elsewhere" }
  /** Holds a site's bytes and has not executed them. */
  | { readonly kind: "fetched"; readonly site: number; readonly head: Value; readonly tail: Value }
  /** Between the two instructions of old code that is not one instruction. */
  | { readonly kind: "inside"; readonly site: number }
  /** Took the exception; interrupts are off; the handler has not looked at the vector yet. */
  | { readonly kind: "trapped"; readonly site: number }
  /** In the handler, holding a reference, about to emulate. */
  | { readonly kind: "emulating"; readonly site: number; readonly as: Side };

export interface CpuState {
  readonly place: Place;
  /** Interrupts closed by the CPU's own doing; a trap closes them besides. */
  readonly irqsOff: boolean;
  /** A function-call IPI is pending at its interrupt controller. */
  readonly ipi: boolean;
  /** call_single_queue: actors whose csd waits here, in order of arrival. */
  readonly queue: readonly number[];
  /** Taken off the queue by the running IPI handler (only with `fineIpis`). */
  readonly handling: readonly number[];
  /** Per site, the bytes a stale fetch may return: bit v for first byte v, bit 3 + v for tail v. */
  readonly may: readonly number[];
  /** Per site: has executed the instruction the present patch moves it to. */
  readonly seenNew: readonly boolean[];
  /** The one site this CPU runs into; -1 for any. */
  readonly focus: number;
}

export interface ActorState {
  /** Index of the next operation of its program. */
  readonly at: number;
  /** Targets whose queue was empty: they are owed an IPI. */
  readonly owed: readonly number[];
  /** Acknowledgements outstanding. */
  readonly waiting: number;
}

export type Lock = "cpus" | "jump_label" | "text";

export interface State {
  readonly sites: readonly SiteState[];
  readonly cpus: readonly CpuState[];
  readonly actors: readonly ActorState[];
  /** bp_desc: the vector the INT3 handler searches, and its reference counts: one, or one per CPU. */
  readonly vector: readonly number[];
  readonly references: readonly number[];
  /** Actor holding each lock; absent when free. cpus_read_lock is shared and so never here. */
  readonly locks: Readonly<Partial<Record<Lock, number>>>;
  /** net/core/dev.c: netstamp_wanted, netstamp_needed_deferred, netstamp_work, and the key itself. */
  readonly wanted: number;
  readonly deferred: number;
  readonly workPending: boolean;
  readonly key: Side;
}

export const NOWHERE: Place = { kind: "elsewhere" };

/** Both bytes of `side`, nothing else. */
export function onlyMay(head: Value, tail: Side): number {
  return (1 << head) | (8 << tail);
}

/** One state per way of giving each CPU its site when `focus` is on, else one. */
export function initialStates(
  configuration: Configuration,
  actors: number,
  counters: number,
  focuses: readonly (readonly number[])[],
): State[] {
  const sites = configuration.sites.map(
    (): SiteState => ({
      head: DISABLED,
      tail: DISABLED,
      to: DISABLED,
      phase: "untouched",
      recorded: DISABLED,
    }),
  );
  return focuses.map((focus) => ({
    sites,
    cpus: Array.from({ length: configuration.cpus }, (_, cpu) => newCpu(sites, focus[cpu] ?? -1)),
    actors: Array.from({ length: actors }, () => ({ at: 0, owed: [], waiting: 0 })),
    vector: [],
    references: Array.from({ length: counters }, () => 0),
    locks: {},
    wanted: 0,
    deferred: 0,
    workPending: false,
    key: DISABLED,
  }));
}

function newCpu(sites: readonly SiteState[], focus: number): CpuState {
  return {
    place: NOWHERE,
    irqsOff: false,
    ipi: false,
    queue: [],
    handling: [],
    may: sites.map((site) => onlyMay(site.head, site.tail)),
    seenNew: sites.map(() => false),
    focus,
  };
}

/** A site's state or a programmer's error: indices come from the configuration. */
export function siteOf(state: State, site: number): SiteState {
  const found = state.sites[site];
  if (found === undefined) throw new Error(`no site ${site}`);
  return found;
}

export function cpuOf(state: State, cpu: number): CpuState {
  const found = state.cpus[cpu];
  if (found === undefined) throw new Error(`no cpu ${cpu}`);
  return found;
}

export function actorOf(state: State, actor: number): ActorState {
  const found = state.actors[actor];
  if (found === undefined) throw new Error(`no actor ${actor}`);
  return found;
}

export function withCpu(state: State, cpu: number, next: CpuState): State {
  return { ...state, cpus: state.cpus.with(cpu, next) };
}

export function withSite(state: State, site: number, next: SiteState): State {
  return { ...state, sites: state.sites.with(site, next) };
}

export function withActor(state: State, actor: number, next: ActorState): State {
  return { ...state, actors: state.actors.with(actor, next) };
}
