// What the patching CPU does, as a list of operations: the kernel's C flattened for one set of sites. A
// mutant is a program with one operation missing or moved.
// Source: arch/x86/kernel/alternative.c: text_poke_bp_batch, text_poke_flush, tp_order_fail;
// kernel/jump_label.c: static_key_enable_cpuslocked; kernel/smp.c: smp_call_function_many_cond;
// net/core/dev.c: netstamp_clear.

import type { Configuration } from "./configuration.ts";
import { DISABLED, ENABLED, type Lock, type Side } from "./state.ts";

export type SyncNumber = 1 | 2 | 3;

export type Operation =
  /** netstamp_clear: waits for the work, decides; `disable` is where the other program begins. */
  | { readonly kind: "work"; readonly disable: number }
  | { readonly kind: "lock"; readonly lock: Lock }
  | { readonly kind: "unlock"; readonly lock: Lock }
  | { readonly kind: "publish"; readonly sites: readonly number[]; readonly to: Side }
  | { readonly kind: "int3"; readonly site: number }
  | { readonly kind: "tail"; readonly site: number; readonly to: Side; readonly arms: boolean }
  | { readonly kind: "record"; readonly site: number; readonly to: Side; readonly arms: boolean }
  | { readonly kind: "first"; readonly site: number; readonly to: Side; readonly arms: boolean }
  /** on_each_cpu in one step: queue everywhere, send, and serialize here (unless `remoteFirst`). */
  | { readonly kind: "broadcast"; readonly targets: readonly number[]; readonly serialize: boolean }
  | { readonly kind: "queue"; readonly target: number }
  | { readonly kind: "send" }
  /** The mutant's interrupt, sent whether or not anything is queued. */
  | { readonly kind: "send-blind"; readonly targets: readonly number[] }
  | { readonly kind: "serialize-self" }
  | { readonly kind: "wait"; readonly sync: SyncNumber | undefined }
  | { readonly kind: "close-irqs" }
  | { readonly kind: "open-irqs" }
  | { readonly kind: "release"; readonly counter: number }
  /** `last`: every count is zero after this one, the vector is free. */
  | { readonly kind: "drain"; readonly counter: number; readonly last: boolean }
  | { readonly kind: "set-key"; readonly to: Side }
  | { readonly kind: "again" }
  | { readonly kind: "open" }
  | { readonly kind: "close" };

/** A sequence of operations that runs on one CPU. */
export interface Actor {
  readonly cpu: number;
  readonly role: "patcher" | "sockets" | "sender";
  readonly operations: readonly Operation[];
}

/** Every actor of a configuration; actors[0] is the patcher (the kworker) on CPU 0. */
export function toActors(configuration: Configuration): Actor[] {
  const actors: Actor[] = [];
  const all = configuration.sites.map((_, site) => site);
  if (configuration.twoPatchers) {
    for (const parity of [0, 1]) {
      const sites = all.filter((site) => site % 2 === parity);
      actors.push({
        cpu: parity,
        role: "patcher",
        operations: toggle(configuration, sites, ENABLED, parity),
      });
    }
  } else {
    actors.push({ cpu: 0, role: "patcher", operations: patcherProgram(configuration, all) });
  }
  actors.push(...socketActors(configuration));
  if (configuration.otherSender) actors.push(otherSender(configuration));
  return actors;
}

function patcherProgram(configuration: Configuration, sites: readonly number[]): Operation[] {
  if (configuration.sockets.length > 0) {
    const enable = toggle(configuration, sites, ENABLED, 0);
    const disable = toggle(configuration, sites, DISABLED, 0);
    return [
      { kind: "work", disable: enable.length + 2 },
      ...enable,
      { kind: "again" },
      ...disable,
      { kind: "again" },
    ];
  }
  return Array.from({ length: configuration.toggles }, (_, i) =>
    toggle(configuration, sites, i % 2 === 0 ? ENABLED : DISABLED, 0),
  ).flat();
}

function socketActors(configuration: Configuration): Actor[] {
  const cpus = [...new Set(configuration.sockets.map((event) => event.cpu))];
  return cpus.map((cpu) => ({
    cpu,
    role: "sockets",
    operations: configuration.sockets
      .filter((event) => event.cpu === cpu)
      .map((event): Operation => ({ kind: event.what })),
  }));
}

function otherSender(configuration: Configuration): Actor {
  const operations: Operation[] = [
    { kind: "queue", target: 0 },
    { kind: "send" },
    { kind: "wait", sync: undefined },
  ];
  return {
    cpu: configuration.cpus - 1,
    role: "sender",
    operations:
      configuration.mutant === "sync-with-irqs-off"
        ? [{ kind: "close-irqs" }, ...operations, { kind: "open-irqs" }]
        : operations,
  };
}

/** static_key_enable or _disable for the given sites. */
function toggle(
  configuration: Configuration,
  sites: readonly number[],
  to: Side,
  cpu: number,
): Operation[] {
  const locked = configuration.mutant !== "no-text-mutex";
  const operations: Operation[] = [{ kind: "lock", lock: "cpus" }];
  // Two keys never patch at once under jump_label_mutex; with two patchers the other one stands for a
  // user of text_mutex that is no jump label (kprobes, ftrace), so only that lock is shared.
  if (!configuration.twoPatchers) operations.push({ kind: "lock", lock: "jump_label" });
  if (locked) operations.push({ kind: "lock", lock: "text" });
  for (const batch of toBatches(configuration, sites)) {
    operations.push(...batchProgram(configuration, batch, to, cpu));
  }
  if (locked) operations.push({ kind: "unlock", lock: "text" });
  operations.push({ kind: "set-key", to });
  if (!configuration.twoPatchers) operations.push({ kind: "unlock", lock: "jump_label" });
  operations.push({ kind: "unlock", lock: "cpus" });
  return operations;
}

