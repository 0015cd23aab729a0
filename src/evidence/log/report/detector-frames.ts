// Which frames are the detector's own: the watchdog, RCU or NMI code that interrupted what the report is
// about (KERNEL: kernel/watchdog.c: watchdog_timer_fn and tree_stall.h print from an interrupt).

import type { Frame } from "#model/frame.ts";
import type { Draft } from "./draft.ts";
import { isReporting } from "./name-function.ts";

/** Innermost entry code below which the interrupted context stands. */
const ENTRY_POINT =
  /^(?:asm_sysvec_\w+|(?:smp_)?apic_timer_interrupt|asm_exc_nmi|end_repeat_nmi|nmi|el1h?_irq\w*|el1h?_64_irq|ret_from_exception|_*irq_svc|decrementer_common\w*|asm_common_interrupt|handle_exception|do_interrupt_handler)$/;
const DETECTOR =
  /^(?:watchdog_\w+|rcu_(?:check_callbacks|sched_clock_irq|dump_cpu_stacks)|nmi_cpu_backtrace\w*|print_(?:cpu|other_cpu)_stall\w*|dump_cpu_task|softlockup_\w+|check_cpu_stall|hardlockup_\w+|panic|sched_show_task)$/;

/** Code that reports on what it interrupted. */
export function isDetector(symbol: string): boolean {
  return DETECTOR.test(symbol.replace(/\.\w+/g, ""));
}

/** Marks the detector's frames; when RIP stands inside the trace, everything before it is the detector's. */
export function markDetector(draft: Draft): readonly Frame[] {
  const { frames } = draft;
  const end = draft.ripAfterFrames ? draft.ripAfterFrames : boundary(frames);
  if (end === 0) return frames;
  return frames.map((frame, index) => (index < end ? { ...frame, detector: true } : frame));
}

/** Number of leading frames that belong to the detector. */
function boundary(frames: readonly Frame[]): number {
  let detector = false;
  let end = 0;
  for (const [index, { symbol }] of frames.entries()) {
    const name = symbol.replace(/\.\w+/g, "");
    if (isDetector(name)) detector = true;
    if (detector && ENTRY_POINT.test(name)) {
      end = index + 1;
      break;
    }
    if (index > 60) break;
  }
  // The entry code prints several frames of itself: `asm_sysvec_apic_timer_interrupt` twice, `</IRQ>`.
  while (end > 0 && end < frames.length && isEntryAgain(frames[end])) end++;
  return end;
}

function isEntryAgain(frame: Frame | undefined): boolean {
  return frame !== undefined && !frame.reliable && isReporting(frame.symbol);
}
