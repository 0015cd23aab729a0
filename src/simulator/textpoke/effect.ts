// What a step did, for the timeline, the packets and the records; and what it must never do.

import type { Lock, Side, Value } from "./state.ts";

export type Effect =
  | {
      readonly kind: "store";
      readonly cpu: number;
      readonly site: number;
      readonly part: "first" | "tail";
      readonly value: Value;
    }
  | { readonly kind: "record"; readonly cpu: number; readonly site: number; readonly to: Side }
  | { readonly kind: "publish"; readonly cpu: number; readonly sites: readonly number[] }
  | { readonly kind: "release"; readonly cpu: number }
  | { readonly kind: "drained"; readonly cpu: number }
  /** The CPU ran the instruction at the site itself. */
  | { readonly kind: "executed"; readonly cpu: number; readonly site: number; readonly as: Side }
  | { readonly kind: "torn"; readonly cpu: number; readonly site: number }
  | { readonly kind: "fetched"; readonly cpu: number; readonly site: number }
  | { readonly kind: "trapped"; readonly cpu: number; readonly site: number }
  | { readonly kind: "emulated"; readonly cpu: number; readonly site: number; readonly as: Side }
  | { readonly kind: "reran"; readonly cpu: number; readonly site: number }
  | { readonly kind: "unclaimed"; readonly cpu: number; readonly site: number }
  | { readonly kind: "sent"; readonly cpu: number; readonly to: readonly number[] }
  | { readonly kind: "acknowledged"; readonly cpu: number; readonly actor: number }
  | { readonly kind: "serialized"; readonly cpu: number }
  | { readonly kind: "synced"; readonly cpu: number; readonly sync: 1 | 2 | 3 | undefined }
  | { readonly kind: "locked" | "unlocked"; readonly cpu: number; readonly lock: Lock }
  | { readonly kind: "irqs"; readonly cpu: number; readonly off: boolean }
  | {
      readonly kind: "socket";
      readonly cpu: number;
      readonly what: "open" | "close";
      readonly deferred: boolean;
    }
  | { readonly kind: "work"; readonly cpu: number; readonly then: "enable" | "disable" | "nothing" }
  | { readonly kind: "key"; readonly cpu: number; readonly to: Side };

/**
 * I1 to I7 are KERNEL facts of this project (the protocol as a state machine); T: some state is reached from
 * which the patch can never finish, interrupts open or not; D: the trace decoder, with the code it was told
 * of, would walk another instruction than the CPU ran; N: the sockets are at rest and the key is wrong.
 */
export type InvariantId = "I1" | "I2" | "I4" | "I5" | "I6" | "T" | "D" | "N";

export interface Violation {
  readonly invariant: InvariantId;
  readonly cpu?: number;
  readonly site?: number;
}

export interface Outcome<S> {
  readonly state: S;
  readonly effects: readonly Effect[];
  readonly violations: readonly Violation[];
}
