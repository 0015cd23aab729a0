// Lines worth knowing that are no event: witnesses, never an incident. First match wins.

import type { NoticeKind } from "#model/notice.ts";
import { containsAny } from "./literal-filter.ts";
import { CONSOLE_DROPPED, RATE_LIMITED } from "./lost-lines.ts";

interface NoticeFormat {
  readonly kind: NoticeKind;
  /** Contained in every line the pattern matches. */
  readonly literal: string;
  readonly pattern: RegExp;
}

export const NOTICE_FORMATS: readonly NoticeFormat[] = [
  { kind: "hrtimer-slow", literal: "interrupt took ", pattern: /^hrtimer: interrupt took \d+ ns/ },
  {
    kind: "perf-interrupt-slow",
    literal: "interrupt took too long",
    pattern: /^perf: interrupt took too long/,
  },
  { kind: "perf-interrupt-slow", literal: "samples too long", pattern: /^perf samples too long/ },
  {
    kind: "nmi-handler-slow",
    literal: "NMI handler",
    pattern: /^INFO: NMI handler \(.*\) took too long to run/,
  },
  {
    kind: "nmi-handler-slow",
    literal: "Uhhuh. NMI received",
    pattern: /^Uhhuh\. NMI received for unknown reason/,
  },
  {
    kind: "clocksource-unstable",
    literal: "unstable",
    pattern:
      /^(?:clocksource: |tsc: )?(?:timekeeping watchdog on CPU\d+: Marking|Marking (?:clocksource )?\S+ (?:as )?unstable|Marking TSC unstable)/,
  },
  {
    kind: "clocksource-unstable",
    literal: "went backward",
    pattern: /^sched_clock on CPU \d+ went backward/,
  },
  { kind: "printk-dropped", ...CONSOLE_DROPPED },
  {
    kind: "printk-dropped",
    literal: "messages suppressed",
    pattern: /^.{0,40}messages suppressed/,
  },
  { kind: "printk-dropped", ...RATE_LIMITED },
  {
    kind: "rcu-kthread",
    literal: "kthread starved for",
    pattern: /^(?:rcu: )?\S+ kthread starved for \d+ jiffies/,
  },
  {
    // kernel/rcu/tree_stall.h: rcu_check_gp_kthread_expired_fqs_timer()
    kind: "rcu-kthread",
    literal: "kthread timer wakeup didn't happen",
    pattern: /^(?:rcu: )?\S+ kthread timer wakeup didn't happen for \d+ jiffies/,
  },
  {
    kind: "workqueue-hog",
    literal: " hogged CPU for ",
    pattern: /^workqueue: \S+(?: \[\S+\])? hogged CPU for >\d+us/,
  },
  { kind: "netdev-watchdog", literal: "NETDEV WATCHDOG", pattern: /^(?:\S+ )*NETDEV WATCHDOG: / },
  { kind: "netdev-watchdog", literal: "transmit queue", pattern: /transmit queue \d+ timed out/ },
  { kind: "link-down", literal: "ink is ", pattern: /\b[Ll]ink is (?:[Dd]own|DOWN|not ready)/ },
  { kind: "link-up", literal: "ink is ", pattern: /\b[Ll]ink is (?:[Uu]p|UP)\b/ },
  { kind: "aer", literal: "AER:", pattern: /\bAER: / },
  { kind: "aer", literal: "PCIe Bus Error", pattern: /PCIe Bus Error: severity=/ },
  { kind: "mce", literal: "[Hardware Error]", pattern: /\[Hardware Error\]: / },
  { kind: "mce", literal: "Machine check events logged", pattern: /Machine check events logged/ },
  {
    // arch/x86/kernel/cpu/mcheck/mce.c of 2.6.32, before the tag `[Hardware Error]`.
    kind: "mce",
    literal: ": Machine Check Exception: ",
    pattern: /^CPU \d+: Machine Check Exception: +[0-9a-f]+ Bank \d+: /,
  },
  {
    // arch/powerpc/kernel/mce.c: machine_check_print_event_info()
    kind: "mce",
    literal: "achine check ",
    pattern:
      /^(?:MCE: CPU\d+: machine check \(\w+\) |(?:Severe|Fatal|Harmless|Warning) Machine check interrupt \[)/,
  },
  {
    // arch/x86/kernel/nmi.c: pci_serr_error(), io_check_error()
    kind: "mce",
    literal: "NMI: ",
    pattern: /^NMI: (?:PCI system error \(SERR\)|IOCK error)/,
  },
  { kind: "edac", literal: "EDAC ", pattern: /^EDAC \S+: (?:\d+ )?(?:CE|UE)\b/ },
  { kind: "io-error", literal: "I/O error", pattern: /\bI\/O error\b/ },
  {
    kind: "io-error",
    literal: "timeout",
    pattern: /^nvme \S+: I\/O \d+ (?:\([^)]*\) )?(?:QID|QUID|tag).*timeout/,
  },
  {
    kind: "iommu",
    literal: "AMD-Vi: ",
    pattern: /^AMD-Vi: .*(?:Completion-Wait loop timed out|Event logged|IO_PAGE_FAULT)/,
  },
  { kind: "iommu", literal: "DMAR: ", pattern: /^DMAR: (?:\[DMA|DRHD: handling fault|.*fault)/ },
  {
    kind: "thermal",
    literal: "throttled",
    pattern: /temperature above threshold, cpu clock throttled/,
  },
  { kind: "oom", literal: "invoked oom-killer", pattern: /^\S.* invoked oom-killer: / },
  {
    kind: "oom",
    literal: "Out of memory: Kill",
    pattern: /^(?:Memory cgroup out|Out) of memory: Kill/,
  },
  {
    kind: "virtio",
    literal: "virtio",
    pattern: /^virtio_\w+ \S+: .*(?:error|timed? ?out|failed|not handled|reset)/,
  },
  {
    // mm/page_alloc.c of 7.2 (`for 12 secs: `); kernels between 4.4 and 4.19 said `stalls for 10442ms`.
    kind: "oom",
    literal: "page allocation stall",
    pattern: /^.{1,16}: page allocation stalls? for \d+ ?(?:ms|secs)/,
  },
  {
    // mm/page_alloc.c: warn_alloc(); a point stood in the colon's place in 2.6.32.
    kind: "other",
    literal: "page allocation failure",
    pattern: /^.{1,16}: page allocation failure[:.] order:\d+/,
  },
  { kind: "iommu", literal: "swiotlb buffer is full", pattern: /swiotlb buffer is full/ },
  {
    // kernel/sched/ext.c: the BPF scheduler is thrown out and the report averted.
    kind: "other",
    literal: "disabling BPF scheduler",
    pattern: /^sched_ext: (?:Soft|Hard) lockup - CPU ?\d+/,
  },
  {
    // arch/powerpc/kernel/watchdog.c: wd_smp_clear_cpu_stuck() and wd_smp_clear_cpu_pending()
    kind: "other",
    literal: "became unstuck",
    pattern: /^(?:watchdog: )?CPU \d+ became unstuck/,
  },
  { kind: "hypervisor", literal: "steal", pattern: /\bsteal time\b.{0,200}(?:too|large|high)/ },
  { kind: "irq-nobody-cared", literal: "nobody cared", pattern: /^irq \d+: nobody cared/ },
  { kind: "irq-nobody-cared", literal: "bogus return", pattern: /^irq event \d+: bogus return/ },
  { kind: "irq-nobody-cared", literal: "o irq handler for", pattern: /No irq handler for / },
  { kind: "csd", literal: "csd: ", pattern: /^(?:smp: )?\s?csd: / },
];

const CANDIDATE = containsAny(NOTICE_FORMATS.map((format) => format.literal));

/** The kind of notice `text` is, if it is one. */
export function findNotice(text: string): NoticeKind | undefined {
  if (!CANDIDATE.test(text)) return undefined;
  for (const { kind, literal, pattern } of NOTICE_FORMATS) {
    if (text.includes(literal) && pattern.test(text)) return kind;
  }
  return undefined;
}
