// A configuration made ready to step: its actors and what each pair of first byte and tail decodes to.

import type { Configuration } from "./configuration.ts";
import { INT3, toBytes } from "./instruction.ts";
import { type Actor, counters, toActors } from "./program.ts";
import {
  type CpuState,
  DISABLED,
  ENABLED,
  initialStates,
  onlyMay,
  type Side,
  type SiteState,
  type State,
  type Value,
} from "./state.ts";

export type Decoded = "trap" | "torn" | Side;

export interface SiteBytes {
  readonly disabled: Uint8Array;
  readonly enabled: Uint8Array;
  /** decoded[head * 3 + tail] */
  readonly decoded: readonly Decoded[];
  /** True when two or more tail bytes differ, so that a stale fetch can see a mix of tails. */
  readonly mixes: boolean;
  /** Old code is more than one instruction, so an interrupt can leave a CPU between them. */
  readonly split: boolean;
}

export interface Machine {
  readonly configuration: Configuration;
  readonly actors: readonly Actor[];
  readonly bytes: readonly SiteBytes[];
  /** CPUs that run an actor's program. */
  readonly busy: ReadonlySet<number>;
}

export function createMachine(configuration: Configuration): Machine {
  const split = configuration.mutant === "split-old-code";
  const actors = toActors(configuration);
  return {
    configuration,
    actors,
    bytes: configuration.sites.map((site) => {
      const disabled = toBytes(site.disabled, site.address);
      const enabled = toBytes(site.enabled, site.address);
      return {
        disabled,
        enabled,
        decoded: decodings(disabled, enabled),
        mixes: disabled.filter((byte, i) => i > 0 && byte !== enabled[i]).length > 1,
        split: split && disabled.length === 5,
      };
    }),
    busy: new Set(actors.map((actor) => actor.cpu)),
  };
}

/** The machine at rest; several states where each CPU's site is chosen at the start. */
export function startStates(machine: Machine, focus: boolean): State[] {
  const { configuration } = machine;
  return initialStates(
    configuration,
    machine.actors.length,
    counters(configuration),
    focus ? focuses(machine) : [[]],
  );
}

/** Every way to give each free CPU one site, up to exchanging CPUs. */
function focuses(machine: Machine): number[][] {
  const { cpus, sites } = machine.configuration;
  const free = Array.from({ length: cpus }, (_, cpu) => cpu).filter(
    (cpu) => !machine.busy.has(cpu),
  );
  let choices: number[][] = [[]];
  for (const _ of free) {
    choices = choices.flatMap((chosen) =>
      sites.map((__, site) => [...chosen, site]).filter((next) => ascending(next)),
    );
  }
  return choices.map((chosen) => {
    const focus = Array.from({ length: cpus }, () => -1);
    free.forEach((cpu, i) => {
      focus[cpu] = chosen[i] ?? -1;
    });
    return focus;
  });
}

function ascending(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || number >= (numbers[i - 1] ?? 0));
}

function decodings(disabled: Uint8Array, enabled: Uint8Array): Decoded[] {
  const table: Decoded[] = [];
  for (const head of [0, 1, 2]) {
    for (const tail of [0, 1, 2]) {
      table.push(
        decode(assemble(disabled, enabled, head as Value, tail as Value), disabled, enabled),
      );
    }
  }
  return table;
}

function decode(bytes: Uint8Array, disabled: Uint8Array, enabled: Uint8Array): Decoded {
  if (bytes[0] === INT3) return "trap";
  if (same(bytes, enabled)) return ENABLED;
  return same(bytes, disabled) ? DISABLED : "torn";
}

/** The bytes a first-byte value and a tail value stand for; a mixed tail takes its first change only. */
export function assemble(
  disabled: Uint8Array,
  enabled: Uint8Array,
  head: Value,
  tail: Value,
): Uint8Array {
  const bytes = Uint8Array.from(tail === ENABLED ? enabled : disabled);
  bytes[0] = [disabled[0] ?? 0, INT3, enabled[0] ?? 0][head] ?? 0;
  if (tail === 1) {
    const changed = enabled.findIndex((byte, i) => i > 0 && byte !== disabled[i]);
    if (changed > 0) bytes[changed] = enabled[changed] ?? 0;
  }
  return bytes;
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

export function bytesOf(machine: Machine, site: number): SiteBytes {
  const found = machine.bytes[site];
  if (found === undefined) throw new Error(`no site ${site}`);
  return found;
}

/** After a serializing instruction every fetch sees memory as it is. */
export function serialize(machine: Machine, sites: readonly SiteState[], cpu: CpuState): CpuState {
  if (machine.configuration.fetch === "coherent") return cpu;
  return { ...cpu, may: sites.map((site) => onlyMay(site.head, site.tail)) };
}