/**
 * text_poke_queue: a vector ends when it is full or when the next address is lower than the last one, since
 * the handler searches it by bisection. Before c0213b0ac03c every site was a vector of its own.
 */
export function toBatches(configuration: Configuration, sites: readonly number[]): number[][] {
  const batches: number[][] = [];
  let last: bigint | undefined;
  for (const site of sites) {
    const address = configuration.sites[site]?.address ?? 0n;
    const batch = batches.at(-1);
    const descending =
      last !== undefined && last > address && configuration.mutant !== "unsorted-vector";
    const full = (batch?.length ?? 0) >= configuration.variant.vectorMax;
    if (batch === undefined || !configuration.variant.batched || descending || full) {
      batches.push([site]);
    } else {
      batch.push(site);
    }
    last = address;
  }
  return batches;
}

function batchProgram(
  configuration: Configuration,
  sites: readonly number[],
  to: Side,
  cpu: number,
): Operation[] {
  const { mutant } = configuration;
  const int3s = sites.map((site): Operation => ({ kind: "int3", site }));
  const [step2, step3] = laterSteps(configuration, sites, to);
  const early =
    mutant === "record-before-sync-1" && configuration.variant.records
      ? sites.map((site): Operation => ({ kind: "record", site, to, arms: false }))
      : [];
  const leave = Array.from({ length: counters(configuration) }, (_, counter): Operation[] => [
    { kind: "release", counter },
    { kind: "drain", counter, last: counter === counters(configuration) - 1 },
  ]).flat();
  const sync = (n: SyncNumber) => synchronize(configuration, n, cpu);
  const begin: Operation[] = [{ kind: "publish", sites, to }];
  if (mutant === "no-int3") return [...begin, ...step2, ...sync(1), ...leave];
  if (mutant === "tail-before-int3") {
    const tails = sites.map((site): Operation => ({ kind: "tail", site, to, arms: false }));
    begin.push(...tails);
  }
  const last = mutant === "early-release" ? [...leave, ...sync(3)] : [...sync(3), ...leave];
  return [...begin, ...int3s, ...early, ...sync(1), ...step2, ...sync(2), ...step3, ...last];
}

/** Reference counts the handlers share: one, or since 4334336e769b one for each CPU. */
export function counters(configuration: Configuration): number {
  return configuration.variant.referencePerCpu ? configuration.cpus : 1;
}

/** Steps 2 and 3; the first operation of step 2 marks the end of the time when old code may run. */
function laterSteps(
  configuration: Configuration,
  sites: readonly number[],
  to: Side,
): [Operation[], Operation[]] {
  const { mutant } = configuration;
  const tail = (site: number): Operation[] => [{ kind: "tail", site, to, arms: false }];
  const first = (site: number): Operation[] => [{ kind: "first", site, to, arms: false }];
  const record = (site: number): Operation[] =>
    configuration.variant.records && mutant !== "no-record"
      ? [{ kind: "record", site, to, arms: false }]
      : [];
  const each = (...parts: ((site: number) => Operation[])[]) =>
    sites.flatMap((site) => parts.flatMap((part) => part(site)));
  switch (mutant) {
    case "first-before-tail":
      return [armingFirst(each(first)), each(tail, record)];
    case "no-int3":
      return [armingFirst(each(first, tail, record)), []];
    case "tail-before-int3":
      return [armingFirst(each(record)), each(first)];
    case "record-before-sync-1":
      return [armingFirst(each(tail)), each(first)];
    case "record-after-step-3":
      return [armingFirst(each(tail)), [...each(first), ...each(record)]];
    default:
      return [armingFirst(each(tail, record)), each(first)];
  }
}

function armingFirst(operations: readonly Operation[]): Operation[] {
  return operations.map((operation, i) =>
    i === 0 && "arms" in operation ? { ...operation, arms: true } : operation,
  );
}

/** text_poke_sync: on_each_cpu(do_sync_core, NULL, wait = 1). */
function synchronize(configuration: Configuration, sync: SyncNumber, cpu: number): Operation[] {
  const { mutant, variant } = configuration;
  if (mutant === `no-sync-${sync}`) return [];
  const targets = Array.from({ length: configuration.cpus }, (_, i) => i).filter((i) => i !== cpu);
  const local: Operation[] = [{ kind: "serialize-self" }];
  const wait: Operation = { kind: "wait", sync };
  const queued = targets.map((target): Operation => ({ kind: "queue", target }));
  if (mutant === "ipi-before-queue") {
    return [{ kind: "send-blind", targets }, ...queued, ...local, wait];
  }
  const fine = configuration.fineIpis || mutant === "sync-with-irqs-off";
  const send: Operation[] = fine
    ? [...queued, { kind: "send" }, ...(variant.remoteThenLocal ? [] : local)]
    : [{ kind: "broadcast", targets, serialize: !variant.remoteThenLocal }];
  const whole = [...send, wait, ...(variant.remoteThenLocal ? local : [])];
  return mutant === "sync-with-irqs-off"
    ? [{ kind: "close-irqs" }, ...whole, { kind: "open-irqs" }]
    : whole;
}

/** Function-call IPIs one flip costs: broadcasts of all vectors times the other CPUs. */
export function ipisPerToggle(configuration: Configuration): number {
  return toggle(
    configuration,
    configuration.sites.map((_, site) => site),
    ENABLED,
    0,
  ).reduce((sum, operation) => {
    if (operation.kind === "broadcast") return sum + operation.targets.length;
    return sum + (operation.kind === "queue" ? 1 : 0);
  }, 0);
}
