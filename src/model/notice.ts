// A line worth knowing that is no event: never an incident, often a witness.

import type { EventTime } from "./kernel-event.ts";
import type { SourceRange } from "./source-range.ts";

export type NoticeKind =
  | "hrtimer-slow"
  | "perf-interrupt-slow"
  | "nmi-handler-slow"
  | "clocksource-unstable"
  | "printk-dropped"
  | "rcu-kthread"
  | "workqueue-hog"
  | "netdev-watchdog"
  | "link-down"
  | "link-up"
  | "aer"
  | "mce"
  | "edac"
  | "io-error"
  | "iommu"
  | "thermal"
  | "oom"
  | "virtio"
  | "hypervisor"
  | "irq-nobody-cared"
  | "time-jump"
  | "csd"
  | "console"
  | "other";

export interface Notice {
  /** Unique in the trace: `n1`, `n2`, … */
  readonly id: string;
  readonly kind: NoticeKind;
  readonly text: string;
  readonly time?: EventTime;
  readonly host?: string;
  readonly boot: number;
  readonly range: SourceRange;
}
