// Made-up sites for explorations without a scenario file, shaped like netstamp's: NOPs that become jumps.

import type { PatchSite } from "./instruction.ts";

/** `count` five-byte sites at ascending addresses, each jumping out of line when the key is on. */
export function exampleSites(count: number): PatchSite[] {
  return Array.from({ length: count }, (_, i) => {
    const address = 0xffffffff81700000n + BigInt(i) * 0x100n;
    return {
      name: `site ${i}`,
      address,
      disabled: { kind: "nop", length: 5 },
      enabled: { kind: "jump", length: 5, target: address + 0x4321n },
    };
  });
}
