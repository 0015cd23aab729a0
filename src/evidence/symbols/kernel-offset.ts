// KASLR: the distance between the addresses a kernel printed and those of its vmlinux.

/**
 * Reads `Kernel Offset: 0x2c000000 from 0xffffffff81000000 …` (arch/x86/kernel/setup.c:
 * dump_kernel_offset, printed at a panic). `disabled` is zero; `undefined` where the line says nothing.
 */
export function parseKernelOffset(line: string): bigint | undefined {
  const at = line.indexOf("Kernel Offset: ");
  if (at < 0) return undefined;
  const rest = line.slice(at + "Kernel Offset: ".length, at + 80);
  if (rest.startsWith("disabled")) return 0n;
  const match = /^(0x[0-9a-fA-F]{1,16})\b/.exec(rest);
  return match?.[1] === undefined ? undefined : BigInt(match[1]);
}

/** The place in the vmlinux of an address a running kernel printed. */
export function unslide(address: bigint, kernelOffset: bigint): bigint {
  return BigInt.asUintN(64, address - kernelOffset);
}

/**
 * The offset that a known place implies: a runtime address of a symbol (or of a patch site) less its
 * address in the image. Only multiples of 2 MiB (CONFIG_PHYSICAL_ALIGN on x86-64) can be one.
 */
export function offsetImpliedBy(runtime: bigint, inImage: bigint): bigint | undefined {
  const offset = BigInt.asUintN(64, runtime - inImage);
  return offset % 0x200000n === 0n && offset < 0x80000000n ? offset : undefined;
}
