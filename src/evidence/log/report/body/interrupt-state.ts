// Whether the interrupted context had interrupts on, from the registers its dump printed and the line that
// says so. A value that kernels of different years read in opposite ways says nothing.

import type { Quote } from "#model/source-range.ts";
import type { Draft } from "../draft.ts";

type State = "on" | "off";

/** Reads what `text`, the line at `at`, adds; its registers are in the draft already. */
export function noteInterrupts(draft: Draft, text: string, at: Quote): void {
  // Where priorities mask interrupts, what PSTATE.I alone let through may be masked all the same.
  const refined = draft.interrupts === "on" && draft.registersAt.get("pmr_save") === at;
  if (draft.interrupts !== undefined && !refined) return;
  const state = interruptState(draft, text);
  delete draft.interrupts;
  delete draft.interruptsAt;
  if (state === undefined) return;
  draft.interrupts = state;
  draft.interruptsAt = at;
}

/** x86 EFLAGS.IF is bit 9; arm64 PSTATE.I and arm CPSR.I are bit 7 and mask when set. */
const X86_IF = 0x200n;
const ARM_I = 0x80n;
/** riscv sstatus.SPIE: interrupts of the interrupted context (arch/riscv/include/asm/csr.h). */
const RISCV_SPIE = 0x20n;
/** LoongArch PRMD.PIE (arch/loongarch/include/asm/loongarch.h). */
const LOONG_PIE = 0x4n;
/** powerpc MSR.EE; with soft masking the paca says the truth (arch/powerpc/include/asm/hw_irq.h). */
const PPC_EE = 0x8000n;

function interruptState(draft: Draft, text: string): State | undefined {
  const value = (name: string): bigint | undefined => draft.registers.get(name);
  const eflags = value("eflags");
  if (eflags !== undefined) return (eflags & X86_IF) !== 0n ? "on" : "off";
  const arm = value("pstate") ?? value("psr");
  if (arm !== undefined) return (arm & ARM_I) === 0n ? unmasked(value("pmr_save")) : "off";
  const mips = mipsState(text);
  if (mips !== undefined) return mips;
  const powerpc = powerPcState(draft, text);
  if (powerpc !== undefined) return powerpc;
  const prmd = value("prmd");
  if (prmd !== undefined) return (prmd & LOONG_PIE) !== 0n ? "on" : "off";
  const status = value("status");
  if (status !== undefined && value("epc") !== undefined) {
    return (status & RISCV_SPIE) !== 0n ? "on" : "off";
  }
  const flags = /^Flags: \S+ {2}IRQs (on|off)/.exec(text)?.[1];
  if (flags === "on" || flags === "off") return flags;
  const psw = / IO:([01]) EX:[01] /.exec(text)?.[1];
  return psw === undefined ? undefined : psw === "1" ? "on" : "off";
}

/**
 * With pseudo-NMIs arm64 leaves PSTATE.I clear and masks by priority: interrupts are on only at
 * GIC_PRIO_IRQON (arch/arm64/include/asm/ptrace.h: interrupts_enabled). That was 0xf0 at first, 0xc0 later,
 * and is 0xe0 in 6.1; 0x70, 0x40, 0x60 and, for non-secure priorities, 0xa0 masked. Since the GIC chooses its
 * priorities at boot (include/linux/irqchip/arm-gic-v3-prio.h) 0xc0 masks, so that it and 0xf0 tell nothing.
 */
const PMR_ON = 0xe0n;
const PMR_OFF = 0xa0n;
/** Masking cleared this bit of every GIC_PRIO_IRQON. */
const PMR_HIGH = 0x80n;

function unmasked(pmr: bigint | undefined): State | undefined {
  if (pmr === undefined || pmr === PMR_ON) return "on";
  return (pmr & PMR_HIGH) === 0n || pmr === PMR_OFF ? "off" : undefined;
}

/**
 * Status as mips names its bits (arch/mips/kernel/traps.c: __show_regs): the exception set EXL and left IE
 * as it was; an R3000 pushed the interrupted state to `IEp`.
 */
function mipsState(text: string): State | undefined {
  const words = /^Status: [0-9a-f]{8}\s+(.*)/.exec(text)?.[1]?.split(/\s+/);
  if (words === undefined) return undefined;
  if (words.some((word) => /^(?:KERNEL|USER|SUPERVISOR)$/.test(word))) {
    return words.includes("IE") ? "on" : "off";
  }
  return words.some((word) => /^(?:KU|IE)[opc]$/.test(word))
    ? words.includes("IEp")
      ? "on"
      : "off"
    : undefined;
}

function powerPcState(draft: Draft, text: string): State | undefined {
  const msr = draft.registers.get("msr");
  const soft = softState(draft, text);
  if (soft === "on" && msr !== undefined) return (msr & PPC_EE) !== 0n ? "on" : "off";
  if (soft !== undefined) return soft;
  // 32-bit PowerPC has no soft masking: MSR.EE is the truth.
  if (msr === undefined || !draft.registers.has("gpr1") || !isNarrow(draft)) return undefined;
  return (msr & PPC_EE) !== 0n ? "on" : "off";
}

/** arch/powerpc/include/asm/hw_irq.h: IRQS_DISABLED; the other bits mask performance monitor interrupts. */
const IRQS_DISABLED = 1;

/**
 * regs->softe, printed as SOFTE and later as IRQMASK (arch/powerpc/kernel/process.c: __show_regs). It was the
 * flag paca->soft_enabled (1: on), then became the mask paca->irq_soft_mask (0: on) while still printed as
 * SOFTE (01417c6cc7dc, 4e26bc4a4ed6, written in December 2017: in no release before 4.16).
 */
function softState(draft: Draft, text: string): State | undefined {
  const mask = / IRQMASK: ([0-9a-f]{1,2})\b/.exec(text)?.[1];
  if (mask !== undefined) return maskState(Number.parseInt(mask, 16));
  const soft = /(?:^| )SOFTE: (\d{1,2})\b/.exec(text)?.[1];
  if (soft === undefined) return undefined;
  const meaning = softeOf(draft);
  if (meaning === "flag") return soft === "0" ? "off" : "on";
  return meaning === "mask" ? maskState(Number(soft)) : undefined;
}

function maskState(mask: number): State {
  return (mask & IRQS_DISABLED) === 0 ? "on" : "off";
}

/** The release as the report prints it: on the CPU line, and in brackets on `REGS:` of every year. */
const RELEASE = /^(\d{1,4})\.(\d{1,4})/;
const REGS_RELEASE = /^REGS: .{0,120}\((\d{1,4}\.\d{1,4}[^()]{0,80})\)$/;

/** 4.16 is left open: which of the two it prints was not read in its source. */
function softeOf(draft: Draft): "flag" | "mask" | undefined {
  const printed = draft.kernel?.release ?? releaseOnRegs(draft) ?? "";
  const [, major, minor] = RELEASE.exec(printed) ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const number = Number(major) * 10_000 + Number(minor);
  if (number < 40_016) return "flag";
  return number > 40_016 ? "mask" : undefined;
}

function releaseOnRegs(draft: Draft): string | undefined {
  const matches = draft.lines.map(({ text }) => REGS_RELEASE.exec(text.trim()));
  return matches.find((match) => match !== null)?.[1];
}

function isNarrow(draft: Draft): boolean {
  return [...draft.registers.values()].every((value) => value <= 0xffffffffn);
}
