// Frame names of the code-patching path, all versions together (KERNEL.md 1.6). A name that a kernel
// does not have simply never appears.

/**
 * text_poke_bp <= 5.2; text_poke_bp_batch 5.3..6.15; smp_text_poke_* since 6.16; and the functions that do
 * nothing but call them, for traces whose innermost frame is lost.
 */
export const BATCH: ReadonlySet<string> = new Set([
  "text_poke_finish",
  "text_poke_flush",
  "text_poke_queue",
  "smp_text_poke_batch_add",
  "smp_text_poke_single",
  "arch_jump_label_transform_apply",
  "text_poke_bp_batch",
  "text_poke_bp",
  "smp_text_poke_batch_finish",
  "smp_text_poke_batch_process",
]);

/** The single poke through the temporary mm, interrupts off inside. */
export const POKE: ReadonlySet<string> = new Set(["__text_poke", "text_poke"]);

/** Work functions that flip netstamp_needed_key (net/core/dev.c). */
export const NETSTAMP_WORK: ReadonlySet<string> = new Set(["netstamp_clear"]);

/** INT3 handlers of the patching protocol, seen on other CPUs under contention. */
export const INT3_HANDLER: ReadonlySet<string> = new Set([
  "poke_int3_handler",
  "smp_text_poke_int3_handler",
]);
