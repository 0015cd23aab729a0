// stallscope.simulation/1: what `simulate` found. Field names are promises, as in report.ts; an unknown
// value is absent. Addresses and bytes are hexadecimal strings; a step is a unit of order, not of time.

import type { Text } from "#base/text.ts";

export const SIMULATION_SCHEMA = "stallscope.simulation/1";

export type FetchModel = "coherent" | "stale";

/** What a site's bytes are at one instant. */
export type SiteHolds = "old" | "int3+old tail" | "int3+new tail" | "new" | "mixed";

/** What a CPU could execute at a site, were it to run into it now. */
export type WouldRun = "old" | "int3" | "new" | "torn";

export interface SimulationV1 {
  readonly schema: typeof SIMULATION_SCHEMA;
  readonly generator: { readonly name: string; readonly version: string };
  readonly scenario: SimulatedScenario;
  /** One interleaving, chosen by the seed. */
  readonly run?: SimulatedRun;
  /** All interleavings. */
  readonly exploration?: SimulatedExploration;
}

export interface SimulatedScenario {
  readonly name: string;
  readonly title?: Text;
  readonly cpus: number;
  /** The file's own size where only a part of it is simulated. */
  readonly whole?: { readonly cpus: number; readonly sites: number };
  readonly fetch: FetchModel;
  readonly seed: number;
  readonly kernel: {
    readonly id: string;
    readonly since: string;
    readonly commit: string;
    readonly what: Text;
  };
  /** The part of the protocol that was taken out. */
  readonly mutant?: { readonly id: string; readonly what: Text; readonly why: Text };
  readonly sites: readonly {
    readonly name: string;
    readonly address: string;
    readonly disabled: string;
    readonly enabled: string;
  }[];
  /** Function-call IPIs one flip of the key costs. */
  readonly ipisPerToggle: number;
}

export interface SimulatedRun {
  /** False: an invariant broke, or nothing more can happen. */
  readonly finished: boolean;
  readonly steps: readonly SimulatedStep[];
  readonly records: readonly SimulatedRecord[];
  readonly trace: readonly SimulatedTrace[];
  /** Function-call IPIs sent, and broadcasts they were sent in. */
  readonly ipis: number;
  readonly broadcasts: number;
  /** The code rebuilt from the first image and from the last one agree at every record. */
  readonly imagesAgree: boolean;
}

export interface SimulatedStep {
  /** 1-based. */
  readonly number: number;
  readonly cpu: number;
  readonly kind: string;
  readonly what: Text;
  /** Phase of the patch the step belongs to. */
  readonly phase?: { readonly id: string; readonly title: Text };
  /** Targets of interrupts sent in this step. */
  readonly interrupts?: readonly number[];
  /** CPU whose request was answered in this step. */
  readonly answers?: number;
  readonly broken?: readonly BrokenInvariant[];
  /** After the step. */
  readonly sites: readonly { readonly bytes: string; readonly holds: SiteHolds }[];
  readonly cpus: readonly SimulatedCpu[];
}

export interface SimulatedCpu {
  /** By the CPU's own doing; in the INT3 exception (`trappedAt`) they are off besides. */
  readonly interrupts: "on" | "off";
  /** A function-call interrupt waits to be taken. */
  readonly pending: boolean;
  /** In the INT3 exception at this site (an index). */
  readonly trappedAt?: number;
  /** Per site. */
  readonly wouldRun: readonly (readonly WouldRun[])[];
}

/** One PERF_RECORD_TEXT_POKE; `record` is its binary form without a sample id. */
export interface SimulatedRecord {
  readonly step: number;
  readonly cpu: number;
  readonly address: string;
  readonly old: string;
  readonly new: string;
  readonly record: string;
}

/** What a hardware tracer would have written on one CPU, and whether a decoder can follow it. */
export interface SimulatedTrace {
  readonly cpu: number;
  readonly packets: readonly {
    readonly step: number;
    readonly kind: "tip" | "tnt" | "fup";
    readonly address?: string;
    readonly taken?: boolean;
  }[];
  readonly decoded: boolean;
}

export interface BrokenInvariant {
  readonly id: string;
  readonly what: Text;
  readonly cpu?: number;
  readonly site?: number;
}

export interface SimulatedExploration {
  readonly verdict: "safe" | "broken" | "undecided";
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** Wall time, where the caller has a clock. */
  readonly seconds?: number;
  readonly reductions: readonly string[];
  /** The shortest way to break each invariant that can be broken. */
  readonly counterexamples: readonly {
    readonly broken: BrokenInvariant;
    readonly steps: readonly SimulatedStep[];
  }[];
  /**
   * What the protocol's description says must break, and whether that is exactly what was found. Given
   * for NOPs that become jumps or calls; other sites can share bytes between old and new.
   */
  readonly expected?: { readonly breaks: readonly string[]; readonly met: boolean };
  readonly decoder: {
    readonly visits: number;
    readonly wrong: number;
    readonly images: number;
    readonly different: number;
  };
}
