// What a hardware tracer writes down about one run into a site, in the terms of Intel PT: TIP for a target
// it cannot know, TNT for a conditional branch, FUP where an exception struck. NOPs, direct jumps and calls
// leave nothing: the decoder must read the code for them, which is why it needs the records.
//
// Around each site stands a little code, the same for every site:
//   address - 2   66 90          where a visit begins
//   address       the site
//   after         74 02 66 90 c3 je +2; nop; ret
//   target        75 02 66 90 c3 jne +2; nop; ret

import type { CodeImage } from "./code-image.ts";
import { lengthOf, nextAddress, type PatchSite, toBytes } from "./instruction.ts";
import { ENABLED, type Side } from "./state.ts";

export type Packet =
  | { readonly kind: "tip"; readonly to: bigint; readonly time: number }
  | { readonly kind: "tnt"; readonly taken: boolean; readonly time: number }
  | { readonly kind: "fup"; readonly from: bigint; readonly time: number };

/** Where tracing stops between visits. */
export const OUTSIDE = 0n;
/** asm_exc_int3, reduced to its IRET. */
export const INT3_HANDLER = 0xffffffff81e00000n;

const NOP2 = [0x66, 0x90];
const RET = 0xc3;
const IRET = 0xcf;

export interface Visit {
  readonly packets: readonly Packet[];
  /** Addresses of the instructions executed, in order: the truth the decoder is held to. */
  readonly flow: readonly bigint[];
}

/** The image before any patch, or after all of them. */
export function siteImage(sites: readonly PatchSite[], side: Side): CodeImage {
  const image = new Map<bigint, number>();
  const put = (address: bigint, bytes: Iterable<number>) => {
    let at = address;
    for (const byte of bytes) image.set(at++, byte);
  };
  put(INT3_HANDLER, [IRET]);
  for (const site of sites) {
    for (const target of targetsOf(site)) put(target, [0x75, 0x02, ...NOP2, RET]);
  }
  for (const site of sites) {
    put(site.address - 2n, NOP2);
    put(afterOf(site), [0x74, 0x02, ...NOP2, RET]);
    put(site.address, toBytes(side === ENABLED ? site.enabled : site.disabled, site.address));
  }
  return image;
}

/**
 * One visit. `emulated`: through the INT3 and its handler, which does what `as` would have done. `taken`
 * is the outcome of every conditional branch on the way.
 */
export function visitSite(
  site: PatchSite,
  as: Side,
  emulated: boolean,
  taken: boolean,
  time: number,
): Visit {
  const instruction = as === ENABLED ? site.enabled : site.disabled;
  const entry = site.address - 2n;
  const packets: Packet[] = [{ kind: "tip", to: entry, time }];
  const flow: bigint[] = [entry, site.address];
  const next = nextAddress(instruction, site.address, taken);
  if (emulated) {
    packets.push(
      { kind: "fup", from: site.address, time },
      { kind: "tip", to: INT3_HANDLER, time },
    );
    packets.push({ kind: "tip", to: next, time });
    flow.push(INT3_HANDLER);
  } else if (instruction.kind === "conditional") {
    packets.push({ kind: "tnt", taken, time });
  }
  leaveBlock(next, taken, time, packets, flow);
  if (instruction.kind === "call") {
    packets.push({ kind: "tip", to: afterOf(site), time });
    leaveBlock(afterOf(site), taken, time, packets, flow);
  }
  packets.push({ kind: "tip", to: OUTSIDE, time });
  return { packets, flow };
}

function leaveBlock(
  block: bigint,
  taken: boolean,
  time: number,
  packets: Packet[],
  flow: bigint[],
): void {
  packets.push({ kind: "tnt", taken, time });
  flow.push(block);
  if (!taken) flow.push(block + 2n);
  flow.push(block + 4n);
}

function afterOf(site: PatchSite): bigint {
  return site.address + BigInt(lengthOf(site.enabled));
}

function targetsOf(site: PatchSite): bigint[] {
  return [site.disabled, site.enabled].flatMap((instruction) =>
    "target" in instruction ? [instruction.target] : [],
  );
}
