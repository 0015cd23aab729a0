// What is to be run or explored. Plain data: a scenario file, the command line and the tests all end here.

import type { PatchSite } from "./instruction.ts";

/**
 * How a CPU gets an instruction's bytes.
 *
 * `coherent`: all bytes of one instruction come from one instant, but the CPU may execute it later; an
 * interrupt makes it fetch again.
 * `stale`: each byte may be any that stood there since the CPU last serialized. The vendors' manuals allow
 * no less for unsynchronized cross-modifying code.
 */
export type FetchModel = "coherent" | "stale";

/** How the patcher of a kernel behaves, where versions differ; each field names the commit in variants.ts. */
export interface Variant {
  /** True: one vector for many sites, three synchronizations for all; false: three for each site. */
  readonly batched: boolean;
  /** True: the sender serializes only after every other CPU has acknowledged. */
  readonly remoteThenLocal: boolean;
  /** True: the handler counts on its own CPU; the patcher waits for each count. */
  readonly referencePerCpu: boolean;
  /** True: the event PERF_RECORD_TEXT_POKE exists. */
  readonly records: boolean;
  /** True: a 6-byte Jcc can be patched. */
  readonly conditional: boolean;
  /** True: an INT3 nobody claims is run again if the byte is no longer INT3 (kprobe_int3_handler). */
  readonly rerunsVanishedInt3: boolean;
  /** Entries of the vector: PAGE_SIZE / sizeof(struct text_poke_loc). */
  readonly vectorMax: number;
}

export type MutantId =
  | "no-sync-1"
  | "no-sync-2"
  | "no-sync-3"
  | "tail-before-int3"
  | "first-before-tail"
  | "no-int3"
  | "no-serialize"
  | "early-release"
  | "unsorted-vector"
  | "no-text-mutex"
  | "ipi-before-queue"
  | "sync-with-irqs-off"
  | "int3-return-not-serializing"
  | "split-old-code"
  | "record-before-sync-1"
  | "record-after-step-3"
  | "no-record";

export interface SocketEvent {
  readonly cpu: number;
  readonly what: "open" | "close";
}

export interface Configuration {
  readonly cpus: number;
  /** In the order in which they are queued. */
  readonly sites: readonly PatchSite[];
  readonly fetch: FetchModel;
  readonly variant: Variant;
  readonly mutant?: MutantId;
  /** Flips of the key one after another, starting with an enable; ignored when there are sockets. */
  readonly toggles: number;
  /** Opened and closed timestamping sockets in front of the key (net/core/dev.c), in order per CPU. */
  readonly sockets: readonly SocketEvent[];
  /** Queueing, sending and the target's two halves as steps of their own. */
  readonly fineIpis: boolean;
  /** CPUs close and open interrupts by themselves, at any time. */
  readonly irqToggles: boolean;
  /** A second caller of smp_call_function_single(wait=1) from the last CPU to CPU 0. */
  readonly otherSender: boolean;
  /** The sites are two keys' (even and odd index), patched at the same time from CPU 0 and CPU 1. */
  readonly twoPatchers: boolean;
}

/** Which of the explorer's reductions are on. README.md says why each is sound. */
export interface Reductions {
  /** CPUs with the same role are interchangeable. */
  readonly symmetry: boolean;
  /** Each CPU runs into one site only, chosen at the start; the patcher's own CPU does not linger at a site. */
  readonly focus: boolean;
}
